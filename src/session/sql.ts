/** The one box for SQL of the page. Its worker, and SQLite in it, start with the first query. */
import { createSqlBox } from '../worker/sql-client.ts'

export type { SqlProgress } from '../worker/sql-client.ts'
export type { SqlResult, SqlRow, SqlTable } from '../worker/sql-protocol.ts'
export const sqlBox = createSqlBox()
