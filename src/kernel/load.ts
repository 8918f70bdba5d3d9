/**
 * What a run under load is measured by: queues, work, waiting and latency, stores and what slips through them. Present
 * only where a scenario has arrivals or asks for such a number; everybody else pays one look at a null.
 */
import { Outcome, Role } from '../trace/kinds.ts'
import {
  type CurveModel,
  type Curves,
  changeLevel,
  countOne,
  countShare,
  createCurves,
  recordValue,
  setLevel,
} from './curves.ts'
import type { Table, Transaction } from './disk.ts'
import type { Simulation } from './simulation.ts'
import type { Message, Task } from './task.ts'

/** Which curve is which; −1 for one that is not drawn. */
export interface ServiceCurves {
  readonly queue: number
  readonly busy: number
  readonly wait: number
  readonly handled: number
}

export interface RequestCurves {
  readonly arrivals: number
  readonly latency: number
  readonly slipped: number
}

export interface StoreCurves {
  readonly size: number
  readonly hits: number
  readonly gone: number
  /** What one record takes, for the memory it stands for. */
  readonly recordBytes: number
}

export interface LoadModel {
  readonly curves: readonly CurveModel[]
  /** How long the run is expected to take, microseconds. */
  readonly span: number
  /** By service, message type and table; null for those that are not measured. */
  readonly services: readonly (ServiceCurves | null)[]
  readonly requests: readonly (RequestCurves | null)[]
  readonly stores: readonly (StoreCurves | null)[]
  /** Number of the first request of a stream; those before it are listed one by one. */
  readonly firstRequest: number
  /** One number for all times the same is asked for. */
  readonly business: (request: number) => number
}

/** Counted per message type of a request. */
export const Counted = {
  /** First requests, repeats left out. */
  requests: 0,
  /** The same once more, by the client: double clicks, a batch replayed. */
  repeats: 1,
  /** Further attempts of a client that heard nothing or of an error. */
  retries: 2,
  /** Further attempts of a proxy, which the client knows nothing of. */
  proxied: 3,
  answered: 4,
  refused: 5,
  failed: 6,
  /** Clients that have stopped waiting. */
  gaveUp: 7,
  /** Answers for clients that do not wait any more. */
  late: 8,
  /** Operations done for the first time for what a request asks. */
  done: 9,
  /** Operations done again for what was done already. */
  slipped: 10,
} as const
export type CountedName = keyof typeof Counted
export const COUNTED = 11

/** Of a store of keys or messages, by table. */
export interface StoreCounts {
  hits: number
  misses: number
  evicted: number
  expired: number
}

/** Plain data. */
export interface LoadState {
  readonly curves: Curves
  readonly counts: Float64Array
  readonly stores: (StoreCounts | null)[]
  /** One bit for everything that was done at least once, by the number `business` gives. */
  done: Uint8Array
}

export function createLoad(load: LoadModel, messageTypes: number): LoadState {
  return {
    curves: createCurves(load.curves, load.span),
    counts: new Float64Array(messageTypes * COUNTED),
    stores: load.stores.map((curves) => (curves === null ? null : { hits: 0, misses: 0, evicted: 0, expired: 0 })),
    done: new Uint8Array(64),
  }
}

function curvesOf(sim: Simulation, service: number): ServiceCurves | null {
  return sim.model.load?.services[service] ?? null
}

/** So many more messages wait for a handler. */
export function queueChanged(sim: Simulation, service: number, by: number): void {
  const curves = sim.load === null ? null : curvesOf(sim, service)
  if (sim.load !== null && curves !== null) changeLevel(sim.load.curves, curves.queue, sim.now, by)
}

/** Nobody waits at a service: it will be told again who does. */
export function queueEmptied(sim: Simulation, service: number): void {
  const curves = sim.load === null ? null : curvesOf(sim, service)
  if (sim.load !== null && curves !== null) setLevel(sim.load.curves, curves.queue, sim.now, 0)
}

export function workBegan(sim: Simulation, service: number, message: Message | null): void {
  const curves = sim.load === null ? null : curvesOf(sim, service)
  if (sim.load === null || curves === null) return
  changeLevel(sim.load.curves, curves.busy, sim.now, 1)
  if (message !== null && message.deliveries === 1) {
    recordValue(sim.load.curves, curves.wait, sim.now, sim.now - message.queuedAt)
  }
}

export function workEnded(sim: Simulation, service: number): void {
  const curves = sim.load === null ? null : curvesOf(sim, service)
  if (sim.load === null || curves === null) return
  changeLevel(sim.load.curves, curves.busy, sim.now, -1)
  countOne(sim.load.curves, curves.handled, sim.now)
}

/** A handler died with its service: it has handled nothing. */
export function workLost(sim: Simulation, service: number): void {
  const curves = sim.load === null ? null : curvesOf(sim, service)
  if (sim.load !== null && curves !== null) changeLevel(sim.load.curves, curves.busy, sim.now, -1)
}

export function countRequest(sim: Simulation, type: number, what: number): void {
  const { load } = sim
  if (load === null) return
  const place = type * COUNTED + what
  load.counts[place] = (load.counts[place] as number) + 1
  const curves = sim.model.load?.requests[type]
  if (curves !== null && curves !== undefined && what <= Counted.proxied) {
    countOne(load.curves, curves.arrivals, sim.now)
  }
}

/** A client has its answer, so long after it first asked. */
export function recordLatency(sim: Simulation, type: number, latency: number): void {
  const { load } = sim
  if (load === null) return
  const curves = sim.model.load?.requests[type]
  if (curves !== null && curves !== undefined) recordValue(load.curves, curves.latency, sim.now, latency)
}

/** An operation has committed: was it done for this request before? */
export function countDone(sim: Simulation, task: Task): void {
  const { load, model } = sim
  const { message } = task
  if (load === null || message === null || task.outcome !== Outcome.ok || message.body.role !== Role.request) return
  const { request } = message.body
  if (model.load === null || request < model.load.firstRequest) return
  const number = model.load.business(request) - model.load.firstRequest
  const place = number >>> 3
  if (place >= load.done.length) growDone(load, place + 1)
  const bit = 1 << (number & 7)
  const isAgain = ((load.done[place] as number) & bit) !== 0
  load.done[place] = (load.done[place] as number) | bit
  countRequest(sim, message.body.type, isAgain ? Counted.slipped : Counted.done)
  const curves = model.load.requests[message.body.type]
  if (isAgain && curves !== null && curves !== undefined) countOne(load.curves, curves.slipped, sim.now)
}

/** A transaction has committed: stores that it wrote have another size. */
export function countRows(sim: Simulation, tx: Transaction): void {
  let last = -1
  for (const { table } of tx.writes) {
    if (table.number !== last) storeChanged(sim, table.number)
    last = table.number
  }
}

function growDone(load: LoadState, bytes: number): void {
  const larger = new Uint8Array(Math.max(bytes, load.done.length * 2))
  larger.set(load.done)
  load.done = larger
}

/** Somebody looked into a store: was it there? */
export function countLookUp(sim: Simulation, table: number, isThere: boolean): void {
  const counts = sim.load?.stores[table]
  const curves = sim.model.load?.stores[table]
  if (sim.load === null || counts === null || counts === undefined || curves === null || curves === undefined) return
  if (isThere) counts.hits++
  else counts.misses++
  countShare(sim.load.curves, curves.hits, sim.now, isThere)
}

/** Rows that a store has let go: for want of room, or because their time was over. */
export function countGone(sim: Simulation, table: number, why: 'evicted' | 'expired'): void {
  const counts = sim.load?.stores[table]
  const curves = sim.model.load?.stores[table]
  if (sim.load === null || counts === null || counts === undefined || curves === null || curves === undefined) return
  counts[why]++
  countOne(sim.load.curves, curves.gone, sim.now)
}

/** A store has gained or lost rows. */
export function storeChanged(sim: Simulation, table: number): void {
  const curves = sim.model.load?.stores[table]
  if (sim.load !== null && curves !== null && curves !== undefined) {
    setLevel(sim.load.curves, curves.size, sim.now, (sim.tables[table] as Table).size)
  }
}
