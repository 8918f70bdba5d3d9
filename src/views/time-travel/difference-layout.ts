/** What two moments of a run do not have in common: the rows of every table, as Was, Now and the difference of numbers. */
import { valueText } from '../../trace/describe.ts'
import { changedRows } from '../../trace/rows.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Value } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'

export interface CellDifference {
  /** `o1.total`, or a column's name of a row without a key. */
  readonly name: string
  readonly was: string
  readonly now: string
  /** `+5`; empty where one of the two is no number. */
  readonly delta: string
}

export interface TableDifference {
  readonly table: number
  readonly title: string
  readonly cells: readonly CellDifference[]
  /** Changed cells beyond those listed. */
  readonly more: number
}

const LISTED = 40
/** Nobody reads an exact count of so many. */
const MORE_COUNTED = 1000

/** Tables that differ, in their order. A row that is there at one moment only has a dash on the other side. */
export function tableDifferences(trace: Trace, was: WorldState, now: WorldState): TableDifference[] {
  return trace.header.tables.flatMap((info, table) => {
    const before = was.tables[table]
    const after = now.tables[table]
    if (before === undefined || after === undefined) return []
    const cells: CellDifference[] = []
    let more = 0
    const add = (cell: CellDifference) => {
      if (cells.length < LISTED) cells.push(cell)
      else more++
    }
    for (const row of changedRows(before, after)) {
      if (cells.length === LISTED && more > MORE_COUNTED) break
      const [old, young] = [before.get(row)?.cells, after.get(row)?.cells]
      for (const cell of rowDifferences(info.columns, info.key, old, young)) add(cell)
    }
    const service = trace.header.services[info.service]?.title ?? ''
    return cells.length === 0 ? [] : [{ table, title: `${service}: ${info.name}`, cells, more }]
  })
}

type Cells = readonly Value[] | undefined

function rowDifferences(columns: readonly string[], key: string | null, old: Cells, young: Cells): CellDifference[] {
  const place = key === null ? -1 : columns.indexOf(key)
  const label = place < 0 ? '' : valueText((young ?? old)?.[place] ?? null)
  if (old === undefined || young === undefined) {
    const text = (cells: Cells) => (cells === undefined ? '–' : cells.map(valueText).join(' '))
    return [{ name: label === '' ? 'row' : label, was: text(old), now: text(young), delta: '' }]
  }
  return columns.flatMap((column, i) => {
    const difference = differenceOf(label === '' ? column : `${label}.${column}`, old[i] ?? null, young[i] ?? null)
    return difference === null ? [] : [difference]
  })
}

/** Null when both say the same. */
export function differenceOf(name: string, was: Value, now: Value): CellDifference | null {
  const [before, after] = [valueText(was), valueText(now)]
  if (before === after) return null
  const delta = typeof was === 'number' && typeof now === 'number' ? signed(now - was) : ''
  return { name, was: before, now: after, delta }
}

function signed(number: number): string {
  return number > 0 ? `+${number}` : `−${-number}`
}
