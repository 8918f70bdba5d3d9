/** The few rows of a service's disk that matter, as lines of a card: at least one per table, the latest change first. */
import { valueText } from '../../trace/describe.ts'
import type { RowState } from '../../trace/rows.ts'
import type { Trace } from '../../trace/trace.ts'
import type { TableInfo, Value } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { type Density, diskLines, projectionLines, storeAt } from './card-size.ts'
import { eventLines, positionLines } from './event-lines.ts'
import { shownColumns } from './written-columns.ts'

export interface DiskLine {
  /** A cell of a row known by its key, or the latest row of a table. */
  readonly kind: 'cell' | 'row'
  readonly label: string
  /** The value the latest change replaced, as long as that change is news. */
  readonly before: string | null
  readonly value: string
  /** Position of the entry that wrote it, −1 for what has been there from the start. */
  readonly changedAt: number
  /** `news`: changed a moment ago. `flash`: just now. `quiet`: long ago. `empty`: nothing there. */
  readonly state: 'flash' | 'news' | 'quiet' | 'empty'
}

/** Positions from which on a change is news, and from which on it flashes. */
export interface Freshness {
  readonly news: number
  readonly flash: number
}

export function linesOf(
  trace: Trace,
  world: WorldState,
  service: number,
  density: Density,
  fresh: Freshness,
): DiskLine[] {
  const positions = projectionLines(trace.header, service, density)
  const store = storeAt(trace.header, service)
  const room = diskLines(trace.header, service, density) - positions
  const own = ownLines(trace, world, service, store === undefined ? room : room - 1, fresh)
  const events = store === undefined ? [] : eventLines(world, store.events, room - own.length, fresh)
  return [...positionLines(trace, world, service, positions, fresh), ...events, ...own]
}

/** Of the tables the scenario's author keeps; the latest change first. */
function ownLines(trace: Trace, world: WorldState, service: number, budget: number, fresh: Freshness): DiskLine[] {
  const tables = (trace.header.services[service]?.tables ?? []).filter((table) => !trace.header.tables[table]?.system)
  const shown = latestTables(world, tables, budget)
  const all = shown.map((table) => tableLines(trace, world, table, fresh))
  const counts = shares(
    all.map((lines) => lines.length),
    budget,
  )
  return all.flatMap((lines, i) => lines.slice(0, counts[i]))
}

/** With more tables than lines, those changed last, in their usual order. */
function latestTables(world: WorldState, tables: readonly number[], budget: number): number[] {
  if (tables.length <= budget) return [...tables]
  const latest = (table: number) => world.tables[table]?.changedAt ?? -1
  const chosen = [...tables].sort((a, b) => latest(b) - latest(a) || a - b).slice(0, budget)
  return tables.filter((table) => chosen.includes(table))
}

/** One line for every table, the rest to whoever has more to show, first come first served. */
function shares(wanted: readonly number[], budget: number): number[] {
  const counts = wanted.map(() => 1)
  let left = budget - counts.length
  for (const [i, lines] of wanted.entries()) {
    const more = Math.max(0, Math.min(left, lines - 1))
    counts[i] = 1 + more
    left -= more
  }
  return counts
}

const ROWS_READ_MAX = 3

function tableLines(trace: Trace, world: WorldState, table: number, fresh: Freshness): DiskLine[] {
  const info = trace.header.tables[table]
  const rows = world.tables[table]
  if (info === undefined || rows === undefined) return []
  if (rows.size === 0)
    return [{ kind: 'cell', label: info.name, before: null, value: 'empty', changedAt: -1, state: 'empty' }]
  const latest = rows.latest(ROWS_READ_MAX)
  if (info.key === null) return [numberedLine(info, rows.size, latest[0] as RowState, fresh)]
  const columns = shownColumns(trace.header, table)
  return latest.flatMap((row) => columns.map((column) => keyedLine(info, row, column, columns.length, fresh)))
}

/** How fresh what happened at a position is. */
export function stateAt(position: number, fresh: Freshness): 'flash' | 'news' | 'quiet' {
  if (position < 0) return 'quiet'
  if (position >= fresh.flash) return 'flash'
  return position >= fresh.news ? 'news' : 'quiet'
}

function keyedLine(info: TableInfo, row: RowState, column: number, columns: number, fresh: Freshness): DiskLine {
  const key = valueText(row.cells[info.columns.indexOf(info.key ?? '')] ?? null)
  const now = row.cells[column] ?? null
  const was = row.before === null ? undefined : (row.before[column] ?? null)
  const changedAt = was !== now ? row.changedAt : -1
  const state = stateAt(changedAt, fresh)
  const label = columns === 1 && typeof now === 'string' ? key : `${key}.${info.columns[column] ?? ''}`
  const isNews = state === 'flash' || state === 'news'
  return {
    kind: 'cell',
    label,
    before: isNews && was !== undefined ? valueText(was) : null,
    value: valueText(now),
    changedAt,
    state,
  }
}

/** A table without a key (a ledger) shows its latest row, and how many there are. */
function numberedLine(info: TableInfo, count: number, row: RowState, fresh: Freshness): DiskLine {
  const { changedAt } = row
  const state = stateAt(changedAt, fresh)
  const isNews = state === 'flash' || state === 'news'
  const label = count > 1 ? `${info.name} (${count})` : info.name
  const changed = row.before === null ? -1 : row.cells.findIndex((cell, i) => cell !== row.before?.[i])
  if (isNews && changed >= 0) {
    return {
      kind: 'cell',
      label,
      before: valueText(row.before?.[changed] ?? null),
      value: valueText(row.cells[changed] ?? null),
      changedAt,
      state,
    }
  }
  return { kind: 'row', label, before: null, value: `${isNews ? '+ ' : ''}${rowText(row.cells)}`, changedAt, state }
}

function rowText(cells: readonly Value[]): string {
  return cells
    .filter((cell) => cell !== null)
    .map(valueText)
    .join(' ')
}
