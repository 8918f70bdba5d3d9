/**
 * Relays that take time, work side by side, or find their rows by id instead of by mark. A row's id is drawn when it is
 * inserted, and it is seen when its transaction has committed: who asks for `id > last` passes over a row whose
 * transaction was still open, and never comes back. Who waits for the oldest transaction that is still open, and goes by
 * the transactions' order, misses none.
 */
import type { Row, Table } from '../kernel/disk.ts'
import { slowRelay } from '../kernel/faults.ts'
import { siblings } from '../kernel/instances.ts'
import type { Timer } from '../kernel/model.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { markSent, type OutboxSettings, publishRow, SENT, stateOf } from './outbox-rows.ts'
import { OUTBOX_PATTERN } from './pattern-numbers.ts'

/** The step of the timer that stands for "the relay has published its row". */
export const PUBLISH = 1

export function hasWorkers({ relays, reads, time }: OutboxSettings): boolean {
  return relays > 1 || reads !== 'unsent' || time > 0
}

/** Gives every idle relay a row; true when some row is left for later. */
export function wakeRelays(sim: Simulation, settings: OutboxSettings, cause: number): boolean {
  const { busy } = stateOf(sim)
  for (let relay = 0; relay < settings.relays; relay++) {
    while (!busy.has(place(settings, relay))) {
      const row = nextRow(sim, settings, relay)
      if (row === null) break
      busy.set(place(settings, relay), row.id)
      const wait = settings.time + slowRelay(sim, settings.service, cause)
      const timer: Timer = {
        ...{ pattern: OUTBOX_PATTERN, service: settings.service, subject: row.id, step: PUBLISH, token: relay },
        durable: false,
        cause,
      }
      if (wait === 0) publishAsRelay(sim, settings, timer, false)
      else sim.setTimer(timer, sim.now + wait)
    }
  }
  return committed(sim, settings).some((row) => isWanted(sim, settings, row))
}

/** The relay has published its row, and takes the next. */
export function publishAsRelay(sim: Simulation, settings: OutboxSettings, timer: Timer, goesOn = true): void {
  const { busy } = stateOf(sim)
  if (busy.get(place(settings, timer.token)) !== timer.subject) return
  busy.delete(place(settings, timer.token))
  const row = (sim.tables[settings.table] as Table).rows.get(timer.subject)
  if (row !== undefined) {
    if (settings.mark === 'before publishing') markSent(sim, settings, row, timer.cause)
    publishRow(sim, settings, row, timer.cause)
    if (settings.mark !== 'before publishing') markSent(sim, settings, row, timer.cause)
  }
  if (goesOn) wakeRelays(sim, settings, timer.cause)
}

/** A crash takes what the relays had in their hands; their mark stays. */
export function forgetRelays(sim: Simulation, service: number): void {
  const { busy } = stateOf(sim)
  for (const key of [...busy.keys()]) if (key.startsWith(`${service}/`)) busy.delete(key)
}

function place({ service }: OutboxSettings, relay: number): string {
  return `${service}/${relay}`
}

function committed(sim: Simulation, { table }: OutboxSettings): Row[] {
  return [...(sim.tables[table] as Table).rows.values()].filter(({ cells }) => cells !== null && cells[SENT] !== true)
}

/** Not in anybody's hands, and not passed over. */
function isWanted(sim: Simulation, settings: OutboxSettings, row: Row): boolean {
  const { busy, last } = stateOf(sim)
  for (let relay = 0; relay < settings.relays; relay++) {
    if (busy.get(place(settings, relay)) === row.id) return false
  }
  return settings.reads !== 'after last id' || row.id > (last.get(settings.table) ?? -1)
}

function nextRow(sim: Simulation, settings: OutboxSettings, relay: number): Row | null {
  const state = stateOf(sim)
  const key = (row: Row) => `${settings.table}/${row.id}`
  const mine = committed(sim, settings).filter((row) => {
    if (!isWanted(sim, settings, row)) return false
    const group = state.outgoing.get(key(row))?.group ?? 0
    return settings.share === 'any' || Math.abs(group) % settings.relays === relay
  })
  if (settings.reads === 'up to the oldest open') {
    const open = oldestOpen(sim, settings.service)
    const born = (row: Row) => state.born.get(key(row)) ?? 0
    const settled = mine.filter((row) => born(row) < open).sort((a, b) => born(a) - born(b) || a.id - b.id)
    return settled[0] ?? null
  }
  const row = mine.reduce<Row | null>((least, one) => (least === null || one.id < least.id ? one : least), null)
  if (row !== null && settings.reads === 'after last id') state.last.set(settings.table, row.id)
  return row
}

/** The number of the oldest transaction that is open at this service; Infinity for none. */
function oldestOpen(sim: Simulation, service: number): number {
  let oldest = Number.POSITIVE_INFINITY
  const all = siblings(sim, service)
  for (const process of all.length === 0 ? [service] : all) {
    for (const slot of (sim.services[process] as ServiceState).active) {
      const { tx } = sim.tasks[slot] as Task
      if (tx?.open) oldest = Math.min(oldest, tx.id)
    }
  }
  return oldest
}
