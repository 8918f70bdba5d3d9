/** The worker that answers SQL: SQLite comes with the first question; a query that runs away ends with the worker. */
/// <reference path="./sql-js.d.ts" />
import initSqlJs from 'sql.js'
import wasm from 'sql.js/dist/sql-wasm-browser.wasm?url'
import type { SqlReply, SqlRequest, SqlResult } from './sql-protocol.ts'
import { runQuery } from './sql-run.ts'

declare const self: DedicatedWorkerGlobalScope

const ready = initSqlJs({ locateFile: () => wasm })
const post = (reply: SqlReply) => self.postMessage(reply)

self.onmessage = async ({ data: { id, tables, sql } }: MessageEvent<SqlRequest>) => {
  post({ id, type: 'result', result: await answer(id, tables, sql) })
}

async function answer(id: number, tables: SqlRequest['tables'], sql: string): Promise<SqlResult> {
  try {
    return runQuery(await ready, tables, sql, () => post({ id, type: 'loaded' }))
  } catch (error) {
    return { ok: false, message: `SQLite could not be started: ${error instanceof Error ? error.message : error}.` }
  }
}
