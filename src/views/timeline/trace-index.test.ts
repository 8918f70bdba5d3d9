import { describe, expect, it } from 'vitest'
import { TimeFold } from '../../session/time-fold.ts'
import { HandTrace, indexed, lostReply, ORDER, PAYMENT } from './hand-trace.ts'
import { Handling, Transaction } from './handling-index.ts'
import { Flight } from './message-index.ts'
import { Step } from './saga-index.ts'
import { marksBefore, marksWithin, TraceIndex } from './trace-index.ts'

describe('what a service handled', () => {
  it('lasts from taking a message to acknowledging it, with its transaction inside', () => {
    const by = new HandTrace()
    by.handle(10, by.send(0, 'charge', ORDER, PAYMENT), PAYMENT, 5)
    const { fold, index } = indexed(by)
    const { handlings, transactions } = index.handlings
    expect(handlings.length).toBe(1)
    expect([handlings.start[0], handlings.end[0]]).toEqual([fold.toFolded(10_000), fold.toFolded(15_000)])
    expect(handlings.tone[0]).toBe(Handling.committed)
    expect(transactions.tone[0]).toBe(Transaction.committed)
  })

  it('goes on until its commit when it acknowledges first', () => {
    const by = new HandTrace()
    const message = by.send(0, 'charge', ORDER, PAYMENT)
    by.at(10, 'received', { service: PAYMENT, message })
    by.at(10, 'acknowledged', { service: PAYMENT, message })
    by.at(12, 'begun', { service: PAYMENT, message })
    by.at(20, 'committed', { service: PAYMENT, message })
    const { fold, index } = indexed(by)
    expect(index.handlings.handlings.end[0]).toBe(fold.toFolded(20_000))
  })

  it('is cut by a crash, which leaves the service down until it is back', () => {
    const by = new HandTrace()
    const message = by.send(0, 'charge', ORDER, PAYMENT)
    by.at(10, 'received', { service: PAYMENT, message })
    by.at(10, 'begun', { service: PAYMENT, message })
    by.at(14, 'crashed', { service: PAYMENT, a: by.text('before commit') })
    by.at(90, 'recovered', { service: PAYMENT })
    const { fold, index } = indexed(by)
    const { handlings, transactions, downs } = index.handlings
    expect(handlings.tone[0]).toBe(Handling.cut)
    expect(transactions.tone[0]).toBe(Transaction.cut)
    expect(handlings.end[0]).toBe(fold.toFolded(14_000))
    expect([downs.start[0], downs.end[0]]).toEqual([fold.toFolded(14_000), fold.toFolded(90_000)])
  })

  it('stands beside what it overlaps, and takes the first place again when that is free', () => {
    const by = new HandTrace()
    const [one, two, three] = ['a', 'b', 'c'].map((type) => by.send(0, type, ORDER, PAYMENT)) as [
      number,
      number,
      number,
    ]
    by.at(10, 'received', { service: PAYMENT, message: one })
    by.at(12, 'received', { service: PAYMENT, message: two })
    by.at(14, 'acknowledged', { service: PAYMENT, message: one })
    by.at(16, 'received', { service: PAYMENT, message: three })
    const { handlings } = indexed(by).index.handlings
    expect([...handlings.slot.slice(0, 3)]).toEqual([0, 1, 0])
  })
})

describe('the steps of a saga', () => {
  it('say how they ended, forwards and back', () => {
    const { sagas } = indexed(lostReply()).index
    const lane = sagas.lanes[0]!
    expect(lane.id).toBe('o1')
    expect(lane.end).toBe('compensated')
    expect(lane.spans.map((span) => [sagas.steps.ref[span], sagas.steps.tone[span]])).toEqual([
      [0, Step.ok],
      [1, Step.noAnswer],
      [0, Step.compensated],
    ])
  })

  it('have had no answer when they are asked again', () => {
    const by = new HandTrace()
    by.at(0, 'sagaStarted', { saga: 0, a: by.text('o1'), b: 0 })
    by.at(0, 'stepStarted', { saga: 0, a: 1, b: 1 })
    by.at(50, 'stepStarted', { saga: 0, a: 1, b: 2 })
    by.at(60, 'sagaNeedsIntervention', { saga: 0, a: 1, b: by.text('no answer') })
    const { sagas } = indexed(by).index
    expect([...sagas.steps.tone.slice(0, 2)]).toEqual([Step.noAnswer, Step.stuck])
    expect(sagas.lanes[0]!.end).toBe('stuck')
  })
})

describe('the whole index', () => {
  it('knows a lost message from one that arrived', () => {
    const { flights } = indexed(lostReply()).index.messages
    expect([...flights.tone.slice(0, 2)]).toEqual([Flight.arrived, Flight.lost])
  })

  it('counts marks on both sides of a playhead', () => {
    const { index, trace, fold } = indexed(lostReply())
    expect(index.faultMarks.positions).toHaveLength(1)
    expect(index.violationMarks.positions).toEqual([trace.length - 2])
    expect(marksBefore(index.violationMarks, trace.length - 2)).toBe(0)
    expect(marksBefore(index.violationMarks, trace.length - 1)).toBe(1)
    expect(marksWithin(index.faultMarks, 0, fold.total)).toEqual([0, 1])
    expect(marksWithin(index.faultMarks, fold.total, fold.total)).toEqual([1, 1])
  })

  it('is the same wherever the gathering paused', () => {
    const by = lostReply()
    const { trace, fold, index } = indexed(by)
    const slow = new TraceIndex(trace)
    let turns = 0
    while (slow.extend(fold, 3)) turns++
    expect(turns).toBeGreaterThan(3)
    expect(slow.length).toBe(index.length)
    expect(slow.sagas.steps.end).toEqual(index.sagas.steps.end)
    expect(slow.handlings.handlings.end).toEqual(index.handlings.handlings.end)
  })

  it('waits for the fold of a run under way', () => {
    const by = lostReply()
    const whole = by.trace()
    const half = new HandTrace()
    half.at(0, 'sagaStarted', { saga: 0, a: half.text('o1'), b: 0 })
    half.at(20, 'ended')
    const index = new TraceIndex(whole)
    index.extend(new TimeFold(half.trace()))
    expect(index.length).toBeLessThan(whole.length)
    expect(whole.timeAt(index.length - 1)).toBe(20_000)
    index.extend(new TimeFold(whole))
    expect(index.length).toBe(whole.length)
  })
})
