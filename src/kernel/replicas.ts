/**
 * Replicas of one service: they share its disk and its queue, and each has handlers and a memory of its own. Any free one
 * takes the next message, in turn; or messages of one key always go to the same one, as long as their number stays.
 */

import { hashText } from '../base/hash.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { Action } from './action.ts'
import { behindGroup, dropGroup } from './busy-groups.ts'
import { queueChanged } from './load.ts'
import type { ServiceModel, Timer } from './model.ts'
import { allReady, clearReady, isLaneEmpty, putLast } from './ready-queue.ts'
import { redeliver } from './redelivery.ts'
import { crash, enqueue, fireTimer, keepTimer, loseTask, pump } from './service.ts'
import type { ServiceState } from './service-state.ts'
import type { Simulation } from './simulation.ts'
import type { Message, Task } from './task.ts'

/** The lane of a message: its replica when messages go by their key, else the only one. */
export function replicaOf(sim: Simulation, { body }: Message): number {
  const { replicas } = sim.services[body.to] as ServiceState
  if (replicas === 1 || !(sim.model.services[body.to] as ServiceModel).routesByKey) return 0
  return (hashText(body.key ?? String(body.group)) >>> 0) % replicas
}

/** A replica that can take a message now, −1 for none: the one after the last that took one. */
export function freeReplica(service: ServiceState, { concurrency, routesByKey }: ServiceModel): number {
  const { replicas, atWork, lastReplica, ready } = service
  if (replicas === 1) return (atWork[0] as number) < concurrency ? 0 : -1
  for (let i = 1; i <= replicas; i++) {
    const replica = (lastReplica + i) % replicas
    const isFree = (atWork[replica] as number) < concurrency && !service.fallen.includes(replica)
    if (isFree && !(routesByKey && isLaneEmpty(ready, replica))) return replica
  }
  return -1
}

export function hasFreeHandler({ replicas, atWork, fallen }: ServiceState, { concurrency }: ServiceModel): boolean {
  for (let replica = 0; replica < replicas; replica++) {
    if ((atWork[replica] as number) < concurrency && !fallen.includes(replica)) return true
  }
  return false
}

/** Whose turn it is to do what no message asks for: the next that stands, or the next when none does. */
export function nextReplica({ lastReplica, replicas, fallen }: ServiceState): number {
  const next = (lastReplica + 1) % replicas
  for (let i = 0; i < replicas; i++) if (!fallen.includes((next + i) % replicas)) return (next + i) % replicas
  return next
}

/** From now on there are so many replicas. Who goes finishes what it has begun; who waits is sent where it belongs now. */
export function scale(sim: Simulation, index: number, replicas: number): void {
  const service = sim.services[index] as ServiceState
  if (service.replicas === replicas) return
  sim.note(Kind.scaled, index, NONE, NONE, NONE, replicas, service.replicas)
  service.replicas = replicas
  service.fallen = service.fallen.filter((replica) => replica < replicas)
  while (service.atWork.length < replicas) service.atWork.push(0)
  for (const pattern of sim.model.patterns) pattern.onScale?.(sim, index, replicas)
  const waiting = allReady(service.ready).sort((a, b) => a.queuedAt - b.queuedAt || a.id - b.id)
  clearReady(service.ready)
  for (const message of waiting) putLast(service.ready, replicaOf(sim, message), message)
  pump(sim, index)
}

/**
 * One replica stops at once: its memory and its open transactions are gone. The broker hands what it had to the others;
 * messages that go by their key wait for it. A service of one replica crashes whole.
 */
export function crashReplica(
  sim: Simulation,
  index: number,
  replica: number,
  fault: { readonly restart: number; readonly number: number },
  cause: number,
): void {
  const service = sim.services[index] as ServiceState
  if (replica >= service.replicas || service.fallen.includes(replica)) return
  if (service.replicas === 1) return crash(sim, index, 'with its only replica', fault, cause)
  service.fallen.push(replica)
  const position = sim.note(Kind.replicaCrashed, index, NONE, NONE, cause, replica, fault.number)
  const tasks = service.active.map((slot) => sim.tasks[slot] as Task).filter((task) => task.replica === replica)
  const timers: Timer[] = []
  const held: Message[] = []
  for (const task of tasks) {
    const { message, timer } = task
    loseTask(sim, task)
    if (timer?.durable) timers.push(timer)
    // An older receipt: somebody else answers for the message.
    if (message !== null && message.receipt === task.receipt && service.unacknowledged.includes(message)) {
      held.push(message)
    }
  }
  for (const pattern of sim.model.patterns) pattern.onReplicaCrash?.(sim, index, replica)
  if (Number.isFinite(fault.restart)) {
    sim.agenda.push(sim.now + fault.restart, Action.recoverReplica, index, service.epoch * EPOCH + replica)
  }
  handOut(sim, service, held, position)
  for (const timer of timers) fireTimer(sim, keepTimer(sim, timer))
  pump(sim, index)
}
/** More than a service has replicas: which crash of the service, and which replica, in one number. */
const EPOCH = 1024

/** What a replica had not acknowledged goes to the others, and what waits behind it in its group goes with it. */
function handOut(sim: Simulation, service: ServiceState, held: readonly Message[], position: number): void {
  service.unacknowledged = service.unacknowledged.filter((message) => !held.includes(message))
  for (const message of held) {
    const behind = behindGroup(service.busy, message.body.group) ?? []
    dropGroup(service.busy, message.body.group)
    if (sim.load !== null) for (const one of behind) queueChanged(sim, one.body.to, -1)
    message.receipt++
    message.position = position
    if (redeliver(sim, message)) enqueue(sim, message)
    for (const one of behind) enqueue(sim, one)
  }
}

/** The replica is back, with an empty memory; `which` names it and the crashes its service had had by then. */
export function recoverReplica(sim: Simulation, index: number, which: number): void {
  const service = sim.services[index] as ServiceState
  const replica = which % EPOCH
  if (service.epoch !== Math.floor(which / EPOCH) || !service.fallen.includes(replica)) return
  service.fallen = service.fallen.filter((one) => one !== replica)
  sim.note(Kind.replicaRecovered, index, NONE, NONE, NONE, replica)
  pump(sim, index)
}
