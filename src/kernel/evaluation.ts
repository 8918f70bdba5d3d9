/** What a compiled expression sees while it is evaluated: a message, a row, values read before, the tables. */
import type { Value } from '../trace/trace-format.ts'
import { type PastRow, seen, type Table, type Transaction } from './disk.ts'
import type { Payload } from './model.ts'
import type { Simulation } from './simulation.ts'
import { noteScan } from './snapshot.ts'
import type { Task } from './task.ts'

/** A visitor's expression met a value it cannot work with: a transient error of the handling, never a crash of ours. */
export class EvaluationError extends Error {}

export interface Env {
  sim: Simulation
  tx: Transaction | null
  request: Payload
  /** Whose clock `now` reads; the operation's own service when absent. */
  service: number | undefined
  /** The idempotency key of the message being handled. */
  key: string | null | undefined
  /** Whose looks at rows are written down; nobody's when absent. */
  reader: Task | null | undefined
  /** The epoch under which the message being handled was sent; 0 for none. */
  epoch: number | undefined
  row: readonly Value[] | null
  /** While an event is folded: the aggregate's state, and what is known of the event beside its data. */
  state: { [field: string]: Value } | undefined
  event: Payload | undefined
  /** Tables are read as they were then; as they are when absent. */
  past?: Past | null
  /** Values by slot: rows read before, and the variables of filter, map, exists and all. */
  locals: unknown[]
}

/** A moment of the past: the last version of a table that counts, and the last virtual time, microseconds. */
export interface Past {
  readonly version: number
  readonly time: number
  /** What was found, by table: a fold asks again and again. */
  readonly found: Map<number, (readonly Value[])[]>
}

export function pastAt({ version = Number.POSITIVE_INFINITY, time = Number.POSITIVE_INFINITY }): Past {
  return { version, time, found: new Map() }
}

export type Evaluate = (env: Env) => unknown

/**
 * An environment of which nothing is known yet. All have the same fields in the same order: expressions read them by the
 * million, and objects that are laid out alike are read faster.
 */
export function emptyEnv(): Env {
  return {
    sim: undefined as never,
    tx: null,
    request: {},
    service: undefined,
    key: undefined,
    reader: undefined,
    epoch: undefined,
    row: null,
    state: undefined,
    event: undefined,
    locals: [],
  }
}

export function createEnv(sim: Simulation, tx: Transaction | null, request: Payload, locals: unknown[] = []): Env {
  const env = emptyEnv()
  env.sim = sim
  env.tx = tx
  env.request = request
  env.locals = locals
  return env
}

/** The rows of a table as the environment's transaction sees them, oldest first. */
export function visibleRows(env: Env, table: number): (readonly Value[])[] {
  const { past } = env.sim.tables[table] as Table
  if (env.past && past !== null) return pastRows(env.past, past, table)
  noteScan(env.tx, env.sim.tables[table] as Table)
  const rows: (readonly Value[])[] = []
  for (const row of (env.sim.tables[table] as Simulation['tables'][number]).rows.values()) {
    const cells = seen(row, env.tx)
    if (cells !== null) rows.push(cells)
  }
  return rows
}

/** The rows of a table as they were at that moment, oldest first. */
export function pastRows(moment: Past, past: readonly PastRow[], table: number): (readonly Value[])[] {
  const known = moment.found.get(table)
  if (known !== undefined) return known
  const rows = new Map<number, readonly Value[]>()
  for (const { row, version, at, cells } of past) {
    if (version > moment.version || at > moment.time) continue
    if (cells === null) rows.delete(row)
    else rows.set(row, cells)
  }
  const found = [...rows].sort(([a], [b]) => a - b).map(([, cells]) => cells)
  moment.found.set(table, found)
  return found
}
