/**
 * Subscriptions: how events get from a store to its projections. Catch-up: the projection keeps its place, looks for
 * what lies behind it and gets it in order. Persistent: the store keeps the place, and events travel as ordinary
 * messages of the bus: late, out of order, twice, redelivered and parked by its rules.
 */
import { send } from '../kernel/bus.ts'
import type { Table } from '../kernel/disk.ts'
import type { Env } from '../kernel/evaluation.ts'
import type { Payload } from '../kernel/model.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { Kind, Outcome, Role } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import { holdsClaim } from './claims.ts'
import { PROJECTION_PATTERN } from './pattern-numbers.ts'
import {
  type EventPayload,
  laneOf,
  type ProjectionModel,
  type ProjectionRun,
  projectionState,
  type Session,
  STREAM_GROUPS,
  SUBSCRIPTION_GROUPS,
} from './projection-model.ts'
import { Column, readEvent } from './store-model.ts'

export const Timers = { poll: 0, watch: 1, parked: 2, persistent: 3 } as const
/** A subscription that hears nothing of what it was sent asks again after so long, microseconds. */
const PATIENCE = 5_000_000

/** A new subscription from behind `position` on. The first look follows at once, or when the projection next looks. */
export function subscribe(
  sim: Simulation,
  model: ProjectionModel,
  service: number,
  isNext: boolean,
  position: number,
  cause: number,
): Session {
  const state = projectionState(sim)
  const session: Session = {
    id: state.sessions.length,
    projection: model.number,
    service,
    isNext,
    read: position,
    applied: position,
    queue: [],
    sinceCheckpoint: 0,
    attempts: 0,
    gap: 0,
    gapSince: 0,
    polling: false,
    watched: 0,
    ended: false,
    token: 0,
  }
  state.sessions.push(session)
  ;(state.runs[model.number] as ProjectionRun).sessions.push(session.id)
  if (position > 0 || isNext) sim.note(Kind.subscribed, service, NONE, NONE, cause, model.number, position)
  schedulePoll(sim, model, session, cause)
  return session
}

export function endSession(sim: Simulation, session: Session): void {
  session.ended = true
  const run = projectionState(sim).runs[session.projection] as ProjectionRun
  run.sessions = run.sessions.filter((id) => id !== session.id)
}

/** At the next time the projection looks: at once, or at a tick of its clock. */
export function schedulePoll(sim: Simulation, model: ProjectionModel, session: Session, cause: number): void {
  if (session.polling || session.ended) return
  session.polling = true
  const { start, every } = model
  let at = Math.max(sim.now, start)
  if (every > 0 && at > start) at = start + Math.ceil((at - start) / every) * every
  setTimer(sim, session.service, session.id, Timers.poll, at, cause)
}

/** The tick after this one: what it waits for may have come by then. */
function pollAgain(sim: Simulation, model: ProjectionModel, session: Session): void {
  if (session.polling) return
  session.polling = true
  const pause = model.every > 0 ? model.every : IMPATIENCE
  setTimer(sim, session.service, session.id, Timers.poll, sim.now + pause, NONE)
}
const IMPATIENCE = 10_000

export function setTimer(
  sim: Simulation,
  service: number,
  subject: number,
  step: number,
  at: number,
  cause: number,
): void {
  sim.setTimer({ pattern: PROJECTION_PATTERN, service, subject, step, token: 0, durable: false, cause }, at)
}

/** Looks for committed events behind the session's place and sends those it follows, in order of their positions. */
export function poll(sim: Simulation, model: ProjectionModel, session: Session, env: Env): void {
  const run = projectionState(sim).runs[model.number] as ProjectionRun
  const { up } = sim.services[session.service] as ServiceState
  if (session.ended || run.stopped || !up) return
  if (model.claims && !session.isNext && !holdsClaim(sim, model, session)) return
  const { rows, nextRow } = sim.tables[model.store.events] as Table
  const lane = laneOf(model, session)
  for (let position = session.read + 1; position <= nextRow && session.queue.length < model.prefetch; position++) {
    const row = rows.get(position - 1)
    const cells = row?.cells ?? null
    if (cells === null) {
      if (isHeld(sim, model, session, position, row !== undefined)) return
      continue
    }
    session.read = position
    session.gap = 0
    const event = readOrNull(model, cells, env)
    const type = lane.messageTypes.get(event?.type ?? (cells[Column.type] as string))
    if (type === undefined) {
      if (session.queue.length === 0) session.applied = position
      continue
    }
    sendEvent(sim, model, session.service, type, SUBSCRIPTION_GROUPS + session.id, event ?? asStored(cells), position)
    session.queue.push(position)
  }
  watch(sim, session)
}

/** Nobody has committed this position. True when the subscription stays in front of it. */
function isHeld(sim: Simulation, model: ProjectionModel, session: Session, position: number, isOpen: boolean): boolean {
  if (model.gaps === 'ignore') return false
  if (model.gaps === 'hold while open' && !isOpen) return passGap(session, position)
  if (!hasCommittedBehind(sim, model, position)) return true
  if (session.gap !== position) {
    session.gap = position
    session.gapSince = sim.now
    sim.note(Kind.gapHeld, session.service, NONE, NONE, NONE, model.number, position)
  }
  if (model.gaps === 'skip' && sim.now >= session.gapSince + model.skipAfter) {
    sim.note(Kind.gapSkipped, session.service, NONE, NONE, NONE, model.number, position)
    return passGap(session, position)
  }
  // A hole that nobody will fill any more is looked at again only when something new is committed.
  if (isOpen || model.gaps === 'skip') pollAgain(sim, model, session)
  return true
}

function passGap(session: Session, position: number): false {
  session.read = position
  session.gap = 0
  return false
}

function hasCommittedBehind(sim: Simulation, model: ProjectionModel, position: number): boolean {
  return (projectionState(sim).heads.get(model.store.service) ?? 0) > position
}

type SentEvent = ReturnType<typeof readEvent>

/** An event that cannot be brought into today's form is sent as it is stored: its handling fails and says why. */
function readOrNull(model: ProjectionModel, cells: readonly Value[], env: Env): SentEvent | null {
  try {
    return readEvent(model.store, cells, env)
  } catch {
    return null
  }
}

function asStored(cells: readonly Value[]): SentEvent {
  const [position, stream, version, type, id, data, schema, effective, recorded, causation, correlation] = cells
  const unread = { position, stream, version, type, id, data, schema, effective, recorded, causation, correlation }
  return { ...unread, unreadable: true } as unknown as SentEvent
}

function sendEvent(
  sim: Simulation,
  model: ProjectionModel,
  to: number,
  type: number,
  group: number,
  event: SentEvent,
  position: number,
): void {
  // Field by field: spreading into an object that has one more is ten times as dear, and this is done for every event.
  const payload: Record<string, unknown> = {}
  for (const name in event.data) payload[name] = event.data[name]
  payload.event = event
  const saga = event.correlation?.startsWith('saga ') ? Number(event.correlation.slice(5)) : NONE
  sendPayload(
    sim,
    model.store.service,
    to,
    type,
    group,
    payload as EventPayload,
    model.lag,
    projectionState(sim).causes[position] ?? NONE,
    saga,
  )
}

export function sendPayload(
  sim: Simulation,
  from: number,
  to: number,
  type: number,
  group: number,
  payload: Payload,
  delay: number,
  cause: number,
  saga: number,
): void {
  const body = {
    type,
    to,
    role: Role.event,
    outcome: Outcome.none,
    saga,
    step: NONE,
    compensation: false,
    attempt: 1,
    key: null,
    reason: null,
    payload,
    answers: NONE,
    group,
    request: NONE,
    hops: 1,
    delay,
    subscribers: NONE,
  }
  send(sim, from, body, cause)
}

/** Persistent: every event that was committed leaves at once, to one instance after the other. */
export function push(sim: Simulation, model: ProjectionModel, position: number, env: Env): void {
  const state = projectionState(sim)
  const run = state.runs[model.number] as ProjectionRun
  const cells = (sim.tables[model.store.events] as Table).rows.get(position - 1)?.cells ?? null
  if (cells === null) return
  const event = readOrNull(model, cells, env)
  const type = model.live.messageTypes.get(event?.type ?? (cells[Column.type] as string))
  if (type === undefined) return
  const stream = cells[Column.stream] as string
  const number = state.streams.get(stream) ?? state.streams.size
  state.streams.set(stream, number)
  const to = model.instances[run.turn++ % model.instances.length] as number
  sendEvent(sim, model, to, type, STREAM_GROUPS + number, event ?? asStored(cells), position)
}

/** What was sent may be lost on its way: a timer asks whether the first of it has come. */
export function watch(sim: Simulation, session: Session): void {
  const { model } = sim
  const isSafe = model.messageFaults.length === 0 && model.partitions.length === 0 && model.amnesias.length === 0
  const head = session.queue[0] ?? 0
  if (isSafe || head === session.watched) return
  session.watched = head
  if (head === 0) return
  const timer = { pattern: PROJECTION_PATTERN, service: session.service, subject: session.id, step: Timers.watch }
  sim.setTimer({ ...timer, token: head, durable: false, cause: NONE }, sim.now + PATIENCE)
}
