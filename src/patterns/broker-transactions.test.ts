import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Simulation } from '../kernel/simulation.ts'
import { compile, readScenario } from '../scenario/compile.ts'

type Fields = Record<string, unknown>

/** Orders go from the shop through billing to the mail, each a step that reads, processes and writes. */
function chain(settings: {
  billing?: Fields
  mail?: Fields
  bus?: Fields
  faults?: readonly Fields[]
  orders?: number
}) {
  const note = (table: string) => ({ insert: table, row: { order: 'order' } })
  const scenario = readScenario({
    sagascope: 1,
    id: 'chain',
    title: 'chain',
    bus: settings.bus ?? {},
    services: {
      shop: {
        operations: { place: { do: [{ publish: 'Placed' }] } },
        protections: { transactional: true },
      },
      billing: {
        tables: { ledger: { columns: ['order'] } },
        subscriptions: { Placed: 'charge' },
        operations: { charge: { do: [note('ledger')], emits: 'Invoiced' } },
        protections: { transactional: true },
        reads: 'committed',
        ...settings.billing,
      },
      mail: {
        tables: { sent: { columns: ['order'] } },
        subscriptions: { Invoiced: 'write' },
        operations: { write: { do: [note('sent')] } },
        protections: { transactional: true },
        reads: 'committed',
        ...settings.mail,
      },
    },
    workload: {
      requests: Array.from({ length: settings.orders ?? 1 }, (_, i) => ({
        to: 'shop',
        message: 'place',
        atMs: i * 10,
        payload: { order: i },
      })),
    },
    faults: settings.faults ?? [],
    observables: {
      ledger: 'billing.ledger.map(l, l.order)',
      sent: 'mail.sent.map(s, s.order)',
      ms: 'now',
      turnedAway: 'refused("Placed")',
    },
  })
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  const sim = new Simulation(model.value).run()
  const value = (name: string) => model.value.observables.find((one) => one.name === name)?.value(sim)
  return {
    end: sim.end,
    ledger: value('ledger') as unknown as number[],
    sent: value('sent') as unknown as number[],
    turnedAway: value('turnedAway'),
    unsettled: sim.unsettled.length,
    produced: sim.produced.size,
  }
}

const crash = (point: string, restartMs = 1000) => ({
  kind: 'crash',
  service: 'billing',
  on: 'Placed',
  point,
  restartMs,
})

describe('a transaction of the broker', () => {
  it.each(['on receipt', 'before commit', 'after commit', 'after send', 'ack lost'])(
    'is all or nothing for a crash %s',
    (point) => {
      const run = chain({ faults: [crash(point)] })
      expect(run.ledger).toEqual([0])
      expect(run.sent).toEqual([0])
    },
  )

  it('is read before its end by who reads uncommitted', () => {
    const run = chain({ mail: { reads: 'uncommitted' }, faults: [crash('before commit')] })
    expect(run.ledger).toEqual([0])
    expect(run.sent).toEqual([0, 0])
  })

  it('keeps nothing of a refusal, and remembers no message that has ended', () => {
    const refuse = { kind: 'refuse', service: 'billing', on: 'Placed', reason: 'NO' }
    const run = chain({ faults: [refuse] })
    expect(run.ledger).toEqual([])
    expect(run.sent).toEqual([])
    expect(run.produced).toBe(0)
  })

  it('takes a message that was published at once back when the operation is refused', () => {
    const operations = {
      charge: { do: [{ publish: 'Invoiced', when: 'at once' }, { work: 50 }, { check: 'order > 0', otherwise: 'NO' }] },
    }
    expect(chain({ billing: { operations } }).sent).toEqual([])
    expect(chain({ billing: { operations }, mail: { reads: 'uncommitted' } }).sent).toEqual([0])
  })

  it('lets those behind it in the same order wait for its end', () => {
    const mail = { group: { partitions: 1 }, reads: 'committed' }
    // The second handler is stuck with order 0 for 20 seconds, its message written; order 1 is through at once.
    const pause = { kind: 'pause', service: 'billing', on: 'Placed', point: 'before commit', nth: 1, forMs: 20_000 }
    const billing = { instances: 2 }
    const run = chain({ billing, mail, faults: [pause], orders: 2 })
    expect(run.sent).toEqual([0, 1])
    const free = chain({ billing, mail: { reads: 'committed' }, faults: [pause], orders: 2, bus: { order: 'none' } })
    expect(free.sent).toEqual([1, 0])
  })

  it('is given up by the broker after its time-out, and the late commit is turned away', () => {
    const pause = { kind: 'pause', service: 'billing', on: 'Placed', point: 'before commit', forMs: 20_000 }
    const work = {
      do: [
        { publish: 'Invoiced', when: 'at once' },
        { insert: 'ledger', row: { order: 'order' } },
      ],
    }
    const protections = { transactional: { timeoutMs: 5000 } }
    const run = chain({ billing: { protections, operations: { charge: work } }, faults: [pause] })
    expect(run.turnedAway).toBe(1)
    expect(run.ledger).toEqual([0])
    expect(run.sent).toEqual([0])
  })

  it('happens once for every order, whoever crashes or stands still', () => {
    const service = fc.constantFrom('shop', 'billing', 'billing_2', 'mail')
    const fault = fc.oneof(
      fc.record({
        kind: fc.constant('crash'),
        service,
        atMs: fc.integer({ min: 0, max: 300 }),
        restartMs: fc.integer({ min: 1, max: 4000 }),
      }),
      fc.record({
        kind: fc.constant('pause'),
        service,
        atMs: fc.integer({ min: 0, max: 300 }),
        forMs: fc.integer({ min: 1, max: 4000 }),
      }),
      fc.record({
        kind: fc.constant('crash'),
        service: fc.constantFrom('billing', 'mail'),
        nth: fc.integer({ min: 1, max: 5 }),
        on: fc.constant('any'),
        point: fc.constantFrom('on receipt', 'before commit', 'after commit', 'after send', 'ack lost'),
      }),
    )
    const on = { billing: 'Placed', mail: 'Invoiced' } as const
    const group = fc.constantFrom({}, { group: { partitions: 2, by: 'order', sessionMs: 500, rebalanceMs: 100 } })
    fc.assert(
      fc.property(group, fc.array(fault, { maxLength: 5 }), (members, faults) => {
        const named = faults.map((one) => ('on' in one ? { ...one, on: on[one.service as keyof typeof on] } : one))
        const run = chain({ billing: { instances: 2, ...members }, faults: named, orders: 12 })
        expect(run.end).toBe('at rest')
        // A client does not ask again: what the shop lost before its commit comes again from the broker.
        expect([...run.ledger].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i))
        expect([...run.sent].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i))
        expect(run.unsettled).toBe(0)
      }),
      { numRuns: 150 },
    )
  })
})
