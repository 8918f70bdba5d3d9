/** Settings that contradict each other or the field's rules: the scenario runs all the same, and says what it is. */
import type { Problem } from '../base/result.ts'
import type { Saga, Scenario } from './schema.ts'
import { serviceWarnings } from './warnings-service.ts'

export function warningsOf(scenario: Scenario): Problem[] {
  return [
    ...Object.entries(scenario.sagas).flatMap(([name, saga]) => sagaWarnings(saga, `sagas.${name}`)),
    ...Object.entries(scenario.services).flatMap(([name, service]) =>
      serviceWarnings(name, service, `services.${name}`, scenario),
    ),
    ...busWarnings(scenario),
  ]
}

function sagaWarnings(saga: Saga, path: string): Problem[] {
  const pivots = saga.steps.flatMap((step, i) => (step.kind === 'pivot' ? [i] : []))
  const pivot = pivots[0]
  const warnings: Problem[] = pivots.slice(1).map((i) => ({
    path: `${path}.steps[${i}].kind`,
    message: 'a second pivot: only one step can be the point of no return',
  }))
  saga.steps.forEach((step, i) => {
    const where = `${path}.steps[${i}]`
    const warn = (field: string, message: string) => warnings.push({ path: `${where}.${field}`, message })
    if (step.kind === 'pivot' && step.compensation !== undefined) {
      warn('compensation', 'a pivot cannot be undone; a step with a compensation is compensatable')
    }
    if (step.kind === 'pivot' && step.onTimeout === 'compensate') {
      warn(
        'onTimeout',
        'a pivot whose outcome is unknown may only be asked again; turning back can give the goods away',
      )
    }
    if (step.kind === 'retriable' && (step.onFailure === 'compensate' || step.onTimeout === 'compensate')) {
      const field = step.onFailure === 'compensate' ? 'onFailure' : 'onTimeout'
      warn(field, 'a retriable step comes after the point of no return: it goes forward, it does not turn back')
    }
    if (pivot !== undefined && i > pivot && step.kind === 'compensatable') {
      warn(
        'kind',
        `"${step.name}" can be refused and comes after the pivot "${saga.steps[pivot]?.name}": then there is no way back`,
      )
    }
    if (step.onCompensationFailure === 'ignore') {
      warn('onCompensationFailure', 'the saga will say Compensated while a compensation is owed')
    }
  })
  if (!saga.guard && saga.concurrency === 'none') {
    warnings.push({
      path: `${path}.guard`,
      message: 'no state guard and no concurrency control: late replies act twice',
    })
  }
  return warnings
}

function busWarnings({ bus, services }: Scenario): Problem[] {
  const warnings: Problem[] = []
  const all = Object.values(services)
  if (bus.redelivery !== undefined && all.every(({ onError }) => onError !== 'redeliver')) {
    warnings.push({
      path: 'bus.redelivery',
      message: 'no service hands a failed message back to the broker (onError: redeliver), so the policy is never used',
    })
  }
  if (bus.parking === 'sequence' && bus.deliveriesMax === undefined && bus.redelivery === undefined) {
    warnings.push({
      path: 'bus.parking',
      message: 'nothing is ever parked: set deliveriesMax or redelivery',
    })
  }
  const { redelivery, order } = bus
  if (order === 'none' && typeof redelivery === 'object' && !redelivery.blocks) {
    warnings.push({ path: 'bus.redelivery.blocks', message: 'a bus without order has no groups that could be blocked' })
  }
  return warnings
}
