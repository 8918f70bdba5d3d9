/** Disk as tables of text: what every service has stored at the playhead, with the last change marked. */
import { valueText } from '../../trace/describe.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Rows } from '../../trace/rows.ts'
import type { RowChange, Trace } from '../../trace/trace.ts'
import type { Value } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'

export type RowMark = 'new' | 'changed' | 'removed'

export interface CellView {
  readonly text: string
  /** What stood here before the last change; undefined when it was the same. */
  readonly before?: string
}

export interface RowView {
  readonly row: number
  readonly cells: readonly CellView[]
  readonly mark?: RowMark
}

export interface TableView {
  readonly table: number
  readonly name: string
  readonly columns: readonly string[]
  readonly key: string | null
  readonly system: boolean
  readonly rows: readonly RowView[]
  /** Rows there are beyond those listed. */
  readonly more: number
  readonly changed: boolean
}

const LOOKED_BACK = 2000
export const ROWS_MAX = 60

/** The changes of the last transaction that committed before the playhead, by table and row. */
export function lastChanges(trace: Trace, playhead: number): Map<string, RowChange> {
  const changes = new Map<string, RowChange>()
  let at = Math.min(playhead, trace.length) - 1
  const until = Math.max(0, at - LOOKED_BACK)
  while (at >= until && trace.at('kind', at) !== Kind.rowChanged) at--
  if (at < until) return changes
  const { time, message, service } = trace.entry(at)
  for (; at >= until; at--) {
    const entry = trace.entry(at)
    if (entry.time !== time || entry.service !== service || entry.message !== message) break
    if (entry.kind !== 'rowChanged') continue
    const change = trace.change(entry.a)
    const key = keyOf(change.table, change.row)
    const later = changes.get(key)
    // Two changes of one row in one transaction are one change: from the first before to the last after.
    changes.set(key, later === undefined ? change : { ...change, after: later.after })
  }
  return changes
}

function keyOf(table: number, row: number): string {
  return `${table}:${row}`
}

export function tableViews(trace: Trace, world: WorldState, playhead: number, service: number): TableView[] {
  const changes = lastChanges(trace, playhead)
  return (trace.header.services[service]?.tables ?? []).flatMap((number) => {
    const info = trace.header.tables[number]
    return info === undefined ? [] : [tableView(trace, world, changes, number)]
  })
}

export function tableView(trace: Trace, world: WorldState, changes: Map<string, RowChange>, table: number): TableView {
  const { name, columns, key, system } = trace.header.tables[table] as Trace['header']['tables'][number]
  const rows = world.tables[table]
  const own = [...changes.values()].filter((change) => change.table === table)
  const removed = own.filter(({ before, after }) => after === null && before !== null)
  const shown = rowsWorthShowing(rows, own).map((row) =>
    rowView(row, rows?.get(row)?.cells ?? [], changes.get(keyOf(table, row))),
  )
  for (const change of removed) {
    shown.push({
      row: change.row,
      cells: (change.before ?? []).map((value) => ({ text: valueText(value) })),
      mark: 'removed',
    })
  }
  shown.sort((a, b) => a.row - b.row)
  const changed = shown.some((row) => row.mark !== undefined)
  const more = (rows?.size ?? 0) + removed.length - shown.length
  return { table, name, columns, key, system, rows: shown, more, changed }
}

/** Row numbers: the latest ones, and wherever they are those that have just changed. */
function rowsWorthShowing(rows: Rows | undefined, changes: readonly RowChange[]): number[] {
  if (rows === undefined) return []
  if (rows.size <= ROWS_MAX) return [...rows.keys()]
  const marked = changes.filter(({ row }) => rows.has(row)).map(({ row }) => row)
  const most = new Set(marked.slice(-ROWS_MAX))
  const latest = rows.last(ROWS_MAX).filter((row) => !most.has(row))
  return [...latest.slice(Math.max(0, latest.length - ROWS_MAX + most.size)), ...most]
}

function rowView(row: number, cells: readonly Value[], change: RowChange | undefined): RowView {
  if (change === undefined) return { row, cells: cells.map((value) => ({ text: valueText(value) })) }
  const { before } = change
  if (before === null) return { row, cells: cells.map((value) => ({ text: valueText(value) })), mark: 'new' }
  const views = cells.map((value, i) => {
    const was = before[i] ?? null
    return was === value ? { text: valueText(value) } : { text: valueText(value), before: valueText(was) }
  })
  return { row, cells: views, mark: 'changed' }
}
