// Whatever transactions do to a table in whatever order, its indexes agree with its rows when all have ended.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from '../trace/trace-format.ts'
import {
  commit,
  createTables,
  heldByOther,
  insert,
  rollback,
  seen,
  type Table,
  type Transaction,
  write,
} from './disk.ts'
import type { TableModel } from './model.ts'
import { rowAt, type UniqueIndex } from './unique-index.ts'

const seats = (uniques: TableModel['uniques']): TableModel => ({
  name: 'seats',
  service: 0,
  columns: ['seat', 'guest', 'row'],
  key: -1,
  uniques,
  lookups: [],
  rows: [
    [0, 100, 'A'],
    [1, 101, { letter: 'B' }],
  ],
})
/** Indexes over one column, two and three are kept in ways of their own. */
const models = [
  seats([[0], [1]]),
  seats([[0, 1]]),
  seats([
    [1, 2],
    [2, 0],
  ]),
  seats([[0, 1, 2]]),
]
const rowNames: readonly Value[] = ['A', { letter: 'B' }, null]

const action = fc.record({
  tx: fc.integer({ min: 0, max: 2 }),
  what: fc.constantFrom('insert', 'update', 'delete', 'commit', 'rollback', 'savepoint', 'to savepoint'),
  row: fc.integer({ min: 0, max: 4 }),
  seat: fc.integer({ min: 0, max: 3 }),
  guest: fc.integer({ min: 100, max: 103 }),
  name: fc.integer({ min: 0, max: 2 }),
})
type Act = typeof action extends fc.Arbitrary<infer T> ? T : never

interface Session {
  tx: Transaction
  savepoint: number
}

class Play {
  readonly table: Table
  readonly model: TableModel
  private readonly sessions: Session[] = []
  private transactions = 0

  constructor(model: TableModel) {
    this.model = model
    this.table = createTables([model])[0] as Table
  }

  run(act: Act): void {
    const session = this.sessions[act.tx] ?? this.begin()
    this.sessions[act.tx] = session
    const { tx } = session
    const { model } = this
    // A name of its own each time, so that what is equal is not the same object.
    const cells = [act.seat, act.guest, structuredClone(rowNames[act.name] as Value)]
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
    if (keep) commit([this.model], session.tx, () => {})
    else rollback(session.tx)
    delete this.sessions[number]
  }
}

/** How many keys the index knows. */
function sizeOf({ rows, pairs }: UniqueIndex): number {
  if (pairs === null) return rows.size
  return [...pairs.values()].reduce((sum, under) => sum + (under instanceof Map ? under.size : 1), 0)
}

describe.each(models)('a table under any transactions, unique by columns $uniques', (model) => {
  const keyOf = (columns: readonly number[], cells: readonly Value[]) => JSON.stringify(columns.map((at) => cells[at]))

  it('never holds one unique value twice', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (acts) => {
        const play = new Play(model)
        for (const act of acts) {
          play.run(act)
          for (const columns of model.uniques) {
            const values = play.committed.map((cells) => keyOf(columns, cells))
            expect(new Set(values).size).toBe(values.length)
          }
        }
      }),
    )
  })

  it('has indexes that name exactly its rows once all transactions have ended', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (acts) => {
        const play = new Play(model)
        for (const act of acts) play.run(act)
        play.endAll()
        model.uniques.forEach((columns, i) => {
          const index = play.table.indexes[i] as UniqueIndex
          expect(sizeOf(index)).toBe(play.committed.length)
          for (const row of play.table.rows.values()) {
            expect(rowAt(index, columns, structuredClone(row.cells) as Value[])).toBe(row)
          }
        })
      }),
    )
  })

  it('is as it was when everything is rolled back', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (acts) => {
        const play = new Play(model)
        for (const act of acts.filter(({ what }) => what !== 'commit')) play.run(act)
        play.endAll()
        expect(play.committed).toEqual(model.rows)
        model.uniques.forEach((_, i) => {
          expect(sizeOf(play.table.indexes[i] as UniqueIndex)).toBe(model.rows.length)
        })
      }),
    )
  })
})
