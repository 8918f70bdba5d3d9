/** The matrix in words: what stands over a column, in a cell, and above them all. */
import type { MatrixColumn, Verdict } from '../../session/matrix.ts'
import type { FaultInput } from '../../session/session-types.ts'
import { timeText, valueText } from '../../trace/describe.ts'
import { type Outcome, outcomes } from '../../trace/outcome.ts'

export function columnTitle({ kind, faults }: MatrixColumn, words: (fault: FaultInput) => string): string {
  if (kind === 'written') return 'As written'
  if (kind === 'none') return 'Nothing fails'
  if (kind === 'all') return 'All together'
  return (faults ?? []).map(words).join(', ')
}

export interface CellWords {
  /** Null while it is not known, `refused` when the case cannot run. */
  readonly outcome: Outcome | 'refused' | null
  /** Which promises broke, or what else there is to say; empty for nothing. */
  readonly note: string
  /** The numbers at the end, for a closer look. */
  readonly details: readonly string[]
}

export function cellWords(verdict: Verdict | null): CellWords {
  if (verdict === null) return { outcome: null, note: '', details: [] }
  if ('refused' in verdict) return { outcome: 'refused', note: 'cannot run', details: [verdict.refused] }
  const { outcome, summary, endTime } = verdict
  const broken = summary.properties.filter(({ holds }) => !holds).map(({ name }) => name)
  const numbers = summary.observables.map(({ name, value }) => `${name} ${valueText(value)}`)
  return { outcome, note: broken.join(', '), details: [...numbers, `${summary.reason}, ${timeText(endTime)}`] }
}

/** The playhead just after the first promise broke; null when none did. */
export function brokenAt(verdict: Verdict | null): number | null {
  if (verdict === null || 'refused' in verdict) return null
  const positions = verdict.summary.properties.flatMap(({ holds, position }) =>
    holds || position < 0 ? [] : [position],
  )
  return positions.length === 0 ? null : Math.min(...positions) + 1
}

/** `9 of 12 runs: 6 completed, 3 promise broken`. */
export function summaryText(verdicts: readonly (Verdict | null)[]): string {
  const known = verdicts.filter((verdict) => verdict !== null)
  const counts = outcomes.flatMap((outcome) => {
    const count = known.filter((verdict) => 'outcome' in verdict && verdict.outcome === outcome).length
    return count === 0 ? [] : [`${count} ${outcome}`]
  })
  const refused = known.filter((verdict) => 'refused' in verdict).length
  const parts = refused === 0 ? counts : [...counts, `${refused} cannot run`]
  return `${known.length} of ${verdicts.length} runs${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`
}
