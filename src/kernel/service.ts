/**
 * Services at work: a message waits in the broker's queue, a free handler takes it, its program runs step by step, and
 * between any two steps the service can crash. Memory dies with it, disk and the broker's messages stay.
 */

import { assert } from '../base/assert.ts'
import { Kind, Outcome } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { Action } from './action.ts'
import { blankTask, refresh } from './blank-task.ts'
import { leaveBranch } from './branches.ts'
import { behindGroup, busyGroups, clearGroups, dropGroup, waitBehind } from './busy-groups.ts'
import { rollback } from './disk.ts'
import { EvaluationError } from './evaluation.ts'
import { meetHandlingFaults, meetPoison } from './faults.ts'
import { wakeWaiters } from './handler.ts'
import { fireDue, isAble, moveWaiting, placeFor, serviceOf, siblings } from './instances.ts'
import { queueChanged, queueEmptied, workBegan, workEnded, workLost } from './load.ts'
import { countReleased, countWaited } from './lock-times.ts'
import { release } from './messages.ts'
import { Metric } from './metrics.ts'
import { Next, type PauseFault, type Program, type ServiceModel, type Timer } from './model.ts'
import { append, groupAt, passOn, settle, taken, taskEnded } from './partitions.ts'
import { allReady, clearReady, putLast, takeFirst } from './ready-queue.ts'
import { giveBack, hideFor, isParked, isPutAside, redeliver } from './redelivery.ts'
import { freeReplica, nextReplica, replicaOf } from './replicas.ts'
import type { ServiceState } from './service-state.ts'
import type { Simulation } from './simulation.ts'
import type { Message, Task } from './task.ts'

/** Messages of these groups keep their order whatever order the bus keeps: a connection, not a queue. */
export const ORDERED_GROUPS = 2 ** 25 + 2 ** 24

/** A message has reached a service: it is handled as soon as order and concurrency allow. */
export function enqueue(sim: Simulation, message: Message): void {
  const service = sim.services[message.body.to] as ServiceState
  message.queuedAt = sim.now
  if (sim.load !== null) queueChanged(sim, message.body.to, 1)
  if (sim.groups.length > 0 && append(sim, message)) return
  if (sim.model.bus.perKey || message.body.group >= ORDERED_GROUPS) {
    if (waitBehind(service.busy, message)) return
  }
  putLast(service.ready, replicaOf(sim, message), message)
  pump(sim, message.body.to)
}

/** Hands ready messages to free handlers. */
export function pump(sim: Simulation, index: number): void {
  const service = sim.services[index] as ServiceState
  const model = sim.model.services[index] as ServiceModel
  while (service.up && service.takes && sim.now >= service.pausedUntil && service.ready.size > 0) {
    const replica = freeReplica(service, model)
    if (replica < 0) return
    startHandling(sim, takeFirst(service.ready, model.routesByKey ? replica : 0), replica)
  }
}

function startHandling(sim: Simulation, message: Message, replica: number): void {
  const service = sim.services[message.body.to] as ServiceState
  if (sim.load !== null) queueChanged(sim, message.body.to, -1)
  if (isPutAside(sim, message)) {
    freeGroup(sim, service, message)
    return
  }
  message.deliveries++
  message.receipt++
  sim.count(message.body.type, Metric.delivered)
  service.unacknowledged.push(message)
  if (sim.groups.length > 0) taken(sim, message)
  message.position = sim.note(
    Kind.received,
    message.body.to,
    message.body.saga,
    message.id,
    message.position,
    message.deliveries,
  )
  const { visibility } = sim.model.bus
  if (visibility > 0) hideFor(sim, message, visibility)
  const model = sim.model.services[message.body.to] as ServiceModel
  const program = model.programs[message.body.type] as number
  assert(program >= 0, () => `${model.name} handles no ${sim.model.messageTypes[message.body.type]} (seed ${sim.seed})`)
  const task = createTask(sim, message.body.to, message, program, message.position, replica)
  const { name } = sim.model.programs[program] as Program
  meetHandlingFaults(sim, task, sim.model.messageTypes[message.body.type] as string, name)
  meetPoison(sim, task)
  runTask(sim, task)
}

/** Starts a handling that no message caused: a timer's. */
export function startTimerTask(sim: Simulation, timer: Timer, program: number, name: string): void {
  const place = placeFor(sim, timer.service)
  const replica = nextReplica(sim.services[place] as ServiceState)
  const task = createTask(sim, place, null, program, timer.cause, replica)
  task.timer = timer
  task.saga = timer.subject
  meetHandlingFaults(sim, task, name)
  runTask(sim, task)
}

/** A task in a free slot; the slot's last one is dead and its memory used again. */
function createTask(
  sim: Simulation,
  service: number,
  message: Message | null,
  program: number,
  cause: number,
  replica: number,
): Task {
  const slot = sim.freeTasks.pop() ?? sim.tasks.length
  const task = (sim.tasks[slot] as Task | undefined) ?? blankTask(slot)
  sim.tasks[slot] = task
  refresh(task)
  task.service = service
  task.replica = replica
  task.message = message
  task.program = program
  task.cause = cause
  if (message !== null) {
    const { body } = message
    task.payload = body.payload
    task.saga = body.saga
    task.step = body.step
    task.compensation = body.compensation
    task.receipt = message.receipt
  }
  const state = sim.services[service] as ServiceState
  state.active.push(slot)
  state.atWork[replica] = (state.atWork[replica] as number) + 1
  state.lastReplica = replica
  if (sim.load !== null) workBegan(sim, service, message)
  task.epoch = state.leaseEpoch
  return task
}

/** Runs a task until it waits or ends. */
export function runTask(sim: Simulation, task: Task): void {
  const { programs } = sim.model
  sim.epoch = task.epoch
  while (task.alive) {
    const program = programs[task.program] as Program
    let next: number
    try {
      next = (program.steps[task.pc] as Program['steps'][number])(sim, task)
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error
      next = failTask(sim, task, error.message)
    }
    if (next === Next.go) task.pc++
    else if (next === Next.wait) return
    else if (next === Next.done) {
      if (task.alive) endTask(sim, task)
      return
    }
  }
}

/** A transient error: the program goes on where it deals with one. */
export function failTask(sim: Simulation, task: Task, reason: string, fault: number = NONE): number {
  task.outcome = Outcome.failed
  task.reason = reason
  if (task.message !== null) sim.count(task.message.body.type, Metric.failed)
  task.cause = note(sim, task, Kind.failed, sim.value(reason), fault)
  task.pc = (sim.model.programs[task.program] as Program).onFailed
  return Next.jump
}

/** A business refusal: the program goes on where it deals with one. */
export function refuseTask(sim: Simulation, task: Task, reason: string, fault: number = NONE): number {
  task.outcome = Outcome.refused
  task.reason = reason
  if (task.message !== null) sim.count(task.message.body.type, Metric.refused)
  task.cause = note(sim, task, Kind.refused, sim.value(reason), fault)
  task.pc = (sim.model.programs[task.program] as Program).onRefused
  return Next.jump
}

/** An entry about a task, caused by the task's last one. */
export function note(
  sim: Simulation,
  task: Task,
  kind: (typeof Kind)[keyof typeof Kind],
  a: number = NONE,
  b: number = NONE,
): number {
  const { message } = task
  return sim.note(kind, task.service, task.saga, message?.id ?? NONE, task.cause, a, b)
}

/** Sleeps for a while of virtual time; the task goes on at the step it has set. */
export function sleep(sim: Simulation, task: Task, time: number): void {
  sim.agenda.push(sim.now + time, Action.resume, task.slot, task.generation)
}

/** Lets a task go on, as soon as its service does not stand still. */
function wake(sim: Simulation, task: Task): void {
  if (task.tx !== null) task.tx.at = sim.now
  if (task.waitingSince !== NONE) countWaited(sim, task)
  const { pausedUntil } = sim.services[task.service] as ServiceState
  if (sim.now >= pausedUntil) runTask(sim, task)
  else sim.agenda.push(pausedUntil, Action.resume, task.slot, task.generation)
}

/** The service stands still: nothing of it moves, and it will not know that time has passed. */
export function pause(sim: Simulation, fault: PauseFault): void {
  const service = sim.services[fault.service] as ServiceState
  service.pausedUntil = Math.max(service.pausedUntil, sim.now + fault.length)
  sim.note(Kind.paused, fault.service, NONE, NONE, NONE, fault.length / 1000, fault.number)
  sim.agenda.push(service.pausedUntil, Action.unpause, fault.service, 0)
  if (siblings(sim, fault.service).length > 0) standing(sim, fault.service, NONE)
}

export function unpause(sim: Simulation, index: number): void {
  const service = sim.services[index] as ServiceState
  if (sim.now < service.pausedUntil) return
  sim.note(Kind.unpaused, index, NONE, NONE, NONE)
  if (!service.up) return
  if (siblings(sim, index).length > 0) {
    standing(sim, index, NONE)
    return
  }
  const due = service.dueTimers
  service.dueTimers = []
  for (const slot of due) fireTimer(sim, slot)
  pump(sim, index)
}

/** The answer to a synchronous call: it goes straight to the handler that waits, or to nobody. */
export function answerCall(sim: Simulation, message: Message): void {
  const waiting = sim.calls.get(message.body.answers)
  sim.calls.delete(message.body.answers)
  const task = waiting === undefined ? undefined : sim.tasks[waiting.slot]
  if (waiting === undefined || task === undefined || !task.alive || task.call?.token !== waiting.token) return
  task.call.outcome = message.body.outcome
  task.call.reason = message.body.reason
  task.call.payload = message.body.payload
  task.cause = message.position
  wake(sim, task)
}

/** A semantic lock was given back or has expired, or the wait for it is over: the handler looks again. */
export function wakeForLock(sim: Simulation, slot: number, token: number): void {
  const task = sim.tasks[slot]
  if (task?.alive && task.lockToken === token) wake(sim, task)
}

export function timeOutCall(sim: Simulation, slot: number, token: number): void {
  const task = sim.tasks[slot]
  if (task === undefined || !task.alive || task.call?.token !== token || task.call.outcome !== Outcome.none) return
  task.call.outcome = Outcome.failed
  task.call.reason = 'TIMEOUT'
  wake(sim, task)
}

export function resume(sim: Simulation, slot: number, generation: number): void {
  const task = sim.tasks[slot] as Task
  if (task.alive && task.generation === generation) wake(sim, task)
}

/** The message is dealt with for good: the broker forgets it and hands out what waited behind it. */
export function acknowledge(sim: Simulation, task: Task): void {
  const { message } = task
  if (message === null || (sim.groups.length > 0 && settle(sim, task, message))) return
  const service = sim.services[task.service] as ServiceState
  const place = service.unacknowledged.indexOf(message)
  // The broker has handed it out again meanwhile: an acknowledgement for an old receipt is void.
  if (message.receipt !== task.receipt) task.cause = note(sim, task, Kind.acknowledgementVoid)
  if (place < 0 || message.receipt !== task.receipt) return
  takeAt(service.unacknowledged, place)
  task.cause = note(sim, task, Kind.acknowledged)
}

function endTask(sim: Simulation, task: Task): void {
  const { message } = task
  const service = sim.services[task.service] as ServiceState
  removeTask(sim, task)
  if (sim.load !== null) workEnded(sim, task.service)
  // An older receipt: the broker has handed the message out again, or parked it, and somebody else answers for it.
  if (message !== null && message.receipt === task.receipt && !isParked(sim, message)) {
    const open = service.unacknowledged.indexOf(message)
    if (open >= 0) {
      takeAt(service.unacknowledged, open)
      message.failures++
      giveBack(sim, message)
    } else {
      freeGroup(sim, service, message)
      release(sim, message)
    }
  }
  if (sim.groups.length > 0) taskEnded(sim, task.service)
  pump(sim, task.service)
}

/** The next message of the group becomes ready. */
export function freeGroup(sim: Simulation, service: ServiceState, message: Message): void {
  if (sim.groups.length > 0 && passOn(sim, message)) return
  const behind = behindGroup(service.busy, message.body.group)
  if (behind === undefined) return
  const next = behind.length === 0 ? undefined : behind.shift()
  if (next === undefined) dropGroup(service.busy, message.body.group)
  else putLast(service.ready, replicaOf(sim, next), next)
}

/** Takes one out of a list that keeps its order; a splice would make a list of what it takes out. */
function takeAt<T>(list: T[], place: number): void {
  for (let i = place + 1; i < list.length; i++) list[i - 1] = list[i] as T
  list.pop()
}

function removeTask(sim: Simulation, task: Task): void {
  task.alive = false
  if (task.waitingSince !== NONE) countWaited(sim, task)
  const { active, atWork } = sim.services[task.service] as ServiceState
  takeAt(active, active.indexOf(task.slot))
  atWork[task.replica] = (atWork[task.replica] as number) - 1
  sim.freeTasks.push(task.slot)
}

/** The service stops at once. Its tasks and open transactions are gone; the broker keeps what was not acknowledged. */
export function crash(
  sim: Simulation,
  index: number,
  where: string,
  { restart, number }: { readonly restart: number; readonly number: number },
  cause: number,
): void {
  const service = sim.services[index] as ServiceState
  service.up = false
  service.epoch++
  if (service.fallen.length > 0) service.fallen = []
  service.crashPosition = sim.note(Kind.crashed, index, NONE, NONE, cause, sim.value(where), number)
  for (const slot of [...service.active]) {
    const task = sim.tasks[slot] as Task
    loseTask(sim, task)
    // A durable timer is done with when its handling has committed, not when it fires.
    if (task.timer?.durable) service.dueTimers.push(keepTimer(sim, task.timer))
  }
  sim.model.patterns.forEach((pattern) => pattern.onCrash?.(sim, index))
  if (siblings(sim, index).length > 0) standing(sim, index, service.crashPosition)
  if (Number.isFinite(restart)) sim.agenda.push(sim.now + restart, Action.recover, index, service.epoch)
}

/** Its memory is gone, and what it has not committed. */
export function loseTask(sim: Simulation, task: Task): void {
  removeTask(sim, task)
  leaveBranch(sim, task)
  if (sim.load !== null) workLost(sim, task.service)
  if (!task.tx?.open) return
  countReleased(sim, task.tx)
  rollback(task.tx)
  wakeWaiters(sim, task.tx)
}

/** The service is back: durable timers fire, and the broker hands out again what was not acknowledged, in order. */
export function recover(sim: Simulation, index: number, epoch: number): void {
  const service = sim.services[index] as ServiceState
  if (service.epoch !== epoch) return
  service.up = true
  // One of several: what it had is with the others, unless nobody could take it.
  if (siblings(sim, index).length > 0) {
    standing(sim, index, sim.note(Kind.recovered, index, NONE, NONE, service.crashPosition))
    return
  }
  const position = sim.note(Kind.recovered, index, NONE, NONE, service.crashPosition)
  const again = service.unacknowledged
  const waiting = allReady(service.ready)
  for (const [, behind] of busyGroups(service.busy)) waiting.push(...behind)
  waiting.sort((a, b) => a.position - b.position || a.id - b.id)
  service.unacknowledged = []
  clearReady(service.ready)
  if (sim.load !== null) queueEmptied(sim, index)
  clearGroups(service.busy)
  for (const pattern of sim.model.patterns) pattern.onReturn?.(sim, index, position)
  for (const message of again) {
    message.position = message.position === NONE ? position : message.position
    if (redeliver(sim, message)) enqueue(sim, message)
  }
  for (const message of waiting) enqueue(sim, message)
  sim.model.patterns.forEach((pattern) => pattern.onRecover?.(sim, index, position))
  const due = service.dueTimers
  service.dueTimers = []
  for (const slot of due) fireTimer(sim, slot)
}

export function fireTimer(sim: Simulation, slot: number): void {
  const timer = sim.timers[slot] as Timer
  const service = sim.services[timer.own ? timer.service : placeFor(sim, timer.service)] as ServiceState
  if (!service.up || !(service.takes || timer.own)) {
    if (timer.durable) service.dueTimers.push(slot)
    else forgetTimer(sim, slot)
    return
  }
  if (sim.now < service.pausedUntil) {
    service.dueTimers.push(slot)
    return
  }
  forgetTimer(sim, slot)
  sim.epoch = service.leaseEpoch
  sim.model.patterns[timer.pattern]?.onTimer?.(sim, timer)
}

/** Of several processes, this one takes up what was left undone. */
function takeUp(sim: Simulation, process: number, cause: number): void {
  const service = serviceOf(sim, process)
  for (const pattern of sim.model.patterns) {
    pattern.onReturn?.(sim, service, cause)
    pattern.onRecover?.(sim, service, cause)
  }
}

/** A process leads its service from now on: what waits comes to it, and it takes up what was left. */
export function lead(sim: Simulation, process: number, cause: number): void {
  for (const one of siblings(sim, process)) {
    const { up } = sim.services[one] as ServiceState
    if (one !== process && !isAble(sim, one)) moveWaiting(sim, one, !up)
  }
  takeUp(sim, process, cause)
  fireDue(sim, process)
  pump(sim, process)
}

/** One of several processes has stopped or is back: what waits goes to who can take it. */
function standing(sim: Simulation, index: number, cause: number): void {
  const service = sim.services[index] as ServiceState
  for (const pattern of sim.model.patterns) pattern.onStanding?.(sim, index, cause)
  const isMember = groupAt(sim, index) !== null
  if (!service.up) moveWaiting(sim, index, true)
  else if (sim.now < service.pausedUntil) moveWaiting(sim, index, false)
  else {
    for (const one of siblings(sim, index)) if (!isAble(sim, one)) moveWaiting(sim, one, !sim.services[one]?.up)
    if (isAble(sim, index) && cause !== NONE && (service.leaseEpoch === 0 || isMember)) {
      takeUp(sim, index, cause)
    }
  }
  fireDue(sim, index)
  for (const one of siblings(sim, index)) pump(sim, one)
}

export function keepTimer(sim: Simulation, timer: Timer): number {
  const slot = sim.freeTimers.pop() ?? sim.timers.length
  sim.timers[slot] = timer
  return slot
}

function forgetTimer(sim: Simulation, slot: number): void {
  sim.timers[slot] = null
  sim.freeTimers.push(slot)
}
