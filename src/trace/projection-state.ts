/** Where each projection stands at a position of the trace: how far it has come, what holds it up, whether it is rebuilt. */
import { Kind } from './kinds.ts'
import { PageIndex } from './page-index.ts'
import { ROWS_OF_PAGE, type Rows } from './rows.ts'
import type { Trace } from './trace.ts'
import { NONE, type ProjectionInfo } from './trace-format.ts'
import type { WorldState } from './world-state.ts'

export interface ProjectionState {
  /** The position of the event it has applied last; catch-up reads on behind it. 0 before the first. */
  readonly position: number
  /** The position that the read model built beside the old one has reached; −1 while there is none. */
  readonly next: number
  readonly rebuild: 'in place' | 'blue/green' | null
  /** The last event the rebuild has to read again. */
  readonly rebuildUntil: number
  /** The unfilled position it waits at, 0 for none. */
  readonly gap: number
  readonly applied: number
  readonly skipped: number
  readonly parked: number
  readonly buffered: number
  /** Gaps it went on over. */
  readonly gapsSkipped: number
  /** The service that has the claim, −1 for none, and its fencing token. */
  readonly owner: number
  readonly token: number
  /** The entry that changed any of this last, −1 for none. */
  readonly changedAt: number
}

export const UNTOUCHED: ProjectionState = {
  position: 0,
  next: NONE,
  rebuild: null,
  rebuildUntil: 0,
  gap: 0,
  applied: 0,
  skipped: 0,
  parked: 0,
  buffered: 0,
  gapsSkipped: 0,
  owner: NONE,
  token: 0,
  changedAt: NONE,
}

/** States are values: a copy of the world shares them. */
export function applyProjection(trace: Trace, world: WorldState, at: number, kind: number): void {
  const number = trace.at('a', at)
  const info = trace.header.projections?.[number]
  const state = world.projections[number]
  if (info === undefined || state === undefined) return
  const change = changeBy(trace, world, info, state, at, kind)
  if (change !== null) world.projections[number] = { ...state, ...change, changedAt: at }
}

type Change = Partial<ProjectionState> | null

function changeBy(
  trace: Trace,
  world: WorldState,
  info: ProjectionInfo,
  state: ProjectionState,
  at: number,
  kind: number,
): Change {
  const b = trace.at('b', at)
  switch (kind) {
    case Kind.projected:
      return projectedTo(trace, info, state, at, b)
    case Kind.projectionSkipped:
      return { skipped: state.skipped + 1 }
    case Kind.projectionParked:
      return { parked: state.parked + 1 }
    case Kind.gapHeld:
      return { gap: b }
    case Kind.gapSkipped:
      return { gap: 0, gapsSkipped: state.gapsSkipped + 1 }
    case Kind.subscribed:
      return readsOn(world, info, state, b)
    case Kind.rebuildStarted:
      return rebuilt(trace, world, info, trace.text(b))
    case Kind.rebuildFinished:
      return { rebuild: null, next: NONE, position: b }
    case Kind.claimTaken:
      return { owner: trace.at('service', at), token: b }
    case Kind.eventBuffered:
      return { buffered: state.buffered + 1 }
    default:
      return null
  }
}

function projectedTo(trace: Trace, info: ProjectionInfo, state: ProjectionState, at: number, to: number): Change {
  const applied = state.applied + 1
  if (isForNext(trace, info, trace.at('message', at))) return { next: to, applied }
  // Several instances, or a bus without order: what comes late does not lead back.
  const isLinear = info.services.length === 1 && !info.persistent
  const position = isLinear ? to : Math.max(to, state.position)
  const gap = state.gap > 0 && to >= state.gap ? 0 : state.gap
  const isOver = state.rebuild === 'in place' && position >= state.rebuildUntil
  return { position, gap, applied, ...(isOver ? { rebuild: null } : {}) }
}

/** Messages for the read model that is built beside the old one say so in their names. */
export function isForNext(trace: Trace, { name }: ProjectionInfo, message: number): boolean {
  return message !== NONE && trace.text(trace.messageAt('type', message)).endsWith(` for ${name} next`)
}

function readsOn(world: WorldState, info: ProjectionInfo, state: ProjectionState, from: number): Change {
  if (state.rebuild !== 'blue/green') return { position: from, gap: 0 }
  // Which of the two it is the entry does not say; both go on from where they are stored.
  return { position: storedAt(world, info, info.name) ?? 0, next: storedAt(world, info, `${info.name} next`) ?? 0 }
}

function rebuilt(trace: Trace, world: WorldState, info: ProjectionInfo, mode: string): Change {
  const rebuildUntil = lastFollowed(trace, world, info)
  if (mode === 'blue/green') return { rebuild: mode, rebuildUntil, next: 0 }
  return { rebuild: rebuildUntil === 0 ? null : 'in place', rebuildUntil, position: 0, gap: 0 }
}

/** A service is back: what it had not stored is forgotten. */
export function projectionsRecovered(trace: Trace, world: WorldState, service: number): void {
  for (const [number, info] of (trace.header.projections ?? []).entries()) {
    const state = world.projections[number]
    if (state === undefined || info.persistent || info.services.length > 1 || info.services[0] !== service) continue
    world.projections[number] = { ...state, position: storedAt(world, info, info.name) ?? 0, gap: 0 }
  }
}

/** The checkpoint: the position on disk under a name, undefined while none is stored. */
export function storedAt(world: WorldState, info: ProjectionInfo, name: string): number | undefined {
  for (const { cells } of world.tables[info.positions]?.values() ?? []) {
    if (cells[0] === name) return cells[1] as number
  }
  return undefined
}

/** Places of an event's cells. */
export const EventCell = {
  position: 0,
  stream: 1,
  version: 2,
  type: 3,
  id: 4,
  data: 5,
  schema: 6,
  effective: 7,
  recorded: 8,
  causation: 9,
  correlation: 10,
} as const

function lastFollowed(trace: Trace, world: WorldState, info: ProjectionInfo): number {
  const rows = eventsOf(trace, world, info)
  for (let row = (rows?.end ?? 0) - 1; row >= 0; row--) {
    if (info.follows.includes(rows?.cell(row, EventCell.type) as string)) return row + 1
  }
  return 0
}

function eventsOf(trace: Trace, world: WorldState, info: ProjectionInfo): Rows | undefined {
  return world.tables[trace.header.eventStores?.[info.store]?.events ?? NONE]
}

/** By projection: how many events of a page it follows. */
const followed = new WeakMap<ProjectionInfo, PageIndex<number>>()

/** Events committed behind a position that the projection follows. */
export function eventsBehind(trace: Trace, world: WorldState, info: ProjectionInfo, position: number): number {
  const rows = eventsOf(trace, world, info)
  if (rows === undefined) return 0
  const types = new Set<unknown>(info.follows)
  const count = (rows: Rows, from: number, to: number) => {
    let found = 0
    for (let row = from; row < to; row++) if (types.has(rows.cell(row, EventCell.type))) found++
    return found
  }
  const index = followed.get(info) ?? new PageIndex(count)
  followed.set(info, index)
  // The rest of the page the position stands in, then whole pages.
  const first = Math.ceil(position / ROWS_OF_PAGE)
  let behind = count(rows, position, Math.min(rows.end, first * ROWS_OF_PAGE))
  for (let page = first; page < rows.pageCount; page++) behind += index.of(rows, page) ?? 0
  return behind
}

/** `OrderPlaced` of a message called `OrderPlaced for totals` or `OrderPlaced for totals next`; any other name as it is. */
export function eventName(trace: Trace, type: string): string {
  for (const { name } of trace.header.projections ?? []) {
    for (const lane of [` for ${name}`, ` for ${name} next`]) {
      if (type.endsWith(lane)) return type.slice(0, -lane.length)
    }
  }
  return type
}
