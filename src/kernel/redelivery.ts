/**
 * What the broker does with a message that was not acknowledged: hand it out again, at once or later, or park it.
 * On a bus with order a message that is given back holds its group: what is behind it waits.
 */

import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { Action } from './action.ts'
import { behindGroup, dropGroup, setBehind } from './busy-groups.ts'
import { remember } from './cycle.ts'
import { assign, isAble, siblings } from './instances.ts'
import { queueChanged } from './load.ts'
import { release } from './messages.ts'
import { Metric } from './metrics.ts'
import type { AmnesiaFault, ServiceModel } from './model.ts'
import { again, groupAt } from './partitions.ts'
import { putFirst, putLast, takeOut } from './ready-queue.ts'
import { replicaOf } from './replicas.ts'
import { enqueue, freeGroup, pump } from './service.ts'
import type { ServiceState } from './service-state.ts'
import type { Simulation } from './simulation.ts'
import type { Message, Task } from './task.ts'

/** The broker hands the message out again after so long, unless it is acknowledged before. */
export function hideFor(sim: Simulation, message: Message, time: number): void {
  message.visibleAt = sim.now + time
  sim.agenda.push(message.visibleAt, Action.visible, message.slot, message.id)
}

/** A visibility time-out that was meant for this very hand-out of this very message: its slot may have a new one. */
export function hiddenUntil(sim: Simulation, slot: number, id: number, time: number): Message | null {
  const message = sim.messages[slot]
  return message?.id === id && message.visibleAt === time ? message : null
}

/** The visibility time-out of an unacknowledged message: the broker hands it out again, unless a heartbeat extends it. */
export function makeVisible(sim: Simulation, slot: number, id: number): void {
  const message = hiddenUntil(sim, slot, id, sim.now)
  // The session time-out takes its place.
  if (message === null || groupAt(sim, message.body.to) !== null) return
  const service = sim.services[message.body.to] as ServiceState
  const isAlone = siblings(sim, message.body.to).length === 0
  if ((isAlone && !service.up) || !service.unacknowledged.includes(message)) return
  const { heartbeat } = sim.model.services[message.body.to] as ServiceModel
  const isAwake = sim.now >= service.pausedUntil
  if (heartbeat && isAwake && service.active.some((one) => (sim.tasks[one] as Task).message === message)) {
    hideFor(sim, message, sim.model.bus.visibility)
    return
  }
  service.unacknowledged = service.unacknowledged.filter((other) => other !== message)
  message.receipt++
  if (!isAlone) return withdraw(sim, message)
  if (!redeliver(sim, message)) return
  queueChanged(sim, message.body.to, 1)
  putLast(service.ready, replicaOf(sim, message), message)
  pump(sim, message.body.to)
}

/** A process has not answered for it in time: another gets it, and what waits behind it in its group. */
function withdraw(sim: Simulation, message: Message): void {
  const { busy } = sim.services[message.body.to] as ServiceState
  const behind = behindGroup(busy, message.body.group) ?? []
  if (sim.load !== null) for (const one of behind) queueChanged(sim, one.body.to, -1)
  dropGroup(busy, message.body.group)
  assign(sim, message)
  if (redeliver(sim, message)) enqueue(sim, message)
  for (const one of behind) {
    assign(sim, one)
    enqueue(sim, one)
  }
}

/** After an error: again at once, again later, or parked, as the policy says. */
export function giveBack(sim: Simulation, message: Message): void {
  const { redelivery } = sim.model.bus
  const service = sim.services[message.body.to] as ServiceState
  let wait = 0
  let goesOn = 0
  if (redelivery !== null) {
    const perRound = redelivery.immediate + 1
    const round = message.failures / perRound
    if (Number.isInteger(round)) {
      const delay = redelivery.delayed[round - 1]
      if (delay === undefined) {
        park(sim, message)
        freeGroup(sim, service, message)
        return
      }
      wait = delay
      // The group does not wait for it: what is behind overtakes.
      if (!redelivery.blocks) {
        freeGroup(sim, service, message)
        goesOn = 1
      }
    }
  }
  sim.agenda.push(sim.now + wait, Action.requeue, message.slot, message.deliveries * 2 + goesOn)
}

/** `receipt`: twice the deliveries it had then, and one more when its group went on without it. */
export function requeueSlot(sim: Simulation, slot: number, receipt: number): void {
  const message = sim.messages[slot]
  if (message === null || message === undefined || message.deliveries !== Math.floor(receipt / 2)) return
  if (receipt % 2 === 0) return requeue(sim, message)
  if (redeliver(sim, message)) enqueue(sim, message)
}

function requeue(sim: Simulation, message: Message): void {
  if (sim.groups.length > 0 && again(sim, message)) return
  if (sim.model.instances !== null && !isAble(sim, message.body.to)) return withdraw(sim, message)
  const service = sim.services[message.body.to] as ServiceState
  if (redeliver(sim, message)) {
    queueChanged(sim, message.body.to, 1)
    putFirst(service.ready, replicaOf(sim, message), message)
  } else freeGroup(sim, service, message)
  pump(sim, message.body.to)
}

/** Notes that the message is handed out again; false when it was handed out too often and is parked instead. */
export function redeliver(sim: Simulation, message: Message): boolean {
  const { deliveriesMax } = sim.model.bus
  if (deliveriesMax > 0 && message.deliveries >= deliveriesMax) {
    park(sim, message)
    return false
  }
  const { body } = message
  remember(sim, body.type, body.to, true)
  message.position = sim.note(
    Kind.redelivered,
    body.to,
    body.saga,
    message.id,
    message.position,
    message.deliveries + 1,
  )
  return true
}

/** To the dead-letter queue; with sequenced parking everything of the same sequence follows. */
function park(sim: Simulation, message: Message): void {
  const { body } = message
  sim.count(body.type, Metric.deadLettered)
  message.position = sim.note(Kind.deadLettered, body.to, body.saga, message.id, message.position, message.deliveries)
  sim.deadLetters.push(message)
  const sequence = sequenceOf(sim, message)
  if (sim.model.bus.parkSequence && sequence !== null) sim.parkedSequences.add(sequence)
}

export function isParked(sim: Simulation, message: Message): boolean {
  return sim.deadLetters.length > 0 && sim.deadLetters.includes(message)
}

/** True when a message is not to be handled: it has expired, or its sequence is parked. */
export function isPutAside(sim: Simulation, message: Message): boolean {
  const { timeToLive } = sim.model.bus
  const { body } = message
  if (timeToLive > 0 && sim.now - message.departs > timeToLive) {
    sim.count(body.type, Metric.dropped)
    sim.note(Kind.dropped, body.to, body.saga, message.id, message.position, sim.value('expired'))
    release(sim, message)
    return true
  }
  if (sim.parkedSequences.size === 0) return false
  const sequence = sequenceOf(sim, message)
  if (sequence === null || !sim.parkedSequences.has(sequence)) return false
  park(sim, message)
  return true
}

function sequenceOf(sim: Simulation, message: Message): string | null {
  return sim.model.requests[message.body.request]?.sequence ?? null
}

/** A person has mended the cause: everything parked (at one service) is handed out anew. */
export function replayDeadLetters(sim: Simulation, service: number): void {
  const all = sim.deadLetters
  sim.deadLetters = []
  for (const message of all) {
    if (service !== NONE && message.body.to !== service) {
      sim.deadLetters.push(message)
      continue
    }
    const sequence = sequenceOf(sim, message)
    if (sequence !== null) sim.parkedSequences.delete(sequence)
    message.deliveries = 0
    message.failures = 0
    if (redeliver(sim, message)) enqueue(sim, message)
  }
}

/** The broker loses what it has accepted within the last `window` microseconds and not handed out yet. */
export function forgetRecent(sim: Simulation, { window, number }: AmnesiaFault): void {
  const why = sim.value(sim.model.header.faults[number] ?? '')
  for (const message of sim.messages) {
    if (message === null || message.departs < sim.now - window || message.deliveries > 0 || message.lost) continue
    const { body } = message
    const service = sim.services[body.to]
    sim.count(body.type, Metric.dropped)
    sim.note(Kind.dropped, message.from, body.saga, message.id, message.position, why, number)
    if (service !== undefined && takeOut(service.ready, message)) {
      queueChanged(sim, body.to, -1)
      freeGroup(sim, service, message)
      release(sim, message)
    } else if (service !== undefined && behindGroup(service.busy, body.group)?.includes(message)) {
      const behind = behindGroup(service.busy, body.group) ?? []
      setBehind(
        service.busy,
        body.group,
        behind.filter((one) => one !== message),
      )
      queueChanged(sim, body.to, -1)
      release(sim, message)
    } else {
      // Its arrival is on the agenda: it is forgotten when it would arrive.
      message.lost = true
    }
  }
}

/**
 * The receiver has crashed, and with it the connections on which messages of the groups from `group` on travel: no
 * broker keeps them, and whoever comes back asks for them anew.
 */
export function hangUp(sim: Simulation, to: number, group: number, why: number): void {
  const service = sim.services[to] as ServiceState
  for (const message of sim.messages) {
    if (message === null || message.lost || message.body.to !== to || message.body.group < group) continue
    sim.note(Kind.dropped, message.from, message.body.saga, message.id, message.position, why)
    const behind = behindGroup(service.busy, message.body.group)
    const handled = service.unacknowledged.indexOf(message)
    if (handled >= 0) service.unacknowledged.splice(handled, 1)
    else if (takeOut(service.ready, message)) queueChanged(sim, to, -1)
    else if (behind?.includes(message)) {
      behind.splice(behind.indexOf(message), 1)
      queueChanged(sim, to, -1)
    } else {
      message.lost = true
      continue
    }
    release(sim, message)
  }
}
