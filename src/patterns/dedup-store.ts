/**
 * The store behind an idempotency key or an inbox, as something that fills up: rows go when their time is over or when
 * there is no more room, and a local store belongs to one replica and dies with its memory. What a store holds, finds and
 * lets go is measured here.
 */
import { clockOf } from '../kernel/clock.ts'
import { commit, type Row, type Table, type Transaction, write } from '../kernel/disk.ts'
import { countGone, countLookUp, storeChanged } from '../kernel/load.ts'
import type { PatternModel, TableModel } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import { STORE_PATTERN } from './pattern-numbers.ts'
import { touch } from './protections.ts'

export interface StoreSettings {
  readonly service: number
  readonly table: number
  /** Rows it holds, each replica for itself when it is local; the least recently used ones go. */
  readonly capacity: number
  /** Microseconds a row counts for; Infinity for ever. */
  readonly retention: number
  /** Expired rows are deleted at most so often, microseconds; Infinity for never. */
  readonly purge: number
  /** Every replica has its own, in its memory. */
  readonly isLocal: boolean
}

/** By this clock a store judges what has expired: that of the service that keeps it. Microseconds. */
export function storeClock(sim: Simulation, { service }: StoreSettings): number {
  return clockOf(sim, service)
}

/** Plain data. */
export interface StoreState {
  /** Row and time, row and time, … in the order in which the keys were claimed; those before `head` are gone. */
  born: number[]
  head: number
  nextPurge: number
  /** Of a local store, by replica: its rows by number, the least recently used first. */
  readonly own: Map<number, Row>[]
}

export function dedupStores(settings: readonly StoreSettings[]): PatternModel {
  return {
    name: 'dedup stores',
    init: (): StoreState[] => settings.map(() => ({ born: [], head: 0, nextPurge: 0, own: [] })),
    onCrash: (sim, service) => forget(sim, settings, service, 0),
    onReplicaCrash: (sim, service, replica) => forget(sim, settings, service, replica, replica + 1),
    onScale: (sim, service, replicas) => forget(sim, settings, service, replicas),
  }
}

function stateOf(sim: Simulation, settings: StoreSettings): StoreState {
  const states = sim.patterns[STORE_PATTERN] as StoreState[]
  return states[sim.model.stores.indexOf(settings.table)] as StoreState
}

/** What a name in a local store is known by: keys of two replicas never meet. */
export function inStoreOf(task: Task, { isLocal }: StoreSettings, name: string): string {
  return isLocal ? `${name} @${task.replica + 1}` : name
}

/** A new row was claimed: it is counted, and others make room for it. */
export function keepClaimed(sim: Simulation, task: Task, settings: StoreSettings, row: Row): void {
  const { table, isLocal, capacity, purge } = settings
  const isBounded = capacity < Number.POSITIVE_INFINITY
  if (isLocal || purge < Number.POSITIVE_INFINITY) {
    const state = stateOf(sim, settings)
    if (isLocal) ownRows(state, task.replica).set(row.id, row)
    if (purge < Number.POSITIVE_INFINITY) state.born.push(row.id, storeClock(sim, settings))
    if (isLocal && isBounded) makeRoom(sim, task, settings, ownRows(state, task.replica), capacity)
  }
  const { rows } = sim.tables[table] as Table
  if (!isLocal && isBounded) makeRoom(sim, task, settings, rows, capacity)
  if (sim.load !== null) countLookUp(sim, table, false)
}

/** A row was found and answers for what is asked again. */
export function keepUsed(sim: Simulation, task: Task, settings: StoreSettings, row: Row): void {
  if (settings.capacity < Number.POSITIVE_INFINITY) {
    const own = settings.isLocal ? ownRows(stateOf(sim, settings), task.replica) : null
    if (own === null) touch(sim, settings.table, row)
    else if (own.delete(row.id)) own.set(row.id, row)
  }
  if (sim.load !== null) countLookUp(sim, settings.table, true)
}

/** A row was found whose time is over: it is used for the new claim. */
export function keepRenewed(sim: Simulation, { table }: StoreSettings): void {
  if (sim.load === null) return
  countGone(sim, table, 'expired')
  countLookUp(sim, table, false)
}

function ownRows(state: StoreState, replica: number): Map<number, Row> {
  while (state.own.length <= replica) state.own.push(new Map())
  return state.own[replica] as Map<number, Row>
}

/** The ones used longest ago go, in the task's transaction, until there is room. */
function makeRoom(
  sim: Simulation,
  task: Task,
  { table }: StoreSettings,
  rows: Map<number, Row>,
  capacity: number,
): void {
  const kept = (sim.tables[table] as Table).rows
  let tooMany = rows.size - capacity
  for (const row of rows.values()) {
    if (tooMany <= 0) return
    if (kept.get(row.id) !== row) {
      // Of a claim that was rolled back, or of a row that is gone.
      rows.delete(row.id)
    } else if (row.lock !== null && row.pending !== null) continue
    else if (row.lock === null) drop(sim, task, table, row, 'evicted')
    tooMany--
  }
}

function drop(sim: Simulation, task: Task, table: number, row: Row, why: 'evicted' | 'expired'): void {
  write(sim.model.tables[table] as TableModel, sim.tables[table] as Table, task.tx as Transaction, row, null)
  if (sim.load !== null) countGone(sim, table, why)
}

/** Deletes what has expired, when it is time to, in the task's transaction. */
export function purgeExpired(
  sim: Simulation,
  task: Task,
  settings: StoreSettings,
  isExpired: (cells: readonly Value[]) => boolean,
): void {
  if (settings.purge === Number.POSITIVE_INFINITY) return
  const state = stateOf(sim, settings)
  if (sim.now < state.nextPurge) return
  state.nextPurge = sim.now + settings.purge
  const { rows } = sim.tables[settings.table] as Table
  const { born } = state
  const now = storeClock(sim, settings)
  for (let place = state.head; place < born.length; place += 2) {
    // Whatever is behind it is younger.
    if (now < (born[place + 1] as number) + settings.retention) break
    const row = rows.get(born[place] as number)
    if (row === undefined) {
      // Gone for good: a deletion that is rolled back keeps its row, and its place here.
      if (place === state.head) state.head += 2
    } else if (row.lock === null && row.cells !== null) {
      if (isExpired(row.cells)) drop(sim, task, settings.table, row, 'expired')
      else claimedAnew(state, place, row, now)
    }
  }
  if (state.head > 2048 && state.head * 2 > born.length) {
    state.born = born.slice(state.head)
    state.head = 0
  }
}

/** Old enough, and has not expired: somebody has claimed the key anew. Its turn comes later. */
function claimedAnew(state: StoreState, place: number, row: Row, now: number): void {
  state.born.push(row.id, now)
  state.born[place] = NONE
}

/** Replicas from the given one on, up to another, have lost their memory. */
function forget(sim: Simulation, all: readonly StoreSettings[], service: number, from: number, to?: number): void {
  for (const settings of all) {
    if (!settings.isLocal || settings.service !== service) continue
    const { own } = stateOf(sim, settings)
    for (const rows of own.slice(from, to)) {
      for (const row of rows.values()) deleteAtOnce(sim, settings, row)
      rows.clear()
    }
    storeChanged(sim, settings.table)
  }
}

/** In a transaction of its own; a row that somebody holds stays. */
export function deleteAtOnce(sim: Simulation, { service, table }: StoreSettings, row: Row, cause: number = NONE): void {
  const rows = sim.tables[table] as Table
  if (rows.rows.get(row.id) !== row || row.lock !== null) return
  const tx: Transaction = { id: sim.transactionCount++, writes: [], waiters: [], waitsFor: null, open: true }
  write(sim.model.tables[table] as TableModel, rows, tx, row, null)
  commit(sim.model.tables, tx, (changedTable, changed) => {
    if (sim.trace === null) return
    const change = sim.storeRow(changedTable, changed, changed.stored)
    sim.note(Kind.rowChanged, service, NONE, NONE, cause, change)
  })
}
