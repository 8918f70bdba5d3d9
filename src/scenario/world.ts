/** The static world of a scenario: its names, before anything is compiled. */
import type { InstancesModel } from '../kernel/instances.ts'
import { CLIENT } from '../patterns/client.ts'
import { checkTransactional } from './check-transactional.ts'
import { Wiring } from './choreography-wiring.ts'
import { checkGroups } from './compile-groups.ts'
import { replyNames } from './compile-services.ts'
import { compileTables } from './compile-tables.ts'
import { decisions, hasTwoPhase } from './compile-two-phase.ts'
import { everyStatement } from './every-statement.ts'
import type { ProblemList } from './problems.ts'
import type { Scenario } from './schema.ts'
import type { World } from './scope.ts'
import type { Statement } from './statement-types.ts'
import {
  eventFields,
  eventMessage,
  everyService,
  followedTypes,
  isRebuiltBeside,
  nextLane,
  statementLists,
} from './store-names.ts'

export function createWorld(scenario: Scenario, problems: ProblemList): World {
  const wiring = new Wiring(scenario, problems)
  checkGroups(scenario, problems)
  checkTransactional(scenario, problems)
  const processes = processesOf(scenario, problems)
  return {
    tables: compileTables(scenario, problems),
    serviceNames: [...Object.keys(scenario.services), ...processes.flatMap(({ others }) => others), CLIENT],
    instances: instancesOf(scenario, processes),
    messageTypes: messageTypesOf(scenario, wiring),
    fields: fieldsOf(scenario),
    wiring,
  }
}

interface Processes {
  readonly service: string
  /** The names of all but the first. */
  readonly others: readonly string[]
}

function processesOf(scenario: Scenario, problems: ProblemList): Processes[] {
  const names = Object.keys(scenario.services)
  return Object.entries(scenario.services).flatMap(([service, { instances, lease, group }]) => {
    if (instances === 1 && group === undefined) {
      if (lease !== undefined)
        problems.add(`services.${service}.lease`, 'a lease is among several processes; set instances to 2 or more')
      return []
    }
    const others = Array.from({ length: instances - 1 }, (_, i) => `${service}_${i + 2}`)
    for (const name of others) {
      if (names.includes(name))
        problems.add(
          `services.${name}`,
          `"${name}" is a process of "${service}", which has ${instances}; choose another name`,
        )
    }
    return [{ service, others }]
  })
}

function instancesOf(scenario: Scenario, processes: readonly Processes[]): InstancesModel | null {
  if (processes.length === 0) return null
  const names = Object.keys(scenario.services)
  const count = names.length + processes.reduce((sum, { others }) => sum + others.length, 0) + 1
  const first = Int32Array.from({ length: count }, (_, i) => i)
  const all: number[][] = Array.from({ length: count }, () => [])
  let next = names.length
  for (const { service, others } of processes) {
    const index = names.indexOf(service)
    const together = [index, ...others.map(() => next++)]
    for (const process of together) {
      first[process] = index
      all[process] = together
    }
  }
  return { first, all }
}

function messageTypesOf(scenario: Scenario, wiring: Wiring): string[] {
  const types = new Set<string>()
  for (const saga of Object.values(scenario.sagas)) {
    types.add(saga.start)
    if (saga.resume !== undefined) types.add(saga.resume)
  }
  for (const service of Object.values(scenario.services)) {
    for (const [name, operation] of Object.entries(service.operations)) {
      types.add(name)
      for (const reply of Object.values(replyNames(name, operation))) types.add(reply)
    }
  }
  if (hasTwoPhase(scenario)) for (const name of Object.values(decisions)) types.add(name)
  for (const event of [...wiring.eventNames(), ...publishedNames(scenario)]) types.add(event)
  for (const message of projectionMessages(scenario)) types.add(message)
  return [...types]
}

/** What carries events to projections; those of the rebuild last. */
function projectionMessages(scenario: Scenario): string[] {
  return everyService(scenario).flatMap(([, service]) =>
    Object.entries(service.projections).flatMap(([name, projection]) => {
      const types = followedTypes(scenario, projection)
      const next = isRebuiltBeside(service, name) ? types.map((type) => eventMessage(type, nextLane(name))) : []
      return [...types.map((type) => eventMessage(type, name)), ...next]
    }),
  )
}

/** Events that operations publish themselves. */
function publishedNames(scenario: Scenario): string[] {
  return [
    ...everyOperation(scenario).flatMap(({ emits, emitsOnRefusal }) => [emits ?? [], emitsOnRefusal ?? []].flat()),
    ...everyService(scenario).flatMap(([, service]) => statementLists(service).flatMap(publishedBy)),
  ]
}

/** Names of the events a list of statements publishes. */
export function publishedBy(statements: readonly Statement[]): string[] {
  return everyStatement(statements).flatMap((statement) => ('publish' in statement ? [statement.publish] : []))
}

/** Services a list of statements calls or sends to. */
export function calledBy(statements: readonly Statement[]): string[] {
  return everyStatement(statements).flatMap((statement) => {
    if ('call' in statement) return [statement.to]
    return 'send' in statement && statement.to !== undefined ? [statement.to] : []
  })
}

function everyOperation(scenario: Scenario) {
  return Object.values(scenario.services).flatMap((service) => Object.values(service.operations))
}

/** A list of statements with those inside `if`. */
export function fieldsOf(scenario: Scenario): Set<string> {
  const fields = new Set<string>()
  for (const request of scenario.workload.requests) for (const name of Object.keys(request.payload)) fields.add(name)
  for (const arrival of scenario.workload.arrivals) for (const name of Object.keys(arrival.payload)) fields.add(name)
  for (const saga of Object.values(scenario.sagas)) {
    for (const step of saga.steps) for (const name of Object.keys(step.with ?? {})) fields.add(name)
  }
  for (const { returns } of everyOperation(scenario)) for (const name of Object.keys(returns ?? {})) fields.add(name)
  for (const statements of everyService(scenario).flatMap(([, service]) => statementLists(service))) {
    for (const statement of everyStatement(statements)) {
      if ('publish' in statement || 'send' in statement || 'call' in statement)
        for (const name of Object.keys(statement.with ?? {})) fields.add(name)
    }
  }
  for (const name of eventFields(scenario)) fields.add(name)
  return fields
}
