import initSqlJs, { type SqlJs } from 'sql.js'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createSqlBox, QUERY_MAX_MS, type SqlWorkerLike } from './sql-client.ts'
import type { SqlRequest, SqlTable } from './sql-protocol.ts'
import { ROWS_MAX, runQuery } from './sql-run.ts'

let sqlJs: SqlJs
beforeAll(async () => {
  sqlJs = await initSqlJs()
})

const events: SqlTable = {
  schema: 'orders',
  name: 'events',
  columns: ['position', 'type', 'data', 'late'],
  rows: [
    [1, 'Placed', { amount: 100 }, false],
    [2, 'Placed', { amount: 50 }, true],
    [4, 'Shipped', {}, null],
  ],
}
const order: SqlTable = { schema: 'order', name: 'order', columns: ['order', 'total'], rows: [['o1', 3]] }

function ask(sql: string, tables: readonly SqlTable[] = [events, order]) {
  return runQuery(sqlJs, tables, sql, () => {})
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

describe('the box', () => {
  it('ends the worker of a query that runs away, and asks a new one the next time', async () => {
    vi.useFakeTimers()
    const workers: (SqlWorkerLike & { ended: boolean; asked: SqlRequest[] })[] = []
    const box = createSqlBox(() => {
      const worker = {
        ended: false,
        asked: [] as SqlRequest[],
        onmessage: null,
        onerror: null,
        postMessage: (request: SqlRequest) => worker.asked.push(request),
        terminate: () => {
          worker.ended = true
        },
      }
      workers.push(worker)
      return worker
    })
    const first = box.query([], 'SELECT')
    workers[0]?.onmessage?.({ data: { id: 1, type: 'loaded' } } as MessageEvent)
    vi.advanceTimersByTime(QUERY_MAX_MS)
    expect(await first).toMatchObject({ ok: false, message: expect.stringContaining('was stopped') })
    expect(workers[0]?.ended).toBe(true)
    const second = box.query([], 'SELECT 1')
    expect(workers).toHaveLength(2)
    const result = { ok: true, columns: [], rows: [], isCut: false } as const
    workers[1]?.onmessage?.({ data: { id: 2, type: 'result', result } } as MessageEvent)
    expect(await second).toEqual(result)
    vi.useRealTimers()
  })
})
