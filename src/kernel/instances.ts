/**
 * Several processes of one service: they share its disk, and each has a queue it is given messages from, handlers, a
 * memory and a clock of its own. The broker gives a message to the one with the least to do; a group stays with the one
 * that is at work on it. What waits at a process that stops goes to another.
 */

import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { behindGroup, busyGroups, dropGroup } from './busy-groups.ts'
import { queueChanged } from './load.ts'
import { groupAt, ownerFor } from './partitions.ts'
import { allReady, clearReady } from './ready-queue.ts'
import { redeliver } from './redelivery.ts'
import { enqueue, fireTimer } from './service.ts'
import type { ServiceState } from './service-state.ts'
import type { Simulation } from './simulation.ts'
import type { Message } from './task.ts'

/** By service number: the first process of its service, and all of them in order (empty for a service that has one). */
export interface InstancesModel {
  readonly first: Int32Array
  readonly all: readonly (readonly number[])[]
}
const ALONE: readonly number[] = []

/** All processes of the service this one belongs to; empty when it is the only one. */
export function siblings(sim: Simulation, service: number): readonly number[] {
  return sim.model.instances?.all[service] ?? ALONE
}

/** The service as others know it: its first process. */
export function serviceOf(sim: Simulation, process: number): number {
  return sim.model.instances?.first[process] ?? process
}

/** It runs, and believes that it may. */
export function isAble(sim: Simulation, process: number): boolean {
  const { up, pausedUntil, takes } = sim.services[process] as ServiceState
  return up && takes && sim.now >= pausedUntil
}

/** The process that a message of this group goes to, or a timer (no group). */
export function placeFor(sim: Simulation, service: number, group: number | null = null): number {
  const all = siblings(sim, service)
  if (all.length === 0) return service
  const first = sim.services[all[0] as number] as ServiceState
  let best = NONE
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i <= all.length; i++) {
    const process = all[(first.lastProcess + i) % all.length] as number
    if (!isAble(sim, process)) continue
    const { active, ready, busy } = sim.services[process] as ServiceState
    if (group !== null && behindGroup(busy, group) !== undefined) return process
    if (active.length + ready.size >= least) continue
    least = active.length + ready.size
    best = process
  }
  if (best !== NONE) {
    first.lastProcess = all.indexOf(best)
    return best
  }
  // Nobody can take it now: it waits where somebody will be back.
  return all.find((process) => (sim.services[process] as ServiceState).takes) ?? service
}

/** Gives a message that has just arrived, or is handed out again, to the process it belongs to now. */
export function assign(sim: Simulation, message: Message): void {
  const { body } = message
  if (siblings(sim, body.to).length === 0) return
  const to = ownerFor(sim, body) ?? placeFor(sim, body.to, body.group)
  if (to !== body.to) message.body = { ...body, to }
}

/**
 * Everything that waits at a process goes to those who can take it; with `held`, what its handlers had too. Among the
 * members of a consumer group messages move when a partition does.
 */
export function moveWaiting(sim: Simulation, process: number, held: boolean): void {
  if (groupAt(sim, process) !== null) return
  const service = sim.services[process] as ServiceState
  const inHand = new Set(held ? [] : service.unacknowledged.map(({ body }) => body.group))
  const again = held ? service.unacknowledged : []
  if (held) service.unacknowledged = []
  const waiting = allReady(service.ready)
  clearReady(service.ready)
  for (const [group, behind] of busyGroups(service.busy)) {
    if (inHand.has(group)) continue
    waiting.push(...behind)
    dropGroup(service.busy, group)
  }
  waiting.sort((a, b) => a.position - b.position || a.id - b.id)
  if (sim.load !== null) for (const _ of waiting) queueChanged(sim, process, -1)
  for (const message of again) {
    message.receipt++
    assign(sim, message)
    if (redeliver(sim, message)) enqueue(sim, message)
  }
  for (const message of waiting) move(sim, message, process)
}

function move(sim: Simulation, message: Message, from: number): void {
  assign(sim, message)
  const { to, saga } = message.body
  if (to !== from) message.position = sim.note(Kind.moved, to, saga, message.id, message.position, from)
  enqueue(sim, message)
}

/** Timers of the service that fell due while nobody could take them. */
export function fireDue(sim: Simulation, process: number): void {
  for (const one of siblings(sim, process)) {
    const service = sim.services[one] as ServiceState
    const due = service.dueTimers
    service.dueTimers = []
    for (const slot of due) fireTimer(sim, slot)
  }
}
