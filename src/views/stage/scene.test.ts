import { describe, expect, it } from 'vitest'
import { TimeFold } from '../../session/time-fold.ts'
import { History } from '../../trace/history.ts'
import { Kind, Role } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { ORDER, orderHeader, orderStory, PAYMENT, StoryWriter } from './order-story.ts'
import { buildScene, messagesOnStage, type Scene } from './scene.ts'
import { TokenCache } from './token.ts'

function lookAt(trace: Trace) {
  const fold = new TimeFold(trace)
  const history = new History(trace)
  const tokens = new TokenCache(trace, fold)
  const at = (position: number): Scene => buildScene(trace, fold, history.stateAt(position), tokens)
  const following = (kind: number, nth = 1): Scene => {
    let left = nth
    for (let position = 0; position < trace.length; position++) {
      if (trace.at('kind', position) === kind && --left === 0) return at(position + 1)
    }
    throw new Error(`the story has no ${nth}. entry of kind ${kind}`)
  }
  return { fold, at, following }
}

describe('the moving layer', () => {
  const trace = orderStory()
  const { fold, at, following } = lookAt(trace)

  it('shows a message from when it leaves until it arrives', () => {
    const shown = (scene: Scene) => scene.flights.map((flight) => flight.token.label)
    expect(shown(following(Kind.sent, 2))).toEqual(['charge'])
    expect(shown(following(Kind.delivered, 2))).toEqual([])
  })

  it('knows beforehand where a message under way is going to break', () => {
    const scene = following(Kind.sent, 3)
    const [charged] = scene.flights
    expect(charged?.token.label).toBe('Charged')
    expect(charged?.ends?.fraction).toBe(0.5)
    expect(charged?.ends?.at).toBe(fold.toFolded(25_000))
  })

  it('leaves a mark where it broke, with the fault that did it', () => {
    const [mark] = following(Kind.dropped).lost
    expect(mark?.token.label).toBe('Charged')
    expect(mark?.token.sign).toBe('+')
    expect(mark?.fraction).toBe(0.5)
    expect(mark?.why).toBe('drop · 1st Charged')
  })

  it('marks the copy of a duplicate as a copy, and the original not', () => {
    const copies = (scene: Scene) => scene.flights.map((flight) => flight.token.copy)
    expect(copies(following(Kind.duplicated))).toEqual([true])
    expect(copies(following(Kind.sent, 2))).toEqual([false])
  })

  it('names what turned a duplicate away, and by which key', () => {
    const [bounce] = following(Kind.deduplicated).bounces
    expect(bounce).toMatchObject({ title: 'turned away', by: 'idempotency key', key: 'o1/charge' })
    expect(bounce?.token.label).toBe('charge')
  })

  it('lets a request without travel time drop in around its moment, before it as well', () => {
    const dropIns = (scene: Scene) => scene.arrivals.filter((arrival) => arrival.how === 'drop in')
    expect(dropIns(at(0)).map((arrival) => arrival.token.label)).toEqual(['place order'])
    expect(dropIns(at(1))).toHaveLength(1)
    expect(dropIns(following(Kind.dropped))).toEqual([])
  })

  it('stands what nobody can take in a queue', () => {
    expect(following(Kind.delivered, 4).queues).toMatchObject([{ service: 2, more: 0 }])
  })

  it('carries the style of a compensation both ways', () => {
    expect(following(Kind.sent, 5).flights.map((flight) => flight.token.compensation)).toEqual([true])
    expect(following(Kind.sent, 6).flights.map((flight) => flight.token.compensation)).toEqual([true])
  })

  it('is the same at a position, whichever way one came there', () => {
    const once = lookAt(orderStory())
    for (let position = trace.length; position >= 0; position--) {
      expect(JSON.stringify(once.at(position))).toBe(JSON.stringify(at(position)))
    }
  })
})

describe('a partition', () => {
  it('holds a message, and lets it rush on when it arrives at last', () => {
    const w = new StoryWriter({ ...orderHeader, initialChanges: 0 })
    const message = w.message({ type: 'charge', from: ORDER, to: PAYMENT, departs: 0, arrives: 3000 })
    w.entry(0, Kind.sent, ORDER, { message })
    const held = w.entry(0, Kind.held, ORDER, { message })
    w.entry(3000, Kind.healed, -1, { a: 0 })
    w.entry(3000, Kind.delivered, PAYMENT, { message, cause: held })
    const { at } = lookAt(w.trace())
    expect(at(2).flights).toMatchObject([{ held: true, ends: null }])
    expect(at(4).arrivals).toMatchObject([{ how: 'rush' }])
  })
})

describe('names and signs', () => {
  it('number further attempts and give the reason of a refusal', () => {
    const w = new StoryWriter()
    const again = w.travel({ type: 'charge', from: ORDER, to: PAYMENT, departs: 0, arrives: 9, attempt: 3 })
    const refusal = w.travel({
      type: 'charge refused',
      from: PAYMENT,
      to: ORDER,
      departs: 1,
      arrives: 10,
      role: Role.reply,
      outcome: 2,
      reason: 'INSUFFICIENT_FUNDS',
    })
    const trace = w.trace()
    const tokens = new TokenCache(trace, new TimeFold(trace))
    expect(tokens.get(again)).toMatchObject({ label: 'charge #3', shape: 'command', sign: '' })
    expect(tokens.get(refusal)).toMatchObject({ sign: '−', shape: 'reply', detail: 'INSUFFICIENT_FUNDS' })
  })
})

describe('the list of what can be pointed at', () => {
  it('has what is on its way, lost or queued', () => {
    const trace = orderStory()
    const history = new History(trace)
    const names = (position: number) =>
      messagesOnStage(trace, history.stateAt(position)).map((id) => trace.message(id).type)
    expect(names(9)).toEqual(['charge'])
    expect(names(trace.length)).toEqual(['Charged', 'reserve'])
  })
})
