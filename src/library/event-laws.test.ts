// Laws of event stores and projections, over random histories and random faults.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import type { FaultInput, ScenarioInput } from '../scenario/schema.ts'

type Request = NonNullable<NonNullable<ScenarioInput['workload']>['requests']>[number]

const deposits = (amounts: readonly number[], every = 10): Request[] =>
  amounts.map((amount, i) => ({ to: 'bank', message: 'put', atMs: i * every, payload: { amount } }))

function bank(requests: Request[], snapshotEvery: number | null, more: Partial<ScenarioInput> = {}): ScenarioInput {
  const snapshot = snapshotEvery === null ? {} : { snapshot: { every: snapshotEvery } }
  return {
    sagascope: 1,
    id: 'bank',
    title: 'Bank',
    services: {
      bank: {
        handlerMs: 0,
        store: {
          aggregates: {
            account: {
              state: { balance: 0, count: 0 },
              evolve: { Put: ['balance += amount', 'count += 1'] },
              ...snapshot,
            },
          },
        },
        operations: {
          put: {
            do: [
              { load: 'account', id: "'1'", as: 'mine' },
              { work: 3 },
              { append: 'Put', to: 'mine', with: { amount: 'amount' }, onConflict: 'reload' },
            ],
          },
        },
      },
      view: {
        handlerMs: 1,
        tables: { sums: { columns: ['id', 'total', 'count'], key: 'id', rows: [{ id: 'a', total: 0, count: 0 }] } },
        projections: {
          sums: {
            from: 'bank',
            on: { Put: [{ update: 'sums', where: { id: "'a'" }, change: ['total += amount', 'count += 1'] }] },
          },
        },
      },
    },
    workload: { requests },
    observables: {
      balance: 'state("account", "1").balance',
      states: 'audit("account", "1").map(e, [e.recorded, e.state.balance])',
      total: 'view.sums["a"].total',
      count: 'view.sums["a"].count',
      events: 'bank.events.size()',
      missed: 'projection("sums").missed',
    },
    ...more,
  }
}
const amounts = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 })
const crash = fc.record({
  kind: fc.constant('crash' as const),
  service: fc.constantFrom('view', 'bank'),
  on: fc.constantFrom('sums', 'put'),
  nth: fc.integer({ min: 1, max: 12 }),
  point: fc.constantFrom(
    'on receipt' as const,
    'before commit' as const,
    'after commit' as const,
    'after send' as const,
  ),
  restartMs: fc.integer({ min: 1, max: 200 }),
})
const loss = fc.record({
  kind: fc.constant('drop' as const),
  message: fc.constant('Put for sums'),
  nth: fc.integer({ min: 1, max: 12 }),
})
const between = crash.map((fault) => ({ ...fault, service: 'view', on: 'sums', point: 'after commit' as const }))
const trouble: fc.Arbitrary<FaultInput[]> = fc.array(fc.oneof(crash, loss), { maxLength: 4 })

describe('an aggregate', () => {
  it('is the sum of its events, whatever the snapshots', () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom(null, 1, 2, 5), (list, every) => {
        const { observables } = runScenario(bank(deposits(list, 1), every))
        expect(observables.balance).toBe(list.reduce((sum, one) => sum + one, 0))
        expect(observables.events).toBe(list.length)
      }),
      { numRuns: 40 },
    )
  })

  it('as of a moment is what the audit trail says was true at that moment', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 150 }), (list, at) => {
        const story = bank(deposits(list), null)
        story.observables = { ...story.observables, moment: `state("account", "1", ${at}, ${at}).balance` }
        const { observables } = runScenario(story)
        const trail = observables.states as unknown as [number, number][]
        expect(observables.moment).toBe(trail.findLast(([recorded]) => recorded <= at)?.[1] ?? 0)
      }),
      { numRuns: 40 },
    )
  })
})

describe('a long stream', () => {
  const long = bank([], null)
  const events = [{ stream: 'account-1', type: 'Put', data: { amount: 1 }, copies: 3000 }]
  const store = { ...long.services.bank?.store, events }
  it.each([0, 1, 511, 512, 513, 2047, 2999, 3000, 4000])('is folded to version %i, marks or not', (version) => {
    const { observables } = runScenario({
      ...long,
      services: { ...long.services, bank: { ...long.services.bank, store } },
      observables: { moment: `stateAtVersion("account", "1", ${version}).count` },
    })
    expect(observables.moment).toBe(Math.min(version, 3000))
  })
})

describe('a projection whose position is stored with its update', () => {
  it('is the fold of all committed events, however services crash and messages are lost', () => {
    fc.assert(
      fc.property(amounts, trouble, (list, faults) => {
        const { observables } = runScenario(bank(deposits(list), null, { faults }))
        expect([observables.total, observables.count, observables.missed]).toEqual([
          observables.balance,
          observables.events,
          0,
        ])
      }),
      { numRuns: 80 },
    )
  })
})

describe('a projection whose position is stored afterwards', () => {
  it('loses nothing, and may count twice', () => {
    const repeats = { seen: 0 }
    fc.assert(
      fc.property(amounts, fc.array(fc.oneof(between, loss), { maxLength: 3 }), (list, faults) => {
        const story = bank(deposits(list), null, { faults })
        const { observables } = runScenario({
          ...story,
          services: {
            ...story.services,
            view: {
              ...story.services.view,
              projections: {
                sums: {
                  from: 'bank',
                  checkpoint: 'after the update',
                  on: { Put: [{ update: 'sums', where: { id: "'a'" }, change: ['total += amount', 'count += 1'] }] },
                },
              },
            },
          },
        })
        expect(observables.missed).toBe(0)
        expect(observables.count as number).toBeGreaterThanOrEqual(observables.events as number)
        if ((observables.count as number) > (observables.events as number)) repeats.seen++
      }),
      { numRuns: 80, seed: 7 },
    )
    expect(repeats.seen).toBeGreaterThan(0)
  })
})
