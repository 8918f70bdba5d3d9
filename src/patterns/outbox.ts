/**
 * OUTBOX: outgoing messages are rows of the same transaction as the effect. A relay publishes them after the commit
 * and marks each as sent; after a crash it publishes what is not marked, under the same message id. At least once.
 */
import { publish, send } from '../kernel/bus.ts'
import { commit, insert, type Row, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import { crashedAt, Point } from '../kernel/faults.ts'
import { Next, type PatternModel, type Step, type TableModel } from '../kernel/model.ts'
import { note } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Outgoing } from '../kernel/task.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { OUTBOX_PATTERN } from './pattern-numbers.ts'

export const outboxColumns = ['message', 'to', 'sent'] as const
const SENT = 2

/** By outbox row: what it says, and the id it was published under. Kept beside the table, which holds the words. */
interface OutboxState {
  readonly outgoing: Map<string, Outgoing>
  readonly published: Map<string, number>
}

export function outboxPattern(tables: readonly { service: number; table: number }[]): PatternModel {
  return {
    name: 'outbox',
    init: (): OutboxState => ({ outgoing: new Map(), published: new Map() }),
    onRecover: (sim, service, cause) => {
      for (const one of tables) if (one.service === service) relayUnsent(sim, service, one.table, cause)
    },
  }
}

function stateOf(sim: Simulation): OutboxState {
  return sim.patterns[OUTBOX_PATTERN] as OutboxState
}

/** Stores what the task wishes to send, in its open transaction. */
export function storeOutgoing(tableNumber: number): Step {
  return (sim, task) => {
    const state = stateOf(sim)
    const table = sim.tables[tableNumber] as Table
    for (const out of task.sends) {
      const cells = [sim.model.messageTypes[out.type] as string, sim.model.services[out.to]?.name ?? '', false]
      const row = insert(model(sim, tableNumber), table, task.tx as Transaction, cells) as Row
      task.outboxRows.push(row.id)
      state.outgoing.set(`${tableNumber}/${row.id}`, out)
    }
    return Next.go
  }
}

/** Publishes the task's rows right after the commit. */
export function relayStep(tableNumber: number): Step {
  return (sim, task) => {
    const table = sim.tables[tableNumber] as Table
    for (const id of task.outboxRows) {
      const row = table.rows.get(id)
      if (row === undefined) continue
      relay(sim, task.service, tableNumber, row, task.cause)
      markSent(sim, tableNumber, row, (change) => note(sim, task, Kind.rowChanged, change))
    }
    return crashedAt(sim, task, Point.afterSend) ? Next.done : Next.go
  }
}

function relayUnsent(sim: Simulation, service: number, tableNumber: number, cause: number): void {
  for (const row of [...(sim.tables[tableNumber] as Table).rows.values()]) {
    if (row.cells === null || row.cells[SENT] === true) continue
    relay(sim, service, tableNumber, row, cause)
    markSent(sim, tableNumber, row, (change) => sim.note(Kind.rowChanged, service, NONE, NONE, cause, change))
  }
}

function relay(sim: Simulation, service: number, tableNumber: number, row: Row, cause: number): void {
  const state = stateOf(sim)
  const key = `${tableNumber}/${row.id}`
  const out = state.outgoing.get(key) as Outgoing
  const before = state.published.get(key)
  // An event counts as published once, however often the relay sends it.
  if (before === undefined) publish(sim, service, out, cause)
  if (out.to !== NONE) state.published.set(key, send(sim, service, out, cause, before ?? NONE).logical)
}

/** In a transaction of its own: a crash before it publishes the message once more. */
function markSent(sim: Simulation, tableNumber: number, row: Row, record: (change: number) => void): void {
  const tx: Transaction = { id: sim.transactionCount++, writes: [], waiters: [], waitsFor: null, open: true }
  const cells = seen(row, null)
  if (cells === null) return
  write(model(sim, tableNumber), sim.tables[tableNumber] as Table, tx, row, [...cells.slice(0, SENT), true])
  commit(sim.model.tables, tx, (table, changed) => {
    if (sim.trace !== null) record(sim.storeRow(table, changed, changed.stored))
  })
}

function model(sim: Simulation, table: number): TableModel {
  return sim.model.tables[table] as TableModel
}
