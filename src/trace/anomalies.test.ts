// Lost update, dirty read, fuzzy read: found where two sagas interleave, never where they run one after the other.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import { orderSaga } from '../library/order-world.ts'
import { twoPhaseCommit } from '../library/two-phase.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { type AnomalyName, findAnomalies } from './anomalies.ts'
import { anomalyWords } from './anomaly-text.ts'

type Do = NonNullable<ScenarioInput['services'][string]['operations']>[string]['do']
const where = { id: 'row' }

/** What one step of a random saga does to a row. */
const deeds: Record<string, Do> = {
  look: [{ read: 'rows', where, as: 'found' }],
  glance: [{ check: 'rows[row].value >= -1000', otherwise: 'NO' }],
  set: [{ update: 'rows', where, change: 'value = mine' }],
  add: [{ update: 'rows', where, change: 'value += mine' }],
  'set if': [{ update: 'rows', where, require: 'value >= -1000', change: 'value = mine' }],
  'take if': [{ update: 'rows', where, require: 'value > mine', otherwise: 'NOT_ENOUGH', change: 'value -= mine' }],
  remove: [{ delete: 'rows', where }],
}
const names = Object.keys(deeds)

interface Plan {
  readonly steps: readonly { readonly deed: string; readonly row: string }[]
  readonly mine: number
  readonly fails: boolean
}

/** Sagas that each do random things to two rows; `apart`: milliseconds between two starts. */
function crowd(plans: readonly Plan[], apart: number): ScenarioInput {
  const operations = Object.fromEntries(names.map((name) => [name, { do: deeds[name] as Do }]))
  return {
    sagascope: 1,
    id: 'crowd',
    title: 'A crowd',
    bus: { hopMs: [1, 30], order: 'none' },
    services: {
      boss: { operations: { 'give up': { do: [{ check: 'false', otherwise: 'GIVEN_UP' }] } } },
      store: {
        tables: {
          rows: {
            columns: ['id', 'value'],
            key: 'id',
            rows: [
              { id: 'a', value: 5 },
              { id: 'b', value: 5 },
            ],
          },
        },
        operations,
      },
    },
    sagas: Object.fromEntries(
      plans.map((plan, i) => [
        `plan${i}`,
        {
          orchestrator: 'boss',
          start: `Start ${i}`,
          id: 'order',
          steps: [
            ...plan.steps.map(({ deed, row }, step) => ({
              name: `${deed} ${step}`,
              service: 'store',
              operation: deed,
              compensation: 'add',
              with: { row: `'${row}'`, mine: plan.mine },
            })),
            ...(plan.fails ? [{ name: 'give up', service: 'boss', operation: 'give up' }] : []),
          ],
        },
      ]),
    ),
    workload: {
      requests: plans.map((_, i) => ({
        to: 'boss',
        message: `Start ${i}`,
        atMs: i * apart,
        payload: { order: `o${i}` },
      })),
    },
  }
}

const anyPlan = fc.record({
  steps: fc.array(fc.record({ deed: fc.constantFrom(...names), row: fc.constantFrom('a', 'b') }), {
    minLength: 1,
    maxLength: 4,
  }),
  mine: fc.integer({ min: 1, max: 4 }),
  fails: fc.boolean(),
})
const anyCrowd = fc.array(anyPlan, { minLength: 2, maxLength: 4 })

function anomaliesOf(scenario: ScenarioInput): string[] {
  const { trace } = runScenario(scenario)
  return findAnomalies(trace).map((anomaly) => {
    const { saga, other, row } = anomalyWords(trace, anomaly)
    return `${anomaly.name}: ${saga} and ${other} at ${row}`
  })
}

describe('an anomaly', () => {
  it('is never found in a serial run', () => {
    fc.assert(
      fc.property(anyCrowd, (plans) => {
        expect(anomaliesOf(crowd(plans, 100_000))).toEqual([])
      }),
      { numRuns: 100 },
    )
  }, 30_000)

  it('of every name is found soon when sagas run at the same time', () => {
    const seen = new Set<AnomalyName>()
    for (const plans of fc.sample(anyCrowd, { numRuns: 120, seed: 7 })) {
      for (const { name } of findAnomalies(runScenario(crowd(plans, 10)).trace)) seen.add(name)
    }
    expect([...seen].sort()).toEqual(['dirty read', 'fuzzy read', 'lost update'])
  }, 30_000)

  it('is never met by changes that commute and by guards that look under the lock', () => {
    fc.assert(
      fc.property(anyCrowd, (plans) => {
        const mild = plans.map((plan) => ({
          ...plan,
          fails: false,
          steps: plan.steps.map((step) => ({ ...step, deed: 'add' })),
        }))
        expect(anomaliesOf(crowd(mild, 10))).toEqual([])
      }),
      { numRuns: 40 },
    )
  }, 30_000)

  it('does not come to an order that is alone, whatever happens to it', () => {
    const refused = { kind: 'refuse', service: 'shipping', on: 'ship' } as const
    expect(anomaliesOf(orderSaga)).toEqual([])
    expect(anomaliesOf({ ...orderSaga, faults: [refused] })).toEqual([])
  })

  it('does not come to two orders that are isolated by two-phase commit, and comes to the same two as sagas', () => {
    const payload = orderSaga.workload?.requests?.[0]?.payload
    const requests = ['o1', 'o2'].map((order, i) => ({
      to: 'order',
      message: 'PlaceOrder',
      atMs: i * 20,
      payload: { ...payload, order },
    }))
    const faults = [{ kind: 'refuse', service: 'shipping', on: 'ship' } as const]
    const two = { ...twoPhaseCommit, workload: { requests }, faults }
    expect(anomaliesOf(two)).toEqual([])
    expect(anomaliesOf({ ...two, sagas: orderSaga.sagas ?? {} })).toContain(
      'dirty read: order o2 and order o1 at payment.accounts c1',
    )
  })
})
