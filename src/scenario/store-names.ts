/** The names an event store brings into a scenario: its events, its tables, the messages of its projections. */
import { everyStatement } from './every-statement.ts'
import type { Scenario, Service } from './schema.ts'
import type { AppendStatement, LoadStatement } from './schema-store.ts'
import type { Statement } from './statement-types.ts'

export const storeTables = {
  events: 'events',
  snapshots: 'snapshots',
  positions: 'positions',
  versions: 'stream_versions',
  buffer: 'event_buffer',
  parked: 'parked_events',
  claims: 'claims',
} as const

export type Projection = Service['projections'][string]

/** The table of the next read model, while a blue/green rebuild fills it. */
export const nextTable = (table: string) => `${table}_next`
export const nextLane = (projection: string) => `${projection} next`
/** The message that carries an event to a projection. */
export const eventMessage = (type: string, lane: string) => `${type} for ${lane}`

export function everyService(scenario: Scenario): [string, Service][] {
  return Object.entries(scenario.services)
}

/** Every list of statements of a service: its operations' and its projections' rules. */
export function statementLists(service: Service): (readonly Statement[])[] {
  return [
    ...Object.values(service.operations).map((operation) => operation.do),
    ...Object.values(service.projections).flatMap((projection) => Object.values(projection.on)),
  ]
}

export function appendsOf(service: Service): AppendStatement[] {
  return statementLists(service)
    .flatMap((list) => everyStatement(list))
    .filter((statement): statement is AppendStatement => 'append' in statement)
}

export function eventsOf({ append, with: data, eventId }: AppendStatement) {
  return typeof append === 'string' ? [{ event: append, with: data, eventId }] : append
}

/** The store an append goes to: the one named, that of the aggregate loaded before, or the service's own. */
function appendedTo(append: AppendStatement, statements: readonly Statement[], service: string): string {
  if (append.to === undefined) return append.store ?? service
  const load = statements.find((one): one is LoadStatement => 'load' in one && one.as === append.to)
  return load?.store ?? service
}

/** The types of all events that a store can hold, in today's form too. */
export function eventTypes(scenario: Scenario, store: string): string[] {
  const types = new Set<string>()
  for (const [name, service] of everyService(scenario)) {
    for (const statements of statementLists(service).map(everyStatement)) {
      for (const statement of statements) {
        if (!('append' in statement) || appendedTo(statement, statements, name) !== store) continue
        for (const { event } of eventsOf(statement)) types.add(event)
      }
    }
  }
  const definition = scenario.services[store]?.store
  for (const { type } of definition?.events ?? []) types.add(type)
  for (const { as } of definition?.upcasters ?? []) if (as !== undefined) types.add(as)
  return [...types]
}

/** Which of them a projection follows. */
export function followedTypes(scenario: Scenario, { from, on }: Projection): string[] {
  const known = eventTypes(scenario, from)
  return '*' in on ? known : known.filter((type) => type in on)
}

/** The tables a projection keeps: those named, or all of its own service's that its rules write. */
export function keptTables(service: Service, projection: Projection): string[] {
  if (projection.tables.length > 0) return projection.tables
  const written = Object.values(projection.on).flatMap((list) =>
    everyStatement(list).flatMap((statement) => {
      if ('update' in statement) return [statement.update]
      if ('insert' in statement) return [statement.insert]
      return 'delete' in statement ? [statement.delete] : []
    }),
  )
  return [...new Set(written)].filter((table) => table in service.tables)
}

/** Is there an operation that rebuilds it beside the old one? */
export function isRebuiltBeside(service: Service, projection: string): boolean {
  return statementLists(service)
    .flatMap((list) => everyStatement(list))
    .some((statement) => 'rebuild' in statement && statement.rebuild === projection && statement.mode === 'blue/green')
}

/** Names of the fields that events carry. */
export function eventFields(scenario: Scenario): string[] {
  const names: string[] = []
  for (const [, service] of everyService(scenario)) {
    if (Object.keys(service.projections).length > 0) names.push('event')
    for (const statement of appendsOf(service)) {
      for (const { with: data } of eventsOf(statement)) names.push(...Object.keys(data ?? {}))
    }
    const { store } = service
    if (store === undefined) continue
    for (const { data } of store.events) names.push(...Object.keys(data))
    for (const { set } of store.upcasters) names.push(...Object.keys(set))
    for (const { fields, defaults } of Object.values(store.types)) names.push(...fields, ...Object.keys(defaults))
  }
  return names
}
