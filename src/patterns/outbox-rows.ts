/** The rows of an outbox: what they say, how one is published and marked. */
import { publish, send } from '../kernel/bus.ts'
import { commit, type Row, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import type { TableModel } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Outgoing } from '../kernel/task.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { OUTBOX_PATTERN } from './pattern-numbers.ts'

export const outboxColumns = ['message', 'to', 'sent'] as const
export const SENT = 2

export interface OutboxSettings {
  readonly service: number
  readonly table: number
  /** When a row is marked: after its own publishing, after the whole batch, or (the mistake) before. */
  readonly mark: 'each' | 'batch' | 'before publishing'
  readonly batch: number
  /** Microseconds between two rounds of a polling relay; 0 = right after each commit. */
  readonly every: number
  /** How many relays publish side by side, and which of them takes a row: any, or always the same for one group. */
  readonly relays: number
  readonly share: 'any' | 'by key'
  /** How a relay finds what to publish: see relays.ts. */
  readonly reads: 'unsent' | 'after last id' | 'up to the oldest open'
  /** Microseconds a relay needs for one row. */
  readonly time: number
}

/** By outbox row: what it says, and the id it was published under. Kept beside the table, which holds the words. */
export interface OutboxState {
  readonly outgoing: Map<string, Outgoing>
  readonly published: Map<string, number>
  /** Services whose relay is due. */
  readonly scheduled: Set<number>
  /** The transaction that inserted a row. */
  readonly born: Map<string, number>
  /** By service and relay: the row it is busy with, and which life of the service that was. */
  readonly busy: Map<string, number>
  /** By table: the highest id that was looked at. */
  readonly last: Map<number, number>
}

export function stateOf(sim: Simulation): OutboxState {
  return sim.patterns[OUTBOX_PATTERN] as OutboxState
}

export function publishRow(sim: Simulation, settings: OutboxSettings, row: Row, cause: number): void {
  const state = stateOf(sim)
  const key = `${settings.table}/${row.id}`
  const out = state.outgoing.get(key) as Outgoing
  const before = state.published.get(key)
  // An event counts as published once, however often the relay sends it.
  if (before === undefined) publish(sim, settings.service, out, cause)
  if (out.to !== NONE) state.published.set(key, send(sim, settings.service, out, cause, before ?? NONE).logical)
}

/** In a transaction of its own: a crash before it publishes the message once more. */
export function markSent(sim: Simulation, settings: OutboxSettings, row: Row, cause: number): void {
  const { service, table } = settings
  const tx: Transaction = { id: sim.transactionCount++, writes: [], waiters: [], waitsFor: null, open: true }
  const cells = seen(row, null)
  if (cells === null) return
  write(model(sim, table), sim.tables[table] as Table, tx, row, [...cells.slice(0, SENT), true])
  commit(sim.model.tables, tx, (changedTable, changed) => {
    if (sim.trace === null) return
    sim.note(Kind.rowChanged, service, NONE, NONE, cause, sim.storeRow(changedTable, changed, changed.stored))
  })
}

export function model(sim: Simulation, table: number): TableModel {
  return sim.model.tables[table] as TableModel
}
