/**
 * OUTBOX: outgoing messages are rows of the same transaction as the effect. A relay publishes them after the commit
 * and marks each as sent; after a crash it publishes what is not marked, under the same message id. At least once.
 */
import { send } from '../kernel/bus.ts'
import { insert, type Row, type Table, type Transaction } from '../kernel/disk.ts'
import { crashedAt, Point, strikeRelay } from '../kernel/faults.ts'
import { type HandlingFault, Next, type PatternModel, type Step } from '../kernel/model.ts'
import { acknowledge, crash } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { Role } from '../trace/kinds.ts'
import { markSent, model, type OutboxSettings, type OutboxState, publishRow, SENT, stateOf } from './outbox-rows.ts'
import { OUTBOX_PATTERN } from './pattern-numbers.ts'
import { forgetRelays, hasWorkers, PUBLISH, publishAsRelay, wakeRelays } from './relays.ts'

export function outboxPattern(outboxes: readonly OutboxSettings[]): PatternModel {
  return {
    name: 'outbox',
    init: (): OutboxState => ({
      outgoing: new Map(),
      published: new Map(),
      scheduled: new Set(),
      born: new Map(),
      busy: new Map(),
      last: new Map(),
    }),
    onTimer: (sim, timer) => {
      const settings = outboxes.find((one) => one.service === timer.service)
      if (settings !== undefined && timer.step === PUBLISH) return publishAsRelay(sim, settings, timer)
      stateOf(sim).scheduled.delete(timer.service)
      if (settings !== undefined) relayRound(sim, settings, timer.cause)
    },
    tidy: (sim, isHidden) => {
      for (const settings of outboxes) if (isHidden(settings.table)) tidyOutbox(sim, settings)
    },
    onCrash: (sim, service) => {
      stateOf(sim).scheduled.delete(service)
      forgetRelays(sim, service)
    },
    onRecover: (sim, service, cause) => {
      const settings = outboxes.find((one) => one.service === service)
      if (settings !== undefined) relayRound(sim, settings, cause)
    },
  }
}

/** Stores what the task wishes to send, in its open transaction. */
export function storeOutgoing({ table: tableNumber }: OutboxSettings): Step {
  return (sim, task) => {
    const state = stateOf(sim)
    const table = sim.tables[tableNumber] as Table
    for (const out of task.sends) {
      if (out.role === Role.response) continue
      const cells = [sim.model.messageTypes[out.type] as string, sim.model.services[out.to]?.name ?? '', false]
      const row = insert(model(sim, tableNumber), table, task.tx as Transaction, cells) as Row
      task.outboxRows.push(row.id)
      state.outgoing.set(`${tableNumber}/${row.id}`, out)
      state.born.set(`${tableNumber}/${row.id}`, (task.tx as Transaction).id)
    }
    return Next.go
  }
}

/**
 * Publishes the task's rows right after the commit, or leaves them to the polling relay. The answer to a client goes
 * over its own connection, not through the outbox.
 */
export function relayStep(settings: OutboxSettings): Step {
  return (sim, task) => {
    for (const out of task.sends) if (out.role === Role.response) send(sim, task.service, out, task.cause)
    if (settings.every > 0) {
      schedule(sim, settings, task.cause)
      return Next.go
    }
    if (hasWorkers(settings)) {
      wakeRelays(sim, settings, task.cause)
      return crashedAt(sim, task, Point.afterSend) ? Next.done : Next.go
    }
    const table = sim.tables[settings.table] as Table
    const rows = task.outboxRows.flatMap((id) => table.rows.get(id) ?? [])
    if (!relay(sim, settings, rows, task.cause, task)) return Next.done
    return crashedAt(sim, task, Point.afterSend) ? Next.done : Next.go
  }
}

function schedule(sim: Simulation, settings: OutboxSettings, cause: number): void {
  const { scheduled } = stateOf(sim)
  if (scheduled.has(settings.service)) return
  scheduled.add(settings.service)
  const timer = { service: settings.service, subject: 0, step: 0, token: 0, durable: false, cause }
  sim.setTimer({ pattern: OUTBOX_PATTERN, ...timer }, sim.now + settings.every)
}

/** Publishes what is not marked yet, up to a batch. */
function relayRound(sim: Simulation, settings: OutboxSettings, cause: number): void {
  if (hasWorkers(settings)) {
    if (wakeRelays(sim, settings, cause)) schedule(sim, settings, cause)
    return
  }
  const table = sim.tables[settings.table] as Table
  const unsent = [...table.rows.values()].filter((row) => row.cells !== null && row.cells[SENT] !== true)
  if (!relay(sim, settings, unsent.slice(0, settings.batch), cause)) return
  if (unsent.length > settings.batch) schedule(sim, settings, cause)
}

/**
 * False when the service crashed on the way. The relay is nobody's handler: what it does right after a commit is no part
 * of the handling that committed, so a crash of the relay finds that one acknowledged.
 */
function relay(
  sim: Simulation,
  settings: OutboxSettings,
  rows: readonly Row[],
  cause: number,
  woken: Task | null = null,
): boolean {
  for (const row of rows) {
    const fault = strikeRelay(sim, settings.service)
    if (fault !== null && woken !== null) acknowledge(sim, woken)
    if (settings.mark === 'before publishing') markSent(sim, settings, row, cause)
    if (fault !== null && fault.point === Point.onReceipt) return crashRelay(sim, settings, fault, cause)
    publishRow(sim, settings, row, cause)
    if (fault !== null) return crashRelay(sim, settings, fault, cause)
    if (settings.mark === 'each') markSent(sim, settings, row, cause)
  }
  if (settings.mark === 'batch') for (const row of rows) markSent(sim, settings, row, cause)
  return true
}

function crashRelay(sim: Simulation, settings: OutboxSettings, fault: HandlingFault, cause: number): false {
  const where =
    fault.point === Point.onReceipt ? 'before publishing from the outbox' : 'after publishing, before marking'
  crash(sim, settings.service, where, fault, cause)
  return false
}

/** What was sent and marked is never asked for again. */
function tidyOutbox(sim: Simulation, { table: number }: OutboxSettings): void {
  const { outgoing, published } = stateOf(sim)
  const table = sim.tables[number] as Table
  for (const row of table.rows.values()) {
    if (row.lock !== null || row.cells?.[SENT] !== true) continue
    table.rows.delete(row.id)
    outgoing.delete(`${number}/${row.id}`)
    published.delete(`${number}/${row.id}`)
    stateOf(sim).born.delete(`${number}/${row.id}`)
  }
  if (table.rows.size > 0 || sim.tasks.some((task) => task?.alive)) return
  table.nextRow = 0
  for (const words of [outgoing, published]) {
    for (const key of [...words.keys()]) if (key.startsWith(`${number}/`)) words.delete(key)
  }
}
