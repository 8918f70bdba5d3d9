import { describe, expect, it } from 'vitest'
import { History } from '../../trace/history.ts'
import { lostReply, ORDER, PAYMENT } from './lost-reply-fixture.ts'
import { lastChanges, ROWS_MAX, tableViews } from './tables-layout.ts'

const { trace, at } = lostReply()
const viewsAt = (playhead: number, service: number) =>
  tableViews(trace, new History(trace).stateAt(playhead), playhead, service)

describe('tables at the playhead', () => {
  it('mark the changed cell with what stood there before, and the row that is new', () => {
    const [accounts, ledger] = viewsAt(at.balanceChanged + 2, PAYMENT)
    expect(accounts?.rows).toEqual([
      { row: 0, mark: 'changed', cells: [{ text: 'c1' }, { text: '900', before: '1000' }] },
    ])
    expect(ledger?.rows).toMatchObject([{ mark: 'new', cells: [{ text: 'o1' }, { text: 'charge' }, { text: '100' }] }])
  })

  it('forget the mark once another transaction has committed', () => {
    const [accounts] = viewsAt(trace.length, PAYMENT)
    expect(accounts?.rows).toEqual([{ row: 0, cells: [{ text: 'c1' }, { text: '900' }] }])
    const [orders] = viewsAt(trace.length, ORDER)
    expect(orders?.rows[0]?.cells[1]).toEqual({ text: 'REJECTED', before: 'PENDING' })
  })

  it('show the rows there were before anything happened', () => {
    const [accounts, ledger, inbox] = viewsAt(0, PAYMENT)
    expect(accounts?.rows).toEqual([{ row: 0, cells: [{ text: 'c1' }, { text: '1000' }] }])
    expect(ledger?.rows).toEqual([])
    expect(inbox?.system).toBe(true)
  })

  it('gather both changes of one transaction', () => {
    expect([...lastChanges(trace, at.balanceChanged + 2).keys()].sort()).toEqual(['1:0', '2:0'])
    expect(lastChanges(trace, 0).size).toBe(0)
  })

  it('list the latest rows of a long table and say how many are missing', () => {
    const state = new History(trace).stateAt(trace.length)
    const ledger = state.tables[2]
    const written = Array.from({ length: trace.length }, (_, position) => trace.entry(position)).find(
      ({ kind, a }) => kind === 'rowChanged' && trace.change(a).table === 2,
    )
    const { position = 0, a: change = 0 } = written ?? {}
    for (let row = 1; row <= 100; row++) ledger?.set(row, position, change)
    const view = tableViews(trace, state, trace.length, PAYMENT)[1]
    expect(view?.rows).toHaveLength(ROWS_MAX)
    expect(view?.rows.at(-1)?.row).toBe(100)
    expect(view?.more).toBe(101 - ROWS_MAX)
  })
})
