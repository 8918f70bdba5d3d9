/** The bus: sends, delays, loses, copies and delivers messages, and keeps what is not acknowledged. */

import { draw, drawWithin, mix } from '../base/hash.ts'
import { Kind, Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { Action } from './action.ts'
import { busyGroups } from './busy-groups.ts'
import { remember } from './cycle.ts'
import { assign, isAble, placeFor, serviceOf } from './instances.ts'
import { createMessage, describeMessage, recycle, release } from './messages.ts'
import { Metric } from './metrics.ts'
import type { MessageFault, PartitionFault, ServiceModel } from './model.ts'
import { groupAt, ownerFor } from './partitions.ts'
import { hasFreeHandler } from './replicas.ts'
import { answerCall, enqueue } from './service.ts'
import type { Simulation } from './simulation.ts'
import type { Message, Outgoing } from './task.ts'
import { isKeptBack } from './unsettled.ts'

const HOP_DRAW = 0x686f70
const FAULT_DRAW = 0x6661756c
const GROUP_SPAN = 2 ** 26

/** Sends a message, or publishes an event to one of its subscribers (to −1 when nobody subscribes). */
export function sendOrPublish(sim: Simulation, from: number, out: Outgoing, cause: number): void {
  publish(sim, from, out, cause)
  if (out.to !== NONE) send(sim, from, out, cause)
}

/** Records that an event was published; does nothing for any other message. */
export function publish(sim: Simulation, from: number, out: Outgoing, cause: number): void {
  if (out.subscribers < 0 || isBeyondHopLimit(sim, out)) return
  sim.count(out.type, Metric.published)
  if (out.subscribers === 0) sim.count(out.type, Metric.unheard)
  const name = sim.value(sim.model.messageTypes[out.type] as string)
  const position = sim.note(Kind.published, from, out.saga, NONE, cause, name, out.subscribers)
  for (const pattern of sim.model.patterns) pattern.onPublish?.(sim, from, out, position)
}

function isBeyondHopLimit(sim: Simulation, out: Outgoing): boolean {
  const { hopLimit } = sim.model.bus
  return hopLimit > 0 && out.hops > hopLimit
}

/** Sends a message. `logical` is the first copy's id when this is a relay's second attempt, else −1. */
export function send(
  sim: Simulation,
  from: number,
  outgoing: Outgoing,
  cause: number,
  logical: number = NONE,
): Message {
  const { model } = sim
  const out = model.instances === null ? outgoing : addressed(sim, outgoing)
  const hop = out.request !== NONE && isClientHop(sim, from, out.to) ? model.bus.clientHop : travelTime(sim, from, out)
  const message = createMessage(sim, from, out, logical)
  if (isBeyondHopLimit(sim, out)) return parkAtOnce(sim, message, cause)
  sim.count(out.type, Metric.sent)
  remember(sim, out.type, out.to, false)
  const asked = model.answerTo[out.type] as number
  if (asked >= 0) sim.count(asked, Metric.answered)
  let arrives = sim.now + hop + out.delay
  if (model.bus.perKey && out.delay === 0 && sim.arrivals.size > 0)
    arrives = Math.max(arrives, lastArrival(sim, message))
  const partition = sim.activePartitions.length > 0 ? partitionBetween(sim, from, out.to) : null
  const faults = model.messageFaults
  if (faults.length === 0 && partition === null) record(sim, message, arrives, cause)
  else sendThroughFaults(sim, message, arrives, cause, partition)
  return message
}

/** To a service with several processes: to the one that is to have it. The answer to a call goes to who waits for it. */
function addressed(sim: Simulation, out: Outgoing): Outgoing {
  if (out.to === NONE || (out.role === Role.reply && sim.calls.has(out.answers))) return out
  const to = ownerFor(sim, out) ?? placeFor(sim, out.to, out.group)
  return to === out.to ? out : { ...out, to }
}

/** A message that would go round for ever. */
function parkAtOnce(sim: Simulation, message: Message, cause: number): Message {
  describeMessage(sim, message, sim.now)
  sim.count(message.body.type, Metric.deadLettered)
  message.position = sim.note(Kind.deadLettered, message.body.to, message.body.saga, message.id, cause, 0)
  release(sim, message)
  return message
}

/** Writes the message's row and its `sent` entry and puts its arrival on the agenda. */
function record(sim: Simulation, message: Message, arrives: number, cause: number): void {
  const { bus } = sim.model
  if (bus.perKey && bus.hopFrom !== bus.hopTo) sim.arrivals.set(arrivalKey(message), arrives)
  describeMessage(sim, message, arrives)
  message.position = sim.note(Kind.sent, message.from, message.body.saga, message.id, cause)
  schedule(sim, message, arrives)
}

function schedule(sim: Simulation, message: Message, arrives: number): void {
  if (arrives !== Number.POSITIVE_INFINITY) sim.agenda.push(arrives, Action.arrive, message.slot, 0)
}

function sendThroughFaults(
  sim: Simulation,
  message: Message,
  arrives: number,
  cause: number,
  partition: PartitionFault | null,
): void {
  let at = arrives
  let dropped: MessageFault | null = null
  const copies: MessageFault[] = []
  const delays: MessageFault[] = []
  for (const fault of sim.model.messageFaults) {
    if (!strikes(sim, fault, message)) continue
    if (fault.kind === 'drop') dropped ??= fault
    else if (fault.kind === 'delay') delays.push(fault)
    else copies.push(fault)
  }
  for (const { by } of delays) at += by
  if (partition?.mode === 'buffer') at = Math.max(at, partition.until)
  if (sim.model.bus.perKey && at > sim.now + sim.model.bus.hopFrom) sim.arrivals.set(arrivalKey(message), at)
  describeMessage(sim, message, at)
  message.position = sim.note(Kind.sent, message.from, message.body.saga, message.id, cause)
  for (const { by, number } of delays) note(sim, Kind.delayed, message, by / 1000, number)
  if (dropped !== null || partition?.mode === 'drop') {
    const half = Math.floor((Math.min(at, arrives) - sim.now) / 2)
    sim.agenda.push(
      sim.now + half,
      Action.lose,
      message.slot,
      dropped === null ? (partition?.number ?? 0) : dropped.number,
    )
    return
  }
  if (partition?.mode === 'refuse') return bounceUnreachable(sim, message)
  if (partition !== null) note(sim, Kind.held, message, partition.number)
  schedule(sim, message, at)
  for (const fault of copies) copyMessage(sim, message, at, fault)
}

function note(
  sim: Simulation,
  kind: typeof Kind.delayed | typeof Kind.held,
  message: Message,
  a: number,
  b: number = NONE,
): void {
  message.position = sim.note(kind, message.from, message.body.saga, message.id, message.position, a, b)
}

/** The bus delivers a message once more (or more often), under the same logical id. */
export function copyMessage(
  sim: Simulation,
  original: Message,
  arrives: number,
  fault: Pick<MessageFault, 'copies' | 'by' | 'number'>,
): void {
  for (let i = 1; i <= fault.copies; i++) {
    const copy = createMessage(sim, original.from, original.body, original.logical)
    const at = arrives + fault.by * i
    if (sim.model.bus.perKey && fault.by > 0) sim.arrivals.set(arrivalKey(copy), at)
    describeMessage(sim, copy, at)
    sim.count(copy.body.type, Metric.duplicated)
    const { saga } = copy.body
    copy.position = sim.note(Kind.duplicated, copy.from, saga, copy.id, original.position, original.id, fault.number)
    schedule(sim, copy, at)
  }
}

/** The sender of a message that cannot leave hears so at once, as a transient error. */
function bounceUnreachable(sim: Simulation, message: Message): void {
  turnAway(sim, message, message.from, 'UNREACHABLE', 0)
}

/** A message is not taken: it is gone, and whoever asked hears a transient error after so long. */
function turnAway(sim: Simulation, message: Message, where: number, reason: string, hop: number): void {
  sim.count(message.body.type, Metric.dropped)
  const position = sim.note(Kind.dropped, where, message.body.saga, message.id, message.position, sim.value(reason))
  release(sim, message)
  const { body } = message
  const isAsked = body.role === Role.request || (body.role === Role.command && body.request < 0)
  if (!isAsked || (sim.model.errorAnswer[body.type] as number) < 0) return
  const reply: Outgoing = {
    ...message.body,
    type: sim.model.errorAnswer[message.body.type] as number,
    to: message.from,
    role: message.body.role === Role.command ? Role.reply : Role.response,
    outcome: Outcome.failed,
    reason,
    answers: message.id,
  }
  const answer = createMessage(sim, message.body.to, reply, NONE)
  describeMessage(sim, answer, sim.now + hop)
  answer.position = sim.note(Kind.sent, message.body.to, message.body.saga, answer.id, position)
  schedule(sim, answer, sim.now + hop)
}

/** A message reaches its receiver's queue. */
export function arrive(sim: Simulation, message: Message): void {
  if (message.lost) {
    release(sim, message)
    return
  }
  if (sim.model.instances !== null && isMisplaced(sim, message)) assign(sim, message)
  message.position = sim.note(Kind.delivered, message.body.to, message.body.saga, message.id, message.position)
  if (message.body.role === Role.reply && isForCall(sim, message)) {
    answerCall(sim, message)
    recycle(sim, message)
    return
  }
  const receive = sim.receivers[message.body.to] as ServiceModel['receive']
  if (receive !== null) {
    receive(sim, message)
    recycle(sim, message)
    return
  }
  if (isFull(sim, message.body.to)) {
    const hop = message.body.role === Role.request ? sim.model.bus.clientHop : sim.model.bus.hopFrom
    turnAway(sim, message, message.body.to, 'OVERLOADED', hop)
    return
  }
  if ((sim.produced.size > 0 || sim.unsettled.length > 0) && isKeptBack(sim, message)) return
  enqueue(sim, message)
}

/** The process it was sent to cannot take it, or its partition may have another owner by now. */
function isMisplaced(sim: Simulation, { body }: Message): boolean {
  if (sim.calls.has(body.answers)) return false
  return groupAt(sim, body.to) !== null || !isAble(sim, body.to)
}

/** All handlers are at work, and as many messages wait as may. */
function isFull(sim: Simulation, service: number): boolean {
  const model = sim.model.services[service] as Simulation['model']['services'][number]
  const { queueMax } = model
  if (queueMax === Number.POSITIVE_INFINITY) return false
  const state = sim.services[service] as Simulation['services'][number]
  const { ready, busy } = state
  let waiting = ready.size
  for (const [, behind] of busyGroups(busy)) waiting += behind.length
  return waiting >= queueMax && !hasFreeHandler(state, model)
}

/** The answer to a synchronous call; also one that nobody waits for any more: the second copy, or after a crash. */
function isForCall(sim: Simulation, { body }: Message): boolean {
  if (sim.calls.has(body.answers)) return true
  const { isClient, programs } = sim.model.services[body.to] as ServiceModel
  return !isClient && (programs[body.type] as number) < 0
}

export function loseMessage(sim: Simulation, message: Message, fault: number): void {
  sim.count(message.body.type, Metric.dropped)
  const why = sim.value(sim.model.header.faults[fault] ?? 'lost')
  sim.note(Kind.dropped, message.from, message.body.saga, message.id, message.position, why, fault)
  release(sim, message)
}

function isClientHop(sim: Simulation, from: number, to: number): boolean {
  return from === sim.model.client || to === sim.model.client
}

function travelTime(sim: Simulation, from: number, out: Outgoing): number {
  const { bus } = sim.model
  if (bus.hopFrom === bus.hopTo) return bus.hopFrom
  // The entity of the draw: which edge, what, for whom. The n-th of these gets the n-th draw.
  const entity = mix(mix(mix(from, out.to), out.type), out.group)
  const n = (sim.drawCounts.get(entity) ?? 0) + 1
  sim.drawCounts.set(entity, n)
  return drawWithin(draw(sim.seed, HOP_DRAW, entity, n), bus.hopFrom, bus.hopTo)
}

function strikes(sim: Simulation, fault: MessageFault, message: Message): boolean {
  if (sim.now < fault.after || sim.now >= fault.until) return false
  if (fault.type !== NONE && fault.type !== message.body.type) return false
  if (fault.from !== NONE && !isNamed(sim, fault.from, message.from)) return false
  if (fault.to !== NONE && !isNamed(sim, fault.to, message.body.to)) return false
  const n = (sim.faultCounts[fault.number] as number) + 1
  sim.faultCounts[fault.number] = n
  if (fault.threshold >= 0) return draw(sim.seed, FAULT_DRAW ^ fault.entity, message.body.type, n) < fault.threshold
  return n >= fault.nth && n < fault.nth + fault.times
}

/** A service’s name stands for all its processes, a process’s name for itself. */
function isNamed(sim: Simulation, named: number, process: number): boolean {
  return named === process || named === serviceOf(sim, process)
}

function partitionBetween(sim: Simulation, from: number, to: number): PartitionFault | null {
  for (const active of sim.activePartitions) {
    const partition = sim.model.partitions[active] as PartitionFault
    const a = partition.side[from]
    const b = partition.side[to]
    if ((partition.there && a === 1 && b === 2) || (partition.back && a === 2 && b === 1)) return partition
  }
  return null
}

function arrivalKey(message: Message): number {
  return message.body.to * GROUP_SPAN * 2 + message.body.group + GROUP_SPAN
}

function lastArrival(sim: Simulation, message: Message): number {
  const at = sim.arrivals.get(arrivalKey(message))
  return at === undefined ? 0 : at
}
