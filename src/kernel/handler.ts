/** The common steps of every handler program: receive, begin, work, commit, send, acknowledge. */

import { Kind, Outcome } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { Action } from './action.ts'
import { leaveBranch } from './branches.ts'
import { sendOrPublish } from './bus.ts'
import { commit, type Row, rollback, type Table, type Transaction } from './disk.ts'
import { handlingTime } from './duration.ts'
import { countEffect } from './effects.ts'
import { crashedAt, noteSlow, Point, pausedAt } from './faults.ts'
import { giveWay } from './give-way.ts'
import { serviceOf } from './instances.ts'
import { countDone, countRows } from './load.ts'
import { countBlocked, countReleased } from './lock-times.ts'
import { Metric } from './metrics.ts'
import { type Duration, Next, type NextCode, type ServiceModel, type Step } from './model.ts'
import { acknowledge, failTask, note, refuseTask, sleep } from './service.ts'
import type { ServiceState } from './service-state.ts'
import type { Simulation } from './simulation.ts'
import { hasReadTheOutdated, type IsolationLevel, takeSnapshot } from './snapshot.ts'
import type { Task } from './task.ts'

export const receive: Step = (sim, task) => {
  if (pausedAt(sim, task, Point.onReceipt)) return Next.wait
  if (crashedAt(sim, task, Point.onReceipt)) return Next.done
  const service = sim.model.services[task.service] as ServiceModel
  if (!service.acknowledgeFirst || task.message === null) return Next.go
  acknowledge(sim, task)
  return crashedAt(sim, task, Point.afterAck) ? Next.done : Next.go
}

/** Time lost before the transaction begins. */
export const dawdle: Step = (sim, task) => {
  if (task.isPoisoned) return chokeOn(sim, task)
  if (task.slowBefore === 0) return Next.go
  noteSlow(sim, task, task.slowBefore)
  sleep(sim, task, task.slowBefore)
  return waitThenGo(task)
}

/** A poisoned message costs the handler its time, and then fails. */
function chokeOn(sim: Simulation, task: Task): NextCode {
  const { handlerTime } = sim.model.services[task.service] as ServiceModel
  if (task.scratch === 'choked' || handlerTime === 0) return failTask(sim, task, 'POISON', task.answerFault) as NextCode
  task.scratch = 'choked'
  sleep(sim, task, handlingTime(sim, task, handlerTime))
  return Next.wait
}

export const begin: Step = (sim, task) => {
  openTransaction(sim, task, (sim.model.services[task.service] as ServiceModel).isolation)
  return Next.go
}

export function openTransaction(sim: Simulation, task: Task, isolation: IsolationLevel): void {
  const snapshot = takeSnapshot(isolation)
  task.tx = {
    id: sim.transactionCount++,
    writes: [],
    waiters: [],
    waitsFor: null,
    open: true,
    snapshot,
    at: sim.now,
    prepared: 0,
  }
  task.savepoint = 0
  task.phasePc = task.pc + 1
  task.phasePublications = task.publications.length
  task.cause = note(sim, task, Kind.begun)
}

/** Everything written so far belongs to the protections: a refusal rolls back to here. */
export const savepoint: Step = (_sim, task) => {
  task.savepoint = task.tx?.writes.length ?? 0
  return Next.go
}

/** The handler's time passes. */
export function work(time: Duration): Step {
  return (sim, task) => {
    if (task.slowInside > 0) noteSlow(sim, task, task.slowInside)
    const all = handlingTime(sim, task, time) + task.slowInside
    // A fault slows one handling once: when the transaction starts over after a conflict, it does not dawdle again.
    task.slowInside = 0
    if (all === 0) return Next.go
    sleep(sim, task, all)
    return waitThenGo(task)
  }
}

function waitThenGo(task: Task): NextCode {
  task.pc++
  return Next.wait
}

/** Faults that answer instead of the operation. */
export const meetInjectedAnswer: Step = (sim, task) => {
  if (task.failure !== null) return failTask(sim, task, task.failure, task.answerFault) as NextCode
  if (task.refusal !== null) return refuseTask(sim, task, task.refusal, task.answerFault) as NextCode
  return Next.go
}

export const succeed: Step = (_sim, task) => {
  task.outcome = Outcome.ok
  return Next.go
}

export const commitStep: Step = (sim, task) => commitAnd(sim, task, null)

/** Commits, and does what belongs to the moment of the commit before a crash can come between. */
export function commitAnd(
  sim: Simulation,
  task: Task,
  atOnce: ((sim: Simulation, task: Task) => void) | null,
): NextCode {
  if (pausedAt(sim, task, Point.beforeCommit)) return Next.wait
  if (isFenced(sim, task)) return dropFenced(sim, task)
  if (crashedAt(sim, task, Point.beforeCommit)) return Next.done
  if (hasReadTheOutdated(task.tx as Transaction)) return giveWay(sim, task)
  commitTask(sim, task)
  if (atOnce !== null) atOnce(sim, task)
  if (crashedAt(sim, task, Point.afterCommit)) return Next.done
  if (pausedAt(sim, task, Point.afterCommit)) return waitThenGo(task)
  return task.lateFailure === null ? Next.go : (failTask(sim, task, task.lateFailure, task.answerFault) as NextCode)
}

/** Its process held the lease when it began, and the disk knows a newer epoch by now. */
export function isFenced(sim: Simulation, task: Task): boolean {
  if (task.epoch === 0 || !(sim.model.services[task.service] as ServiceModel).fencing) return false
  return task.epoch < (sim.services[serviceOf(sim, task.service)] as ServiceState).diskEpoch
}

/** A zombie's transaction: rolled back, nothing is sent, and what it was about is for who has the lease now. */
export function dropFenced(sim: Simulation, task: Task): NextCode {
  if (task.message !== null) sim.count(task.message.body.type, Metric.refused)
  task.cause = note(sim, task, Kind.refused, sim.value('STALE_EPOCH'))
  abortTask(sim, task, 'STALE_EPOCH')
  if (task.timer?.durable) sim.setTimer(task.timer, sim.now)
  return Next.done
}

/** Commits the task's transaction, writes the changes into the trace and looks at the properties. */
export function commitTask(sim: Simulation, task: Task, afterRows?: () => void): void {
  const tx = task.tx as Transaction
  task.cause = note(sim, task, Kind.committed)
  const position = task.cause
  countReleased(sim, tx)
  if (sim.model.countsEffects && afterRows === undefined) countEffect(sim, task, tx)
  const noteChange =
    sim.trace === null
      ? nothing
      : (table: Table, row: Row) => note(sim, task, Kind.rowChanged, sim.storeRow(table, row, row.stored))
  commit(sim.model.tables, tx, noteChange, sim.transactionCount, oldestSnapshot(sim, tx))
  wakeWaiters(sim, tx)
  task.tx = null
  if (sim.load !== null) {
    countDone(sim, task)
    countRows(sim, tx)
  }
  for (const pattern of sim.commitListeners) pattern.onCommitted?.(sim, tx, position)
  if (task.released.length > 0) {
    for (const pattern of sim.model.patterns) pattern.onReleased?.(sim, task.released)
    task.released = []
  }
  afterRows?.()
  if (sim.checking === 'every commit') {
    sim.check((table) => tx.writes.some((one) => one.table.number === table), afterRows !== undefined, position)
  }
}
const nothing = () => {}

/** The first open transaction but this one that reads from a snapshot; Infinity for none. */
function oldestSnapshot(sim: Simulation, own: Transaction): number {
  let oldest = Number.POSITIVE_INFINITY
  const { services } = sim.model
  for (const { tx } of sim.branches.values()) if (tx.snapshot && tx !== own) oldest = Math.min(oldest, tx.id)
  for (let index = 0; index < services.length; index++) {
    if ((services[index] as ServiceModel).isolation === 'read committed') continue
    for (const slot of (sim.services[index] as ServiceState).active) {
      const { tx } = sim.tasks[slot] as Task
      if (tx?.open && tx !== own) oldest = Math.min(oldest, tx.id)
    }
  }
  return oldest
}

/** Rolls the whole transaction back, if one is open; of a branch, what is not prepared yet. */
export function abortTask(sim: Simulation, task: Task, why: string): void {
  if (task.branch !== null) {
    const isAllItHas = task.ownTx === null
    leaveBranch(sim, task)
    if (isAllItHas) task.cause = note(sim, task, Kind.aborted, sim.value(why))
  }
  const { tx } = task
  if (tx === null || !tx.open) return
  countReleased(sim, tx)
  rollback(tx)
  task.cause = note(sim, task, Kind.aborted, sim.value(why))
  wakeWaiters(sim, tx)
  task.tx = null
}

/** Tasks that waited for a transaction go on, in the order in which they began to wait. */
export function wakeWaiters(sim: Simulation, tx: Transaction): void {
  for (let i = 0; i < tx.waiters.length; i += 2) {
    const slot = tx.waiters[i] as number
    const generation = tx.waiters[i + 1] as number
    const task = sim.tasks[slot] as Task
    if (task.generation !== generation || !task.alive) continue
    if (task.tx !== null) task.tx.waitsFor = null
    sim.agenda.push(sim.now, Action.resume, slot, generation)
  }
  if (tx.waiters.length > 0) tx.waiters.length = 0
}

/** Waits for another transaction; the step runs again afterwards. A circle of waits fails the one that closes it. */
export function waitFor(
  sim: Simulation,
  task: Task,
  holder: Transaction,
  forWhat: string,
  which: number = NONE,
): NextCode {
  for (let other: Transaction | null = holder; other !== null; other = other.waitsFor) {
    if (other === task.tx) return failTask(sim, task, 'DEADLOCK') as NextCode
  }
  if (task.tx !== null) task.tx.waitsFor = holder
  holder.waiters.push(task.slot, task.generation)
  countBlocked(sim, task)
  task.cause = note(sim, task, Kind.waiting, sim.value(forWhat), which)
  return Next.wait
}

/** Sends what the task wishes to send. */
export const sendStep: Step = (sim, task) => {
  for (const out of task.sends) sendOrPublish(sim, task.service, out, task.cause)
  return haveSent(sim, task)
}

export const haveSent: Step = (sim, task) => {
  if (crashedAt(sim, task, Point.afterSend)) return Next.done
  return pausedAt(sim, task, Point.afterSend) ? waitThenGo(task) : Next.go
}

export const acknowledgeStep: Step = (sim, task) => {
  if (task.crashPoint === Point.ackLost && task.message !== null) {
    task.cause = note(sim, task, Kind.acknowledgementLost)
    crashedAt(sim, task, Point.ackLost)
    return Next.done
  }
  acknowledge(sim, task)
  return Next.done
}

/** After a refusal: keep what the protections wrote, undo the operation. */
export const undoOperation: Step = (sim, task) => {
  if (task.released.length > 0) task.released = []
  if (task.publications.length > 0) task.publications = []
  if (task.savepoint === 0) abortTask(sim, task, task.reason ?? '')
  else if (task.tx !== null) rollback(task.tx, task.savepoint)
  return Next.go
}

/** After an error: nothing stays. */
export const undoAll: Step = (sim, task) => {
  if (task.publications.length > 0) task.publications = []
  abortTask(sim, task, task.reason ?? '')
  return Next.go
}

/** A message that failed goes back to the broker, when the service says so; a timer has no caller and fires again. */
export const giveBackOnError: Step = (sim, task) => {
  if (task.timer !== null) sim.setTimer(task.timer, sim.now)
  const { redeliverOnError } = sim.model.services[task.service] as ServiceModel
  return redeliverOnError && task.message !== null ? Next.done : Next.go
}
