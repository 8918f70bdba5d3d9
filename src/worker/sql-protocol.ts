/** What the page and the worker that answers SQL say to each other. */
import type { Value } from '../trace/trace-format.ts'

/** A table at one moment. The schema is the service it belongs to. */
export interface SqlTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Value[])[]
}

export interface SqlRequest {
  readonly id: number
  readonly tables: readonly SqlTable[]
  readonly sql: string
}

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
  /** The tables are in; the query itself runs from here on. */
  | { readonly id: number; readonly type: 'loaded' }
  | { readonly id: number; readonly type: 'result'; readonly result: SqlResult }
