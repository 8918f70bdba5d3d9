/** The few members of sql.js that are used here. */
declare module 'sql.js' {
  export type SqlValue = string | number | null | Uint8Array
  export interface Statement {
    run(values: readonly SqlValue[]): void
    step(): boolean
    get(): SqlValue[]
    getColumnNames(): string[]
    free(): void
  }
  export interface Database {
    run(sql: string): Database
    prepare(sql: string): Statement
    iterateStatements(sql: string): Iterable<Statement>
    close(): void
  }
  export interface SqlJs {
    readonly Database: new () => Database
  }
  export default function initSqlJs(settings?: { locateFile?: (file: string) => string }): Promise<SqlJs>
}

declare module 'sql.js/dist/sql-wasm-browser.wasm?url' {
  const url: string
  export default url
}
