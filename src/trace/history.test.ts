// Looking back is a fold over facts: from anywhere to anywhere it shows what one straight walk would show.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import { lostReply, noMoney } from '../library/saga-recovery.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { causesOf, History, markOf, nextMark, positionAtTime } from './history.ts'
import type { Trace } from './trace.ts'
import { applyNext, initialState, type WorldState } from './world-state.ts'

function foldFromZero(trace: Trace, position: number): WorldState {
  const state = initialState(trace)
  while (state.position < position) applyNext(trace, state)
  return state
}

/** Many orders at once, lost messages and a crash: long enough for several checkpoints. */
const busy: ScenarioInput = {
  ...noMoney,
  bus: { hopMs: [5, 40], order: 'none' },
  workload: {
    requests: Array.from({ length: 120 }, (_, i) => ({
      to: 'order',
      message: 'PlaceOrder',
      atMs: i * 3,
      payload: { order: `o${i}`, customer: 'c1', sku: 's1', quantity: 1, amount: 1 },
    })),
  },
  faults: [
    { kind: 'drop', probability: 0.02 },
    { kind: 'duplicate', probability: 0.05 },
    { kind: 'crash', service: 'payment', atMs: 150, restartMs: 50 },
  ],
  expect: {},
  breaks: [],
  variants: {},
}

const long = runScenario(busy).trace
const short = runScenario(lostReply, 'B').trace

describe('the state at a position', () => {
  it('is the fold from zero, wherever one jumps and in whatever order', () => {
    expect(long.length).toBeGreaterThan(4096)
    const history = new History(long)
    fc.assert(
      fc.property(fc.nat(long.length), (position) => {
        expect(history.stateAt(position)).toEqual(foldFromZero(long, position))
      }),
      { numRuns: 25 },
    )
  })

  it('stays what it was when somebody looks elsewhere', () => {
    const history = new History(short)
    const before = history.stateAt(20)
    const copy = structuredClone(before)
    history.stateAt(short.length)
    history.stateAt(3)
    expect(before).toEqual(copy)
  })

  it('is clamped to what has arrived', () => {
    const history = new History(short)
    expect(history.stateAt(-5).position).toBe(0)
    expect(history.stateAt(1e9).position).toBe(short.length)
  })

  it('holds the rows the engine ends with, and nothing in flight', () => {
    const { trace } = runScenario(lostReply, 'B')
    const state = new History(trace).stateAt(trace.length)
    const rows = (service: string, table: string) => {
      const number = trace.header.tables.findIndex(
        (one) => one.name === table && trace.header.services[one.service]?.name === service,
      )
      return [...(state.tables[number]?.values() ?? [])].map(({ cells }) => cells)
    }
    expect(rows('payment', 'accounts')).toEqual([['c1', 1000]])
    expect(rows('order', 'orders')).toEqual([['o1', 'c1', 'REJECTED']])
    expect(rows('payment', 'ledger').map((cells) => cells[1])).toEqual(['charge', 'refund'])
    expect([...state.flights.values()].filter((flight) => flight !== 'lost')).toEqual([])
    expect(state.sagas.map(({ status }) => status)).toEqual(['Compensated'])
    expect(state.ended).toBe(true)
  })

  it('shows who handles what in between', () => {
    const lines = sentences(short)
    const begun = lines.findIndex((line) => line.includes('Payment began a transaction for charge'))
    const state = new History(short).stateAt(begun + 1)
    const payment = short.header.services.findIndex(({ name }) => name === 'payment')
    expect([...(state.services[payment]?.handling.values() ?? [])]).toEqual(['in transaction'])
  })
})

describe('time', () => {
  it('finds how many entries are past, as counting would', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: long.endTime + 1000 }), (time) => {
        let counted = 0
        while (counted < long.length && long.timeAt(counted) <= time) counted++
        expect(positionAtTime(long, time)).toBe(counted)
      }),
      { numRuns: 50 },
    )
  })

  it('never runs backwards', () => {
    for (let position = 1; position < long.length; position++) {
      expect(long.timeAt(position)).toBeGreaterThanOrEqual(long.timeAt(position - 1))
    }
  })
})

describe('causes', () => {
  it('lie before their effects, and every chain ends at something without a cause', () => {
    for (let position = 0; position < long.length; position++) {
      expect(long.at('cause', position)).toBeLessThan(position)
    }
    const chain = causesOf(long, long.length - 2)
    expect(long.at('cause', chain.at(-1) as number)).toBe(-1)
  })

  it('lead from the refund back to the order', () => {
    const lines = sentences(short)
    const refund = lines.findIndex((line) => line.includes('payment.accounts c1: balance 900 → 1000'))
    const told = causesOf(short, refund).map((position) => lines[position] ?? '')
    expect(told.some((line) => line.includes('step charge timed out'))).toBe(true)
    expect(told.at(-1)).toContain('Client sent PlaceOrder')
  })
})

describe('marks', () => {
  it('are found in both directions, and there is none beyond the last', () => {
    const all = Array.from({ length: short.length }, (_, position) => position).filter(
      (position) => markOf(short, position) === 'saga',
    )
    const forwards: number[] = []
    for (let at: number | undefined = nextMark(short, 0, 1, ['saga']); at !== undefined; ) {
      forwards.push(at - 1)
      at = nextMark(short, at, 1, ['saga'])
    }
    expect(forwards).toEqual(all)
    expect(nextMark(short, all[0] as number, -1, ['saga'])).toBeUndefined()
    expect(nextMark(short, short.length, -1, ['fault'])).toBe(
      sentences(short).findIndex((line) => line.includes('was lost')) + 1,
    )
  })
})
