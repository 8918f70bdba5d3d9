// A durable timer is done with when its handling has committed; until then it fires again.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import { orderSaga, sagaWith } from '../library/order-world.ts'
import type { FaultInput, ScenarioInput } from '../scenario/schema.ts'

const impatient: ScenarioInput = {
  ...orderSaga,
  sagas: sagaWith({
    register: 'before',
    steps: (orderSaga.sagas?.order?.steps ?? []).map((step) =>
      step.name === 'charge' ? { ...step, timeoutMs: 5000 } : step,
    ),
  }),
}

function run(saga: ScenarioInput, ...faults: FaultInput[]) {
  const { observables, summary } = runScenario({ ...saga, faults: [{ kind: 'drop', message: 'Charged' }, ...faults] })
  return { ...observables, reason: summary.reason }
}

describe('a time-out of a step', () => {
  it.each(['on receipt', 'before commit', 'after commit'] as const)(
    'turns the saga back although the orchestrator crashes %s of its handling',
    (point) => {
      const end = run(impatient, { kind: 'crash', service: 'order', on: 'timeout', point })
      if (point === 'after commit') expect(end).toMatchObject({ saga: 'Compensating', reason: 'at rest' })
      else expect(end).toMatchObject({ saga: 'Compensated', refunds: 1, order: 'REJECTED' })
    },
  )

  it('turns the saga back although its handling fails three times', () => {
    const end = run(impatient, { kind: 'fail', service: 'order', on: 'timeout', times: 3 })
    expect(end).toMatchObject({ saga: 'Compensated', refunds: 1, order: 'REJECTED' })
  })

  it('means nothing after a crash of an orchestrator that kept the saga in memory', () => {
    const forgetful = { ...impatient, sagas: sagaWith({ ...impatient.sagas?.order, durable: false }) }
    const end = run(forgetful, { kind: 'crash', service: 'order', on: 'timeout', point: 'before commit' })
    expect(end).toMatchObject({ refunds: 0, order: 'PENDING' })
  })
})

describe('a reply whose handling fails', () => {
  const fails: FaultInput = { kind: 'fail', service: 'order', on: 'Reserved' }

  it('is lost when the orchestrator acknowledges it all the same', () => {
    expect(runScenario({ ...orderSaga, faults: [fails] }).observables).toMatchObject({ saga: 'Running' })
  })

  it('is handled again when the orchestrator gives it back to the broker', () => {
    const services = { ...orderSaga.services, order: { ...orderSaga.services.order, onError: 'redeliver' as const } }
    expect(runScenario({ ...orderSaga, services, faults: [fails] }).observables).toMatchObject({ saga: 'Completed' })
  })
})

describe('a handling that dawdles', () => {
  it('does so once, also when it has to start over because the saga has changed meanwhile', () => {
    const patient = { steps: impatient.sagas?.order?.steps?.map((step) => ({ ...step, compensationTimeoutMs: 2000 })) }
    const { observables, summary } = runScenario({
      ...impatient,
      sagas: sagaWith({ ...impatient.sagas?.order, ...(patient as object) }),
      faults: [{ kind: 'slow', service: 'order', on: 'Charged', byMs: 26_000 }],
    })
    expect(summary.reason).toBe('at rest')
    expect(observables).toMatchObject({ saga: 'Compensated', refunds: 1 })
  })
})
