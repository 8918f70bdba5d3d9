// The database of a service, row by row, at READ COMMITTED.
import { describe, expect, it } from 'vitest'
import {
  commit,
  createTables,
  heldByOther,
  insert,
  type Row,
  rollback,
  seen,
  type Table,
  type Transaction,
  write,
} from './disk.ts'
import type { TableModel } from './model.ts'

const accounts: TableModel = {
  name: 'accounts',
  service: 0,
  columns: ['customer', 'balance'],
  key: 0,
  uniques: [[0]],
  lookups: [],
  rows: [
    ['c1', 100],
    ['c2', 50],
  ],
}
const ledger: TableModel = {
  name: 'ledger',
  service: 0,
  columns: ['order', 'type'],
  key: -1,
  uniques: [[0, 1]],
  lookups: [],
  rows: [],
}

function database() {
  const models = [accounts, ledger]
  const tables = createTables(models)
  let transactions = 0
  return {
    accounts: tables[0] as Table,
    ledger: tables[1] as Table,
    begin: (): Transaction => ({ id: transactions++, writes: [], waiters: [], waitsFor: null, open: true }),
    commit: (tx: Transaction) => {
      const changes: (readonly [string, unknown, unknown])[] = []
      commit(models, tx, (table, row, before) => {
        changes.push([(models[table.number] as TableModel).name, before, row.cells])
      })
      return changes
    },
    rollback: (tx: Transaction, from = 0) => rollback(tx, from),
  }
}

const rowOf = (table: Table, id: number) => table.rows.get(id) as Row

describe('a write', () => {
  it('is seen by its own transaction only, until it commits', () => {
    const db = database()
    const row = rowOf(db.accounts, 0)
    const mine = db.begin()
    const other = db.begin()
    expect(write(accounts, db.accounts, mine, row, ['c1', 0])).toBeNull()
    expect(seen(row, mine)).toEqual(['c1', 0])
    expect(seen(row, other)).toEqual(['c1', 100])
    expect(seen(row, null)).toEqual(['c1', 100])
    expect(db.commit(mine)).toEqual([['accounts', ['c1', 100], ['c1', 0]]])
    expect(seen(row, other)).toEqual(['c1', 0])
  })

  it('holds its row against everybody else until the transaction ends', () => {
    const db = database()
    const row = rowOf(db.accounts, 0)
    const mine = db.begin()
    const other = db.begin()
    write(accounts, db.accounts, mine, row, ['c1', 0])
    expect(heldByOther(row, mine)).toBeNull()
    expect(heldByOther(row, other)).toBe(mine)
    db.rollback(mine)
    expect(heldByOther(row, other)).toBeNull()
    expect(seen(row, other)).toEqual(['c1', 100])
  })

  it('is one change per row, however often the transaction wrote it', () => {
    const db = database()
    const tx = db.begin()
    write(accounts, db.accounts, tx, rowOf(db.accounts, 1), ['c2', 40])
    write(accounts, db.accounts, tx, rowOf(db.accounts, 0), ['c1', 90])
    write(accounts, db.accounts, tx, rowOf(db.accounts, 1), ['c2', 30])
    expect(db.commit(tx)).toEqual([
      ['accounts', ['c2', 50], ['c2', 30]],
      ['accounts', ['c1', 100], ['c1', 90]],
    ])
  })

  it('that moves a row to a key that is taken says which row has it', () => {
    const db = database()
    const tx = db.begin()
    expect(write(accounts, db.accounts, tx, rowOf(db.accounts, 0), ['c2', 100])).toEqual({
      violates: rowOf(db.accounts, 1),
    })
  })
})

describe('an insert', () => {
  it('of a value that is there is a violation', () => {
    const db = database()
    const found = insert(accounts, db.accounts, db.begin(), ['c1', 0])
    expect(found).toEqual({ violates: rowOf(db.accounts, 0) })
  })

  it('of a value that an open transaction inserts has to wait for it', () => {
    const db = database()
    const first = db.begin()
    const second = db.begin()
    insert(ledger, db.ledger, first, ['o1', 'charge'])
    expect(insert(ledger, db.ledger, second, ['o1', 'charge'])).toEqual({ waitFor: first })
    expect('waitFor' in insert(ledger, db.ledger, second, ['o1', 'refund'])).toBe(false)
  })

  it('finds the row when the first one commits', () => {
    const db = database()
    const first = db.begin()
    const row = insert(ledger, db.ledger, first, ['o1', 'charge'])
    db.commit(first)
    expect(insert(ledger, db.ledger, db.begin(), ['o1', 'charge'])).toEqual({ violates: row })
  })

  it('goes through when the first one rolls back', () => {
    const db = database()
    const first = db.begin()
    insert(ledger, db.ledger, first, ['o1', 'charge'])
    db.rollback(first)
    const second = db.begin()
    const row = insert(ledger, db.ledger, second, ['o1', 'charge']) as Row
    expect(db.commit(second)).toEqual([['ledger', null, ['o1', 'charge']]])
    expect([...db.ledger.rows.values()]).toEqual([row])
  })

  it('is invisible to others while it is open, and gone after a rollback', () => {
    const db = database()
    const tx = db.begin()
    const row = insert(ledger, db.ledger, tx, ['o1', 'charge']) as Row
    expect(seen(row, null)).toBeNull()
    expect(seen(row, tx)).toEqual(['o1', 'charge'])
    db.rollback(tx)
    expect(db.ledger.rows.size).toBe(0)
    expect(tx.open).toBe(false)
  })

  it('cannot be confused by values that only look alike together', () => {
    const db = database()
    const tx = db.begin()
    insert(ledger, db.ledger, tx, ['a', 'b,c'])
    expect('violates' in insert(ledger, db.ledger, tx, ['a,b', 'c'])).toBe(false)
    expect('violates' in insert(ledger, db.ledger, tx, [1, '2'])).toBe(false)
    expect('violates' in insert(ledger, db.ledger, tx, ['1', '2'])).toBe(false)
  })
})

describe('a delete', () => {
  it('frees the key for its own transaction at once, for others when it commits', () => {
    const db = database()
    const mine = db.begin()
    write(accounts, db.accounts, mine, rowOf(db.accounts, 0), null)
    expect(insert(accounts, db.accounts, db.begin(), ['c1', 7])).toEqual({ waitFor: mine })
    db.commit(mine)
    expect('violates' in insert(accounts, db.accounts, db.begin(), ['c1', 7])).toBe(false)
  })

  it('is undone by a rollback, key and all', () => {
    const db = database()
    const tx = db.begin()
    write(accounts, db.accounts, tx, rowOf(db.accounts, 0), null)
    db.rollback(tx)
    expect(seen(rowOf(db.accounts, 0), null)).toEqual(['c1', 100])
    expect(insert(accounts, db.accounts, db.begin(), ['c1', 7])).toEqual({ violates: rowOf(db.accounts, 0) })
  })
})

describe('a savepoint', () => {
  it('keeps what was written before it and undoes the rest', () => {
    const db = database()
    const tx = db.begin()
    write(accounts, db.accounts, tx, rowOf(db.accounts, 0), ['c1', 90])
    const savepoint = tx.writes.length
    write(accounts, db.accounts, tx, rowOf(db.accounts, 0), ['c1', 10])
    insert(ledger, db.ledger, tx, ['o1', 'charge'])
    db.rollback(tx, savepoint)
    expect(seen(rowOf(db.accounts, 0), tx)).toEqual(['c1', 90])
    expect(tx.open).toBe(true)
    expect(db.commit(tx)).toEqual([['accounts', ['c1', 100], ['c1', 90]]])
    expect(db.ledger.rows.size).toBe(0)
  })
})

describe('a key that moves away', () => {
  it('is free for others after the commit and taken again after a rollback', () => {
    const db = database()
    const tx = db.begin()
    write(accounts, db.accounts, tx, rowOf(db.accounts, 0), ['c9', 100])
    db.rollback(tx)
    expect(insert(accounts, db.accounts, db.begin(), ['c1', 0])).toEqual({ violates: rowOf(db.accounts, 0) })
    const again = db.begin()
    write(accounts, db.accounts, again, rowOf(db.accounts, 0), ['c9', 100])
    db.commit(again)
    expect(insert(accounts, db.accounts, db.begin(), ['c9', 0])).toEqual({ violates: rowOf(db.accounts, 0) })
    expect('violates' in insert(accounts, db.accounts, db.begin(), ['c1', 0])).toBe(false)
  })
})
