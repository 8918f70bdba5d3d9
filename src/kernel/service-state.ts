import { type BusyGroups, clearGroups, noGroups } from './busy-groups.ts'
import { clearReady, createReadyQueue, type ReadyQueue } from './ready-queue.ts'
import type { Message, Outgoing } from './task.ts'

/** A service at run time: what the broker holds for it and what it is doing. */
export interface ServiceState {
  up: boolean
  /** Stands still until then; its memory stays. */
  pausedUntil: number
  /** Counts crashes: a scheduled recovery of an older crash is stale. */
  epoch: number
  crashPosition: number
  /** Slots of live tasks, in order of their start. */
  active: number[]
  /** Messages ready for a free handler. */
  readonly ready: ReadyQueue
  replicas: number
  /** Replicas that have crashed and are not back yet. */
  fallen: number[]
  /** Handlers at work, by replica; those of a replica that was taken away finish what they do. */
  readonly atWork: number[]
  /** The replica that took the last message. */
  lastReplica: number
  /** Groups with a message ready or in a handler, and the messages that wait behind it. */
  readonly busy: BusyGroups
  /** Handed out and not acknowledged, in order. */
  unacknowledged: Message[]
  /** Of several processes of one service: it believes that it may take messages. */
  takes: boolean
  /** The epoch of the lease it believes it holds; 0 for none. */
  leaseEpoch: number
  /** On the first of several processes: the newest epoch its disk knows, and whose turn it was last. */
  diskEpoch: number
  lastProcess: number
  /** Durable timers that fell due while it was down. */
  dueTimers: number[]
  /** What it said last and where the trace has that: a duplicate, or the same said again, is not written twice. */
  lastBody: Outgoing | null
  lastBodyRow: number
}

/** As at the beginning of a run, in the memory of the last one. */
export function resetServiceState(state: ServiceState, { replicas }: { readonly replicas: number }): void {
  state.up = true
  state.pausedUntil = 0
  state.epoch = 0
  state.crashPosition = -1
  if (state.active.length > 0) state.active = []
  clearReady(state.ready)
  state.replicas = replicas
  if (state.fallen.length > 0) state.fallen = []
  while (state.atWork.length > replicas) state.atWork.pop()
  for (let replica = 0; replica < replicas; replica++) state.atWork[replica] = 0
  state.lastReplica = replicas - 1
  clearGroups(state.busy)
  if (state.unacknowledged.length > 0) state.unacknowledged = []
  if (state.dueTimers.length > 0) state.dueTimers = []
  state.takes = true
  state.leaseEpoch = 0
  state.diskEpoch = 0
  state.lastProcess = -1
  state.lastBody = null
}

export function createServiceState({ replicas }: { readonly replicas: number }): ServiceState {
  return {
    up: true,
    pausedUntil: 0,
    epoch: 0,
    crashPosition: -1,
    active: [],
    ready: createReadyQueue(),
    replicas,
    fallen: [],
    atWork: new Array<number>(replicas).fill(0),
    lastReplica: replicas - 1,
    busy: noGroups(),
    unacknowledged: [],
    dueTimers: [],
    takes: true,
    leaseEpoch: 0,
    diskEpoch: 0,
    lastProcess: -1,
    lastBody: null,
    lastBodyRow: -1,
  }
}
