/**
 * A topic in partitions and the one consumer group that reads it. Each partition is a log: a message gets an offset, the
 * member that owns the partition is given one after the other, and what it has handled counts once its offset is
 * committed. Who takes a partition over goes on at the committed offset, so what was handled and not committed is handled
 * again. A commit says under which generation its sender took the partition; one that is over is turned away.
 * Who is a member and what a rebalance does is not known here: see patterns/consumer-groups.ts.
 */
import { hashText } from '../base/hash.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { queueChanged } from './load.ts'
import { release } from './messages.ts'
import { noteGroupRow } from './partition-rows.ts'
import { putFirst, putLast, takeOut } from './ready-queue.ts'
import { isParked, redeliver } from './redelivery.ts'
import { note, pump } from './service.ts'
import type { ServiceState } from './service-state.ts'
import type { Simulation } from './simulation.ts'
import type { Message, Outgoing, Task } from './task.ts'

export interface GroupModel {
  /** The first process of the service, and all of them. */
  readonly service: number
  readonly members: readonly number[]
  readonly partitions: number
  /** The field of a message that says its partition; null: the order it belongs to. */
  readonly by: string | null
  /** Microseconds a member may be silent. */
  readonly session: number
  /** Does a member that works on one message still give signs of life? */
  readonly heartbeatsAlways: boolean
  /** Microseconds a rebalance lasts at least. */
  readonly rebalance: number
  readonly cooperative: boolean
  /** A commit after so many messages (0: not by number), or so long after the first (0: not by time). */
  readonly commitEvery: number
  readonly commitAfter: number
  readonly fencing: boolean
  /** Members that come later, and when. */
  readonly joins: readonly { readonly member: number; readonly at: number }[]
  readonly table: number
}

/** Every group of a model, and by process: the number of its group, −1 for none. */
export interface GroupsModel {
  readonly models: readonly GroupModel[]
  readonly of: Int32Array
}

export interface Partition {
  /** −1 while nobody has it. */
  owner: number
  /** The generation in which its owner got it. */
  since: number
  /** What is kept of the log: from offset `base` on. */
  log: Message[]
  base: number
  committed: number
  /** The offset that is handed out next. */
  next: number
  inHand: Message | null
  /** When the message in hand was taken, microseconds. */
  takenAt: number
  /** A rebalance keeps its messages back. */
  stopped: boolean
  commitPlanned: boolean
  /** Commits of a generation that was over. */
  turnedAway: number
}

export interface GroupState {
  readonly number: number
  /** Where the pattern that decides who is a member finds its timers. */
  readonly pattern: number
  generation: number
  /** In the order of their numbers. */
  members: number[]
  partitions: Partition[]
  rebalancing: boolean
  /** Counts rebalances: the timer of an older one is void. */
  token: number
  /** The pause is over, and members still work on what they have to give up. */
  finishing: boolean
  /** Members that are silent, with the number of the silence. */
  silent: { process: number; number: number }[]
  silences: number
  /** Processes that have lost their memory and are not back yet. */
  crashed: number[]
  /** What a member that does not know yet believes it has handled. */
  ghosts: { process: number; partition: number; generation: number; position: number }[]
}

/** Steps of the timers of a group. */
export const GroupTimer = { session: 0, finish: 1, commit: 2, join: 3, slow: 4 } as const

export function groupAt(sim: Simulation, process: number): GroupState | null {
  if (sim.groups.length === 0) return null
  const number = sim.model.groups?.of[process] ?? NONE
  return number === NONE ? null : (sim.groups[number] as GroupState)
}

export function groupModel(sim: Simulation, { number }: Pick<GroupState, 'number'>): GroupModel {
  return sim.model.groups?.models[number] as GroupModel
}

export function partitionOf({ by, partitions }: GroupModel, { payload, group }: Outgoing): number {
  const value = by === null ? undefined : payload[by]
  if (value === undefined) return Math.abs(group) % partitions
  if (Number.isSafeInteger(value)) return (((value as number) % partitions) + partitions) % partitions
  return (hashText(String(value)) >>> 0) % partitions
}

function partitionFor(sim: Simulation, group: GroupState, body: Outgoing): { number: number; partition: Partition } {
  const number = partitionOf(groupModel(sim, group), body)
  return { number, partition: group.partitions[number] as Partition }
}

/** The member a message goes to; nobody's wait where the first process is. Null for a service without a group. */
export function ownerFor(sim: Simulation, body: Outgoing): number | null {
  const group = groupAt(sim, body.to)
  if (group === null) return null
  const { owner } = partitionFor(sim, group, body).partition
  return owner === NONE ? groupModel(sim, group).service : owner
}

/** A message has reached the topic; false when its receiver is no group. */
export function append(sim: Simulation, message: Message): boolean {
  const group = groupAt(sim, message.body.to)
  if (group === null) return false
  const { partition } = partitionFor(sim, group, message.body)
  partition.log.push(message)
  handOut(sim, partition)
  if (partition.owner !== NONE) pump(sim, partition.owner)
  return true
}

/** The owner of a partition is given the next message, unless it has one or a rebalance is on. It is not woken. */
export function handOut(sim: Simulation, partition: Partition): void {
  if (partition.owner === NONE || partition.stopped || partition.inHand !== null) return
  while (partition.next < partition.base + partition.log.length) {
    const message = partition.log[partition.next++ - partition.base] as Message
    if (message.lost || isParked(sim, message)) continue
    adopt(sim, message)
    move(sim, message, partition.owner)
    partition.inHand = message
    putLast((sim.services[partition.owner] as ServiceState).ready, 0, message)
    return
  }
}

/** A message that was dealt with and is to be handled again is under way once more. */
function adopt(sim: Simulation, message: Message): void {
  if (sim.messages[message.slot] === message) return
  const slot = sim.freeMessages.pop() ?? sim.messages.length
  ;(message as { slot: number }).slot = slot
  sim.messages[slot] = message
}

function move(sim: Simulation, message: Message, to: number): void {
  const { body } = message
  if (body.to === to) return
  if (sim.load !== null) {
    queueChanged(sim, body.to, -1)
    queueChanged(sim, to, 1)
  }
  message.body = { ...body, to }
  message.position = sim.note(Kind.moved, to, body.saga, message.id, message.position, body.to)
}

/** A handler has taken it: from now on a member that does not speak while it works counts as silent. */
export function taken(sim: Simulation, message: Message): void {
  const group = groupAt(sim, message.body.to)
  if (group === null) return
  const { number, partition } = partitionFor(sim, group, message.body)
  partition.takenAt = sim.now
  const { heartbeatsAlways, session } = groupModel(sim, group)
  if (!heartbeatsAlways) setGroupTimer(sim, group, GroupTimer.slow, sim.model.client, number, sim.now + session)
}

/** The message in hand is dealt with, put aside or parked: the next one. False when its receiver is no group. */
export function passOn(sim: Simulation, message: Message): boolean {
  const group = groupAt(sim, message.body.to)
  if (group === null) return false
  const { number, partition } = partitionFor(sim, group, message.body)
  if (partition.inHand !== message) return true
  partition.inHand = null
  commitIfDue(sim, group, number, message.position)
  handOut(sim, partition)
  if (group.finishing) setGroupTimer(sim, group, GroupTimer.finish, sim.model.client, group.token, sim.now)
  return true
}

/** A handling that failed is to be done once more by the same owner. False when the receiver is no group. */
export function again(sim: Simulation, message: Message): boolean {
  const group = groupAt(sim, message.body.to)
  if (group === null) return false
  const { partition } = partitionFor(sim, group, message.body)
  const service = sim.services[message.body.to] as ServiceState
  if (partition.inHand !== message || partition.owner !== message.body.to || !service.up) return true
  const wasReady = takeOut(service.ready, message)
  if (!wasReady && !redeliver(sim, message)) passOn(sim, message)
  else {
    if (!wasReady && sim.load !== null) queueChanged(sim, message.body.to, 1)
    putFirst(service.ready, 0, message)
  }
  pump(sim, message.body.to)
  return true
}

/** The acknowledgement of a group's member: an offset that is handled, and committed when it is time. */
export function settle(sim: Simulation, task: Task, message: Message): boolean {
  const group = groupAt(sim, task.service)
  if (group === null) return false
  const { number, partition } = partitionFor(sim, group, message.body)
  if (isOfPast(sim, task, message)) {
    const place = partition.log.indexOf(message)
    const position = place < 0 ? NONE : partition.base + place + 1
    task.cause = commitOffset(sim, group, number, task.service, task.epoch, position, task.cause, message)
    return true
  }
  const service = sim.services[task.service] as ServiceState
  const place = service.unacknowledged.indexOf(message)
  if (place < 0) return true
  service.unacknowledged.splice(place, 1)
  task.cause = note(sim, task, Kind.acknowledged)
  commitIfDue(sim, group, number, task.cause, partition.next)
  return true
}

function isOwner(partition: Partition, process: number, generation: number): boolean {
  return partition.owner === process && partition.since <= generation
}

/** The broker has given the message, or its partition, to somebody else meanwhile. */
function isOfPast(sim: Simulation, task: Task, message: Message): boolean {
  const group = groupAt(sim, task.service)
  if (group === null) return message.receipt !== task.receipt
  const { partition } = partitionFor(sim, group, message.body)
  return !isOwner(partition, task.service, task.epoch) || partition.inHand !== message
}

/** And it looks at that when somebody commits. */
export function isFencedOff(sim: Simulation, task: Task, message: Message): boolean {
  const group = groupAt(sim, task.service)
  return isOfPast(sim, task, message) && (group === null || groupModel(sim, group).fencing)
}

/** How far the owner has come. */
export function handedUpTo({ inHand, next }: Partition): number {
  return inHand === null ? next : next - 1
}

function commitIfDue(
  sim: Simulation,
  group: GroupState,
  number: number,
  cause: number,
  position: number = handedUpTo(group.partitions[number] as Partition),
): void {
  const partition = group.partitions[number] as Partition
  const { commitEvery, commitAfter } = groupModel(sim, group)
  const count = position - partition.committed
  if (count <= 0) return
  if (commitEvery > 0 && count >= commitEvery) {
    commitOffset(sim, group, number, partition.owner, group.generation, position, cause)
  } else if (commitAfter > 0 && !partition.commitPlanned) {
    partition.commitPlanned = true
    setGroupTimer(sim, group, GroupTimer.commit, partition.owner, number, sim.now + commitAfter)
  }
}

/** Commits an offset, or turns the commit of a generation that is over away. Returns the entry's position. */
export function commitOffset(
  sim: Simulation,
  group: GroupState,
  number: number,
  process: number,
  generation: number,
  position: number,
  cause: number,
  message: Message | null = null,
): number {
  const partition = group.partitions[number] as Partition
  const { fencing } = groupModel(sim, group)
  const isStale = !isOwner(partition, process, generation)
  if (!isStale && position === partition.committed) return cause
  const about = message?.body.saga ?? NONE
  const id = message?.id ?? NONE
  if (isStale && (fencing || position === NONE)) {
    partition.turnedAway++
    const turned = sim.note(Kind.commitTurnedAway, process, about, id, cause, number, generation)
    noteGroupRow(sim, group, number, turned)
    return turned
  }
  partition.committed = position
  const committed = sim.note(Kind.offsetCommitted, process, about, id, cause, number, position)
  // Without fencing a commit may go back, and whoever takes over then asks for what was done long ago.
  if (fencing) trim(partition)
  noteGroupRow(sim, group, number, committed)
  return committed
}

function trim(partition: Partition): void {
  const done = partition.committed - partition.base
  if (done <= 0) return
  partition.log.splice(0, done)
  partition.base = partition.committed
}

/**
 * Whoever has the partition from now on begins at the committed offset: what was handed out behind it is handed out
 * again, what waits waits there.
 */
export function restart(sim: Simulation, group: GroupState, number: number): void {
  const partition = group.partitions[number] as Partition
  const { owner, log } = partition
  const end = partition.next
  const waited = takeFromHand(sim, partition)
  partition.next = partition.committed
  partition.commitPlanned = false
  const to = owner === NONE ? groupModel(sim, group).service : owner
  for (let offset = Math.max(partition.base, partition.committed); offset < partition.base + log.length; offset++) {
    const message = log[offset - partition.base] as Message
    if (message.lost || isParked(sim, message)) continue
    if (offset < end && message !== waited) handAgain(sim, message, to)
    else move(sim, message, to)
  }
  for (let offset = end; offset < partition.committed; offset++) skip(sim, log[offset - partition.base])
  handOut(sim, partition)
}

/** A message that was handed out and that no handler has taken yet waits in the log again. */
export function takeBackReady(sim: Simulation, partition: Partition): void {
  const { inHand } = partition
  if (inHand === null || !takeOut((sim.services[inHand.body.to] as ServiceState).ready, inHand)) return
  partition.inHand = null
  partition.next--
}

/** Takes the message in hand from its owner, and returns it if no handler had begun with it. */
function takeFromHand(sim: Simulation, partition: Partition): Message | null {
  const message = partition.inHand
  if (message === null) return null
  partition.inHand = null
  const holder = sim.services[message.body.to] as ServiceState
  if (takeOut(holder.ready, message)) return message
  holder.unacknowledged = holder.unacknowledged.filter((other) => other !== message)
  message.receipt++
  // Its offset was committed before the work: nobody gets it again.
  if (!partition.log.includes(message)) release(sim, message)
  return null
}

function handAgain(sim: Simulation, message: Message, to: number): void {
  adopt(sim, message)
  if (message.body.to !== to) message.body = { ...message.body, to }
  if (redeliver(sim, message) && sim.load !== null) queueChanged(sim, to, 1)
}

/** An offset was committed beyond what its owner has handled: nobody will ask for this one any more. */
function skip(sim: Simulation, message: Message | undefined): void {
  if (message === undefined || message.lost) return
  const { body } = message
  sim.note(Kind.dropped, body.to, body.saga, message.id, message.position, sim.value('its offset is committed already'))
  message.lost = true
  release(sim, message)
}

export function setGroupTimer(
  sim: Simulation,
  { number, pattern }: GroupState,
  step: number,
  service: number,
  token: number,
  at: number,
): void {
  sim.setTimer({ pattern, service, subject: number, step, token, durable: false, cause: NONE, own: true }, at)
}

/** A handling is over. A member that was thrown out while it worked asks to be let in again. */
export function taskEnded(sim: Simulation, process: number): void {
  const group = groupAt(sim, process)
  if (group === null || group.members.includes(process)) return
  if ((sim.services[process] as ServiceState).active.length > 0) return
  setGroupTimer(sim, group, GroupTimer.join, process, 0, sim.now)
}
