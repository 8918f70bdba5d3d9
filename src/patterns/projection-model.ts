/** What a projection is: which events of which store it follows, how it keeps its place, and what it does in trouble. */
import type { Duration, Payload } from '../kernel/model.ts'
import { ORDERED_GROUPS } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { OutboxSettings } from './outbox-rows.ts'
import { PROJECTION_PATTERN } from './pattern-numbers.ts'
import type { StoreModel } from './store-model.ts'

export const positionColumns = ['projection', 'position'] as const
export const versionColumns = ['key', 'version'] as const
export const bufferColumns = ['key', 'event'] as const
export const parkedColumns = ['key', 'projection', 'position', 'stream', 'reason', 'event', 'attempts'] as const
export const claimColumns = ['projection', 'owner', 'token', 'until'] as const

/** Messages of one subscription come one after the other, whatever order the bus keeps. */
export const SUBSCRIPTION_GROUPS = ORDERED_GROUPS
/** Events that travel as ordinary messages: one group per stream. */
export const STREAM_GROUPS = 2 ** 25 + 2 ** 23

/** What one run of the rules works on: the read model, or the next one that is being built beside it. */
export interface Lane {
  /** Name under which its position is stored. */
  readonly name: string
  /** By event type. */
  readonly messageTypes: ReadonlyMap<string, number>
  readonly tables: readonly number[]
}

export interface ProjectionModel {
  readonly number: number
  readonly name: string
  readonly store: StoreModel
  /** The services it runs in; the first has its tables. */
  readonly instances: readonly number[]
  readonly live: Lane
  /** For a blue/green rebuild. */
  readonly next: Lane | null
  readonly persistent: boolean
  /** Microseconds: the first look, and the time between two; 0 = told at every commit. */
  readonly start: number
  readonly every: number
  readonly lag: number
  /** Events under way at once. */
  readonly prefetch: number
  readonly gaps: 'ignore' | 'hold' | 'skip' | 'hold while open'
  readonly skipAfter: number
  readonly checkpoint: 'with the update' | 'after the update' | 'before the update'
  readonly checkpointEvery: number
  readonly outOfOrder: 'apply' | 'drop older' | 'buffer'
  readonly onError: 'retry' | 'skip' | 'park' | 'park sequence' | 'stop'
  readonly attempts: number
  readonly retryTime: number
  /** 0 = what is parked stays parked. */
  readonly parkedRetry: number
  readonly parkedRetriesMax: number
  readonly liveOnly: boolean
  /** Infinity: instances do not claim. */
  readonly claimTime: number
  readonly claims: boolean
  readonly outbox: OutboxSettings | null
  readonly handlerTime: Duration
  readonly tables: ProjectionTables
}

/** System tables of the home service, −1 where there is none. */
export interface ProjectionTables {
  readonly positions: number
  readonly versions: number
  readonly buffer: number
  readonly parked: number
  readonly claims: number
}

/** One subscription to the store: an instance of a projection that reads on from a position. */
export interface Session {
  readonly id: number
  readonly projection: number
  readonly service: number
  readonly isNext: boolean
  /** Everything up to here was sent or passed over. */
  read: number
  /** The last event handled; the checkpoint follows it. */
  applied: number
  /** Positions under way, in order. */
  queue: number[]
  sinceCheckpoint: number
  attempts: number
  /** The gap it waits at, 0 for none, and since when. */
  gap: number
  gapSince: number
  polling: boolean
  /** The position whose coming is waited for, 0 for none. */
  watched: number
  ended: boolean
  /** Its token of the claim; 0 while somebody else has it. */
  token: number
}

export interface ProjectionRun {
  /** Ids of its sessions that have not ended. */
  sessions: number[]
  /** Every position up to here was applied at least once, and those beyond. */
  seenUpTo: number
  readonly seenBeyond: Set<number>
  applied: number
  repeated: number
  skipped: number
  parked: number
  dropped: number
  stopped: boolean
  /** Up to here everything is a replay: its side effects have happened. */
  replayUntil: number
  turn: number
  /** Tasks that wait until it has reached a position: slot, generation, position, … */
  waiters: number[]
}

export interface Handling {
  readonly session: number
  /** The events of this transaction: the one that came, and those kept for it. */
  events: EventPayload[]
  isParked: boolean
}

export interface ProjectionState {
  runs: ProjectionRun[]
  sessions: Session[]
  /** By task slot. */
  readonly handlings: (Handling | null)[]
  /** By transaction: rebuilds that begin when it commits. */
  readonly rebuilds: Map<number, { projection: number; mode: 'in place' | 'blue/green' }[]>
  /** By store's service: the last committed position. */
  readonly heads: Map<number, number>
  readonly streams: Map<string, number>
  /** Only with a trace: the entry that committed a position. */
  causes: number[]
}

/** What a message from a store carries: the event's data and, under `event`, all that is known of it. */
export type EventPayload = Payload & { readonly event: Payload }

export function projectionState(sim: Simulation): ProjectionState {
  return sim.patterns[PROJECTION_PATTERN] as ProjectionState
}

export function laneOf(model: ProjectionModel, session: Session): Lane {
  return session.isNext && model.next !== null ? model.next : model.live
}
