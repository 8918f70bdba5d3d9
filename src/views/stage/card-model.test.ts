import { describe, expect, it } from 'vitest'
import { TimeFold } from '../../session/time-fold.ts'
import { History } from '../../trace/history.ts'
import { Kind } from '../../trace/kinds.ts'
import { cardModel } from './card-model.ts'
import { cardSelector } from './card-selector.ts'
import { cardSize, chipLines } from './card-size.ts'
import { downText, freshnessAt, recoveryAfter } from './moments.ts'
import { INVENTORY, ORDER, orderHeader, orderStory, PAYMENT } from './order-story.ts'
import { writtenColumns } from './written-columns.ts'

const trace = orderStory()
const fold = new TimeFold(trace)
const history = new History(trace)

function positionAfter(kind: number, nth = 1): number {
  let left = nth
  for (let position = 0; position < trace.length; position++) {
    if (trace.at('kind', position) === kind && --left === 0) return position + 1
  }
  throw new Error(`no ${nth}. entry of kind ${kind}`)
}

function cardAt(position: number, service: number, time = trace.timeAt(position - 1)) {
  const fresh = freshnessAt(trace, fold, time, position, false)
  return cardModel(trace, history.stateAt(position), service, 'regular', fresh)
}

describe('the phase on a card', () => {
  it('follows a message through its handler', () => {
    const phases = [Kind.received, Kind.begun, Kind.committed, Kind.acknowledged].map((kind, i) => {
      // The first to be received, committed and acknowledged is the request at Order.
      return cardAt(positionAfter(kind, i === 1 ? 1 : 2), PAYMENT).phase
    })
    expect(phases).toEqual(['received charge', 'in transaction', 'committed', 'idle'])
  })

  it('says that uncommitted work would be gone after a crash', () => {
    expect(cardAt(positionAfter(Kind.begun), PAYMENT).memory).toBe('charge, uncommitted')
    expect(cardAt(positionAfter(Kind.crashed), INVENTORY)).toMatchObject({
      phase: 'crashed',
      memory: 'lost in the crash',
    })
  })

  it('counts what waits at the broker', () => {
    expect(cardAt(positionAfter(Kind.delivered, 4), INVENTORY).standing).toMatchObject([
      { kind: 'queued', text: '1 queued' },
    ])
  })
})

describe('the rows on a card', () => {
  const changed = positionAfter(Kind.rowChanged, 3)

  it('show what a change replaced, and flash at the entry that made it', () => {
    expect(cardAt(changed, PAYMENT).lines).toMatchObject([
      { label: 'c1.balance', before: '1000', value: '900', state: 'flash' },
      { label: 'ledger', before: null, value: '+ charge o1 100', state: 'flash' },
    ])
  })

  it('calm down as time goes on, the same at every visit', () => {
    const later = positionAfter(Kind.stepTimedOut)
    expect(cardAt(later, PAYMENT).lines).toMatchObject([
      { label: 'c1.balance', before: null, value: '900', state: 'quiet' },
      { label: 'ledger', value: 'charge o1 100', state: 'quiet' },
    ])
    expect(cardAt(later, PAYMENT)).toEqual(cardAt(later, PAYMENT))
  })

  it('show a lone text under its key, and an empty table as empty', () => {
    expect(cardAt(1, ORDER).lines).toMatchObject([{ label: 'orders', value: 'empty', state: 'empty' }])
    expect(cardAt(trace.length, ORDER).lines).toMatchObject([{ label: 'o1', value: 'PENDING' }])
  })

  it('never flash for those who want less motion', () => {
    const fresh = freshnessAt(trace, fold, trace.timeAt(changed - 1), changed, true)
    const { lines } = cardModel(trace, history.stateAt(changed), PAYMENT, 'regular', fresh)
    expect(lines.map((line) => line.state)).toEqual(['news', 'news'])
  })
})

describe('the columns worth a line', () => {
  it('are those the statements of the scenario write', () => {
    const text = 'update stock where sku = sku: available -= quantity, sold += 1 if available >= quantity'
    const header = {
      ...orderHeader,
      tables: [
        { name: 'stock', service: 0, columns: ['sku', 'warehouse', 'available', 'sold'], key: 'sku', system: false },
      ],
      statements: [{ service: 0, operation: 'reserve', text }],
    }
    expect([...writtenColumns(header, 0)]).toEqual([2, 3])
  })
})

describe('a crashed service', () => {
  const crash = positionAfter(Kind.crashed) - 1

  it('says how long it is down, from what the trace knows to come', () => {
    const world = history.stateAt(crash + 1)
    expect(downText(trace, world, INVENTORY, 60_000, true)).toBe('down · 5.1 s left')
    expect(downText(trace, world, INVENTORY, 5_050_000, true)).toBe('down · 30 ms left')
    expect(downText(trace, world, PAYMENT, 60_000, true)).toBeNull()
  })

  it('is down for good when nothing brings it back', () => {
    expect(recoveryAfter(orderStory(), PAYMENT, crash)).toBe(-1)
  })
})

describe('a card', () => {
  it('has its size from the start: it depends on the header alone', () => {
    expect(cardSize(orderHeader, PAYMENT, 'regular', 200)).toEqual(
      cardSize({ ...orderHeader, faults: [] }, PAYMENT, 'regular', 200),
    )
    expect(chipLines([])).toBe(0)
    expect(chipLines(['inbox', 'fence'])).toBe(1)
    expect(chipLines(['idempotency key', 'inbox', 'outbox', 'fence'])).toBe(2)
  })

  it('is built anew only when something happened at its service or grew old', () => {
    const select = cardSelector(PAYMENT, 'regular', false)
    const run = { status: 'done', entries: trace.length, time: trace.endTime, summary: null } as const
    const at = (position: number) =>
      select({
        trace,
        fold,
        run,
        selection: null,
        playhead: position,
        time: trace.timeAt(position - 1),
        world: history.stateAt(position),
      })
    const committed = positionAfter(Kind.rowChanged, 3)
    const first = at(committed)
    expect(at(committed + 1)).not.toBe(first)
    const dropped = at(positionAfter(Kind.dropped))
    expect(at(positionAfter(Kind.dropped) + 1)).toBe(dropped)
    expect(at(positionAfter(Kind.stepTimedOut))).not.toBe(dropped)
  })
})
