/** A moment of a run as tables for SQL: what every service has on disk, and the entries up to the playhead. */
import type { SqlRow, SqlTable } from '../../session/sql.ts'
import { serviceTitle } from '../../trace/describe.ts'
import { changedRows, Rows } from '../../trace/rows.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE, type Value } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'

export interface TableName {
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
  /** The trace's table, −1 for the entries. */
  readonly table: number
}

const RUN = 'run'
const entryColumns = ['entry', 'ms', 'kind', 'service', 'message', 'cause']
/** Names that SQLite has taken. */
const TAKEN = ['main', 'temp']

export function tableNames({ header }: Trace): TableName[] {
  const ofServices = header.tables.map(({ name, service, columns }, table) => {
    const own = header.services[service]?.name ?? ''
    return { schema: TAKEN.includes(own.toLowerCase()) ? `${own}_` : own, name, columns, table }
  })
  const isTaken = header.services.some(({ name }) => name.toLowerCase() === RUN)
  return [...ofServices, { schema: isTaken ? `${RUN}_` : RUN, name: 'entries', columns: entryColumns, table: NONE }]
}

/** Tables the text may mean, as they are at the moment: the others stay at home, and come empty when none is meant. */
export function tablesFor(trace: Trace, world: WorldState, sql: string): SqlTable[] {
  const text = sql.toLowerCase()
  const names = tableNames(trace)
  const meant = names.filter(({ name }) => text.includes(name.toLowerCase()))
  const sameName = (one: TableName) => meant.filter(({ name }) => name === one.name)
  // Where several services have a table of that name, those that are named count.
  const wanted = meant.filter((one) => {
    const named = sameName(one).filter(({ schema }) => text.includes(schema.toLowerCase()))
    return named.length === 0 || named.includes(one)
  })
  if (wanted.length > 0) return wanted.map((one) => tableAt(trace, world, one))
  return names
    .slice(0, TABLES_SHOWN)
    .map((one) => ({ ...nameOf(one), of: trace, moment: null, changes: () => NOTHING }))
}
/** For whoever asks for a table there is not: what there is. */
const TABLES_SHOWN = 8
const NOTHING = { count: 0, rows: [] }

function nameOf({ schema, name, columns }: TableName) {
  return { schema, name, columns }
}

function tableAt(trace: Trace, world: WorldState, one: TableName): SqlTable {
  const table = { ...nameOf(one), of: trace }
  if (one.table === NONE) {
    const { position } = world
    return { ...table, moment: position, changes: (known) => entriesBetween(trace, Number(known ?? 0), position) }
  }
  const rows = world.tables[one.table] ?? new Rows(trace)
  return {
    ...table,
    moment: rows,
    changes: (known) => {
      if (!(known instanceof Rows)) return { count: rows.size, rows: cellsOf(rows, rows.keys()) }
      const numbers = [...changedRows(known, rows)]
      return { count: numbers.length, rows: cellsOf(rows, numbers) }
    },
  }
}

function* cellsOf(rows: Rows, numbers: Iterable<number>): Generator<SqlRow> {
  for (const row of numbers) yield [row, rows.get(row)?.cells ?? null]
}

/** Entries that are there and were not, or were and are not. */
function entriesBetween(trace: Trace, known: number, now: number): { count: number; rows: Generator<SqlRow> } {
  return { count: Math.abs(now - known), rows: entryRows(trace, known, now) }
}

function* entryRows(trace: Trace, known: number, now: number): Generator<SqlRow> {
  for (let position = known; position < now; position++) yield [position, entryCells(trace, position)]
  for (let position = now; position < known; position++) yield [position, null]
}

function entryCells(trace: Trace, position: number): Value[] {
  const { time, kind, service, message, cause } = trace.entry(position)
  const type = message === NONE ? null : trace.text(trace.messageAt('type', message))
  const at = service === NONE ? null : serviceTitle(trace, service)
  return [position + 1, time / 1000, kind, at, type, cause === NONE ? null : cause + 1]
}

/** As it has to be written: a name that is a word of SQL, or no plain name, in quotes. */
export function written({ schema, name }: Pick<TableName, 'schema' | 'name'>): string {
  return `${asName(schema)}.${asName(name)}`
}

const RESERVED = new Set(
  'all and as by case check column commit create cross default delete desc distinct drop else end exists from group having in index insert into is join key left like limit not null on or order primary references select set table then to transaction union unique update using values view when where with'.split(
    ' ',
  ),
)

export function asName(name: string): string {
  return /^[a-z_]\w*$/i.test(name) && !RESERVED.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`
}
