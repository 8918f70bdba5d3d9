/**
 * What was true at a moment: a left fold over the entries before it. Never runs the engine; every entry carries the
 * change itself. A copy of a state is cheap: rows are immutable, and a saga is copied when it first changes.
 */
import { Kind, Role } from './kinds.ts'
import { applyProjection, type ProjectionState, projectionsRecovered, UNTOUCHED } from './projection-state.ts'
import { Rows } from './rows.ts'
import type { Trace } from './trace.ts'
import { NONE } from './trace-format.ts'

export type Phase = 'received' | 'in transaction' | 'waiting' | 'committed' | 'sent' | 'acknowledged'

export interface ServiceState {
  up: boolean
  /** Position of the crash entry while down, else −1. */
  crashedAt: number
  /** Stands still, its memory intact: position of the entry that says so; absent while it does not. */
  paused?: number
  /** The epoch of the lease it believes it holds; absent for none. */
  lease?: number
  /** What it has as a member of a consumer group, as the broker sees it; absent for no member. */
  group?: GroupMember
  /** Replicas, and those that are down, from 0. Absent where their number means nothing. */
  replicas?: { readonly count: number; readonly fallen: readonly number[] }
  /** How far its clock is off, milliseconds, when it went wrong, and its drift in millionths; absent while it is right. */
  clock?: { readonly offset: number; readonly drift: number; readonly since: number }
  /** Messages being handled, and how far each has come. */
  readonly handling: Map<number, Phase>
  /** Messages that wait for a free handler, oldest first. */
  readonly queue: Set<number>
  /** Sagas whose prepared part it keeps locked until it hears the decision: saga → rows. Absent while there is none. */
  inDoubt?: ReadonlyMap<number, number>
  /** Handlers that wait for somebody else: message → position of the entry that says for what. */
  readonly waits: Map<number, number>
  /** By the service called: the state of the circuit to it, where it is not closed. */
  readonly circuits: Map<number, string>
  /** The position of the last entry at this service, −1 for none. */
  lastEntry: number
}

export interface GroupMember {
  readonly generation: number
  /** `0, 2`; empty for none. */
  readonly partitions: string
  readonly rebalancing: boolean
}

export type StepStatus =
  | 'waiting'
  | 'started'
  | 'succeeded'
  | 'refused'
  | 'failed'
  | 'timed out'
  | 'compensating'
  | 'compensated'
  | 'compensation failed'
export type SagaStatus = 'Running' | 'Compensating' | 'Completed' | 'Compensated' | 'NeedsIntervention' | 'Aborted'

export interface SagaState {
  readonly id: string
  readonly definition: number
  readonly startedAt: number
  status: SagaStatus
  readonly steps: StepStatus[]
  readonly attempts: number[]
  /** Steps whose compensation is owed. */
  readonly owed: boolean[]
  readonly reasons: string[]
}

export type Flight = 'in flight' | 'held' | 'lost'

export interface WorldState {
  /** Entries applied: 0 … trace.length. */
  position: number
  /** Time of the last entry applied, microseconds. */
  time: number
  readonly services: ServiceState[]
  /** By table number: row number → row. */
  readonly tables: Rows[]
  readonly sagas: SagaState[]
  /** Messages between two services. A lost one stays until `forgetLost`. */
  readonly flights: Map<number, Flight>
  /** Fault numbers of the partitions in force. */
  readonly partitions: Set<number>
  /** Property number → position of its first violation. */
  readonly violations: Map<number, number>
  /** Messages that were parked. */
  readonly deadLetters: Set<number>
  /** By projection number. */
  readonly projections: ProjectionState[]
  ended: boolean
}

export function initialState(trace: Trace): WorldState {
  const { header } = trace
  const state: WorldState = {
    position: 0,
    time: 0,
    services: header.services.map(({ replicas }) => ({
      up: true,
      crashedAt: NONE,
      handling: new Map(),
      queue: new Set(),
      waits: new Map(),
      circuits: new Map(),
      lastEntry: NONE,
      ...(replicas === undefined ? {} : { replicas: { count: replicas, fallen: [] } }),
    })),
    tables: header.tables.map(() => new Rows(trace)),
    sagas: [],
    flights: new Map(),
    partitions: new Set(),
    violations: new Map(),
    deadLetters: new Set(),
    projections: (header.projections ?? []).map(() => UNTOUCHED),
    ended: false,
  }
  for (let id = 0; id < header.initialChanges; id++) applyChange(trace, state, id, NONE)
  return state
}

/** Sagas below a number are shared with the state this one was copied from, but for those it has made its own. */
const shared = new WeakMap<WorldState, { readonly below: number; readonly own: Set<number> }>()

export function copyState(state: WorldState): WorldState {
  const copy: WorldState = {
    ...state,
    services: state.services.map((service) => ({
      ...service,
      handling: new Map(service.handling),
      queue: new Set(service.queue),
      waits: new Map(service.waits),
      circuits: new Map(service.circuits),
    })),
    tables: state.tables.map((rows) => rows.copy()),
    sagas: state.sagas.slice(),
    flights: new Map(state.flights),
    partitions: new Set(state.partitions),
    violations: new Map(state.violations),
    deadLetters: new Set(state.deadLetters),
    projections: state.projections.slice(),
  }
  shared.set(copy, { below: copy.sagas.length, own: new Set() })
  return copy
}

/** Roughly how many bytes a state holds that it does not share with the one it was copied from. */
export function weightOf(state: WorldState): number {
  let things = state.sagas.length + state.flights.size + state.deadLetters.size
  for (const service of state.services) things += service.queue.size + service.handling.size
  let bytes = things * BYTES_OF_THING
  for (const rows of state.tables) bytes += rows.ownBytes
  return bytes
}
/** An entry of a map or a set. */
const BYTES_OF_THING = 32

/** Applies the entry at `state.position` and moves one further. */
export function applyNext(trace: Trace, state: WorldState): void {
  const position = state.position
  const kind = trace.at('kind', position)
  const message = trace.at('message', position)
  const service = trace.at('service', position)
  const a = trace.at('a', position)
  const at = service === NONE ? undefined : state.services[service]
  state.time = trace.at('time', position)
  state.position = position + 1
  if (at !== undefined) {
    at.lastEntry = position
    // Whatever it does next, it waits no longer; another wait says so itself.
    if (at.waits.size > 0) at.waits.delete(message)
  }
  switch (kind) {
    case Kind.sent:
    case Kind.duplicated:
      state.flights.set(message, 'in flight')
      break
    case Kind.held:
      state.flights.set(message, 'held')
      break
    case Kind.dropped:
      state.flights.set(message, 'lost')
      // What waited at the broker can be lost as well.
      state.services[trace.messageAt('to', message)]?.queue.delete(message)
      break
    case Kind.delivered:
      state.flights.delete(message)
      if (isQueued(trace, message)) at?.queue.add(message)
      break
    case Kind.moved:
      state.services[a]?.queue.delete(message)
      at?.queue.add(message)
      break
    case Kind.acknowledgementVoid:
      // Somebody else has it by now: a further process, or another handler of this one.
      if (isOneOfSeveral(trace, service)) at?.handling.delete(message)
      break
    case Kind.leaseTaken:
      if (at !== undefined) at.lease = a
      break
    case Kind.leaseLost:
      if (at !== undefined) delete at.lease
      break
    case Kind.assigned:
      if (at !== undefined)
        at.group = { generation: a, partitions: trace.text(trace.at('b', position)), rebalancing: false }
      break
    case Kind.rebalanceBegan:
      for (const [i, { instanceOf }] of trace.header.services.entries()) {
        const member = state.services[i]
        if ((i === service || instanceOf === service) && member?.group)
          member.group = { ...member.group, rebalancing: true }
      }
      break
    case Kind.memberLeft:
      if (at !== undefined) delete at.group
      break
    case Kind.commitTurnedAway:
    case Kind.offsetCommitted:
      // Somebody else has the message by now.
      at?.handling.delete(message)
      break
    case Kind.clockSet:
      if (at !== undefined) setClock(at, Number(trace.value(a)), trace.at('b', position), state.time)
      break
    case Kind.redelivered:
      at?.queue.add(message)
      // Who had it in hand has lost it with the rest of its memory.
      if (isAfterReplicaCrash(trace, position)) at?.handling.delete(message)
      state.deadLetters.delete(message)
      break
    case Kind.received:
      at?.queue.delete(message)
      at?.handling.set(message, 'received')
      break
    case Kind.begun:
      // A timer's handling has no message that could be acknowledged; it is over with its commit.
      if (message !== NONE) at?.handling.set(message, 'in transaction')
      break
    case Kind.executed:
      if (at?.handling.get(message) === 'waiting') at.handling.set(message, 'in transaction')
      break
    case Kind.waiting:
      at?.handling.set(message, 'waiting')
      at?.waits.set(message, position)
      break
    case Kind.committed:
      if (at?.handling.has(message)) at.handling.set(message, 'committed')
      break
    case Kind.acknowledged:
    case Kind.acknowledgementLost:
      at?.handling.delete(message)
      break
    case Kind.deadLettered:
      at?.queue.delete(message)
      at?.handling.delete(message)
      state.deadLetters.add(message)
      break
    case Kind.rowChanged:
      applyChange(trace, state, a, position)
      break
    case Kind.crashed:
      if (at !== undefined) {
        at.up = false
        at.crashedAt = position
        at.handling.clear()
        at.waits.clear()
        if (at.replicas !== undefined) at.replicas = { ...at.replicas, fallen: [] }
        delete at.lease
      }
      break
    case Kind.circuit:
      if (trace.text(a) === 'closed') at?.circuits.delete(trace.at('b', position))
      else at?.circuits.set(trace.at('b', position), trace.text(a))
      break
    case Kind.scaled:
      if (at !== undefined) at.replicas = { count: a, fallen: at.replicas?.fallen.filter((one) => one < a) ?? [] }
      break
    case Kind.replicaCrashed:
      if (at?.replicas !== undefined) at.replicas = { ...at.replicas, fallen: [...at.replicas.fallen, a] }
      break
    case Kind.replicaRecovered:
      if (at?.replicas !== undefined) {
        at.replicas = { ...at.replicas, fallen: at.replicas.fallen.filter((one) => one !== a) }
      }
      break
    case Kind.paused:
      if (at !== undefined) at.paused = position
      break
    case Kind.unpaused:
      if (at !== undefined) delete at.paused
      break
    case Kind.prepared:
      if (at !== undefined) at.inDoubt = new Map(at.inDoubt).set(trace.at('saga', position), a)
      break
    case Kind.resolved:
      if (at !== undefined) forgetDoubt(at, trace.at('saga', position))
      break
    case Kind.recovered:
      if (at !== undefined) {
        at.up = true
        at.crashedAt = NONE
        if (state.projections.length > 0) projectionsRecovered(trace, state, service)
      }
      break
    case Kind.partitioned:
      state.partitions.add(a)
      break
    case Kind.healed:
      state.partitions.delete(a)
      break
    case Kind.violated:
      if (!state.violations.has(a)) state.violations.set(a, position)
      break
    case Kind.ended:
      state.ended = true
      break
    default:
      if (kind >= Kind.projected && kind <= Kind.eventBuffered) applyProjection(trace, state, position, kind)
      else applySaga(trace, state, position, kind)
  }
}

/** The time that a service's clock shows when it is `time`, microseconds. */
export function shownBy({ clock }: ServiceState, time: number): number {
  if (clock === undefined) return time
  return time + clock.offset * 1000 + Math.floor(((time - clock.since) * clock.drift) / 1_000_000)
}

/** The map is never changed in place: copies of a state share it. */
function forgetDoubt(service: ServiceState, saga: number): void {
  const left = new Map(service.inDoubt)
  left.delete(saga)
  if (left.size === 0) delete service.inDoubt
  else service.inDoubt = left
}

/**
 * A response ends at the client, and the answer to a synchronous call at the handler that waits for it: neither is ever
 * taken from a queue.
 */
function isQueued(trace: Trace, message: number): boolean {
  const role = trace.messageAt('role', message)
  const isCalled = role === Role.reply && trace.messageAt('saga', message) === NONE
  return role !== Role.response && !isCalled
}

/** A message that one replica had in hand goes to another, because the first one has crashed. */
export function isAfterReplicaCrash(trace: Trace, position: number): boolean {
  const cause = trace.at('cause', position)
  return cause !== NONE && trace.at('kind', cause) === Kind.replicaCrashed
}

function setClock(service: ServiceState, offset: number, drift: number, since: number): void {
  if (offset === 0 && drift === 0) delete service.clock
  else service.clock = { offset, drift, since }
}

/** A service of several processes: its first one, or a further one. */
function isOneOfSeveral(trace: Trace, service: number): boolean {
  const { services } = trace.header
  return services.some(({ instanceOf }, i) => instanceOf !== undefined && (i === service || instanceOf === service))
}

/** Drops the marks of lost messages that left before `time`, so that a long run does not collect them. */
export function forgetLost(trace: Trace, state: WorldState, time: number): void {
  for (const [message, flight] of state.flights) {
    if (flight === 'lost' && trace.messageAt('departs', message) < time) state.flights.delete(message)
  }
}

function applyChange(trace: Trace, state: WorldState, change: number, position: number): void {
  const rows = state.tables[trace.changeAt('table', change)]
  const row = trace.changeAt('row', change)
  if (trace.changeAt('after', change) === NONE) rows?.delete(row)
  else rows?.set(row, position, change)
}

/** The state's own copy of a saga, made when it first changes. */
function sagaToChange(state: WorldState, number: number): SagaState | undefined {
  const saga = state.sagas[number]
  const sharing = shared.get(state)
  if (saga === undefined || sharing === undefined || number >= sharing.below || sharing.own.has(number)) return saga
  const own = {
    ...saga,
    steps: [...saga.steps],
    attempts: [...saga.attempts],
    owed: [...saga.owed],
    reasons: [...saga.reasons],
  }
  state.sagas[number] = own
  sharing.own.add(number)
  return own
}

function applySaga(trace: Trace, state: WorldState, position: number, kind: number): void {
  const number = trace.at('saga', position)
  const a = trace.at('a', position)
  const b = trace.at('b', position)
  if (kind === Kind.sagaStarted) {
    const steps = trace.header.sagas[b]?.steps ?? []
    state.sagas[number] = {
      id: trace.text(a),
      definition: b,
      startedAt: position,
      status: 'Running',
      steps: steps.map(() => 'waiting'),
      attempts: steps.map(() => 0),
      owed: steps.map(() => false),
      reasons: steps.map(() => ''),
    }
    return
  }
  const saga = sagaToChange(state, number)
  if (saga === undefined) return
  switch (kind) {
    case Kind.stepStarted:
      saga.steps[a] = 'started'
      saga.attempts[a] = b
      break
    case Kind.stepSucceeded:
      saga.steps[a] = 'succeeded'
      break
    case Kind.stepRefused:
      saga.steps[a] = 'refused'
      saga.reasons[a] = trace.text(b)
      break
    case Kind.stepFailed:
      saga.steps[a] = 'failed'
      saga.reasons[a] = trace.text(b)
      break
    case Kind.stepTimedOut:
      saga.steps[a] = 'timed out'
      break
    case Kind.compensationRegistered:
      saga.owed[a] = true
      break
    case Kind.compensationStarted:
      saga.status = 'Compensating'
      break
    case Kind.stepCompensating:
      saga.steps[a] = 'compensating'
      saga.attempts[a] = b
      break
    case Kind.stepCompensated:
      saga.steps[a] = 'compensated'
      saga.owed[a] = false
      break
    case Kind.compensationFailed:
      saga.steps[a] = 'compensation failed'
      saga.reasons[a] = trace.text(b)
      break
    case Kind.sagaCompleted:
      saga.status = 'Completed'
      break
    case Kind.sagaCompensated:
      saga.status = 'Compensated'
      break
    case Kind.sagaAborted:
      saga.status = 'Aborted'
      break
    case Kind.sagaNeedsIntervention:
      saga.status = 'NeedsIntervention'
      break
  }
}
