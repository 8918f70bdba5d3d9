/**
 * The page's side of SQL: one query at a time, in a worker of its own that is ended when a query takes too long. The
 * worker keeps the tables it has got; another moment of the same run costs what differs. Rows go over in small parts,
 * a few at a time, so that a page with a million of them stays alive meanwhile.
 */
import {
  SCHEMAS_MAX,
  type SqlReply,
  type SqlRequest,
  type SqlResult,
  type SqlRow,
  type SqlTable,
  type SqlTableName,
} from './sql-protocol.ts'

/** A part of the rows is taken in no time; a worker that is silent for so long is lost. */
const SILENCE_MAX_MS = 30_000
export const QUERY_MAX_MS = 15_000
/** Rows of one part, and parts under way. */
export const PART_ROWS = 500
const PARTS_AHEAD = 4

export interface SqlWorkerLike {
  postMessage(message: SqlRequest): void
  terminate(): void
  onmessage: ((event: MessageEvent<SqlReply>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/** What is being done for a query. */
export type SqlProgress =
  | { readonly stage: 'loading'; readonly done: number; readonly of: number }
  | { readonly stage: 'asking' }

export interface SqlBox {
  /** Never rejects: what goes wrong is a sentence. A query under way is given up for the new one. */
  query(tables: readonly SqlTable[], sql: string, onProgress?: (progress: SqlProgress) => void): Promise<SqlResult>
  cancel(): void
}

const GIVEN_UP = 'Given up for a newer query.'

export function startSqlWorker(): SqlWorkerLike {
  return new Worker(new URL('./sql-entry.ts', import.meta.url), { type: 'module', name: 'sql' }) as SqlWorkerLike
}

interface Job {
  readonly id: number
  readonly tables: readonly SqlTable[]
  readonly sql: string
  readonly onProgress: (progress: SqlProgress) => void
  readonly settle: (result: SqlResult) => void
}

export function createSqlBox(start: () => SqlWorkerLike = startSqlWorker): SqlBox {
  return new Box(start)
}

class Box implements SqlBox {
  private readonly start: () => SqlWorkerLike
  private worker: SqlWorkerLike | null = null
  /** What the worker knows: the moment of each table, by schema and name, and whose run it is. */
  private readonly known = new Map<string, { readonly table: SqlTable; readonly moment: unknown }>()
  private job: Job | null = null
  /** Rows of the job under way that have still to go over, and those that are on their way. */
  private loading: Loading | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private lastId = 0

  constructor(start: () => SqlWorkerLike) {
    this.start = start
  }

  query(tables: readonly SqlTable[], sql: string, onProgress: Job['onProgress'] = () => {}): Promise<SqlResult> {
    // What one that is given up is still loading goes over all the same: it is good for the next.
    if (this.job !== null && this.loading !== null) this.end({ ok: false, message: GIVEN_UP })
    else if (this.job !== null) this.stop(GIVEN_UP)
    const names = new Set(tables.map(({ schema }) => schema))
    if (names.size > SCHEMAS_MAX) {
      const message = `The query names tables of ${names.size} services; at most ${SCHEMAS_MAX} at once.`
      return Promise.resolve({ ok: false, message })
    }
    return new Promise((settle) => {
      this.job = { id: ++this.lastId, tables, sql, onProgress, settle }
      if (this.loading === null) this.begin(this.job)
    })
  }

  cancel(): void {
    if (this.job !== null) this.stop('Stopped.')
  }

  private begin(job: Job): void {
    this.worker ??= this.listen()
    this.forgetOthers(job.tables)
    this.loading = new Loading(job.tables, this.known)
    this.goOn()
  }

  /** Another run's tables, or more services than can be open, are worth nothing. */
  private forgetOthers(tables: readonly SqlTable[]): void {
    const held = [...this.known.values()].map(({ table }) => table)
    const isOther = held.some((table) => tables.some(({ of }) => of !== table.of))
    const services = new Set([...held, ...tables].map(({ schema }) => schema))
    if (!isOther && services.size <= SCHEMAS_MAX) return
    this.known.clear()
    this.worker?.postMessage({ type: 'forget' })
  }

  /** Sends what there is room for. Once everything is there, the query itself. */
  private goOn(): void {
    const { loading, worker, job } = this
    if (loading === null || worker === null) return
    while (loading.underWay < PARTS_AHEAD) {
      const part = loading.next()
      if (part === null) break
      worker.postMessage({ type: 'rows', ...part })
    }
    if (loading.underWay > 0) {
      job?.onProgress({ stage: 'loading', done: loading.done, of: loading.count })
      this.within(SILENCE_MAX_MS, 'The tables could not be loaded: the worker that holds them does not answer.')
      return
    }
    this.loading = null
    clearTimeout(this.timer)
    if (job === null) return
    // It has come while those of another were loading.
    if (loading.tables !== job.tables) this.begin(job)
    else this.ask(worker, job)
  }

  private ask(worker: SqlWorkerLike, { id, sql, tables, onProgress }: Job): void {
    onProgress({ stage: 'asking' })
    this.within(
      QUERY_MAX_MS,
      `The query ran for ${QUERY_MAX_MS / 1000} s without an end and was stopped. Narrow it down.`,
    )
    worker.postMessage({ type: 'query', id, sql, tables: tables.map(nameOf) })
  }

  private hear(reply: SqlReply): void {
    if (reply.type === 'taken') {
      this.loading?.taken()
      this.goOn()
      return
    }
    if (reply.spoilt) this.known.clear()
    if (this.job !== null && reply.id === this.job.id) this.end(reply.result)
  }

  private listen(): SqlWorkerLike {
    const started = this.start()
    started.onmessage = ({ data }) => this.hear(data)
    started.onerror = (event) => {
      event.preventDefault()
      this.stop(`SQL could not be answered: ${event.message || 'its worker could not be loaded'}.`)
    }
    return started
  }

  private end(result: SqlResult): void {
    clearTimeout(this.timer)
    const { job } = this
    this.job = null
    job?.settle(result)
  }

  private stop(message: string): void {
    this.worker?.terminate()
    this.worker = null
    this.loading = null
    this.known.clear()
    this.end({ ok: false, message })
  }

  private within(milliseconds: number, message: string): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.stop(message), milliseconds)
  }
}

const nameOf = ({ schema, name, columns }: SqlTableName): SqlTableName => ({ schema, name, columns })

/** What a job's tables lack in the worker, in parts. A table is known at its moment when all its parts have gone over. */
class Loading {
  readonly tables: readonly SqlTable[]
  readonly count: number
  done = 0
  underWay = 0
  private readonly parts: Iterator<{ table: SqlTableName; rows: SqlRow[] }>

  constructor(tables: readonly SqlTable[], known: Map<string, { readonly table: SqlTable; readonly moment: unknown }>) {
    this.tables = tables
    const wanted = tables.map((table) => {
      const key = JSON.stringify([table.schema, table.name])
      return { key, table, changes: table.changes(known.get(key)?.moment) }
    })
    this.count = wanted.reduce((sum, { changes }) => sum + changes.count, 0)
    this.parts = partsOf(wanted, known)
  }

  next(): { table: SqlTableName; rows: SqlRow[] } | null {
    const { value, done } = this.parts.next()
    if (done) return null
    this.underWay++
    this.done += value.rows.length
    return value
  }

  taken(): void {
    this.underWay--
  }
}

function* partsOf(
  wanted: readonly { key: string; table: SqlTable; changes: ReturnType<SqlTable['changes']> }[],
  known: Map<string, { readonly table: SqlTable; readonly moment: unknown }>,
): Generator<{ table: SqlTableName; rows: SqlRow[] }> {
  for (const { key, table, changes } of wanted) {
    let rows: SqlRow[] = []
    for (const row of changes.rows) {
      rows.push(row)
      if (rows.length < PART_ROWS) continue
      yield { table: nameOf(table), rows }
      rows = []
    }
    if (rows.length > 0) yield { table: nameOf(table), rows }
    known.set(key, { table, moment: table.moment })
  }
}
