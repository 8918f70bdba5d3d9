/** Settings that contradict each other or the field's rules: the scenario runs all the same, and says what it is. */
import type { Problem } from '../base/result.ts'
import type { Saga, Scenario, Service } from './schema.ts'

export function warningsOf(scenario: Scenario): Problem[] {
  return [
    ...Object.entries(scenario.sagas).flatMap(([name, saga]) => sagaWarnings(saga, `sagas.${name}`)),
    ...Object.entries(scenario.services).flatMap(([name, service]) =>
      serviceWarnings(service, `services.${name}`, scenario),
    ),
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
    if (step.kind === 'pivot' && step.compensation !== undefined) {
      warnings.push({
        path: `${where}.compensation`,
        message: 'a pivot cannot be undone; a step with a compensation is compensatable',
      })
    }
    if (step.kind === 'pivot' && step.onTimeout === 'compensate') {
      warnings.push({
        path: `${where}.onTimeout`,
        message: 'a pivot whose outcome is unknown may only be asked again; turning back can give the goods away',
      })
    }
    if (pivot !== undefined && i > pivot && step.kind === 'compensatable') {
      warnings.push({
        path: `${where}.kind`,
        message: `"${step.name}" can be refused and comes after the pivot "${saga.steps[pivot]?.name}": then there is no way back`,
      })
    }
  })
  return warnings
}

function serviceWarnings(service: Service, path: string, scenario: Scenario): Problem[] {
  const warnings: Problem[] = []
  const lifetime = service.protections.fence?.lifetimeMs
  const delay = longestDelay(scenario)
  if (lifetime !== undefined && lifetime < delay) {
    warnings.push({
      path: `${path}.protections.fence.lifetimeMs`,
      message: `a tombstone of ${lifetime} ms is shorter than the longest delay, ${delay} ms: a late message can come after it`,
    })
  }
  const { visibilityMs } = scenario.bus
  if (visibilityMs !== undefined && visibilityMs < service.handlerMs && !service.heartbeat) {
    warnings.push({
      path: `${path}.handlerMs`,
      message: `the work takes ${service.handlerMs} ms and the visibility time-out is ${visibilityMs} ms: every message is handed out again while it is being handled`,
    })
  }
  return warnings
}

function longestDelay(scenario: Scenario): number {
  const delays = scenario.faults.flatMap((fault) =>
    fault.enabled && (fault.kind === 'delay' || fault.kind === 'slow') ? [fault.byMs] : [],
  )
  return Math.max(0, ...delays)
}
