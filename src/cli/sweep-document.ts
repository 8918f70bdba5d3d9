/** The stable document of `sweep --json`. */
import { type Outcome, outcomes } from '../checker/outcome.ts'
import { asWritten } from '../checker/schedule.ts'
import type { Cell } from '../checker/sweep.ts'
import type { FaultInput } from '../scenario/schema.ts'
import { columns as inColumns } from './table.ts'

/** Keys are added to this document, never removed or renamed: scripts read it. */
export interface SweepDocument {
  readonly kind: 'sweep'
  readonly version: 1
  readonly scenario: string
  readonly title: string
  readonly variant: string | null
  /** At most so many faults in a cell. */
  readonly faults: number
  readonly promises: readonly string[]
  readonly columns: readonly string[]
  readonly calm: Outcome
  readonly shards: readonly string[]
  readonly cells: readonly SweepCell[]
}

export interface SweepCell {
  readonly placements: readonly { readonly row: string; readonly column: string }[]
  readonly faults: readonly FaultInput[]
  readonly outcome: Outcome
  readonly broken: readonly string[]
  /** The first entry that is not as in the calm run; −1 for none. */
  readonly difference: number
}

export function sweepCell({ placements, schedule, outcome, broken, difference }: Cell): SweepCell {
  return { placements, faults: schedule.faults.map(asWritten), outcome, broken, difference }
}

/** Letters for the matrix, worst last. */
const signs: Record<Outcome, string> = {
  completed: '·',
  compensated: 'c',
  'needs a person': 'P',
  stuck: 'S',
  'promise broken': 'X',
}

export function sweepLines(document: SweepDocument): string[] {
  const { title, variant, faults, cells, calm } = document
  const counts = outcomes.map(
    (outcome) => `${signs[outcome]} ${outcome} ${cells.filter((cell) => cell.outcome === outcome).length}`,
  )
  const bad = cells.filter(({ placements, outcome }) => placements.length > 1 && outcome === 'promise broken')
  return [
    `${title}${variant === null ? '' : ` (${variant})`}: every placement of up to ${faults} fault${faults === 1 ? '' : 's'}, ${cells.length} runs; without any: ${calm}`,
    '',
    ...matrix(document),
    '',
    counts.join('   '),
    ...(bad.length === 0
      ? []
      : [
          '',
          ...bad.slice(0, PAIRS_SHOWN).map(pairLine),
          ...(bad.length > PAIRS_SHOWN ? [`… ${bad.length - PAIRS_SHOWN} more`] : []),
        ]),
  ]
}

const PAIRS_SHOWN = 20

function pairLine({ placements, broken }: SweepCell): string {
  return `${placements.map(({ row, column }) => `${row}: ${column}`).join('  +  ')}  breaks ${broken.join(', ')}`
}

function matrix({ cells, columns }: SweepDocument): string[] {
  const single = cells.filter(({ placements }) => placements.length === 1)
  const rows = [...new Set(single.map(({ placements }) => placements[0]?.row ?? ''))]
  const outcomeAt = new Map(
    single.map(({ placements, outcome }) => [`${placements[0]?.row}\n${placements[0]?.column}`, outcome]),
  )
  const body = rows.map((row) => [
    row,
    ...columns.map((column) => {
      const outcome = outcomeAt.get(`${row}\n${column}`)
      return outcome === undefined ? '' : signs[outcome]
    }),
  ])
  return inColumns([['', ...columns], ...body])
}

/** Two shards can come to the same pair of faults from its two ends. */
export function mergeSweeps(documents: readonly [SweepDocument, ...SweepDocument[]]): SweepDocument {
  const cells = new Map<string, SweepCell>()
  for (const cell of documents.flatMap((one) => one.cells)) {
    const key = placed(cell)
    if (!cells.has(key)) cells.set(key, cell)
  }
  return { ...documents[0], shards: documents.flatMap(({ shards }) => shards).sort(), cells: [...cells.values()] }
}

function placed({ faults }: SweepCell): string {
  return faults
    .map((fault) => JSON.stringify(fault))
    .sort()
    .join()
}
