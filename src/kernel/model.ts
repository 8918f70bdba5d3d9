/**
 * A runnable model: everything static about a run, compiled once and run with many seeds. The kernel knows services,
 * messages, tables and programs; it knows no payment, no stock and no saga. Times are microseconds.
 */
import { draw } from '../base/hash.ts'
import type { TraceHeader, Value } from '../trace/trace-format.ts'
import type { Transaction } from './disk.ts'
import type { InstancesModel } from './instances.ts'
import type { LoadModel } from './load.ts'
import type { GroupsModel } from './partitions.ts'
import type { Simulation } from './simulation.ts'
import type { IsolationLevel } from './snapshot.ts'
import type { Message, Outgoing, Task } from './task.ts'

/** What a program's step wants next: the step after it, a wake-up, the end, or the step it set itself. */
export const Next = { go: 0, wait: 1, done: 2, jump: 3 } as const
export type NextCode = (typeof Next)[keyof typeof Next]
export type Step = (sim: Simulation, task: Task) => NextCode

/** How a service handles one kind of message: steps with labels to jump to. */
export interface Program {
  /** The operation's or handler's name, as faults call it. */
  readonly name: string
  readonly steps: readonly Step[]
  /** Where a business refusal, a transient error and a duplicate go on. */
  readonly onRefused: number
  readonly onFailed: number
  readonly onDuplicate: number
  /** Where a handling goes on that needs no operation but has something to keep. */
  readonly onSkip: number
}

export interface TableModel {
  readonly name: string
  readonly service: number
  readonly columns: readonly string[]
  /** Index of the primary key column, −1 when rows are numbered. */
  readonly key: number
  /** Unique indexes, the primary key first when there is one. */
  readonly uniques: readonly (readonly number[])[]
  /** Columns that statements look rows up by, beside the unique ones. */
  readonly lookups: readonly number[]
  /** Set where a fold reads it: what its rows were is kept, so that a question about the past finds them. */
  keepsPast?: boolean
  readonly rows: readonly (readonly Value[])[]
}

/** Microseconds: always the same, anything from one to another, or exponentially distributed. */
export type Duration = number | { readonly from: number; readonly to: number } | { readonly mean: number }

export interface ServiceModel {
  readonly name: string
  readonly isClient: boolean
  readonly handlerTime: Duration
  /** Messages handled at once, by each replica. */
  readonly concurrency: number
  /** More messages than that do not wait; Infinity for no limit. */
  readonly queueMax: number
  /** Replicas at the start: they share disk and queue, and each has a memory of its own. */
  readonly replicas: number
  /** Messages of one key always go to the same replica. */
  readonly routesByKey: boolean
  readonly acknowledgeFirst: boolean
  readonly restartTime: number
  readonly redeliverOnError: boolean
  /** Of several processes under a lease: the disk refuses the commit of one whose epoch is not the newest. */
  readonly fencing: boolean
  readonly isolation: IsolationLevel
  /** Sees what an open or aborted transaction of the broker has written: not when it reads committed. */
  readonly readsCommitted: boolean
  /** Its handlings are transactions of the broker, which gives them up after so long (microseconds); 0 when they are not. */
  readonly transactionTime: number
  /** Extends the visibility time-out while a handler works. */
  readonly heartbeat: boolean
  /** Message type → program, −1 for none. */
  readonly programs: Int32Array
  readonly faults: readonly HandlingFault[]
  /** The status its clients hear, by the reason of an answer, where it is not the usual one. */
  readonly statuses: Readonly<Record<string, number>>
  /** A process without queue, disk and crashes (a client): reacts at once when a message arrives. Null for any other. */
  readonly receive: ((sim: Simulation, message: Message) => void) | null
}

export interface BusModel {
  readonly hopFrom: number
  readonly hopTo: number
  readonly clientHop: number
  readonly perKey: boolean
  /** 0 = never handed out again by itself. */
  readonly visibility: number
  /** 0 = no limit. */
  readonly deliveriesMax: number
  /** Messages that were led to by more than so many are parked; 0 = no limit. */
  readonly hopLimit: number
  /** What happens to a message whose handling failed; null: again at once, without end. */
  readonly redelivery: {
    readonly immediate: number
    readonly delayed: readonly number[]
    readonly blocks: boolean
  } | null
  /** A message that waited longer is dropped; 0 = never. */
  readonly timeToLive: number
  /** Everything of one sequence is parked together. */
  readonly parkSequence: boolean
}

/** Who falls in a crash, where it is not a replica's number: the whole service, or the replica that is at work on it. */
export const Falls = { service: -1, handler: -2 } as const

/** A fault that lands while a service handles a message. */
export interface HandlingFault {
  readonly number: number
  readonly kind: 'crash' | 'pause' | 'slow' | 'refuse' | 'fail' | 'poison'
  /** Message or operation name; null for any. */
  readonly on: string | null
  readonly nth: number
  readonly times: number
  readonly after: number
  readonly until: number
  readonly point: number
  readonly restart: number
  /** Of a crash: the replica that falls, counting its handlings only; see `Falls`. */
  readonly replica: number
  readonly by: number
  readonly inTransaction: boolean
  readonly afterCommit: boolean
  readonly reason: string
}

/** A fault that befalls a message on its way. */
export interface MessageFault {
  readonly number: number
  /** What its draws depend on: its content, not its place. */
  readonly entity: number
  readonly kind: 'drop' | 'duplicate' | 'delay'
  readonly type: number
  readonly from: number
  readonly to: number
  readonly nth: number
  readonly times: number
  /** Of 2^32; −1 when it counts instead. */
  readonly threshold: number
  readonly after: number
  readonly until: number
  readonly copies: number
  readonly by: number
}

export interface PartitionFault {
  readonly number: number
  readonly from: number
  readonly until: number
  readonly mode: 'buffer' | 'drop' | 'refuse'
  /** By service: 1 in the first set, 2 in the second, 0 in none. */
  readonly side: Uint8Array
  readonly there: boolean
  readonly back: boolean
}

export interface CrashAt {
  readonly number: number
  readonly service: number
  readonly at: number
  readonly restart: number
  /** A replica's number, or that of `Falls.service`. */
  readonly replica: number
}

/** A service stands still for a while: a long collection of garbage, a moved machine. */
export interface PauseFault {
  readonly number: number
  readonly service: number
  readonly at: number
  readonly length: number
}

/** A service's clock is wrong for a while: by an offset (microseconds) and a drift (millionths). */
export interface SkewFault {
  readonly number: number
  readonly service: number
  readonly from: number
  readonly until: number
  readonly offset: number
  readonly drift: number
}

/** From then on a service has so many replicas. */
export interface Scaling {
  readonly at: number
  readonly service: number
  readonly replicas: number
}

/** The broker acknowledged, and then lost what it had accepted shortly before. */
export interface AmnesiaFault {
  readonly number: number
  readonly at: number
  readonly window: number
}

export interface RequestModel {
  readonly to: number
  readonly type: number
  readonly at: number
  readonly payload: Payload
  readonly key: string | null
  /** 0 = the client waits for ever. */
  readonly timeout: number
  readonly retry: RetryModel
  readonly keys: 'same' | 'fresh' | 'none'
  /** Messages of one group keep their order on a bus with order. */
  readonly group: number
  readonly sequence: string | null
}

export type Payload = { readonly [field: string]: Value }

/** Waits in microseconds; attemptsMax counts the first attempt; Infinity for no end. */
export interface RetryModel {
  readonly initial: number
  readonly factor: number
  readonly max: number
  readonly attemptsMax: number
  /** Full jitter: each wait is drawn between 0 and what the policy says. */
  readonly jitter: boolean
}

export interface PropertyModel {
  readonly name: string
  readonly when: 'always' | 'eventually' | 'sometimes'
  readonly holds: (sim: Simulation) => boolean
  /** By table: does the property look at it? */
  readonly looksAt: Uint8Array
  readonly looksAtSagas: boolean
  /** It reads the trace: a run without one sees nothing in it. */
  readonly needsTrace: boolean
}

/** A pattern's own part of a run (sagas, clients): kept by the kernel, understood by the pattern. */
export interface PatternModel {
  readonly name: string
  /** Plain data, made anew for every run. */
  init(sim: Simulation): unknown
  /** A handler's transaction has committed; `cause` is the position of that entry. */
  onCommitted?(sim: Simulation, tx: Transaction, cause: number): void
  /** The timer means nothing any more: what it waited for has happened. */
  isStale?(sim: Simulation, timer: Timer): boolean
  /** A timer the pattern set has fired. */
  onTimer?(sim: Simulation, timer: Timer): void
  /** An event was published; `position` is that entry's. */
  onPublish?(sim: Simulation, service: number, event: Outgoing, position: number): void
  /** Semantic locks were given back by a transaction that has committed. */
  onReleased?(sim: Simulation, locks: readonly string[]): void
  /** A service lost its memory. */
  onCrash?(sim: Simulation, service: number): void
  /** One replica has crashed: what it had in its own memory is gone. */
  onReplicaCrash?(sim: Simulation, service: number, replica: number): void
  /** A service has so many replicas from now on. */
  onScale?(sim: Simulation, service: number, replicas: number): void
  /** A source of requests that the pattern has put on the agenda. */
  onArrival?(sim: Simulation, source: number, n: number): void
  /** The run begins: whatever is to happen by itself goes on the agenda. */
  onStart?(sim: Simulation): void
  /**
   * Forgets what nobody can ask for any more, so that states that behave alike look alike: tokens of timers that are
   * gone, words that were sent. Never called in a run; `isHidden`: nobody looks at this table.
   */
  tidy?(sim: Simulation, isHidden: (table: number) => boolean): void
  /** One of several processes of a service has crashed, recovered, been paused or gone on, or its clock has changed. */
  onStanding?(sim: Simulation, process: number, cause: number): void
  /** A service is back and knows only what is on its disk: nothing is handed out to it yet. */
  onReturn?(sim: Simulation, service: number, cause: number): void
  /** The same, with what the broker handed out again in its queue; `cause` is the position of that entry. */
  onRecover?(sim: Simulation, service: number, cause: number): void
}

export interface Timer {
  pattern: number
  service: number
  /** Meaning is the pattern's: an instance, a step, a token. */
  subject: number
  step: number
  token: number
  /** Survives a crash of the service: fires when it is back. */
  durable: boolean
  /** Trace position of the entry that set it. */
  cause: number
  /** Of several processes it is this one’s alone: no other fires it. */
  own?: boolean
}

export interface Model {
  readonly seed: number
  readonly endTime: number
  readonly entriesMax: number
  readonly services: readonly ServiceModel[]
  readonly client: number
  /** Services with several processes; null when every one has one. */
  readonly instances: InstancesModel | null
  /** Services that read their messages as a consumer group; null when none does. */
  readonly groups: GroupsModel | null
  readonly tables: readonly TableModel[]
  readonly messageTypes: readonly string[]
  /** By message type: the type it answers, −1 for no reply. */
  readonly answerTo: Int32Array
  /** By message type: the type of the answer that reports a transient error, −1 for none. */
  readonly errorAnswer: Int32Array
  readonly programs: readonly Program[]
  readonly bus: BusModel
  readonly requests: readonly RequestModel[]
  /** What else clients ask for: streams of requests, by message type. */
  readonly streams: readonly { readonly type: number }[]
  readonly messageFaults: readonly MessageFault[]
  readonly partitions: readonly PartitionFault[]
  readonly crashes: readonly CrashAt[]
  readonly amnesias: readonly AmnesiaFault[]
  readonly pauses: readonly PauseFault[]
  readonly skews: readonly SkewFault[]
  readonly replays: readonly { readonly at: number; readonly service: number }[]
  readonly scalings: readonly Scaling[]
  /** Tables that are stores of keys or messages. */
  readonly stores: readonly number[]
  /** What is measured as curves over time; null where nobody asks for it. */
  readonly load: LoadModel | null
  readonly patterns: readonly PatternModel[]
  readonly properties: readonly PropertyModel[]
  readonly observables: readonly ObservableModel[]
  /** A property or an observable asks how often effects became true. */
  readonly countsEffects: boolean
  readonly header: TraceHeader
}

export interface ObservableModel {
  readonly name: string
  readonly value: (sim: Simulation) => Value
  /** True when it reads the trace, so a run without one cannot answer. */
  readonly needsTrace: boolean
  /** True when it asks for effects, which a model counts only when told to. */
  readonly needsEffects: boolean
}

const JITTER_DRAW = 0x6a697474

/**
 * The wait before attempt `attempt + 1`, by repeated multiplication: exact and the same everywhere. With jitter it is
 * drawn for (seed, entity, attempt).
 */
export function retryWait(retry: RetryModel, attempt: number, seed: number, entity: number): number {
  let wait = retry.initial
  const grows = retry.factor > 1 && wait > 0
  for (let i = 1; grows && i < attempt && wait < retry.max; i++) wait = Math.floor(wait * retry.factor)
  wait = Math.min(wait, retry.max)
  return retry.jitter ? Math.floor((draw(seed, JITTER_DRAW, entity, attempt) / 2 ** 32) * wait) : wait
}
