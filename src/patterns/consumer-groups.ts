/**
 * Consumer groups: who is a member, and what happens when that changes. A member that is silent for longer than the
 * session time-out is no member any more; one that comes back, or comes late, asks to be let in. Each change begins a
 * rebalance: a pause, then a new generation in which the partitions are dealt anew. A process is known by its name: one
 * that is back in time keeps what it had. What a partition is, and what a commit, is not known here: see
 * kernel/partitions.ts.
 */
import type { PatternModel } from '../kernel/model.ts'
import { noteGroupRow } from '../kernel/partition-rows.ts'
import {
  commitOffset,
  type GroupModel,
  type GroupState,
  GroupTimer,
  groupAt,
  groupModel,
  handedUpTo,
  handOut,
  type Partition,
  restart,
  setGroupTimer,
  takeBackReady,
} from '../kernel/partitions.ts'
import { pump } from '../kernel/service.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { dealRanges, dealSticky } from './deal-partitions.ts'
import { GROUP_PATTERN } from './pattern-numbers.ts'

export function consumerGroups(models: readonly GroupModel[]): PatternModel {
  return {
    name: 'consumer groups',
    init: (sim) => {
      sim.groups = models.map((model, number) => firstGeneration(sim, model, number))
      return null
    },
    onStart: (sim) => {
      models.forEach(({ joins }, number) => {
        const group = sim.groups[number] as GroupState
        for (const { member, at } of joins) setGroupTimer(sim, group, GroupTimer.join, member, 0, at)
      })
    },
    isStale: (sim, timer) => isStale(sim, sim.groups[timer.subject] as GroupState, timer.step, timer.token),
    onTimer: (sim, { subject, step, token, service }) => {
      const group = sim.groups[subject] as GroupState
      if (isStale(sim, group, step, token)) return
      if (step === GroupTimer.session) return sessionOver(sim, group, token)
      if (step === GroupTimer.finish) return finish(sim, group)
      if (step === GroupTimer.commit) return commitInTime(sim, group, token, service)
      if (step === GroupTimer.join) return join(sim, group, service)
      return slowOver(sim, group, token)
    },
    onStanding: (sim, process) => {
      const group = groupAt(sim, process)
      if (group !== null) stand(sim, group, process)
    },
  }
}

/** All members that are there from the start have dealt the partitions among themselves. */
function firstGeneration(sim: Simulation, model: GroupModel, number: number): GroupState {
  const members = startingMembers(model)
  const group: GroupState = {
    number,
    pattern: GROUP_PATTERN,
    generation: 1,
    members,
    partitions: dealRanges(members, model.partitions).map((owner) => freshPartition(owner)),
    rebalancing: false,
    token: 0,
    finishing: false,
    silent: [],
    silences: 0,
    crashed: [],
    ghosts: [],
  }
  for (const member of members) (sim.services[member] as ServiceState).leaseEpoch = 1
  noteAssigned(sim, group, NONE)
  return group
}

export function startingMembers({ members, joins }: Pick<GroupModel, 'members' | 'joins'>): number[] {
  return members.filter((member) => !joins.some((late) => late.member === member))
}

function freshPartition(owner: number): Partition {
  const empty = { log: [], base: 0, committed: 0, next: 0, inHand: null, takenAt: 0 }
  return { owner, since: 1, ...empty, stopped: false, commitPlanned: false, turnedAway: 0 }
}

function isStale(sim: Simulation, group: GroupState, step: number, token: number): boolean {
  if (step === GroupTimer.session) return !group.silent.some(({ number }) => number === token)
  if (step === GroupTimer.finish) return !group.rebalancing || group.token !== token
  if (step !== GroupTimer.slow) return false
  const { inHand } = group.partitions[token] as Partition
  return inHand === null || !isAtWork(sim, inHand.body.to, group.partitions[token] as Partition)
}

function isAtWork(sim: Simulation, owner: number, { inHand }: Partition): boolean {
  return inHand !== null && (sim.services[owner] as ServiceState).unacknowledged.includes(inHand)
}

function runs(sim: Simulation, process: number): boolean {
  const { up, pausedUntil } = sim.services[process] as ServiceState
  return up && sim.now >= pausedUntil
}

/** A process has stopped or is back. */
function stand(sim: Simulation, group: GroupState, process: number): void {
  const state = sim.services[process] as ServiceState
  const isSilent = group.silent.some((one) => one.process === process)
  if (!state.up && !group.crashed.includes(process)) {
    group.crashed.push(process)
    group.ghosts = group.ghosts.filter((ghost) => ghost.process !== process)
    state.leaseEpoch = 0
  }
  if (!runs(sim, process)) {
    if (isSilent || !group.members.includes(process)) return
    const number = group.silences++
    group.silent.push({ process, number })
    const { session } = groupModel(sim, group)
    setGroupTimer(sim, group, GroupTimer.session, sim.model.client, number, sim.now + session)
    return
  }
  group.silent = group.silent.filter((one) => one.process !== process)
  if (!group.members.includes(process)) return join(sim, group, process)
  if (!group.crashed.includes(process)) return
  goOn(sim, group, process)
}

/** Back in time: it has what it had, and begins at what was committed. */
function goOn(sim: Simulation, group: GroupState, process: number): void {
  group.crashed = group.crashed.filter((one) => one !== process)
  ;(sim.services[process] as ServiceState).leaseEpoch = group.generation
  group.partitions.forEach(({ owner }, number) => {
    if (owner === process) restart(sim, group, number)
  })
  pump(sim, process)
}

function sessionOver(sim: Simulation, group: GroupState, number: number): void {
  const [silent] = group.silent.filter((one) => one.number === number)
  if (silent === undefined) return
  leave(sim, group, silent.process, 'it has been silent for longer than the session time-out')
}

/** It has worked on one message for longer than a session, and said nothing meanwhile. */
function slowOver(sim: Simulation, group: GroupState, number: number): void {
  const partition = group.partitions[number] as Partition
  if (sim.now - partition.takenAt < groupModel(sim, group).session) return
  if (group.members.includes(partition.owner))
    leave(sim, group, partition.owner, 'it has worked on one message for longer than the session time-out')
}

function leave(sim: Simulation, group: GroupState, process: number, why: string): void {
  group.members = group.members.filter((member) => member !== process)
  group.silent = group.silent.filter((one) => one.process !== process)
  const position = sim.note(Kind.memberLeft, process, NONE, NONE, NONE, group.generation, sim.value(why))
  group.partitions.forEach((partition, number) => {
    if (partition.owner === process) loseOwner(sim, group, number, position)
  })
  beginRebalance(sim, group, position)
}

/** It was its owner's until now. One that does not know yet goes on believing what it has handled. */
function loseOwner(sim: Simulation, group: GroupState, number: number, cause: number): void {
  const partition = group.partitions[number] as Partition
  const { owner: process, since: generation } = partition
  if (!group.crashed.includes(process))
    group.ghosts.push({ process, partition: number, generation, position: handedUpTo(partition) })
  partition.owner = NONE
  noteGroupRow(sim, group, number, cause)
}

function join(sim: Simulation, group: GroupState, process: number): void {
  if (group.members.includes(process) || !runs(sim, process)) return
  const { joins } = groupModel(sim, group)
  if (joins.some(({ member, at }) => member === process && at > sim.now)) return
  group.crashed = group.crashed.filter((one) => one !== process)
  group.members = [...group.members, process].sort((a, b) => a - b)
  beginRebalance(sim, group, sim.note(Kind.memberJoined, process, NONE, NONE, NONE, group.generation))
}

/** From now on nobody is given a message: of any partition, or of those that change hands. */
function beginRebalance(sim: Simulation, group: GroupState, cause: number): void {
  const { service, rebalance, cooperative } = groupModel(sim, group)
  const owners = deal(sim, group)
  group.partitions.forEach((partition, number) => {
    if (cooperative && owners[number] === partition.owner) return
    partition.stopped = true
    takeBackReady(sim, partition)
  })
  if (group.rebalancing) {
    if (group.finishing) finish(sim, group)
    return
  }
  group.rebalancing = true
  group.token++
  sim.note(Kind.rebalanceBegan, service, NONE, NONE, cause, group.generation, Math.round(rebalance / 1000))
  if (rebalance === 0) finish(sim, group)
  else setGroupTimer(sim, group, GroupTimer.finish, sim.model.client, group.token, sim.now + rebalance)
}

function deal(sim: Simulation, { number, members, partitions }: GroupState): number[] {
  const { cooperative } = groupModel(sim, { number })
  const owners = partitions.map(({ owner }) => owner)
  return cooperative ? dealSticky(members, owners) : dealRanges(members, partitions.length)
}

/** The new generation, as soon as no member works on what it has to give up. */
function finish(sim: Simulation, group: GroupState): void {
  const owners = deal(sim, group)
  group.finishing = group.partitions.some(
    (partition, number) =>
      partition.owner !== owners[number] &&
      group.members.includes(partition.owner) &&
      isAtWork(sim, partition.owner, partition),
  )
  if (group.finishing) return
  commitBeforeLeaving(sim, group, owners)
  group.rebalancing = false
  group.generation++
  const changed = owners.map((owner, number) => changeOwner(group, number, owner))
  for (const member of group.members) {
    if (!group.crashed.includes(member)) (sim.services[member] as ServiceState).leaseEpoch = group.generation
  }
  const position = noteAssigned(sim, group, NONE)
  group.partitions.forEach((partition, number) => {
    partition.stopped = false
    if (changed[number]) {
      restart(sim, group, number)
      noteGroupRow(sim, group, number, position)
    } else handOut(sim, partition)
  })
  for (const member of group.members) pump(sim, member)
}

/** Who lives and has to give a partition up commits first what it has handled. */
function commitBeforeLeaving(sim: Simulation, group: GroupState, owners: readonly number[]): void {
  group.partitions.forEach((partition, number) => {
    const { owner } = partition
    if (owner === owners[number] || !group.members.includes(owner) || !runs(sim, owner)) return
    commitOffset(sim, group, number, owner, group.generation, handedUpTo(partition), NONE)
  })
}

/** False when it stays where it is. */
function changeOwner(group: GroupState, number: number, owner: number): boolean {
  const partition = group.partitions[number] as Partition
  if (partition.owner === owner) return false
  partition.owner = owner
  partition.since = group.generation
  return true
}

/** A commit by time: of the owner, or of one that does not know that it was. */
function commitInTime(sim: Simulation, group: GroupState, number: number, process: number): void {
  const partition = group.partitions[number] as Partition
  if (partition.owner === process && partition.commitPlanned) {
    partition.commitPlanned = false
    commitOffset(sim, group, number, process, group.generation, handedUpTo(partition), NONE)
    return
  }
  const ghost = group.ghosts.find((one) => one.process === process && one.partition === number)
  if (ghost === undefined) return
  group.ghosts = group.ghosts.filter((one) => one !== ghost)
  commitOffset(sim, group, number, process, ghost.generation, ghost.position, NONE)
}

/** One entry for each member: what it has in this generation. Returns the first one's position. */
function noteAssigned(sim: Simulation, group: GroupState, cause: number): number {
  let first = NONE
  for (const member of group.members) {
    const own = group.partitions.flatMap(({ owner }, number) => (owner === member ? [number] : []))
    const position = sim.note(Kind.assigned, member, NONE, NONE, cause, group.generation, sim.value(own.join(', ')))
    if (first === NONE) first = position
  }
  return first
}
