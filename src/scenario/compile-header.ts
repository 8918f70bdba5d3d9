/** The static part of a trace: who exists, what they are called, who can talk to whom. */
import { problemLine } from '../base/result.ts'
import type { ProjectionModel } from '../patterns/projection-model.ts'
import type { SagaModel } from '../patterns/saga-model.ts'
import type { StatementInfo, TraceHeader } from '../trace/trace-format.ts'
import type { Stores } from './compile-event-stores.ts'
import { storesOf } from './compile-stores.ts'
import { isSystemTable } from './compile-tables.ts'
import { everyStatement } from './every-statement.ts'
import { faultPhrase } from './fault-phrase.ts'
import { programListings } from './program-listing.ts'
import type { Scenario, Service } from './schema.ts'
import type { World } from './scope.ts'
import { warningsOf } from './warnings.ts'
import { calledBy, publishedBy } from './world.ts'

export function compileHeader(
  scenario: Scenario,
  variant: string | null,
  world: World,
  sagas: readonly SagaModel[],
  statements: readonly StatementInfo[],
  stores: Stores,
  projections: readonly ProjectionModel[],
): TraceHeader {
  const named = (name: string) => scenario.services[name]?.title ?? name.charAt(0).toUpperCase() + name.slice(1)
  const title = (name: string) => {
    const number = world.serviceNames.indexOf(name)
    const all = world.instances?.all[number] ?? []
    const place = all.indexOf(number)
    return place <= 0 ? named(name) : `${named(world.serviceNames[all[0] as number] as string)} ${place + 1}`
  }
  return {
    version: 1,
    scenario: { id: scenario.id, title: scenario.title, variant, seed: scenario.seed },
    services: world.serviceNames.map((name, number) => ({
      name,
      title: title(name),
      kind: number === world.serviceNames.length - 1 ? 'client' : 'service',
      tables: world.tables.flatMap((table, i) => (table.service === number ? [i] : [])),
      protections: protectionWords(scenario.services[name]),
      ...replicasOf(scenario, scenario.services[name]),
      ...(world.instances?.first[number] === number || world.instances === null
        ? {}
        : { instanceOf: world.instances.first[number] as number }),
    })),
    tables: world.tables.map((table) => ({
      name: table.name,
      service: table.service,
      columns: table.columns,
      key: table.key < 0 ? null : (table.columns[table.key] ?? null),
      system: isSystemTable(table.name, scenario.services[world.serviceNames[table.service] ?? '']),
    })),
    sagas: sagas.map((saga) => ({
      ...(saga.twoPhase === null ? {} : { twoPhase: true }),
      reconstructed: scenario.sagas[saga.name]?.style === 'choreographed',
      name: saga.name,
      orchestrator: saga.orchestrator,
      steps: saga.steps.map((step) => ({
        name: step.name,
        service: step.service,
        operation: step.actionName,
        compensation: step.compensationName === '' ? null : step.compensationName,
        kind: step.kind,
        local: step.local,
      })),
    })),
    statements,
    properties: Object.entries(scenario.properties).map(([name, property]) => ({
      name,
      ...(property.title === undefined ? {} : { title: property.title }),
      when: property.when,
      check: property.check,
      broken: property.broken ?? `${name} is broken: ${property.check} no longer holds`,
    })),
    stores: storesOf(scenario, world),
    programs: programListings(scenario, world, statements),
    edges: edgesOf(scenario, world, sagas),
    ...storeHeader(scenario, stores, projections),
    warnings: warningsOf(scenario).map(problemLine),
    faults: scenario.faults.map((fault) => faultPhrase(fault, title)),
    initialChanges: world.tables.reduce((sum, table) => sum + table.rows.length, 0),
  }
}

function storeHeader(
  scenario: Scenario,
  stores: Stores,
  projections: readonly ProjectionModel[],
): Pick<TraceHeader, 'eventStores' | 'projections'> {
  if (stores.size === 0) return {}
  const models = [...stores.values()]
  return {
    eventStores: models.map(({ service, serviceName, events, snapshots }) => ({
      service,
      events,
      snapshots,
      aggregates: Object.entries(scenario.services[serviceName]?.store?.aggregates ?? {}).map(([name, { state }]) => ({
        name,
        fields: Object.keys(state),
      })),
    })),
    projections: projections.map((model) => ({
      name: model.name,
      store: models.indexOf(model.store),
      services: model.instances,
      tables: model.live.tables,
      nextTables: model.next?.tables ?? [],
      positions: model.tables.positions,
      follows: [...model.live.messageTypes.keys()],
      persistent: model.persistent,
    })),
  }
}

function protectionWords(service: Service | undefined): string[] {
  if (service === undefined) return []
  const { idempotencyKey, inbox, outbox, fence, transactional } = service.protections
  return [
    ...(idempotencyKey === undefined ? [] : ['idempotency key']),
    ...(inbox === undefined ? [] : ['inbox']),
    ...(fence === undefined ? [] : ['fence']),
    ...(outbox ? ['outbox'] : []),
    ...(transactional ? ['broker transactions'] : []),
    ...(service.reads === 'committed' ? ['reads committed'] : []),
    ...(hasUniqueKey(service) ? ['unique key'] : []),
    ...(looksAtState(service) ? ['state check'] : []),
    ...(service.protections.epochs ? ['epochs'] : []),
    ...(service.group === undefined ? [] : ['consumer group']),
    ...(service.lease === undefined ? [] : [service.lease.fencing ? 'fenced lease' : 'lease']),
  ]
}

/** Besides primary keys, which nearly every table has: a unique index that an insert of its own can meet. */
function hasUniqueKey({ tables, operations }: Service): boolean {
  return Object.values(operations).some((operation) =>
    everyStatement(operation.do).some(
      (statement) => 'insert' in statement && (tables[statement.insert]?.unique.length ?? 0) > 0,
    ),
  )
}

function looksAtState({ operations }: Service): boolean {
  return Object.values(operations).some((operation) =>
    everyStatement(operation.do).some((statement) => 'return' in statement),
  )
}

function edgesOf(scenario: Scenario, world: World, sagas: readonly SagaModel[]): [number, number][] {
  const edges: [number, number][] = []
  const add = (from: number, to: number) => {
    if (from !== to && !edges.some(([a, b]) => (a === from && b === to) || (a === to && b === from)))
      edges.push([from, to])
  }
  for (const request of [...scenario.workload.requests, ...scenario.workload.arrivals]) {
    add(world.serviceNames.length - 1, world.serviceNames.indexOf(request.to))
  }
  for (const saga of sagas) {
    if (scenario.sagas[saga.name]?.style === 'choreographed') continue
    for (const step of saga.steps) if (!step.local) add(saga.orchestrator, step.service)
  }
  addEventEdges(scenario, world, add)
  for (const [name, { projections }] of Object.entries(scenario.services)) {
    for (const { from, instances } of Object.values(projections)) {
      for (const one of [name, ...instances]) add(world.serviceNames.indexOf(from), world.serviceNames.indexOf(one))
    }
  }
  for (const [from, to] of [...edges]) {
    for (const process of world.instances?.all[from] ?? []) add(process, to)
    for (const process of world.instances?.all[to] ?? []) add(from, process)
  }
  return edges
}

/** From everyone who publishes an event to everyone who subscribes to it. */
function addEventEdges(scenario: Scenario, world: World, add: (from: number, to: number) => void): void {
  Object.entries(scenario.services).forEach(([name, service], from) => {
    for (const [operationName, operation] of Object.entries(service.operations)) {
      const { ok, refused } = world.wiring.emits(name, operationName, operation)
      const events = [ok, refused, ...publishedBy(operation.do)]
      for (const to of calledBy(operation.do)) add(from, world.serviceNames.indexOf(to))
      for (const event of events) {
        for (const to of event === null ? [] : world.wiring.subscribersOf(event))
          add(from, world.serviceNames.indexOf(to))
      }
    }
  })
}

/** Where their number means something: there is load, there are several, or there will be. */
function replicasOf({ workload }: Scenario, service: Service | undefined): { replicas?: number } {
  if (service === undefined || service.instances > 1) return {}
  const { replicas, scaling, operations, projections } = service
  const works = Object.keys(operations).length + Object.keys(projections).length > 0
  return replicas > 1 || scaling.length > 0 || (works && workload.arrivals.length > 0) ? { replicas } : {}
}
