/**
 * The event store at work: append with an expected version, load by folding, snapshots. Appending is an insert under
 * UNIQUE(stream, version) in the handler's transaction, so a race for a version is lost at the index, as in a database.
 */
import { insert, type Row, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import { type Env, EvaluationError, type Past, pastAt } from '../kernel/evaluation.ts'
import { giveWay } from '../kernel/give-way.ts'
import { waitFor } from '../kernel/handler.ts'
import { Metric } from '../kernel/metrics.ts'
import { Next, type NextCode, type PatternModel, type Payload, type TableModel } from '../kernel/model.ts'
import { failTask, note, sleep } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { isAfterSnapshot, noteKey } from '../kernel/snapshot.ts'
import type { Task } from '../kernel/task.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import { EVENT_STORE_PATTERN } from './pattern-numbers.ts'
import { type AggregateModel, Column, evolve, readEvent, type State, type StoreModel } from './store-model.ts'
import { stateAfter, WORTH_MARKING } from './stream-marks.ts'

export const WRONG_VERSION = 'WRONG_EXPECTED_VERSION'
/** Expected versions that are no number: whatever it is, nothing yet, something already. */
export const Expected = { any: -1, exists: -2 } as const

export interface StoreCounts {
  eventsRead: number
  eventsAppended: number
  snapshotsRead: number
  snapshotsTaken: number
}

export const eventStorePattern: PatternModel = {
  name: 'event store',
  init: (): StoreCounts => ({ eventsRead: 0, eventsAppended: 0, snapshotsRead: 0, snapshotsTaken: 0 }),
}

export function storeCounts(sim: Simulation): StoreCounts {
  return sim.patterns[EVENT_STORE_PATTERN] as StoreCounts
}

/** An aggregate as an operation knows it: its state's fields, and where they come from. */
export type Loaded = Payload & { readonly version: number; readonly exists: boolean; readonly stream: string }

export interface Folded {
  readonly state: State
  readonly version: number
  /** Events read, those inside a snapshot not counted. */
  readonly read: number
  readonly snapshot: boolean
}

/** Which events a fold takes: bounds in milliseconds, inclusive. */
export interface Moment {
  readonly effective: number
  readonly known: number
  readonly version: number
}
const ALWAYS: Moment = {
  effective: Number.POSITIVE_INFINITY,
  known: Number.POSITIVE_INFINITY,
  version: Number.POSITIVE_INFINITY,
}

export function rowsOfStream(sim: Simulation, store: StoreModel, stream: string): readonly Row[] {
  return (sim.tables[store.events] as Table).lookups[0]?.get(stream) ?? NO_ROWS
}
const NO_ROWS: readonly Row[] = []

/** The version of the stream's last event that the transaction sees; 0 when there is none. */
export function versionOf(sim: Simulation, store: StoreModel, stream: string, tx: Transaction | null): number {
  const rows = rowsOfStream(sim, store, stream)
  let version = 0
  for (let i = rows.length - 1; i >= 0 && version === 0; i--) {
    version = (seen(rows[i] as Row, tx)?.[Column.version] as number | undefined) ?? 0
  }
  if (tx?.snapshot?.reads) {
    const table = sim.tables[store.events] as Table
    noteKey(tx, table, STREAM_INDEX, [stream, version + 1], null)
  }
  return version
}
/** Place of UNIQUE(stream, version) among the events table's unique indexes. */
const STREAM_INDEX = 0

/** The aggregate's state by folding its stream, from the latest snapshot on when there is one it can use. */
export function fold(
  sim: Simulation,
  store: StoreModel,
  aggregate: AggregateModel,
  stream: string,
  tx: Transaction | null,
  env: Env,
): Folded {
  const rows = rowsOfStream(sim, store, stream)
  const snapshot = usableSnapshot(sim, store, aggregate, stream, tx)
  const state: State = { ...aggregate.initial, ...(snapshot?.state as State | undefined) }
  let version = snapshot?.version ?? 0
  let from = rows.length
  while (from > 0 && ((rows[from - 1] as Row).cells?.[Column.version] as number) > version) from--
  // An open transaction's own events, and what was rolled back, have no committed cells: look at the rest from the start.
  if (from > 0 && (rows[from - 1] as Row).cells === null) from = 0
  let read = 0
  for (let i = from; i < rows.length; i++) {
    const cells = seen(rows[i] as Row, tx)
    if (cells === null || (cells[Column.version] as number) <= version) continue
    evolve(aggregate, readEvent(store, cells, env), cells, state, env)
    version = cells[Column.version] as number
    read++
  }
  return { state, version, read, snapshot: snapshot !== null }
}

/** What was true at one moment, by what was known at another. Never from a snapshot: that is of one moment only. */
export function foldAsOf(
  sim: Simulation,
  store: StoreModel,
  aggregate: AggregateModel,
  stream: string,
  moment: Partial<Moment>,
  env: Env,
): State {
  const { effective, known, version } = { ...ALWAYS, ...moment }
  const belongs = (cells: readonly unknown[]) =>
    (cells[Column.effective] as number) <= effective &&
    (cells[Column.recorded] as number) <= known &&
    (cells[Column.version] as number) <= version
  const rows = rowsOfStream(sim, store, stream)
  env.past = pastOf(store, rows, moment)
  if (rows.length > WORTH_MARKING && store.looksInto.size === 0) {
    const { version: tableVersion } = sim.tables[store.events] as Table
    const marked = stateAfter(store, aggregate, rows, tableVersion, env, belongs)
    if (marked !== null) return marked
  }
  const taken = rows.filter(({ cells }) => cells !== null && belongs(cells))
  // What took effect earlier comes first, however late it was recorded; the stream's own order decides between equals.
  const order = [...taken].sort(
    (a, b) => (a.cells?.[Column.effective] as number) - (b.cells?.[Column.effective] as number) || a.id - b.id,
  )
  const state: State = { ...aggregate.initial }
  for (const { cells } of order) {
    const stored = cells as readonly Value[]
    evolve(aggregate, readEvent(store, stored, env), stored, state, env)
  }
  return state
}

/** Whoever looked at that moment saw the tables of that moment: when what was known then was known, or with that event. */
function pastOf(store: StoreModel, rows: readonly Row[], { known, version }: Partial<Moment>): Past | null {
  if (store.looksInto.size === 0 || (known === undefined && version === undefined)) return null
  const last =
    version === undefined ? undefined : rows.findLast(({ cells }) => (cells?.[Column.version] as number) <= version)
  return pastAt({
    ...(last === undefined ? {} : { version: last.version }),
    ...(known === undefined ? {} : { time: known * 1000 }),
  })
}

function usableSnapshot(
  sim: Simulation,
  store: StoreModel,
  aggregate: AggregateModel,
  stream: string,
  tx: Transaction | null,
): { version: number; state: Payload } | null {
  if (store.snapshots < 0) return null
  const row = (sim.tables[store.snapshots] as Table).indexes[0]?.rows.get(stream)
  const cells = row === undefined ? null : seen(row, tx)
  if (cells === null) return null
  const [, version, revision, state] = cells
  if (aggregate.checkRevision && revision !== aggregate.revision) return null
  return { version: version as number, state: state as Payload }
}

/** Loads an aggregate into a local value; takes the time that reading its events takes. */
export function loadAggregate(
  sim: Simulation,
  task: Task,
  store: StoreModel,
  aggregate: AggregateModel,
  id: string,
  slot: number,
  env: Env,
): NextCode {
  const stream = `${aggregate.name}-${id}`
  // Noted as read even when a snapshot says it all: at SERIALIZABLE a later event is a change of what was read.
  versionOf(sim, store, stream, task.tx)
  const folded = fold(sim, store, aggregate, stream, task.tx, env)
  const counts = storeCounts(sim)
  counts.eventsRead += folded.read
  if (folded.snapshot) counts.snapshotsRead++
  task.locals[slot] = loadedValue(folded.state, folded.version, stream)
  task.cause = note(sim, task, Kind.loaded, sim.value(stream), folded.read)
  const time = folded.read * store.readTime
  if (time === 0) return Next.go
  sleep(sim, task, time)
  task.pc++
  return Next.wait
}

function loadedValue(state: State, version: number, stream: string): Value {
  return { ...state, version, exists: version > 0, stream }
}

export interface NewEvent {
  readonly type: string
  readonly id: string
  readonly data: Payload
}

export interface AppendModel {
  readonly store: StoreModel
  readonly stream: string
  readonly expected: number
  readonly events: readonly NewEvent[]
  /** Milliseconds. */
  readonly effective: number
  /** What a conflict leads to: an error, loading and deciding again, or the same events once more behind the others. */
  readonly onConflict: 'fail' | 'reload' | 'append again'
  /** The loaded aggregate it belongs to: its local value follows, and snapshots are taken of it. */
  readonly loaded: { readonly aggregate: AggregateModel; readonly slot: number } | null
}

export type AppendResult = { readonly next: NextCode } | { readonly appended: number }

export function append(sim: Simulation, task: Task, model: AppendModel, env: Env): AppendResult {
  const { store, stream, events, expected } = model
  const current = versionOf(sim, store, stream, task.tx)
  if (isStored(sim, model, current, task.tx)) return acknowledgeAgain(sim, task, model)
  const isExpected = expected === Expected.any || (expected === Expected.exists ? current > 0 : expected === current)
  if (!isExpected && model.onConflict !== 'append again') return { next: conflict(sim, task, model, current) }
  if (!isExpected) {
    sim.conflicts++
    task.cause = note(sim, task, Kind.appendConflict, sim.value(stream), current)
  }
  const origin = originOf(task)
  for (let i = 0; i < events.length; i++) {
    const next = insertEvent(sim, task, model, events[i] as NewEvent, current + 1 + i, origin, env)
    if (next !== Next.go) return { next }
  }
  storeCounts(sim).eventsAppended += events.length
  return { appended: events.length }
}

/** The same events at the place where they were expected to go: the first attempt's acknowledgement was lost. */
function isStored(
  sim: Simulation,
  { store, stream, events, expected }: AppendModel,
  current: number,
  tx: Transaction | null,
): boolean {
  if (expected === Expected.exists || current === 0) return false
  // Without an expected version only the end of the stream is looked at: best effort, no promise.
  const from = expected === Expected.any ? current - events.length : expected
  if (from < 0 || from + events.length > current) return false
  const rows = rowsOfStream(sim, store, stream)
  let missing = events.length
  for (let i = rows.length - 1; i >= 0 && missing > 0; i--) {
    const cells = seen(rows[i] as Row, tx)
    if (cells === null) continue
    const place = (cells[Column.version] as number) - from - 1
    if (place < 0) return false
    if (place < events.length && events[place]?.id !== cells[Column.id]) return false
    if (place < events.length) missing--
  }
  return missing === 0
}

function acknowledgeAgain(sim: Simulation, task: Task, { events }: AppendModel): AppendResult {
  if (task.message !== null) sim.count(task.message.body.type, Metric.deduplicated)
  task.cause = note(sim, task, Kind.deduplicated, sim.value('event store'), sim.value(events[0]?.id ?? ''))
  return { appended: 0 }
}

function conflict(sim: Simulation, task: Task, model: AppendModel, current: number): NextCode {
  task.cause = note(sim, task, Kind.appendConflict, sim.value(model.stream), current)
  if (model.onConflict === 'reload') return giveWay(sim, task, `${model.stream} is at version ${current} by now`)
  sim.conflicts++
  return failTask(sim, task, WRONG_VERSION) as NextCode
}

function insertEvent(
  sim: Simulation,
  task: Task,
  model: AppendModel,
  event: NewEvent,
  version: number,
  { causation, correlation }: Origin,
  env: Env,
): NextCode {
  const { store, stream, loaded } = model
  const table = sim.tables[store.events] as Table
  const schema = store.types.get(event.type)
  const cells: Value[] = [
    table.nextRow + 1,
    stream,
    version,
    event.type,
    event.id,
    event.data,
    schema?.version ?? 1,
    model.effective,
    sim.now / 1000,
    causation,
    correlation,
  ]
  // Only what its readers can read is stored; events nobody has described can be read by everybody.
  const isPlain = loaded === null && schema === undefined && store.upcasters.size === 0
  const read = isPlain ? null : readEvent(store, cells, env)
  const tx = task.tx as Transaction
  const outcome = insert(sim.model.tables[store.events] as TableModel, table, tx, cells)
  if ('waitFor' in outcome) return waitFor(sim, task, outcome.waitFor, `version ${version} of ${stream}`)
  if ('violates' in outcome) return giveWay(sim, task)
  task.cause = note(sim, task, Kind.appended, sim.value(stream), version)
  if (loaded === null || read === null) return Next.go
  const { version: _version, exists: _exists, stream: _stream, ...state } = task.locals[loaded.slot] as Loaded
  const after: State = { ...(state as Payload) }
  evolve(loaded.aggregate, read, cells, after, env)
  task.locals[loaded.slot] = loadedValue(after, version, stream)
  return takeSnapshot(sim, task, store, loaded.aggregate, stream, version, after)
}

/** What led to the events of one append. */
interface Origin {
  readonly causation: string | null
  readonly correlation: string | null
}

function originOf({ saga, message }: Task): Origin {
  const causation = message === null ? null : `message ${message.logical}`
  if (saga !== NONE) return { causation, correlation: `saga ${saga}` }
  const isAsked = message !== null && message.body.request !== NONE
  return { causation, correlation: isAsked ? `request ${message.body.request}` : null }
}

function takeSnapshot(
  sim: Simulation,
  task: Task,
  store: StoreModel,
  aggregate: AggregateModel,
  stream: string,
  version: number,
  state: State,
): NextCode {
  if (aggregate.snapshotEvery === 0 || version % aggregate.snapshotEvery !== 0) return Next.go
  const table = sim.tables[store.snapshots] as Table
  const model = sim.model.tables[store.snapshots] as TableModel
  const cells = [stream, version, aggregate.revision, state]
  const tx = task.tx as Transaction
  const outcome = insert(model, table, tx, cells)
  if ('waitFor' in outcome) throw new EvaluationError(`the snapshot of ${stream} is being written by somebody else`)
  if ('violates' in outcome) {
    if (isAfterSnapshot(outcome.violates, tx)) return giveWay(sim, task)
    write(model, table, tx, outcome.violates, cells)
  }
  storeCounts(sim).snapshotsTaken++
  task.cause = note(sim, task, Kind.snapshotTaken, sim.value(stream), version)
  return Next.go
}
