/**
 * How long rows were locked, and who had to wait for them: what isolation costs, in numbers. A row is locked from its
 * first write in a transaction until that transaction ends. Times are microseconds.
 */
import { NONE } from '../trace/trace-format.ts'
import type { Transaction } from './disk.ts'
import type { Simulation } from './simulation.ts'
import type { Task } from './task.ts'

export interface LockTimes {
  /** Over all rows, of transactions that have ended. */
  total: number
  longest: number
  /** Handlings that had to wait for somebody else's lock at least once. */
  blocked: number
  waited: number
}

export function noLockTimes(): LockTimes {
  return { total: 0, longest: 0, blocked: 0, waited: 0 }
}

/** The transaction is about to give back the rows it has locked since write number `from`. */
export function countReleased(sim: Simulation, tx: Transaction, from = 0): void {
  const first = tx.writes[from]
  // Most transactions take no time between their first write and their end.
  if (first !== undefined && first.since !== sim.now) addHeld(sim.locks, sim.now, tx, from)
}

function addHeld(times: LockTimes, now: number, tx: Transaction, from: number): void {
  for (let i = from; i < tx.writes.length; i++) {
    const { row, previous, since } = tx.writes[i] as Transaction['writes'][number]
    if (previous !== undefined || row.lock !== tx) continue
    times.total += now - since
    times.longest = Math.max(times.longest, now - since)
  }
}

export function countBlocked(sim: Simulation, task: Task): void {
  if (!task.wasBlocked) sim.locks.blocked++
  task.wasBlocked = true
  if (task.waitingSince === NONE) task.waitingSince = sim.now
}

export function countWaited(sim: Simulation, task: Task): void {
  sim.locks.waited += sim.now - task.waitingSince
  task.waitingSince = NONE
}

/** As of now: with what is still locked, and those who still wait. */
export function lockTimes(sim: Simulation): LockTimes {
  const times = { ...sim.locks }
  const open = new Set<Transaction>()
  for (const { tx } of sim.branches.values()) open.add(tx)
  for (const task of sim.tasks) {
    if (!task.alive) continue
    for (const tx of [task.tx, task.ownTx]) if (tx?.open) open.add(tx)
    if (task.waitingSince !== NONE) times.waited += sim.now - task.waitingSince
  }
  for (const tx of open) addHeld(times, sim.now, tx, 0)
  return times
}
