// Whatever transactions do to a table in whatever order, its indexes agree with its rows when all have ended.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from '../trace/trace-format.ts'
import {
  commit,
  createTables,
  heldByOther,
  indexKey,
  insert,
  rollback,
  seen,
  type Table,
  type Transaction,
  write,
} from './disk.ts'
import type { TableModel } from './model.ts'

const model: TableModel = {
  name: 'seats',
  service: 0,
  columns: ['seat', 'guest'],
  key: 0,
  uniques: [[0], [1]],
  lookups: [],
  rows: [
    [0, 100],
    [1, 101],
  ],
}

const action = fc.record({
  tx: fc.integer({ min: 0, max: 2 }),
  what: fc.constantFrom('insert', 'update', 'delete', 'commit', 'rollback', 'savepoint', 'to savepoint'),
  row: fc.integer({ min: 0, max: 4 }),
  seat: fc.integer({ min: 0, max: 3 }),
  guest: fc.integer({ min: 100, max: 103 }),
})
type Act = typeof action extends fc.Arbitrary<infer T> ? T : never

interface Session {
  tx: Transaction
  savepoint: number
}

class Play {
  readonly table = createTables([model])[0] as Table
  private readonly sessions: Session[] = []
  private transactions = 0

  run(act: Act): void {
    const session = this.sessions[act.tx] ?? this.begin()
    this.sessions[act.tx] = session
    const { tx } = session
    const cells = [act.seat, act.guest]
    const row = [...this.table.rows.values()][act.row]
    switch (act.what) {
      case 'insert':
        insert(model, this.table, tx, cells)
        break
      case 'update':
      case 'delete':
        if (row === undefined || heldByOther(row, tx) !== null || seen(row, tx) === null) break
        write(model, this.table, tx, row, act.what === 'update' ? cells : null)
        break
      case 'savepoint':
        session.savepoint = tx.writes.length
        break
      case 'to savepoint':
        if (session.savepoint > 0) rollback(tx, session.savepoint)
        break
      default:
        this.end(act.tx, act.what === 'commit')
    }
  }

  endAll(): void {
    this.sessions.forEach((_, i) => this.end(i, false))
  }

  /** What every transaction sees of the committed rows. */
  get committed(): (readonly Value[])[] {
    return [...this.table.rows.values()].flatMap(({ cells }) => (cells === null ? [] : [cells]))
  }

  private begin(): Session {
    return { tx: { id: this.transactions++, writes: [], waiters: [], waitsFor: null, open: true }, savepoint: 0 }
  }

  private end(number: number, keep: boolean): void {
    const session = this.sessions[number]
    if (session === undefined) return
    if (keep) commit([model], session.tx, () => {})
    else rollback(session.tx)
    delete this.sessions[number]
  }
}

describe('a table under any transactions', () => {
  it('never holds one unique value twice', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (acts) => {
        const play = new Play()
        for (const act of acts) {
          play.run(act)
          for (const column of [0, 1]) {
            const values = play.committed.map((cells) => cells[column])
            expect(new Set(values).size).toBe(values.length)
          }
        }
      }),
    )
  })

  it('has indexes that name exactly its rows once all transactions have ended', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (acts) => {
        const play = new Play()
        for (const act of acts) play.run(act)
        play.endAll()
        model.uniques.forEach((columns, i) => {
          const wanted = play.committed.map((cells) => indexKey(columns, cells))
          const index = play.table.indexes[i] as Table['indexes'][number]
          expect([...index.keys()].sort()).toEqual(wanted.sort())
          for (const [key, row] of index) expect(indexKey(columns, row.cells as Value[])).toBe(key)
        })
      }),
    )
  })

  it('is as it was when everything is rolled back', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (acts) => {
        const play = new Play()
        for (const act of acts.filter(({ what }) => what !== 'commit')) play.run(act)
        play.endAll()
        expect(play.committed).toEqual(model.rows)
      }),
    )
  })
})
