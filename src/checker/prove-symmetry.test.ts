/** Requests that are alike are looked at once, and nothing that a proof says changes for it. */
import { describe, expect, it } from 'vitest'
import { orderSaga, type ServiceInput, sagaWith, steps } from '../library/order-world.ts'
import { safeConfiguration } from '../library/safe-configuration.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { Proof, type ProveOptions, type ProveResult } from './prove.ts'

function proofOf(input: ScenarioInput, options: ProveOptions): Proof {
  const scenario = readScenario(input)
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  return new Proof(scenario.value, model.value, options)
}

/** With so many orders that differ only in their names. */
function orders(input: ScenarioInput, count: number, change: (i: number) => object = () => ({})): ScenarioInput {
  const [request] = input.workload?.requests ?? []
  if (request === undefined) throw new Error('nobody asks')
  const requests = Array.from({ length: count }, (_, i) => ({
    ...request,
    payload: { ...request.payload, order: `no-${i + 1}` },
    ...change(i),
  }))
  return { ...input, bus: { order: 'none' }, faults: [], variants: {}, expect: {}, breaks: [], workload: { requests } }
}

const withoutKey: ScenarioInput = {
  ...orderSaga,
  sagas: sagaWith({
    steps: Object.values(steps).map((step) => (step.name === 'charge' ? { ...step, timeoutMs: 2000 } : step)),
  }),
}
const shortStock: ScenarioInput = {
  ...orderSaga,
  services: {
    ...orderSaga.services,
    inventory: {
      ...(orderSaga.services.inventory as ServiceInput),
      tables: {
        ...orderSaga.services.inventory?.tables,
        stock: {
          ...(orderSaga.services.inventory?.tables?.stock as { columns: string[] }),
          rows: [{ sku: 's1', available: 1 }],
        },
      },
    },
  },
  properties: {},
}

describe('orders that differ only in their names', () => {
  it.each<[string, ScenarioInput, ProveOptions]>([
    ['two that go well', orders(orderSaga, 2), { faults: 0 }],
    ['three that go well', orders(orderSaga, 3), { faults: 0 }],
    ['two, one message lost', orders(withoutKey, 2), { faults: 1, kinds: ['drop'] }],
    ['two, one message twice', orders({ ...withoutKey, properties: {} }, 2), { faults: 1, kinds: ['duplicate'] }],
    ['two, one message late', orders(withoutKey, 2), { faults: 1, kinds: ['delay'] }],
    ['two that want the last piece', orders(shortStock, 2), { faults: 0 }],
    ['two that are safe, two messages lost', orders(safeConfiguration, 2), { faults: 2, kinds: ['drop'] }],
  ])(
    '%s: the same verdict from fewer states',
    (_name, input, options) => {
      const all = proofOf(input, { ...options, symmetry: false }).run()
      const once = proofOf(input, options).run()
      const saying = ({ verdict, counterexample, neverSeen }: ProveResult) =>
        [verdict, counterexample?.property, counterexample?.moves.length, neverSeen] as const
      expect(saying(once)).toEqual(saying(all))
      expect(once.sentence).toMatch(/[23] of them differ only in names: runs that swap these count as one/)
      expect(all.sentence).not.toMatch(/differ only in names/)
      expect(once.counts.states).toBeLessThan(all.counts.states)
      // Between a half of the states and, where nothing has happened to either yet, all of them.
      if (all.verdict === 'proved') {
        const sixfold = input.workload?.requests?.length === 3 ? 6 : 2
        expect(once.counts.states).toBeGreaterThanOrEqual(all.counts.states / sixfold)
        expect(once.counts.ends).toBeLessThanOrEqual(all.counts.ends)
      }
    },
    60_000,
  )

  it('are not alike where something can tell their names apart', () => {
    const groups = (input: ScenarioInput) => proofOf(input, { faults: 0 }).alike
    expect(groups(orders(orderSaga, 3))).toEqual([[0, 1, 2]])
    // One pays with another card.
    const other = orders(orderSaga, 3, (i) => (i === 2 ? { payload: { ...request.payload, amount: 7 } } : {}))
    expect(groups(other)).toEqual([[0, 1]])
    // A property, a business refusal or a row knows a name.
    const named = { check: "order.orders.all(o, o.id != 'no-2')", when: 'always' } as const
    expect(groups({ ...orders(orderSaga, 2), properties: { NAMED: named } })).toEqual([])
    // Somebody compares them.
    const compared = { check: "order.orders.all(o, o.id < 'z')", when: 'always' } as const
    expect(groups({ ...orders(orderSaga, 2), properties: { COMPARED: compared } })).toEqual([])
    // They keep their order on the way, or one client waits for both.
    expect(groups({ ...orders(orderSaga, 2), bus: {} })).toEqual([])
    expect(groups(orders(orderSaga, 2, () => ({ timeoutMs: 500 })))).toEqual([])
  })
})

const request = (orderSaga.workload?.requests ?? [])[0] as { payload: Record<string, number | string> }
