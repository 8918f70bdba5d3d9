/** Names for observables and properties: an onlooker sees every table, every saga, every count, and the trace. */

import type { Env } from '../kernel/evaluation.ts'
import { emptyEnv } from '../kernel/evaluation.ts'
import { lockTimes } from '../kernel/lock-times.ts'
import { METRIC_COUNT, Metric, type MetricName } from '../kernel/metrics.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { clientRequests } from '../patterns/client.ts'
import { lockState } from '../patterns/locks.ts'
import type { ProjectionModel } from '../patterns/projection-model.ts'
import type { SagaModel } from '../patterns/saga-model.ts'
import type { Stores } from './compile-event-stores.ts'
import { effectItems } from './effect-items.ts'
import { type Compiled, compileExpression, type Names, type Parts } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { loadFunctions } from './load-names.ts'
import { nearest } from './nearest.ts'
import { sagaParts, sagaRecords } from './saga-parts.ts'
import { tableNumber, tableValue, type World } from './scope.ts'
import { StoreNames, storeNames } from './store-observation.ts'
import { anomalyList, traceEntries } from './trace-entries.ts'

const counters: Record<string, MetricName> = {
  sent: 'sent',
  deliveries: 'delivered',
  dropped: 'dropped',
  duplicated: 'duplicated',
  deduplicated: 'deduplicated',
  refused: 'refused',
  failed: 'failed',
  replies: 'answered',
  ignored: 'ignored',
  published: 'published',
  unheard: 'unheard',
  dlq: 'deadLettered',
}
export const counterNames = Object.keys(counters)

function counterOf(name: string): MetricName | undefined {
  return Object.hasOwn(counters, name) ? counters[name] : undefined
}

/** What an onlooker looks at. */
export interface Onlooker {
  readonly world: World
  readonly sagas: readonly SagaModel[]
  readonly stores: Stores
  readonly projections: readonly ProjectionModel[]
}

export class ObservationNames implements Names {
  readonly tablesUsed = new Set<number>()
  sagasUsed = false
  traceUsed = false
  effectsUsed = false
  /** Something that only a measured run knows. */
  loadUsed = false
  private readonly world: World
  private readonly sagas: readonly SagaModel[]
  private readonly events: StoreNames

  constructor({ world, sagas, stores, projections }: Onlooker) {
    this.world = world
    this.sagas = sagas
    this.events = new StoreNames(stores, projections)
  }

  find(name: string): Compiled | null {
    if (name === 'sagas') {
      this.sagasUsed = true
      return { shape: { is: 'items', parts: sagaParts(this.sagas) }, get: (env) => sagaRecords(env.sim) }
    }
    if (name === 'entries') {
      this.traceUsed = true
      return value((env) => traceEntries(env.sim))
    }
    const counted = this.events.find(name)
    if (counted !== null) return counted
    if (name === 'effects') {
      this.effectsUsed = true
      this.sagasUsed = true
      return value((env) => effectItems(env.sim, this.sagas))
    }
    if (name === 'anomalies') {
      this.traceUsed = true
      return value((env) => anomalyList(env.sim))
    }
    if (name === 'conflicts') return value((env) => env.sim.conflicts)
    if (name === 'deadlocks') return value((env) => lockState(env.sim).deadlocks)
    if (name === 'now') return value((env) => env.sim.now / 1000)
    if (name === 'clients') return value((env) => clientList(env.sim))
    if (this.world.serviceNames.includes(name)) {
      throw new ExpressionError(
        `"${name}" is a service; name one of its tables: ${this.tablesOf(name)
          .map((table) => `${name}.${table}`)
          .join(', ')}`,
      )
    }
    return null
  }

  member(name: string, member: string): Compiled | null {
    if (name === 'rowLocks' && !this.world.serviceNames.includes(name)) return rowLocks(member)
    if (name === 'bus') {
      const metric = counterOf(member)
      if (metric === undefined)
        throw new ExpressionError(`the bus has no count "${member}"${nearest(member, counterNames)}`)
      return value((env) => total(env.sim, Metric[metric]))
    }
    if (!this.world.serviceNames.includes(name)) return null
    const table = tableNumber(this.world, name, member)
    if (table < 0)
      throw new ExpressionError(`no table "${member}" in service ${name}${nearest(member, this.tablesOf(name))}`)
    this.tablesUsed.add(table)
    return tableValue(table)
  }

  call(name: string, args: readonly Compiled[]): Compiled | null {
    if (name === 'saga') return this.saga(args)
    const ofStore = this.events.call(name, args)
    if (ofStore !== null) return ofStore
    if (name === 'messages' && args.length === 0) {
      return value((env) => participantMessages(env.sim))
    }
    const measured = loadFunctions[name]
    if (measured !== undefined && Object.hasOwn(loadFunctions, name)) {
      this.loadUsed = true
      return measured(this.world, args.map(constantText))
    }
    const metric = counterOf(name)
    const first = args[0]
    if (metric === undefined || first === undefined) return null
    const type = constantText(first)
    if (type === null)
      throw new ExpressionError(`${name}(…) takes the name of a message, for example ${name}("charge")`)
    const number = this.world.messageTypes.indexOf(type)
    if (number < 0) throw new ExpressionError(`no message is called "${type}"${nearest(type, this.world.messageTypes)}`)
    return value((env) => env.sim.metrics[number * METRIC_COUNT + Metric[metric]] as number)
  }

  known(): readonly string[] {
    return [
      'sagas',
      'entries',
      'effects',
      'anomalies',
      'conflicts',
      'deadlocks',
      'rowLocks',
      'now',
      'clients',
      'bus',
      ...this.world.serviceNames,
      ...counterNames,
      ...Object.keys(loadFunctions),
      'saga',
      'messages',
      ...storeNames,
    ]
  }

  readonly columns = (table: number): readonly string[] => this.world.tables[table]?.columns ?? []
  readonly key = (table: number): number => this.world.tables[table]?.key ?? -1

  private saga(args: readonly Compiled[]): Compiled {
    const id = args[0]
    if (id === undefined) throw new ExpressionError('saga(…) takes the id of an instance, for example saga("o1")')
    this.sagasUsed = true
    return {
      shape: { is: 'item', parts: sagaParts(this.sagas) },
      get: (env) => sagaRecords(env.sim).find((record) => record.id === id.get(env)) ?? null,
    }
  }

  private tablesOf(service: string): string[] {
    const index = this.world.serviceNames.indexOf(service)
    return this.world.tables.filter((table) => table.service === index).map((table) => table.name)
  }
}

const lockMeasures: Record<string, (sim: Simulation) => number> = {
  totalMs: (sim) => lockTimes(sim).total / 1000,
  longestMs: (sim) => lockTimes(sim).longest / 1000,
  blocked: (sim) => lockTimes(sim).blocked,
  waitedMs: (sim) => lockTimes(sim).waited / 1000,
  inDoubt: (sim) => [...sim.branches.values()].filter(({ since }) => since >= 0).length,
}

function rowLocks(measure: string): Compiled {
  const known = Object.keys(lockMeasures)
  const measured = known.includes(measure) ? lockMeasures[measure] : undefined
  if (measured === undefined)
    throw new ExpressionError(`rowLocks has no measure "${measure}"${nearest(measure, known)}`)
  return value((env) => measured(env.sim))
}

/** An expression over the whole run; rows become objects with their columns. */
export function compileObservation(text: string, names: ObservationNames): (sim: Simulation) => unknown {
  const { shape, get } = compileExpression(text, names)
  const env = emptyEnv()
  return (sim) => {
    env.sim = sim
    const result = get(env)
    if (shape.is === 'any') return result
    const asObject =
      shape.is === 'item' || shape.is === 'items'
        ? (item: unknown) => itemObject(shape.parts, env, item)
        : (cells: unknown) => rowObject(names.columns(shape.table), cells)
    return shape.is === 'row' || shape.is === 'item' ? asObject(result) : (result as unknown[]).map(asObject)
  }
}

function rowObject(columns: readonly string[], cells: unknown): unknown {
  if (cells === null) return null
  return Object.fromEntries(columns.map((column, i) => [column, (cells as unknown[])[i]]))
}

function itemObject(parts: Parts, env: Env, item: unknown): unknown {
  if (item === null) return null
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part(env, item)]))
}

function value(get: Compiled['get']): Compiled {
  return { shape: { is: 'any' }, get }
}

function constantText(compiled: Compiled): string | null {
  try {
    const result = compiled.get(emptyEnv())
    return typeof result === 'string' ? result : null
  } catch {
    return null
  }
}

function total(sim: Simulation, metric: number): number {
  let sum = 0
  for (let type = 0; type < sim.model.messageTypes.length; type++) {
    sum += sim.metrics[type * METRIC_COUNT + metric] as number
  }
  return sum
}

/** Commands and replies between services: what saga and participants say to each other, clients left out. */
function participantMessages(sim: Simulation): number {
  const starts = new Set([...sim.model.requests, ...sim.model.streams].map(({ type }) => type))
  let sum = 0
  for (let type = 0; type < sim.model.messageTypes.length; type++) {
    if (!starts.has(type)) sum += sim.metrics[type * METRIC_COUNT + Metric.sent] as number
  }
  return sum
}

function clientList(sim: Simulation) {
  return clientRequests(sim).map((request, number) => ({
    attempts: request.attempt,
    answers: request.answers,
    statuses: request.statuses,
    response: request.response,
    payload: sim.model.requests[number]?.payload ?? {},
    answer: request.answers.at(-1) ?? null,
    times: request.times,
    gaveUp: request.gaveUp,
  }))
}
