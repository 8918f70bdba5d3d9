/** Statements on event stores and projections: load, append, await, rebuild. */
import { seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import type { Payload, TableModel } from '../kernel/model.ts'
import { awaitPosition } from '../patterns/await-position.ts'
import { append, Expected, type Loaded, loadAggregate, type NewEvent } from '../patterns/event-store.ts'
import { setPosition } from '../patterns/projection.ts'
import { projectionState } from '../patterns/projection-model.ts'
import type { AggregateModel, StoreModel } from '../patterns/store-model.ts'
import type { Value } from '../trace/trace-format.ts'
import { us } from './compile-faults.ts'
import { LOCALS_OF_MACROS } from './expression.ts'
import { nearest } from './nearest.ts'
import type { AppendStatement, AwaitStatement, LoadStatement, RebuildStatement } from './schema-store.ts'
import { executed, meetOthers, type StatementScope } from './statement-scope.ts'
import type { Cell } from './statement-types.ts'
import { eventsOf } from './store-names.ts'

export function compileLoad(scope: StatementScope, statement: LoadStatement, path: string): void {
  const store = storeOf(scope, statement.store, `${path}.store`)
  if (store === null) return
  const aggregate = store.aggregates.get(statement.load)
  if (aggregate === undefined) {
    const known = [...store.aggregates.keys()]
    scope.context.problems.add(
      `${path}.load`,
      `the store has no aggregate "${statement.load}"${nearest(statement.load, known)}`,
    )
    return
  }
  const id = scope.expression(statement.id, `${path}.id`, -1)
  const slot = scope.variables.get(statement.as)?.slot ?? scope.variables.size
  if (slot >= LOCALS_OF_MACROS) scope.context.problems.add(`${path}.as`, `at most ${LOCALS_OF_MACROS} rows can be read`)
  scope.variables.set(statement.as, { slot, table: -1 })
  scope.loaded.set(statement.as, { aggregate, store, slot })
  const number = scope.register(statement)
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    executed(sim, task, number, 0)
    return loadAggregate(sim, task, store, aggregate, String(id(scope.env)), slot, scope.eventEnv(sim))
  })
}

export function compileAppend(scope: StatementScope, statement: AppendStatement, path: string): void {
  const { problems } = scope.context
  const loaded = statement.to === undefined ? null : (scope.loaded.get(statement.to) ?? null)
  if (statement.to !== undefined && loaded === null) {
    problems.add(
      `${path}.to`,
      `"${statement.to}" is no loaded aggregate${nearest(statement.to, [...scope.loaded.keys()])}`,
    )
    return
  }
  if ((statement.to === undefined) === (statement.stream === undefined)) {
    problems.add(path, 'an append names either a loaded aggregate (`to`) or a `stream`')
    return
  }
  const store = loaded?.store ?? storeOf(scope, statement.store, `${path}.store`)
  if (store === null) return
  const stream = statement.stream === undefined ? null : scope.expression(statement.stream, `${path}.stream`, -1)
  const expected = expectedVersion(scope, statement, loaded, `${path}.expected`)
  const effective =
    statement.effectiveMs === undefined ? null : scope.cell(statement.effectiveMs, `${path}.effectiveMs`)
  const events = eventsOf(statement).map((event, i) => {
    const where = typeof statement.append === 'string' ? path : `${path}.append[${i}]`
    return {
      type: event.event,
      id: event.eventId === undefined ? null : scope.expression(event.eventId, `${where}.eventId`, -1),
      data: dataOf(scope, event.with, `${where}.with`),
    }
  })
  const number = scope.register(statement)
  const { env } = scope
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    const name = loaded === null ? String(stream?.(env)) : (task.locals[loaded.slot] as Loaded).stream
    const version = expected(task.locals)
    const at = effective === null ? sim.now / 1000 : Number(effective(env))
    const given: NewEvent[] = events.map(({ type, id, data }) => {
      const own = data()
      return { type, id: id === null ? `event-${++sim.idCount}` : String(id(env)), data: own }
    })
    const result = append(
      sim,
      task,
      {
        store,
        stream: name,
        expected: version,
        events: given,
        effective: at,
        onConflict: statement.onConflict ?? 'fail',
        loaded: loaded === null ? null : { aggregate: loaded.aggregate, slot: loaded.slot },
      },
      scope.eventEnv(sim),
    )
    return 'next' in result ? result.next : executed(sim, task, number, result.appended)
  })
}

type LoadedName = { aggregate: AggregateModel; store: StoreModel; slot: number } | null

function expectedVersion(
  scope: StatementScope,
  { expected }: AppendStatement,
  loaded: LoadedName,
  path: string,
): (locals: readonly unknown[]) => number {
  const written = expected ?? (loaded === null ? 'any' : 'loaded')
  if (typeof written === 'number') return () => written
  if (written === 'any') return () => Expected.any
  if (written === 'no stream') return () => 0
  if (written === 'stream exists') return () => Expected.exists
  if (written === 'loaded') {
    if (loaded === null) {
      scope.context.problems.add(path, '`loaded` needs a loaded aggregate: load it and append with `to`')
      return () => Expected.any
    }
    return (locals) => (locals[loaded.slot] as Loaded).version
  }
  const value = scope.expression(written, path, -1)
  return () => Number(value(scope.env))
}

/** The event's own data: the fields named, or the message's. */
function dataOf(scope: StatementScope, fields: Record<string, Cell> | undefined, path: string): () => Payload {
  if (fields === undefined) return () => scope.env.request
  const values = Object.entries(fields).map(([name, cell]) => ({ name, value: scope.cell(cell, `${path}.${name}`) }))
  return () => {
    const data: Record<string, Value> = {}
    for (const { name, value } of values) data[name] = value(scope.env) as Value
    return data
  }
}

function storeOf(scope: StatementScope, written: string | undefined, path: string): StoreModel | null {
  const { world, stores, problems, service } = scope.context
  const name = written ?? (world.serviceNames[service] as string)
  const store = stores.get(name)
  if (store === undefined) problems.add(path, `service ${name} has no event store${nearest(name, [...stores.keys()])}`)
  return store ?? null
}

export function compileAwait(scope: StatementScope, statement: AwaitStatement, path: string): void {
  const find = projectionOf(scope, statement.await, `${path}.await`)
  if (find === null) return
  const position =
    statement.position === undefined ? null : scope.expression(statement.position, `${path}.position`, -1)
  const number = scope.register(statement)
  const timeout = us(statement.timeoutMs ?? 0)
  // What "by now" means is settled once, however often the waiting query looks again.
  scope.program.emit(
    (sim, task) => {
      scope.enter(sim, task)
      const model = find()
      const head = projectionState(sim).heads.get(model.store.service) ?? 0
      task.scratch = position === null ? head : Number(position(scope.env))
      return executed(sim, task, number, 0)
    },
    (sim, task) => awaitPosition(sim, task, find(), task.scratch as number, timeout),
  )
}

export function compileRebuild(scope: StatementScope, statement: RebuildStatement, path: string): void {
  const find = projectionOf(scope, statement.rebuild, `${path}.rebuild`)
  if (find === null) return
  const mode = statement.mode ?? 'in place'
  const number = scope.register(statement)
  scope.program.emit((sim, task) => {
    const model = find()
    const tx = task.tx as Transaction
    const lane = mode === 'in place' ? model.live : (model.next ?? model.live)
    for (const table of lane.tables) {
      const rows = sim.tables[table] as Table
      for (const row of rows.rows.values()) {
        if (seen(row, tx) === null) continue
        const inTheWay = meetOthers(sim, task, row, sim.model.tables[table] as TableModel)
        if (inTheWay !== null) return inTheWay
        write(sim.model.tables[table] as TableModel, rows, tx, row, null)
      }
    }
    setPosition(sim, tx, model, lane.name, 0)
    const { rebuilds } = projectionState(sim)
    rebuilds.set(tx.id, [...(rebuilds.get(tx.id) ?? []), { projection: model.number, mode }])
    return executed(sim, task, number, 0)
  })
}

/** Projections are compiled after the operations that name them: they are looked up when the statement runs. */
function projectionOf(scope: StatementScope, name: string, path: string) {
  const { world, projections, service, problems } = scope.context
  const own = projections.names(world.serviceNames[service] as string)
  if (!own.includes(name)) {
    problems.add(path, `service ${world.serviceNames[service]} has no projection "${name}"${nearest(name, own)}`)
    return null
  }
  const number = projections.number(name)
  return () => {
    const model = projections.models[number]
    if (model === undefined) throw new Error(`projection ${name} was not compiled`)
    return model
  }
}
