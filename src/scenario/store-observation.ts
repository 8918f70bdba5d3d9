/** What an onlooker can ask of event stores and projections: states at any moment, the audit trail, how far, how late. */

import type { Row, Table } from '../kernel/disk.ts'
import { createEnv, type Env, emptyEnv, pastAt } from '../kernel/evaluation.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { reachedPosition } from '../patterns/await-position.ts'
import { fold, foldAsOf, rowsOfStream, storeCounts } from '../patterns/event-store.ts'
import { storedPosition } from '../patterns/projection.ts'
import { type ProjectionModel, type ProjectionRun, projectionState } from '../patterns/projection-model.ts'
import { type AggregateModel, Column, evolve, readEvent, type State, type StoreModel } from '../patterns/store-model.ts'
import type { Value } from '../trace/trace-format.ts'
import type { Stores } from './compile-event-stores.ts'
import type { Compiled } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { nearest } from './nearest.ts'

const counted = ['eventsRead', 'eventsAppended', 'snapshotsRead', 'snapshotsTaken'] as const
export const storeNames = [...counted, 'state', 'stateAtVersion', 'audit', 'projection']

export class StoreNames {
  private readonly stores: Stores
  private readonly projections: readonly ProjectionModel[]

  constructor(stores: Stores, projections: readonly ProjectionModel[]) {
    this.stores = stores
    this.projections = projections
  }

  find(name: string): Compiled | null {
    const count = counted.find((one) => one === name)
    if (count === undefined || this.stores.size === 0) return null
    return any((env) => storeCounts(env.sim)[count])
  }

  call(name: string, args: readonly Compiled[]): Compiled | null {
    if (name === 'projection') return this.projection(args)
    if (name !== 'state' && name !== 'stateAtVersion' && name !== 'audit') return null
    const { store, aggregate, stream } = this.aggregate(name, args)
    const [, , first, second] = args
    if (name === 'audit') return any((env) => auditTrail(env.sim, store, aggregate, stream(env), fresh(env.sim)))
    if (first === undefined) {
      return any((env) => fold(env.sim, store, aggregate, stream(env), null, fresh(env.sim)).state)
    }
    if (name === 'stateAtVersion') {
      return any((env) =>
        foldAsOf(env.sim, store, aggregate, stream(env), { version: number(first, env) }, fresh(env.sim)),
      )
    }
    return any((env) => {
      const moment = { effective: number(first, env), ...(second === undefined ? {} : { known: number(second, env) }) }
      return foldAsOf(env.sim, store, aggregate, stream(env), moment, fresh(env.sim))
    })
  }

  private aggregate(call: string, [kind, id]: readonly Compiled[]) {
    const name = kind === undefined ? null : constantText(kind)
    if (name === null || id === undefined) {
      throw new ExpressionError(`${call}(…) takes an aggregate and its id, for example ${call}("account", "1")`)
    }
    const known: string[] = []
    for (const store of this.stores.values()) {
      const aggregate = store.aggregates.get(name)
      known.push(...store.aggregates.keys())
      if (aggregate !== undefined) return { store, aggregate, stream: (env: Env) => `${name}-${id.get(env)}` }
    }
    throw new ExpressionError(`no event store has an aggregate "${name}"${nearest(name, known)}`)
  }

  private projection([first]: readonly Compiled[]): Compiled {
    const name = first === undefined ? null : constantText(first)
    const known = this.projections.map((one) => one.name)
    const model = this.projections.find((one) => one.name === name)
    if (model === undefined) {
      throw new ExpressionError(
        name === null
          ? 'projection(…) takes the name of a projection'
          : `no projection is called "${name}"${nearest(name, known)}`,
      )
    }
    return any((env) => progress(env.sim, model))
  }
}

/** How a projection stands: counts of events. */
function progress(sim: Simulation, model: ProjectionModel): Value {
  const run = projectionState(sim).runs[model.number] as ProjectionRun
  const position = reachedPosition(sim, model)
  let missed = 0
  let behind = 0
  for (const { id, cells } of (sim.tables[model.store.events] as Table).rows.values()) {
    if (cells === null || !model.live.messageTypes.has(cells[Column.type] as string)) continue
    const isApplied = id < run.seenUpTo || run.seenBeyond.has(id + 1)
    if (id + 1 > position) behind++
    else if (!isApplied) missed++
  }
  return {
    position,
    checkpoint: model.persistent ? 0 : storedPosition(sim, model, model.live.name),
    lag: behind,
    applied: run.applied,
    repeated: run.repeated,
    missed,
    skipped: run.skipped,
    parked: run.parked,
    dropped: run.dropped,
    stopped: run.stopped,
  }
}

/** Every event of a stream with the state it led to, as whoever folded it at that moment saw it. */
export function auditTrail(
  sim: Simulation,
  store: StoreModel,
  aggregate: AggregateModel,
  stream: string,
  env: Env,
): Value {
  const rows = rowsOfStream(sim, store, stream).filter(({ cells }) => cells !== null)
  let state: State = { ...aggregate.initial }
  let changes = 0
  const trail = rows.map(({ cells, version }, place) => {
    const stored = cells as readonly Value[]
    if (store.looksInto.size > 0) {
      env.past = pastAt({ version })
      // Other tables say something else by now: every event is read anew, as a fold at that moment would.
      const before = changesUpTo(sim, store, version)
      if (before !== changes) state = foldBeginning(store, aggregate, rows.slice(0, place), env)
      changes = before
    }
    const event = readEvent(store, stored, env)
    evolve(aggregate, event, stored, state, env)
    return { ...event, state: { ...state } }
  })
  return trail as unknown as Value
}

function foldBeginning(store: StoreModel, aggregate: AggregateModel, rows: readonly Row[], env: Env): State {
  const state: State = { ...aggregate.initial }
  for (const { cells } of rows) {
    const stored = cells as readonly Value[]
    evolve(aggregate, readEvent(store, stored, env), stored, state, env)
  }
  return state
}

/** How often the tables that folds look into had changed by then. */
function changesUpTo(sim: Simulation, { looksInto }: StoreModel, version: number): number {
  let changes = 0
  for (const table of looksInto) {
    for (const past of (sim.tables[table] as Table).past ?? []) if (past.version <= version) changes++
  }
  return changes
}

function fresh(sim: Simulation): Env {
  return createEnv(sim, null, {})
}

function number(compiled: Compiled, env: Env): number {
  return Number(compiled.get(env))
}

function any(get: Compiled['get']): Compiled {
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
