/**
 * THE CONTRACT between the engine and everything that looks at a run: what happened, as columns of small numbers with
 * one table of values. Knows no engine and no pixels. Times are whole microseconds of virtual time.
 */
import type { Chunk, Spec } from './columns.ts'

export const entrySpec = {
  time: 'f64',
  kind: 'u8',
  service: 'i16',
  saga: 'i32',
  message: 'i32',
  cause: 'i32',
  a: 'i32',
  b: 'i32',
} as const satisfies Spec

/** One row per message copy. `logical` is the first copy's number: duplicates share the message id, resends do not. */
export const messageSpec = {
  body: 'i32',
  from: 'i16',
  logical: 'i32',
  departs: 'f64',
  /** When it will reach the receiver's queue; Infinity when a partition holds it for ever. */
  arrives: 'f64',
} as const satisfies Spec

/** What messages say. A duplicate, and a message sent again unchanged, say the same and share the row. */
export const bodySpec = {
  type: 'i32',
  to: 'i16',
  role: 'u8',
  outcome: 'u8',
  saga: 'i32',
  step: 'i16',
  compensation: 'u8',
  attempt: 'i32',
  key: 'i32',
  reason: 'i32',
  payload: 'i32',
  /** The message this one answers, or −1. */
  answers: 'i32',
} as const satisfies Spec

/** One row per committed row change. `before` and `after` point into the cells; −1 means the row did not exist. */
export const changeSpec = { table: 'i32', row: 'i32', before: 'i32', after: 'i32' } as const satisfies Spec

/** A cell is a small whole number (even: value × 2) or a value id (odd: id × 2 + 1). */
export const cellSpec = { cell: 'i32' } as const satisfies Spec

export type EntrySpec = typeof entrySpec
export type MessageSpec = typeof messageSpec
export type BodySpec = typeof bodySpec
export type ChangeSpec = typeof changeSpec
export type CellSpec = typeof cellSpec

/** What a value table can hold: everything JSON can. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

export interface TableInfo {
  /** `ledger`; unique within its service. */
  readonly name: string
  readonly service: number
  readonly columns: readonly string[]
  /** The primary key column, or null when rows are numbered. */
  readonly key: string | null
  /** Kept by a protection or a pattern (keys, inbox, outbox, fence), not by the scenario's author. */
  readonly system: boolean
}

/**
 * What a line of a program stands for, in the order a handling goes through them. `known …` is where a duplicate is
 * turned away, `declared` is never run.
 */
export type ProgramPhase =
  | 'declared'
  | 'received'
  | 'acknowledge'
  | 'begin'
  | 'claim inbox'
  | 'known inbox'
  | 'claim key'
  | 'known key'
  | 'busy key'
  | 'commit claim'
  | 'claim fence'
  | 'known fence'
  | 'work'
  | 'decide'
  | 'statement'
  | 'violated'
  | 'record'
  | 'order'
  | 'checkpoint'
  | 'prepare'
  | 'commit'
  | 'send'
  | 'refused'
  | 'failed'
  | 'answer'

export interface ProgramLine {
  readonly text: string
  /** How deep it is nested. */
  readonly indent: number
  readonly phase: ProgramPhase
  /** The statements it shows: one, or several where an operation is also run by its orchestrator. */
  readonly statements?: readonly number[]
  /** Time passes here. */
  readonly waits?: boolean
}

/** How a service handles some messages, as code to be read. */
export interface ProgramInfo {
  readonly service: number
  readonly name: string
  /** The messages that are handled by it. */
  readonly messages: readonly string[]
  readonly lines: readonly ProgramLine[]
}

/** A table by which duplicates are recognised, and how long a row of it counts. */
export interface StoreInfo {
  readonly kind: 'idempotency key' | 'inbox' | 'fence' | 'unique constraint'
  readonly table: number
  /** Places of the columns that tell one request from another. */
  readonly columns: readonly number[]
  /** The row is claimed before the work, so that a second request meets it while the first is at work. */
  readonly claimsFirst: boolean
  /** The field of the message that carries the key; null when it comes beside the payload. */
  readonly field: string | null
  /** How long a row counts after its creation, microseconds; null for ever. */
  readonly retention: number | null
  /** How many rows it holds; null for all. */
  readonly capacity: number | null
  /** The status a client hears for a key that was used with another payload; null where there is none. */
  readonly reusedStatus: number | null
}

export interface ServiceInfo {
  readonly name: string
  readonly title: string
  /** `client` stands for whoever sends the workload; it has no disk and cannot crash. */
  readonly kind: 'service' | 'client'
  readonly tables: readonly number[]
  /** In words, for the card: `idempotency key`, `outbox`, … */
  readonly protections: readonly string[]
  /** A further process of this service: it shares its disk. Absent for the first and for a service that has one. */
  readonly instanceOf?: number
  /** How many replicas it begins with; absent where their number means nothing. */
  readonly replicas?: number
}

export interface StepInfo {
  readonly name: string
  readonly service: number
  readonly operation: string
  readonly compensation: string | null
  readonly kind: 'compensatable' | 'pivot' | 'retriable'
  /** Runs inside the orchestrator's own transaction, without a message. */
  readonly local: boolean
}

export interface SagaInfo {
  readonly name: string
  readonly orchestrator: number
  readonly steps: readonly StepInfo[]
  /** True when no component holds the saga: its progress is put together from events and their correlation ids. */
  readonly reconstructed?: boolean
  /** True when its steps are votes, and become true together or not at all. */
  readonly twoPhase?: boolean
}

export interface PropertyInfo {
  readonly name: string
  /** What it promises, for people; the name alone when absent. */
  readonly title?: string
  readonly when: 'always' | 'eventually' | 'sometimes'
  readonly check: string
  /** Shown when it breaks: a title and, after a colon, a sentence. */
  readonly broken: string
}

export interface StatementInfo {
  readonly service: number
  readonly operation: string
  /** The statement as a reader would write it. */
  readonly text: string
  /** What it does: `update`, `insert`, `return`, … */
  readonly verb?: string
  /** The table whose rows it changes. */
  readonly table?: number
  /** It looks at each row under its lock before it changes it. */
  readonly guarded?: boolean
  /** Columns it gives a value that does not come from what was there. */
  readonly sets?: readonly string[]
}

/** An event store: its events are the rows of a table. */
export interface EventStoreInfo {
  readonly service: number
  /** Table numbers; −1 for none. */
  readonly events: number
  readonly snapshots: number
  readonly aggregates: readonly { readonly name: string; readonly fields: readonly string[] }[]
}

/** A projection: the events it follows and the tables it keeps. */
export interface ProjectionInfo {
  readonly name: string
  readonly store: number
  readonly services: readonly number[]
  readonly tables: readonly number[]
  /** The tables of a blue/green rebuild; empty for none. */
  readonly nextTables: readonly number[]
  readonly positions: number
  readonly follows: readonly string[]
  readonly persistent: boolean
}

/** Everything static about a run: fixed before its first entry. */
export interface TraceHeader {
  readonly version: 1
  readonly scenario: {
    readonly id: string
    readonly title: string
    readonly variant: string | null
    readonly seed: number
  }
  readonly services: readonly ServiceInfo[]
  readonly tables: readonly TableInfo[]
  readonly sagas: readonly SagaInfo[]
  readonly statements: readonly StatementInfo[]
  readonly properties: readonly PropertyInfo[]
  /** How every service handles what it gets, as code to be read. */
  readonly programs?: readonly ProgramInfo[]
  /** What recognises duplicates. */
  readonly stores?: readonly StoreInfo[]
  /** Pairs of services that can talk, orchestrator or client first. */
  readonly edges: readonly (readonly [number, number])[]
  /** The faults of the scenario, as a short phrase each, by fault number. */
  readonly faults: readonly string[]
  /** How many of the first rows of the change table are the initial rows, not changes. */
  readonly initialChanges: number
  readonly eventStores?: readonly EventStoreInfo[]
  readonly projections?: readonly ProjectionInfo[]
  /** Settings that contradict each other, as a line each: place, then what and why. */
  readonly warnings?: readonly string[]
}

/** A stretch of a trace, ready to be moved between threads. */
export interface TracePart {
  readonly entries: Chunk<EntrySpec>[]
  readonly messages: Chunk<MessageSpec>[]
  readonly bodies: Chunk<BodySpec>[]
  readonly changes: Chunk<ChangeSpec>[]
  readonly cells: Chunk<CellSpec>[]
  /** Values not sent before, in order of their ids. */
  readonly values: Value[]
}

export const NONE = -1
