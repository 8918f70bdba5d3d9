/** Tables as they were at a moment, in a database in memory: moved from moment to moment, and in between only read. */
/// <reference path="./sql-js.d.ts" />
import type { Database, SqlJs, SqlValue, Statement } from 'sql.js'
import type { Value } from '../trace/trace-format.ts'
import { problemSentence } from './sql-problem.ts'
import type { SqlCell, SqlResult, SqlRow, SqlTableName } from './sql-protocol.ts'

export const ROWS_MAX = 1000
/** After these, what the next query finds may not be what was loaded. */
const SPOILS = /\b(pragma|attach|detach|begin|savepoint|temp|temporary|vacuum)\b/i

export class MomentTables {
  private readonly sqlJs: SqlJs
  private database: Database | null = null
  private readonly schemas = new Set<string>()
  private readonly tables = new Set<string>()

  constructor(sqlJs: SqlJs) {
    this.sqlJs = sqlJs
  }

  forget(): void {
    this.database?.close()
    this.database = null
    this.schemas.clear()
    this.tables.clear()
  }

  /** Rows as they are from now on; a table that is not there yet is made. */
  load(table: SqlTableName, rows: readonly SqlRow[]): void {
    const database = this.opened()
    const place = this.placeOf(table)
    if (rows.length === 0) return
    const id = rowName(table.columns)
    const names = [id, ...table.columns.map(quoted)]
    const values = names.map(() => '?').join(', ')
    const insert = database.prepare(`INSERT OR REPLACE INTO ${place} (${names.join(', ')}) VALUES (${values})`)
    const remove = database.prepare(`DELETE FROM ${place} WHERE ${id} = ?`)
    database.run('BEGIN')
    for (const [row, cells] of rows) {
      if (cells === null) remove.run([row])
      else insert.run([row, ...cells.map(asSql)])
    }
    database.run('COMMIT')
    insert.free()
    remove.free()
  }

  ask(sql: string, tables: readonly SqlTableName[]): { result: SqlResult; spoilt: boolean } {
    const spoilt = SPOILS.test(sql)
    try {
      const database = this.opened()
      for (const table of tables) this.placeOf(table)
      database.run('PRAGMA query_only = ON')
      return { result: read(database, sql), spoilt }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { result: { ok: false, message: problemSentence(message, sql, tables) }, spoilt }
    } finally {
      if (spoilt) this.forget()
      else this.database?.run('PRAGMA query_only = OFF')
    }
  }

  private opened(): Database {
    this.database ??= new this.sqlJs.Database()
    return this.database
  }

  private placeOf({ schema, name, columns }: SqlTableName): string {
    const database = this.opened()
    const place = `${quoted(schema)}.${quoted(name)}`
    if (!this.schemas.has(schema)) {
      database.run(`ATTACH ':memory:' AS ${quoted(schema)}`)
      this.schemas.add(schema)
    }
    if (!this.tables.has(place)) {
      database.run(`CREATE TABLE ${place} (${columns.map(quoted).join(', ')})`)
      this.tables.add(place)
    }
    return place
  }
}

/** SQLite's own name for the number of a row: one that no column has taken. */
function rowName(columns: readonly string[]): string {
  const taken = columns.map((column) => column.toLowerCase())
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.includes(name)) ?? 'rowid'
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
