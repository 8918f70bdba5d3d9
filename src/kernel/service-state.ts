import type { ServiceModel } from './model.ts'
import type { Message } from './task.ts'

/** A service at run time: what the broker holds for it and what it is doing. */
export interface ServiceState {
  up: boolean
  /** Counts crashes: a scheduled recovery of an older crash is stale. */
  epoch: number
  crashPosition: number
  /** Slots of live tasks, in order of their start. */
  active: number[]
  /** Messages ready for a free handler. */
  ready: Message[]
  /** Groups with a message ready or in a handler, and the messages that wait behind it. */
  readonly busy: Map<number, Message[]>
  /** Handed out and not acknowledged, in order. */
  unacknowledged: Message[]
  /** Durable timers that fell due while it was down. */
  dueTimers: number[]
}

export function createServiceState(_model: ServiceModel): ServiceState {
  return {
    up: true,
    epoch: 0,
    crashPosition: -1,
    active: [],
    ready: [],
    busy: new Map(),
    unacknowledged: [],
    dueTimers: [],
  }
}
