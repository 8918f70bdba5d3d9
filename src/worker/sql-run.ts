/** One query over tables as they were at a moment: a database in memory, filled, then only read. */
/// <reference path="./sql-js.d.ts" />
import type { Database, SqlJs, SqlValue, Statement } from 'sql.js'
import type { Value } from '../trace/trace-format.ts'
import { problemSentence } from './sql-problem.ts'
import type { SqlCell, SqlResult, SqlTable } from './sql-protocol.ts'

export const ROWS_MAX = 1000
/** SQLite attaches so many databases. */
const SCHEMAS_MAX = 10

export function runQuery(sqlJs: SqlJs, tables: readonly SqlTable[], sql: string, onLoaded: () => void): SqlResult {
  const schemas = new Set(tables.map(({ schema }) => schema))
  if (schemas.size > SCHEMAS_MAX) {
    return { ok: false, message: `The query names tables of ${schemas.size} services; at most ${SCHEMAS_MAX} at once.` }
  }
  const database = new sqlJs.Database()
  try {
    fill(database, tables)
    database.run('PRAGMA query_only = ON')
    onLoaded()
    return read(database, sql)
  } catch (error) {
    return { ok: false, message: problemSentence(error instanceof Error ? error.message : String(error), sql, tables) }
  } finally {
    database.close()
  }
}

function fill(database: Database, tables: readonly SqlTable[]): void {
  for (const schema of new Set(tables.map((table) => table.schema))) {
    database.run(`ATTACH ':memory:' AS ${quoted(schema)}`)
  }
  database.run('BEGIN')
  for (const { schema, name, columns, rows } of tables) {
    const place = `${quoted(schema)}.${quoted(name)}`
    database.run(`CREATE TABLE ${place} (${columns.map(quoted).join(', ')})`)
    if (rows.length === 0) continue
    const insert = database.prepare(`INSERT INTO ${place} VALUES (${columns.map(() => '?').join(', ')})`)
    for (const row of rows) insert.run(row.map(asSql))
    insert.free()
  }
  database.run('COMMIT')
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function asSql(value: Value): SqlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  return typeof value === 'boolean' ? Number(value) : JSON.stringify(value)
}

/** Several statements may stand in one text; the last that yields columns is shown. */
function read(database: Database, sql: string): SqlResult {
  let result: SqlResult | null = null
  for (const statement of database.iterateStatements(sql)) {
    const columns = statement.getColumnNames()
    const rows = rowsOf(statement)
    if (columns.length > 0) result = { ok: true, columns, rows: rows.slice(0, ROWS_MAX), isCut: rows.length > ROWS_MAX }
  }
  return result ?? { ok: false, message: 'There is nothing to ask yet: write a query that begins with SELECT.' }
}

function rowsOf(statement: Statement): SqlCell[][] {
  const rows: SqlCell[][] = []
  while (rows.length <= ROWS_MAX && statement.step()) {
    rows.push(statement.get().map((cell) => (cell instanceof Uint8Array ? `${cell.length} bytes` : cell)))
  }
  return rows
}
