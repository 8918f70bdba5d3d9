/** The page's side of SQL: one query at a time, in a worker of its own that is ended when a query takes too long. */
import type { SqlReply, SqlRequest, SqlResult, SqlTable } from './sql-protocol.ts'

/** Filling the tables may take its time; the query itself gets so long. */
const LOADING_MAX_MS = 30_000
export const QUERY_MAX_MS = 4000

export interface SqlWorkerLike {
  postMessage(message: SqlRequest): void
  terminate(): void
  onmessage: ((event: MessageEvent<SqlReply>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

export interface SqlBox {
  /** Never rejects: what goes wrong is a sentence. A query under way is given up for the new one. */
  query(tables: readonly SqlTable[], sql: string): Promise<SqlResult>
  cancel(): void
}

export function startSqlWorker(): SqlWorkerLike {
  return new Worker(new URL('./sql-entry.ts', import.meta.url), { type: 'module', name: 'sql' }) as SqlWorkerLike
}

export function createSqlBox(start: () => SqlWorkerLike = startSqlWorker): SqlBox {
  let worker: SqlWorkerLike | null = null
  let settle: ((result: SqlResult) => void) | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastId = 0

  function end(result: SqlResult): void {
    clearTimeout(timer)
    settle?.(result)
    settle = null
  }

  function stop(message: string): void {
    worker?.terminate()
    worker = null
    end({ ok: false, message })
  }

  function within(milliseconds: number, message: string): void {
    clearTimeout(timer)
    timer = setTimeout(() => stop(message), milliseconds)
  }

  function listen(): SqlWorkerLike {
    const started = start()
    started.onmessage = ({ data }) => {
      if (data.id !== lastId) return
      if (data.type === 'loaded') {
        within(
          QUERY_MAX_MS,
          `The query ran for ${QUERY_MAX_MS / 1000} s without an end and was stopped. Narrow it down.`,
        )
      } else end(data.result)
    }
    started.onerror = (event) => {
      event.preventDefault()
      stop(`SQL could not be answered: ${event.message || 'its worker could not be loaded'}.`)
    }
    return started
  }

  return {
    query(tables, sql) {
      if (settle !== null) stop('Given up for a newer query.')
      worker ??= listen()
      const id = ++lastId
      return new Promise((resolve) => {
        settle = resolve
        within(LOADING_MAX_MS, 'The tables could not be loaded in time.')
        worker?.postMessage({ id, tables, sql })
      })
    },
    cancel() {
      if (settle !== null) stop('Stopped.')
    },
  }
}
