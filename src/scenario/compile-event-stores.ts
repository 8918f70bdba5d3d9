/** From stores and aggregates to models: the fold's rules, upcasters, event types. */
import { type Env, EvaluationError } from '../kernel/evaluation.ts'
import type { Payload } from '../kernel/model.ts'
import type { AggregateModel, EventTypeModel, State, StoreModel, Upcaster } from '../patterns/store-model.ts'
import type { Value } from '../trace/trace-format.ts'
import { us } from './compile-faults.ts'
import { type Compiled, compileExpression, type Names } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { closest, nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import type { Scenario } from './schema.ts'
import type { StoreDefinition } from './schema-store.ts'
import { findTable, tableNumber, tableValue, type World } from './scope.ts'
import { eventTypes, everyService, storeTables } from './store-names.ts'

export type Stores = ReadonlyMap<string, StoreModel>

export function compileStores(scenario: Scenario, world: World, problems: ProblemList): Stores {
  const stores = new Map<string, StoreModel>()
  for (const [name, { store }] of everyService(scenario)) {
    if (store !== undefined) stores.set(name, new StoreCompiler(scenario, world, problems, name, store).compile())
  }
  return stores
}

class StoreCompiler {
  private readonly world: World
  private readonly problems: ProblemList
  private readonly name: string
  private readonly store: StoreDefinition
  private readonly types: readonly string[]
  private readonly service: number
  private readonly looksInto = new Set<number>()

  constructor(scenario: Scenario, world: World, problems: ProblemList, name: string, store: StoreDefinition) {
    this.world = world
    this.problems = problems
    this.name = name
    this.store = store
    this.types = eventTypes(scenario, name)
    this.service = world.serviceNames.indexOf(name)
  }

  compile(): StoreModel {
    const { store, world, name } = this
    const path = `services.${name}.store`
    return {
      service: this.service,
      serviceName: name,
      events: tableNumber(world, name, storeTables.events),
      snapshots: tableNumber(world, name, storeTables.snapshots),
      types: new Map(Object.entries(store.types).map(([type, form]) => [type, this.type(type, form, `${path}.types`)])),
      upcasters: new Map(store.upcasters.map((one, i) => this.upcaster(one, `${path}.upcasters[${i}]`))),
      aggregates: new Map(
        Object.entries(store.aggregates).map(([aggregate, definition]) => [
          aggregate,
          this.aggregate(aggregate, definition, `${path}.aggregates.${aggregate}`),
        ]),
      ),
      readTime: us(store.readMs),
      looksInto: this.looksInto,
    }
  }

  private type(type: string, form: StoreDefinition['types'][string], path: string): EventTypeModel {
    this.checkType(type, `${path}.${type}`)
    return {
      version: form.version,
      fields: [...new Set([...form.fields, ...Object.keys(form.defaults)])],
      defaults: form.defaults,
    }
  }

  private upcaster(one: StoreDefinition['upcasters'][number], path: string): [string, Upcaster] {
    this.checkType(one.event, `${path}.event`)
    if (one.to <= one.from)
      this.problems.add(`${path}.to`, 'an upcaster leads to a later version; make `to` larger than `from`')
    const names = new EvolveNames(this.world, this.service, [], this.looksInto)
    const set = Object.entries(one.set).map(([field, cell]) => ({
      field,
      value: typeof cell === 'string' ? this.expression(cell, names, `${path}.set.${field}`) : () => cell,
    }))
    const apply = (env: Env): Payload => {
      const data: State = { ...env.request }
      for (const { field, value } of set) data[field] = value(env) as Value
      for (const field of one.drop) delete data[field]
      return data
    }
    return [`${one.event}/${one.from}`, { to: one.to, as: one.as ?? null, apply }]
  }

  private aggregate(name: string, definition: StoreDefinition['aggregates'][string], path: string): AggregateModel {
    const fields = Object.keys(definition.state)
    const names = new EvolveNames(this.world, this.service, fields, this.looksInto)
    const rules = Object.entries(definition.evolve).map(([type, texts]): [string, (env: Env) => void] => {
      this.checkType(type, `${path}.evolve.${type}`)
      const changes = [texts]
        .flat()
        .map((text, i) => this.assignment(text, fields, names, `${path}.evolve.${type}[${i}]`))
      return [
        type,
        (env) => {
          for (const { field, value } of changes) (env.state as State)[field] = value(env) as Value
        },
      ]
    })
    return {
      name,
      initial: definition.state,
      rules: new Map(rules),
      strict: definition.unknown === 'fail',
      snapshotEvery: definition.snapshot?.every ?? 0,
      revision: definition.snapshot?.revision ?? 1,
      checkRevision: definition.snapshot?.checkRevision ?? true,
    }
  }

  private assignment(text: string, fields: readonly string[], names: EvolveNames, path: string) {
    const parts = /^\s*([A-Za-z_]\w*)\s*(=|\+=|-=|\*=)(?!=)\s*([\s\S]+)$/.exec(text)
    if (parts === null) {
      this.problems.add(path, `"${text}" is no change; write "balance -= amount" or "status = 'PAID'"`)
      return { field: '', value: () => null }
    }
    const [, field, operator, right] = parts as unknown as [string, string, string, string]
    if (!fields.includes(field)) this.problems.add(path, `the state has no field "${field}"${nearest(field, fields)}`)
    const written = operator === '=' ? right : `state.${field} ${operator[0]} (${right})`
    return { field, value: this.expression(written, names, path) }
  }

  private expression(text: string, names: Names, path: string): (env: Env) => unknown {
    try {
      return compileExpression(text, names).get
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      this.problems.add(path, error.message)
      return () => null
    }
  }

  private checkType(type: string, path: string): void {
    // A rule for what does not happen here is no mistake; one that is nearly a known name is.
    if (this.types.includes(type) || closest(type, this.types) === null) return
    this.problems.add(
      path,
      `no event "${type}" is ever appended to the store of ${this.name}${nearest(type, this.types)}`,
    )
  }
}

/** Names inside a fold or an upcaster: the state's fields, the event's data, `event`, `state`, tables of the service. */
class EvolveNames implements Names {
  private readonly world: World
  private readonly service: number
  private readonly fields: readonly string[]
  private readonly looksInto: Set<number>

  constructor(world: World, service: number, fields: readonly string[], looksInto: Set<number>) {
    this.world = world
    this.service = service
    this.fields = fields
    this.looksInto = looksInto
  }

  find(name: string): Compiled | null {
    if (this.fields.includes(name)) return any((env) => env.state?.[name] ?? null)
    if (name === 'state' && this.fields.length > 0) return any((env) => env.state ?? null)
    if (name === 'event') return any((env) => env.event ?? null)
    if (name === 'data') return any((env) => env.request)
    if (name === 'now') return any((env) => env.sim.now / 1000)
    if (this.world.fields.has(name)) {
      return any((env) => {
        const value = env.request[name]
        if (value === undefined) throw new EvaluationError(`the event has no field "${name}"`)
        return value
      })
    }
    return this.table(findTable(this.world, this.service, name))
  }

  member(name: string, member: string): Compiled | null {
    return this.table(tableNumber(this.world, name, member))
  }

  private table(table: number): Compiled | null {
    const model = this.world.tables[table]
    if (model === undefined) return null
    model.keepsPast = true
    this.looksInto.add(table)
    return tableValue(table)
  }

  known(): readonly string[] {
    return [...this.fields, ...this.world.fields, 'state', 'event', 'data', 'now']
  }

  readonly columns = (table: number): readonly string[] => this.world?.tables[table]?.columns ?? []
  readonly key = (table: number): number => this.world?.tables[table]?.key ?? -1
}

function any(get: Compiled['get']): Compiled {
  return { shape: { is: 'any' }, get }
}
