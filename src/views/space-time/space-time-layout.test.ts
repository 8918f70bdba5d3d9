import { describe, expect, it } from 'vitest'
import { Role } from '../../trace/kinds.ts'
import { CLIENT, HandTrace, indexed, lostReply, ORDER, PAYMENT } from '../timeline/hand-trace.ts'
import { columnsOf } from './columns.ts'
import { spaceTimeLayout } from './space-time-layout.ts'

const HEIGHT = 600

function drawn(by: HandTrace) {
  const { trace, index, fold } = indexed(by)
  const columns = columnsOf(trace, 900)
  const window = { from: -0.2, to: fold.total + 0.2 }
  return { columns, ...spaceTimeLayout({ index, fold, window, height: HEIGHT, columns, fontSize: 11 }) }
}

describe('the lost reply in space and time', () => {
  const { columns, flights, stretches, notes, across, gaps } = drawn(lostReply())
  const [charge, reply] = flights

  it('puts the client first', () => {
    expect(columns.list.map(({ title }) => title)).toEqual(['Client', 'Order', 'Payment'])
    expect(columns.x[CLIENT]).toBeLessThan(columns.x[ORDER]!)
  })

  it('draws a message slanted from its sender to its receiver, with shape and name', () => {
    expect(charge).toMatchObject({ label: 'charge', shape: 'command', end: 'arrived', saga: 0 })
    expect(charge!.x0).toBeLessThan(charge!.x1)
    expect(charge!.y0).toBeLessThan(charge!.y1)
  })

  it('breaks the arrow of a lost message on its way', () => {
    expect(reply).toMatchObject({ shape: 'reply', end: 'lost' })
    expect(reply!.x1).toBeGreaterThan(columns.x[ORDER]! + 20)
    expect(reply!.x1).toBeLessThan(columns.x[PAYMENT]! - 20)
  })

  it('stands the handler and its transaction on the lifeline, with a tick at the commit', () => {
    const onPayment = stretches.filter(({ x }) => x === columns.x[PAYMENT])
    expect(onPayment.map(({ tone, commit }) => [tone, commit])).toEqual([
      ['handling', false],
      ['transaction', true],
    ])
  })

  it('writes what the saga decided over the moment, in order', () => {
    const words = notes.map(({ text }) => text)
    expect(words).toEqual(['charge: no answer', 'turns back', 'create undone', 'saga compensated'])
    const [noAnswer, turnsBack] = notes
    expect(noAnswer!.y).toBeLessThan(turnsBack!.y)
  })

  it('draws the violation across all lifelines and marks the folded wait', () => {
    expect(across).toMatchObject([{ tone: 'violation', text: 'broken: all or nothing' }])
    expect(gaps).toHaveLength(1)
  })
})

describe('messages', () => {
  it('of a compensation, copies by the bus and those held for ever can be told apart', () => {
    const by = new HandTrace()
    const refund = by.send(0, 'refund', ORDER, PAYMENT, { saga: 0, compensation: true })
    const copy = by.send(1, 'refund', ORDER, PAYMENT, { saga: 0, compensation: true, copyOf: refund })
    const held = by.send(2, 'charge', ORDER, PAYMENT, { hop: Infinity })
    by.at(2, 'held', { service: ORDER, message: held })
    by.at(10, 'delivered', { service: PAYMENT, message: refund })
    by.at(11, 'delivered', { service: PAYMENT, message: copy })
    by.at(40, 'ended')
    expect(drawn(by).flights).toMatchObject([
      { compensation: true, twin: false, end: 'arrived' },
      { compensation: true, twin: true, end: 'arrived' },
      { compensation: false, twin: false, end: 'flying' },
    ])
  })

  it('never write their names over each other', () => {
    const by = new HandTrace()
    for (let i = 0; i < 40; i++) {
      const message = by.send(i, 'charge', ORDER, PAYMENT, { role: i % 2 === 0 ? Role.command : Role.event })
      by.at(i + 0.5, 'delivered', { service: PAYMENT, message })
    }
    const named = drawn(by).flights.filter(({ label }) => label !== '')
    expect(named.length).toBeGreaterThan(3)
    for (const one of named) {
      for (const other of named) {
        const apart = Math.abs(one.labelY - other.labelY) >= 15 || Math.abs(one.labelX - other.labelX) >= 50
        if (one !== other) expect(apart).toBe(true)
      }
    }
  })

  it('in a crowd become strokes by colour, and say how many are not drawn', () => {
    const by = new HandTrace()
    for (let i = 0; i < 9000; i++) by.send(i / 100, 'charge', ORDER, PAYMENT, { saga: i })
    const { flights, crowds, flightCount, drawnCount } = drawn(by)
    expect(flights).toEqual([])
    expect(crowds.map(({ saga }) => saga).sort()).toEqual([0, 1, 2, 3, 4, 5])
    expect(flightCount).toBe(9000)
    expect(drawnCount).toBeLessThanOrEqual(4000)
  })
})
