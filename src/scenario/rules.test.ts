// A rule stands in for what a scenario leaves out, and for nothing else.
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../../test/problems-of.ts'
import { runScenario } from '../../test/run-scenario.ts'
import { orderSaga, sagaWith } from '../library/order-world.ts'
import { readScenario } from './compile.ts'
import { busRules, keyRules, sagaRules } from './rules.ts'
import type { Scenario, ScenarioInput } from './schema.ts'

function read(input: unknown): Scenario {
  const result = readScenario(input)
  if (!result.ok) throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return result.value
}

const withKey = (idempotencyKey: object): ScenarioInput => ({
  ...orderSaga,
  services: { ...orderSaga.services, payment: { ...orderSaga.services.payment, protections: { idempotencyKey } } },
})

describe('a rule', () => {
  it.each(Object.keys(keyRules))('of keys, %s, is a setting that runs', (rule) => {
    const { observables } = runScenario(withKey({ rule }))
    expect(observables).toMatchObject({ charges: 1, order: 'APPROVED' })
  })

  it.each(Object.keys(sagaRules))('of sagas, %s, is a setting that runs', (rule) => {
    const { observables } = runScenario({ ...orderSaga, sagas: sagaWith({ rule } as never) })
    expect(observables).toMatchObject({ charges: 1, saga: 'Completed' })
  })

  it.each(Object.keys(busRules))('of the bus, %s, is a setting that runs', (rule) => {
    const { observables } = runScenario({ ...orderSaga, bus: { rule } as never })
    expect(observables).toMatchObject({ order: 'APPROVED' })
  })

  it('gives way to what the scenario writes itself', () => {
    const { services } = read(withKey({ rule: 'stripe-v1', retentionMs: 5 }))
    expect(services.payment?.protections.idempotencyKey).toMatchObject({
      stores: 'everything',
      reused: 400,
      retentionMs: 5,
    })
  })

  it('of a saga is about its steps too', () => {
    const { sagas } = read({ ...orderSaga, sagas: sagaWith({ rule: 'temporal' }) })
    expect(sagas.order).toMatchObject({ register: 'before', endedKeptMs: 0 })
    expect(sagas.order?.steps.map((step) => step.retry)).toEqual(Array(5).fill('temporal'))
  })

  it('changes nothing of the scenario that was given', () => {
    const input = withKey({ rule: 'ietf' })
    const before = JSON.stringify(input)
    read(input)
    expect(JSON.stringify(input)).toBe(before)
  })

  it('that nobody knows is a problem with a place', () => {
    expect(problemsOf(() => withKey({ rule: 'stripe' })).join()).toContain(
      'services.payment.protections.idempotencyKey.rule',
    )
  })
})
