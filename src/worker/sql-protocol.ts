/** What the page and the worker that answers SQL say to each other. */
import type { Value } from '../trace/trace-format.ts'

/** SQLite attaches so many databases. */
export const SCHEMAS_MAX = 10

/** A table at one moment, as far as its name goes. The schema is the service it belongs to. */
export interface SqlTableName {
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
}

/** A row by its number, from 0; null: it is not there. */
export type SqlRow = readonly [row: number, cells: readonly Value[] | null]

/** A table at one moment, and how it differs from the moment that the worker knows it at. */
export interface SqlTable extends SqlTableName {
  /** Where it is known at another moment, the same thing was asked about: another value of this is another run. */
  readonly of: object
  readonly moment: unknown
  /** Rows that are not what they were at `known`; all rows when that is undefined. */
  changes(known: unknown): { readonly count: number; readonly rows: Iterable<SqlRow> }
}

export type SqlRequest =
  /** All tables are another run's from now on. */
  | { readonly type: 'forget' }
  /** Answered with `taken`. */
  | { readonly type: 'rows'; readonly table: SqlTableName; readonly rows: readonly SqlRow[] }
  /** Answered with `result`; `tables` are those it may mean. */
  | { readonly type: 'query'; readonly id: number; readonly sql: string; readonly tables: readonly SqlTableName[] }

export type SqlCell = string | number | null

export type SqlResult =
  | {
      readonly ok: true
      readonly columns: readonly string[]
      readonly rows: readonly (readonly SqlCell[])[]
      /** There are more rows than are shown. */
      readonly isCut: boolean
    }
  /** A sentence that names the place where it can. */
  | { readonly ok: false; readonly message: string }

export type SqlReply =
  | { readonly type: 'taken' }
  | {
      readonly type: 'result'
      readonly id: number
      readonly result: SqlResult
      /** The tables may no longer be what they were: they have to be sent anew. */
      readonly spoilt: boolean
    }
