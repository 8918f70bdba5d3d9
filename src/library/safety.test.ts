// The safe configuration under random finite fault schedules: drops, copies, delays, crashes, pauses, refusals, errors and
// partitions that heal. Whatever befalls it, it comes to rest with money, stock and orders in agreement.
import { describe, expect, it } from 'vitest'
import { type Patch, safely } from '../../test/safely.ts'
import { findingsIn, shrunk, trialsOf } from '../../test/searching.ts'
import { withPromises } from '../checker/promises.ts'

/** 20,000 and more by hand: SAFETY_SEEDS=20000. */
const seeds = Number(process.env.SAFETY_SEEDS ?? 2000)

describe('the safe configuration', () => {
  it.each(['key', 'inbox'] as const)(
    `with %s comes to rest with every law and every generic promise kept, under ${seeds} random schedules`,
    (variant) => {
      const promised = withPromises(safely(variant))
      if (!promised.ok) throw new Error('the safe configuration compiles')
      expect(promised.value.withheld).toEqual([])
      const trials = trialsOf(promised.value.input)
      const violations = []
      for (const finding of findingsIn(trials, seeds)) {
        violations.push({ ...finding, small: JSON.stringify(shrunk(trials, finding)) })
        if (violations.length >= 3) break
      }
      expect(violations).toEqual([])
    },
    120_000,
  )
})

const steps = { charge: { after: ['create'] }, reserve: { after: ['create'] }, ship: { after: ['charge', 'reserve'] } }
const everywhere = (change: object) => ({
  services: Object.fromEntries(['order', 'payment', 'inventory', 'shipping'].map((name) => [name, change])),
})

describe('what the safe configuration does not depend on', () => {
  it.each<[string, Patch]>([
    ['a bus that keeps order', { bus: { order: 'per key' } }],
    ['one handler at a time', everywhere({ concurrency: 1 })],
    ['handlers that take no time', everywhere({ handlerMs: 0 })],
    ['serializable transactions', everywhere({ isolation: 'serializable' })],
    [
      'outboxes everywhere, polled, marked by the batch',
      everywhere({ protections: { outbox: { everyMs: 100, mark: 'batch' } } }),
    ],
    ['a visibility time-out', { bus: { visibilityMs: 300 } }],
    ['a locked saga row', { sagas: { order: { concurrency: 'pessimistic' } } }],
    ['asking again after a restart', { sagas: { order: { onRestart: 'ask again' } } }],
    ['parallel steps', { sagas: { order: { steps } } }],
    ['parallel steps that settle first', { sagas: { order: { steps, onRefusal: 'settle' } } }],
    ['parallel compensations', { sagas: { order: { compensations: 'parallel' } } }],
  ])('holds with %s', (_, patch) => {
    const [violation] = findingsIn(trialsOf(safely('key', patch)), 500)
    expect(violation).toBeUndefined()
  })
})
