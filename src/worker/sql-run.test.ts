import initSqlJs, { type SqlJs } from 'sql.js'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createSqlBox, PART_ROWS, QUERY_MAX_MS, type SqlProgress, type SqlWorkerLike } from './sql-client.ts'
import type { SqlRequest, SqlRow, SqlTable } from './sql-protocol.ts'
import { MomentTables, ROWS_MAX } from './sql-run.ts'

let sqlJs: SqlJs
beforeAll(async () => {
  sqlJs = await initSqlJs()
})

interface Filled {
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

const events: Filled = {
  schema: 'orders',
  name: 'events',
  columns: ['position', 'type', 'data', 'late'],
  rows: [
    [1, 'Placed', { amount: 100 }, false],
    [2, 'Placed', { amount: 50 }, true],
    [4, 'Shipped', {}, null],
  ],
}
const order: Filled = { schema: 'order', name: 'order', columns: ['order', 'total'], rows: [['o1', 3]] }

function ask(sql: string, tables: readonly Filled[] = [events, order]) {
  const moment = new MomentTables(sqlJs)
  for (const table of tables)
    moment.load(
      table,
      table.rows.map((cells, row) => [row, cells] as unknown as SqlRow),
    )
  return moment.ask(sql, tables).result
}
const message = (sql: string) => {
  const result = ask(sql)
  return result.ok ? '' : result.message
}

describe('a query', () => {
  it('sees tables by service and name, the fields of events, and answers by columns', () => {
    const sql = "SELECT type, sum(data ->> 'amount') AS total, sum(late) AS late FROM orders.events GROUP BY type"
    expect(ask(sql)).toEqual({
      ok: true,
      columns: ['type', 'total', 'late'],
      rows: [
        ['Placed', 150, 1],
        ['Shipped', null, null],
      ],
      isCut: false,
    })
  })

  it('finds a name that is a word of SQL in quotes, and joins two services', () => {
    const sql = 'SELECT o."order", count(*) FROM "order"."order" o, orders.events'
    expect(ask(sql)).toMatchObject({ rows: [['o1', 3]] })
  })

  it('shows the last of several statements, and no more rows than anybody reads', () => {
    const many = { ...events, rows: Array.from({ length: ROWS_MAX + 5 }, (_, i) => [i, 'T', {}, false]) }
    const result = ask('SELECT 1; SELECT position FROM events', [many])
    expect(result).toMatchObject({ ok: true, isCut: true, columns: ['position'] })
    expect(result.ok && result.rows).toHaveLength(ROWS_MAX)
  })

  it('changes nothing', () => {
    for (const sql of ['DELETE FROM events', 'UPDATE events SET type = 1', 'CREATE TABLE orders.x (a)']) {
      expect(message(sql)).toContain('only reads')
    }
  })
})

describe('a mistake', () => {
  it('is told with its place and what may be meant', () => {
    expect(message('SELECT *\nFROM orders.evnts')).toBe(
      'Line 2, character 6: there is no table "orders.evnts"; did you mean "orders.events"?',
    )
    expect(message('SELECT positoin FROM events')).toContain('Line 1, character 8: there is no column "positoin"')
    expect(message('SELECT order FROM events')).toContain('Line 1, character 8: "order" does not belong here')
    expect(message('SELECT (1')).toContain('ends too early')
    expect(message('  ')).toContain('SELECT')
  })
})

describe('tables that go from moment to moment', () => {
  it('take rows that are new, others than they were, or gone', () => {
    const moment = new MomentTables(sqlJs)
    const table = { schema: 'shop', name: 'goods', columns: ['name', 'rowid'] }
    const contents = () => moment.ask('SELECT name, "rowid" AS n FROM shop.goods ORDER BY n', [table]).result
    moment.load(table, [
      [0, ['pen', 1]],
      [1, ['ink', 2]],
    ])
    expect(contents()).toMatchObject({
      rows: [
        ['pen', 1],
        ['ink', 2],
      ],
    })
    moment.load(table, [
      [0, null],
      [1, ['ink', 20]],
      [7, ['pad', 3]],
    ])
    expect(contents()).toMatchObject({
      rows: [
        ['pad', 3],
        ['ink', 20],
      ],
    })
  })

  it('are loaded anew after a query that could have changed them', () => {
    const moment = new MomentTables(sqlJs)
    moment.load(order, [[0, ['o1', 3]]])
    const { spoilt } = moment.ask('PRAGMA query_only = OFF; DELETE FROM "order"."order"', [order])
    expect(spoilt).toBe(true)
    moment.load(order, [[0, ['o1', 3]]])
    expect(moment.ask('SELECT count(*) FROM "order"."order"', [order])).toMatchObject({
      result: { rows: [[1]] },
      spoilt: false,
    })
  })
})

type FakeWorker = SqlWorkerLike & { ended: boolean; asked: SqlRequest[]; reply(data: unknown): void }

function fakeWorkers(): { workers: FakeWorker[]; start: () => FakeWorker } {
  const workers: FakeWorker[] = []
  const start = () => {
    const worker: FakeWorker = {
      ended: false,
      asked: [],
      onmessage: null,
      onerror: null,
      postMessage: (request) => worker.asked.push(request),
      terminate: () => {
        worker.ended = true
      },
      reply: (data) => worker.onmessage?.({ data } as MessageEvent),
    }
    workers.push(worker)
    return worker
  }
  return { workers, start }
}

describe('the box', () => {
  const run = {}
  const numbers = (from: number, to: number): SqlTable => ({
    schema: 's',
    name: 't',
    columns: ['n'],
    of: run,
    moment: to,
    changes: (known) => {
      const first = known === undefined ? from : Number(known)
      const rows = Array.from({ length: to - first }, (_, i): SqlRow => [first + i, [first + i]])
      return { count: rows.length, rows }
    },
  })
  const answer = { ok: true, columns: [], rows: [], isCut: false } as const

  it('ends the worker of a query that runs away, and asks a new one the next time', async () => {
    vi.useFakeTimers()
    const { workers, start } = fakeWorkers()
    const box = createSqlBox(start)
    const first = box.query([], 'SELECT')
    vi.advanceTimersByTime(QUERY_MAX_MS)
    expect(await first).toMatchObject({ ok: false, message: expect.stringContaining('was stopped') })
    expect(workers[0]?.ended).toBe(true)
    const second = box.query([], 'SELECT 1')
    expect(workers).toHaveLength(2)
    workers[1]?.reply({ type: 'result', id: 2, result: answer, spoilt: false })
    expect(await second).toEqual(answer)
    vi.useRealTimers()
  })

  it('sends many rows in parts, a few at a time, and says how far it has come', async () => {
    const { workers, start } = fakeWorkers()
    const box = createSqlBox(start)
    const told: SqlProgress[] = []
    const count = 10 * PART_ROWS
    const asked = box.query([numbers(0, count)], 'SELECT 1', (progress) => told.push(progress))
    const worker = workers[0] as FakeWorker
    expect(worker.asked.length).toBeLessThan(10)
    while (worker.asked.at(-1)?.type !== 'query') worker.reply({ type: 'taken' })
    const parts = worker.asked.flatMap((request) => (request.type === 'rows' ? [request.rows.length] : []))
    expect(parts.reduce((sum, rows) => sum + rows, 0)).toBe(count)
    expect(Math.max(...parts)).toBe(PART_ROWS)
    expect(told[0]).toMatchObject({ stage: 'loading', of: count })
    expect(told.at(-1)).toEqual({ stage: 'asking' })
    worker.reply({ type: 'result', id: 1, result: answer, spoilt: false })
    expect(await asked).toEqual(answer)
  })

  it('sends only what differs when the moment is another one, and everything after it was spoilt', async () => {
    const { workers, start } = fakeWorkers()
    const box = createSqlBox(start)
    const sentFor = async (to: number, spoilt: boolean) => {
      const asked = box.query([numbers(0, to)], 'SELECT 1')
      const worker = workers[0] as FakeWorker
      while (worker.asked.at(-1)?.type !== 'query') worker.reply({ type: 'taken' })
      const { id } = worker.asked.at(-1) as { id: number }
      const rows = worker.asked.flatMap((request) => (request.type === 'rows' ? request.rows : []))
      worker.asked.length = 0
      worker.reply({ type: 'result', id, result: answer, spoilt })
      await asked
      return rows.length
    }
    expect(await sentFor(100, false)).toBe(100)
    expect(await sentFor(130, true)).toBe(30)
    expect(await sentFor(131, false)).toBe(131)
  })

  it('finishes the loading of a query that was given up, and goes on from there', async () => {
    const { workers, start } = fakeWorkers()
    const box = createSqlBox(start)
    const first = box.query([numbers(0, 6 * PART_ROWS)], 'SELECT 1')
    const second = box.query([numbers(0, 6 * PART_ROWS + 3)], 'SELECT 2')
    expect(await first).toMatchObject({ ok: false, message: expect.stringContaining('newer query') })
    const worker = workers[0] as FakeWorker
    while (worker.asked.at(-1)?.type !== 'query') worker.reply({ type: 'taken' })
    const rows = worker.asked.flatMap((request) => (request.type === 'rows' ? request.rows : []))
    expect(rows.map(([row]) => row)).toEqual(Array.from({ length: 6 * PART_ROWS + 3 }, (_, i) => i))
    expect(worker.asked.filter(({ type }) => type === 'query')).toEqual([expect.objectContaining({ sql: 'SELECT 2' })])
    worker.reply({ type: 'result', id: 2, result: answer, spoilt: false })
    expect(await second).toEqual(answer)
    expect(worker.ended).toBe(false)
  })
})
