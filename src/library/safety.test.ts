// The safe configuration under random finite fault schedules: drops, copies, delays, crashes, pauses, refusals, errors and
// partitions that heal. Whatever befalls it, it comes to rest with money, stock and orders in agreement.
import { describe, expect, it } from 'vitest'
import { drawSchedule, FaultBench, hunt, shrink } from '../../test/fault-schedules.ts'
import { type Patch, safely } from '../../test/safely.ts'

/** 20,000 and more by hand: SAFETY_SEEDS=20000. */
const seeds = Number(process.env.SAFETY_SEEDS ?? 2000)

describe('the safe configuration', () => {
  it.each(['key', 'inbox'] as const)(
    `with %s comes to rest with every law kept, under ${seeds} random schedules`,
    (variant) => {
      const bench = new FaultBench(safely(variant))
      const violations = []
      for (const { schedule, broken } of hunt(bench, 1, seeds + 1)) {
        const small = shrink(schedule, (smaller) => bench.run(smaller).length > 0)
        violations.push({ broken, schedule: JSON.stringify(schedule), small: JSON.stringify(small) })
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
    const bench = new FaultBench(safely('key', patch))
    const [violation] = hunt(bench, 1, 501)
    expect(violation).toBeUndefined()
  })
})

describe('a random schedule', () => {
  it('is the same for the same seed', () => {
    expect(drawSchedule(7)).toEqual(drawSchedule(7))
    expect(drawSchedule(7)).not.toEqual(drawSchedule(8))
  })

  it('strikes: of a thousand, most change how the run goes, and all kinds of faults occur', () => {
    const schedules = Array.from({ length: 1000 }, (_, i) => drawSchedule(i + 1))
    const kinds = new Set(schedules.flatMap(({ faults }) => faults.map(({ kind }) => kind)))
    expect([...kinds].sort()).toEqual(
      ['crash', 'delay', 'drop', 'duplicate', 'fail', 'partition', 'pause', 'refuse', 'slow'].sort(),
    )
    const bench = new FaultBench(safely('key'))
    const calm = bench.actions({ seed: 1, orders: [0], faults: [] })
    const disturbed = schedules.filter((one) => bench.actions({ ...one, seed: 1, orders: [0] }) !== calm)
    expect(disturbed.length).toBeGreaterThan(500)
  })

  it('that breaks something can be made small', () => {
    const bench = new FaultBench(safely('key', { sagas: { order: { register: 'after' } } }))
    const [found] = hunt(bench, 1, 3000)
    const small = shrink(found?.schedule ?? drawSchedule(1), (one) => bench.run(one).includes('ATOM'))
    expect(small.faults).toHaveLength(1)
    expect(bench.run({ ...small, faults: [] })).toEqual([])
  })
})
