/**
 * Messages written inside a transaction of the broker. They reach their receiver's queue at once; a receiver that reads
 * committed gets them when the transaction has ended, and never when it was aborted. What is behind such a message in
 * the same order waits with it (Kafka calls the place the last stable offset).
 */
import { Kind } from '../trace/kinds.ts'
import { release } from './messages.ts'
import { Metric } from './metrics.ts'
import type { ServiceModel } from './model.ts'
import { groupAt, groupModel, partitionOf } from './partitions.ts'
import { enqueue, ORDERED_GROUPS } from './service.ts'
import type { Simulation } from './simulation.ts'
import type { Message, Outgoing } from './task.ts'

/** A transaction of the broker, as far as others see it. */
export interface Produced {
  readonly number: number
  /** The process that writes it. */
  readonly process: number
  state: 'open' | 'committed' | 'aborted'
  /** Its process has crashed: nobody will commit it. */
  orphan: boolean
}

/** True when the message waits at the broker, or is never to be seen by this receiver. */
export function isKeptBack(sim: Simulation, message: Message): boolean {
  const state = sim.produced.get(message.logical)?.state
  const { readsCommitted } = sim.model.services[message.body.to] as ServiceModel
  if (state === 'committed' || !readsCommitted) sim.produced.delete(message.logical)
  if (!readsCommitted) return false
  if (state === 'aborted') {
    neverSeen(sim, message)
    return true
  }
  if (state !== 'open' && !isBehindAnother(sim, message.body)) return false
  sim.unsettled.push(message)
  message.position = sim.note(Kind.awaitsCommit, message.body.to, message.body.saga, message.id, message.position)
  return true
}

function isBehindAnother(sim: Simulation, body: Outgoing): boolean {
  const order = orderOf(sim, body)
  return order !== null && sim.unsettled.some((other) => orderOf(sim, other.body) === order)
}

/** What keeps its order: a partition of a group, a group of the bus; null where nothing does. */
function orderOf(sim: Simulation, body: Outgoing): string | null {
  const group = groupAt(sim, body.to)
  if (group !== null) return `${group.number}/${partitionOf(groupModel(sim, group), body)}`
  return sim.model.bus.perKey || body.group >= ORDERED_GROUPS ? `${body.to}:${body.group}` : null
}

function neverSeen(sim: Simulation, message: Message): void {
  const { body } = message
  sim.count(body.type, Metric.dropped)
  const why = sim.value('its transaction was aborted')
  sim.note(Kind.dropped, body.to, body.saga, message.id, message.position, why)
  release(sim, message)
}

/** The transaction has ended: what waited for that goes on, in the order in which it came. */
export function settleProduced(sim: Simulation, produced: Produced, state: 'committed' | 'aborted'): void {
  produced.state = state
  const waiting = sim.unsettled
  sim.unsettled = []
  for (const message of waiting) {
    if (message.lost) release(sim, message)
    else if (!isKeptBack(sim, message)) enqueue(sim, message)
  }
}
