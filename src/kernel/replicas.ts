/**
 * Replicas of one service: they share its disk and its queue, and each has handlers and a memory of its own. Any free one
 * takes the next message, in turn; or messages of one key always go to the same one, as long as their number stays.
 */
import { hashText } from '../base/hash.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import type { ServiceModel } from './model.ts'
import { allReady, clearReady, isLaneEmpty, putLast } from './ready-queue.ts'
import { pump } from './service.ts'
import type { ServiceState } from './service-state.ts'
import type { Simulation } from './simulation.ts'
import type { Message } from './task.ts'

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
    const isFree = (atWork[replica] as number) < concurrency
    if (isFree && !(routesByKey && isLaneEmpty(ready, replica))) return replica
  }
  return -1
}

export function hasFreeHandler({ replicas, atWork }: ServiceState, { concurrency }: ServiceModel): boolean {
  for (let replica = 0; replica < replicas; replica++) if ((atWork[replica] as number) < concurrency) return true
  return false
}

/** From now on there are so many replicas. Who goes finishes what it has begun; who waits is sent where it belongs now. */
export function scale(sim: Simulation, index: number, replicas: number): void {
  const service = sim.services[index] as ServiceState
  if (service.replicas === replicas) return
  sim.note(Kind.scaled, index, NONE, NONE, NONE, replicas, service.replicas)
  service.replicas = replicas
  while (service.atWork.length < replicas) service.atWork.push(0)
  for (const pattern of sim.model.patterns) pattern.onScale?.(sim, index, replicas)
  const waiting = allReady(service.ready).sort((a, b) => a.queuedAt - b.queuedAt || a.id - b.id)
  clearReady(service.ready)
  for (const message of waiting) putLast(service.ready, replicaOf(sim, message), message)
  pump(sim, index)
}
