/** The worker that answers SQL: SQLite comes with the first question; a query that runs away ends with the worker. */
/// <reference path="./sql-js.d.ts" />
import initSqlJs from 'sql.js'
import wasm from 'sql.js/dist/sql-wasm-browser.wasm?url'
import type { SqlReply, SqlRequest } from './sql-protocol.ts'
import { MomentTables } from './sql-run.ts'

declare const self: DedicatedWorkerGlobalScope

const ready = initSqlJs({ locateFile: () => wasm }).then((sqlJs) => new MomentTables(sqlJs))
const post = (reply: SqlReply) => self.postMessage(reply)

self.onmessage = async ({ data }: MessageEvent<SqlRequest>) => {
  try {
    const tables = await ready
    if (data.type === 'forget') tables.forget()
    else if (data.type === 'query') post({ type: 'result', id: data.id, ...tables.ask(data.sql, data.tables) })
    else {
      tables.load(data.table, data.rows)
      post({ type: 'taken' })
    }
  } catch (error) {
    const message = `SQLite failed: ${error instanceof Error ? error.message : error}.`
    // An error of the worker: the page gives it up, and what it has asked with it.
    setTimeout(() => {
      throw new Error(message)
    })
  }
}
