/**
 * Who reacts to what: the services' own subscriptions, and those that follow from a choreographed saga. A step's
 * service subscribes to the event of the step before it; the services of earlier steps subscribe to its refusal.
 */
import { nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import type { Operation, Saga, Scenario, Step } from './schema.ts'

export interface Place {
  readonly saga: string
  readonly step: number
  readonly compensation: boolean
}

export class Wiring {
  /** service → event → operation */
  readonly subscriptions = new Map<string, Map<string, string>>()
  /** service/operation → what it stands for, and what it publishes. */
  readonly places = new Map<string, Place>()
  private readonly emitted = new Map<string, { ok: string | null; refused: string | null }>()
  private readonly scenario: Scenario
  private readonly problems: ProblemList

  constructor(scenario: Scenario, problems: ProblemList) {
    this.scenario = scenario
    this.problems = problems
    for (const [name, service] of Object.entries(scenario.services)) {
      for (const [event, operation] of Object.entries(service.subscriptions)) {
        this.subscribe(name, event, operation, `services.${name}.subscriptions.${event}`)
      }
    }
    for (const [name, saga] of Object.entries(scenario.sagas)) {
      if (saga.style === 'choreographed') this.wireSaga(name, saga)
    }
  }

  subscribersOf(event: string): string[] {
    return [...this.subscriptions].flatMap(([service, events]) => (events.has(event) ? [service] : []))
  }

  emits(service: string, name: string, operation: Operation): { ok: string | null; refused: string | null } {
    const own = this.emitted.get(`${service}/${name}`)
    return { ok: operation.emits ?? own?.ok ?? null, refused: operation.emitsOnRefusal ?? own?.refused ?? null }
  }

  /** Every event somebody subscribes to or publishes by name. */
  eventNames(): string[] {
    const names = new Set<string>()
    for (const events of this.subscriptions.values()) for (const event of events.keys()) names.add(event)
    for (const { ok, refused } of this.emitted.values())
      for (const name of [ok, refused]) if (name !== null) names.add(name)
    return [...names]
  }

  private subscribe(service: string, event: string, operation: string, path: string): void {
    const operations = Object.keys(this.scenario.services[service]?.operations ?? {})
    if (!operations.includes(operation)) {
      this.problems.add(path, `no operation "${operation}" in service ${service}${nearest(operation, operations)}`)
    }
    const events = this.subscriptions.get(service) ?? new Map<string, string>()
    const other = events.get(event)
    if (other !== undefined && other !== operation) {
      this.problems.add(
        path,
        `service ${service} already does "${other}" on ${event}; a service reacts to an event once`,
      )
    }
    events.set(event, operation)
    this.subscriptions.set(service, events)
  }

  private wireSaga(name: string, saga: Saga): void {
    const path = `sagas.${name}`
    saga.steps.forEach((step, i) => {
      const { done, refused } = stepEvents(step, this.operation(step, step.operation))
      this.mark(step.service, step.operation, { saga: name, step: i, compensation: false }, done, refused)
      if (step.compensation !== undefined) {
        const undone = undoneEvent(step, this.operation(step, step.compensation))
        this.mark(step.service, step.compensation, { saga: name, step: i, compensation: true }, undone, null)
      }
      const before = step.after ?? (i === 0 ? [] : [saga.steps[i - 1]?.name ?? ''])
      if (before.length > 1) {
        this.problems.add(
          `${path}.steps[${i}].after`,
          'a choreographed step follows one step; a join needs subscriptions and a table of its own',
        )
      }
      for (const other of saga.steps) {
        if (before.includes(other.name)) {
          const event = stepEvents(other, this.operation(other, other.operation)).done
          this.subscribe(step.service, event, step.operation, `${path}.steps[${i}]`)
        }
      }
      for (const earlier of saga.steps.slice(0, i)) {
        if (earlier.compensation !== undefined && step.kind !== 'retriable') {
          this.subscribe(earlier.service, refused, earlier.compensation, `${path}.steps[${i}]`)
        }
      }
    })
  }

  private mark(service: string, operation: string, place: Place, ok: string, refused: string | null): void {
    this.places.set(`${service}/${operation}`, place)
    this.emitted.set(`${service}/${operation}`, { ok, refused })
  }

  private operation(step: Step, name: string): Operation | undefined {
    return this.scenario.services[step.service]?.operations[name]
  }
}

export function stepEvents(step: Step, operation: Operation | undefined): { done: string; refused: string } {
  return {
    done: step.event ?? operation?.reply ?? `${step.name} done`,
    refused: step.refusedEvent ?? operation?.refusal ?? `${step.name} refused`,
  }
}

export function undoneEvent(step: Step, compensation: Operation | undefined): string {
  return step.undoneEvent ?? compensation?.reply ?? `${step.name} undone`
}
