import { describe, expect, it } from 'vitest'
import { History } from '../../trace/history.ts'
import { lostReply } from './lost-reply-fixture.ts'
import { causeOfMessage, entriesOf, messageFacts, messageFate, messageShown, payloadFacts } from './message-layout.ts'
import { serviceNow } from './service-layout.ts'

const { trace, at, charge, reply } = lostReply()
const fate = (id: number, playhead: number) =>
  messageFate(trace, new History(trace).stateAt(playhead), trace.message(id), entriesOf(trace, id))
const place = (id: number, kind: string) =>
  entriesOf(trace, id).find((position) => trace.entry(position).kind === kind) as number

describe('what became of a message', () => {
  it('follows it from the wire into the handler and out again', () => {
    expect(fate(charge, 0).text).toBe('not sent yet: leaves at 0 ms')
    expect(fate(charge, place(charge, 'sent') + 1).text).toBe('on its way, arrives at 10 ms')
    expect(fate(charge, place(charge, 'delivered') + 1).text).toBe('waits in the queue of Payment')
    expect(fate(charge, place(charge, 'begun') + 1).text).toBe('Payment is at it: in transaction')
    expect(fate(charge, trace.length)).toEqual({ text: 'handled and acknowledged by Payment', tone: 'ok' })
  })

  it('is bad when it was lost, with the reason', () => {
    expect(fate(reply, at.dropped)).toEqual({ text: 'on its way, arrives at 25 ms', tone: 'plain' })
    expect(fate(reply, at.dropped + 1)).toEqual({ text: 'lost: a fault', tone: 'bad' })
  })
})

describe('the message to show', () => {
  it('is the selected one, else that of the selected entry, else the one that moved last', () => {
    expect(messageShown(trace, { type: 'message', id: charge }, trace.length)).toBe(charge)
    expect(messageShown(trace, { type: 'entry', position: at.dropped }, 0)).toBe(reply)
    expect(messageShown(trace, null, at.chargeCommitted + 1)).toBe(charge)
    expect(messageShown(trace, null, 0)).toBeUndefined()
  })

  it('names its key, its route and what it carries', () => {
    const message = trace.message(charge)
    const facts = Object.fromEntries(messageFacts(trace, message).map((fact) => [fact.name, fact.value]))
    expect(facts).toMatchObject({ kind: 'command', route: 'Order → Payment', key: 'o1:charge', attempt: '1' })
    expect(payloadFacts(message)).toEqual([
      { name: 'order', value: 'o1' },
      { name: 'amount', value: '100' },
    ])
  })

  it('knows which message led to it', () => {
    expect(causeOfMessage(trace, reply)).toBe(charge)
    expect(causeOfMessage(trace, charge)).toBeUndefined()
  })
})

describe('what a service is doing', () => {
  it('is handling, with its phase, or idle', () => {
    const now = (playhead: number) => {
      const state = new History(trace).stateAt(playhead)
      return serviceNow(trace, state.services[2] as (typeof state.services)[number], state.time)
    }
    expect(now(place(charge, 'delivered') + 1).queue).toEqual([{ id: charge, type: 'charge' }])
    expect(now(at.chargeCommitted + 1).doing).toBe('charge: committed')
    expect(now(trace.length)).toMatchObject({ up: true, doing: 'idle', queue: [], memory: ['empty'] })
  })
})
