/**
 * Everything that moves or marks a moment, at one position of a trace. Built when the playhead moves to another entry;
 * between two entries only the fold time changes, and the painter works out places from it.
 */
import { Kind, Role } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'
import type { Fold, Token, TokenCache } from './token.ts'
import { BOUNCE_SHOWN, breakFraction, DROP_IN_AFTER, DROP_IN_BEFORE, LOST_SHOWN, RUSH_SHOWN } from './token-motion.ts'

export interface FlightMark {
  readonly token: Token
  readonly held: boolean
  /** Where and when (fold seconds) it is going to be lost; null for one that will arrive. */
  readonly ends: Break | null
}
export interface Break {
  readonly at: number
  readonly fraction: number
}
/** A lost message: where it broke, when (fold seconds), and why. */
export interface LostMark extends Break {
  readonly token: Token
  readonly why: string
}
/** A message its receiver did not act on, and what turned it away. */
export interface BounceMark {
  readonly token: Token
  readonly at: number
  readonly title: string
  /** The protection, or the reason. */
  readonly by: string
  readonly key: string
}
/** A moment at a card's port: an arrival, an instant request, the end of a long wait at a partition. */
export interface ArrivalMark {
  readonly token: Token
  readonly at: number
  readonly how: 'pulse' | 'drop in' | 'rush' | 'again'
}
export interface QueueMark {
  readonly service: number
  readonly tokens: readonly Token[]
  readonly more: number
}
export interface Scene {
  readonly flights: readonly FlightMark[]
  readonly lost: readonly LostMark[]
  readonly bounces: readonly BounceMark[]
  readonly arrivals: readonly ArrivalMark[]
  readonly queues: readonly QueueMark[]
  /** So much happened just now that some of it was not even looked at. */
  readonly isCut: boolean
}

export const EMPTY_SCENE: Scene = { flights: [], lost: [], bounces: [], arrivals: [], queues: [], isCut: false }
const SCAN_MAX = 2000
const AHEAD_MAX = 200
/** A message under way is known to be lost so many fold seconds before. */
const AHEAD = 3
const QUEUE_SHOWN = 5
/** A guess at half a hop needs a hop that is not for ever, microseconds. */
const HOP_MOST = 1_000_000

export function buildScene(trace: Trace, fold: Fold, world: WorldState, tokens: TokenCache): Scene {
  const flights: FlightMark[] = []
  const lost: LostMark[] = []
  const recent = readRecent(trace, fold, world, tokens)
  for (const [id, flight] of world.flights) {
    const token = tokens.get(id)
    const drop = recent.drops.get(id)
    if (flight === 'lost') lost.push({ token, ...breakOf(trace, fold, id, drop), why: whyLost(trace, drop) })
    else if (!token.instant) {
      const ends = drop === undefined ? null : breakOf(trace, fold, id, drop)
      flights.push({ token, held: flight === 'held', ends })
    }
  }
  const { bounces, arrivals, isCut } = recent
  return { flights, lost, bounces, arrivals, queues: queuesOf(world, tokens), isCut }
}

/**
 * A message breaks as far on its lane as it had come in virtual time: its arrival never happens, so the fold knows no
 * moment for it. Without its entry near the playhead, a loss is taken to have happened half way, as the bus does it.
 */
function breakOf(trace: Trace, fold: Fold, id: number, drop: number | undefined): Break {
  const departs = trace.messageAt('departs', id)
  const arrives = trace.messageAt('arrives', id)
  const time = drop === undefined ? departs + Math.min(arrives - departs, HOP_MOST) / 2 : trace.timeAt(drop)
  return { at: fold.toFolded(time), fraction: breakFraction(time - departs, arrives - departs) }
}

function whyLost(trace: Trace, drop: number | undefined): string {
  return drop === undefined ? '' : trace.text(trace.at('a', drop))
}

interface Recent {
  readonly bounces: BounceMark[]
  readonly arrivals: ArrivalMark[]
  readonly drops: Map<number, number>
  isCut: boolean
}

/** Reads back from the playhead as far as marks can last, and ahead to what drops in or is lost next. */
function readRecent(trace: Trace, fold: Fold, world: WorldState, tokens: TokenCache): Recent {
  const recent: Recent = { bounces: [], arrivals: [], drops: new Map(), isCut: false }
  const now = fold.toFolded(world.time)
  const oldest = fold.toTime(now - Math.max(LOST_SHOWN, BOUNCE_SHOWN))
  const stop = Math.max(0, world.position - SCAN_MAX)
  let position = world.position - 1
  for (; position >= stop && trace.timeAt(position) >= oldest; position--) {
    readBack(trace, fold, position, tokens, now, recent)
  }
  recent.isCut = position === stop - 1 && stop > 0
  const end = Math.min(trace.length, world.position + AHEAD_MAX)
  let next: number | undefined
  for (let position = world.position; position < end; position++) {
    const at = fold.toFolded(trace.timeAt(position))
    // Time moves on to the next entry without a new scene, so what lies shortly after that entry's time counts too.
    next ??= at
    if (at > next + AHEAD) break
    const kind = trace.at('kind', position)
    const message = trace.at('message', position)
    if (kind === Kind.dropped) recent.drops.set(message, position)
    else if (kind === Kind.sent && at <= next + DROP_IN_BEFORE) addInstant(tokens.get(message), at, recent)
  }
  return recent
}

function addInstant(token: Token, at: number, recent: Recent): void {
  if (token.instant) recent.arrivals.push({ token, at, how: 'drop in' })
}

function readBack(trace: Trace, fold: Fold, position: number, tokens: TokenCache, now: number, recent: Recent): void {
  const kind = trace.at('kind', position)
  const message = trace.at('message', position)
  if (message === NONE) return
  const at = fold.toFolded(trace.timeAt(position))
  const soon = now - at < Math.max(DROP_IN_AFTER, RUSH_SHOWN)
  if (kind === Kind.dropped) recent.drops.set(message, position)
  else if (bouncing.has(kind)) {
    const away = now - at < BOUNCE_SHOWN ? turnedAway(trace, position, kind, message) : null
    if (away !== null) recent.bounces.push({ token: tokens.get(message), at, ...away })
  } else if (!soon) return
  else if (kind === Kind.sent) addInstant(tokens.get(message), at, recent)
  else if (kind === Kind.redelivered) recent.arrivals.push({ token: tokens.get(message), at, how: 'again' })
  else if (kind === Kind.delivered) {
    const token = tokens.get(message)
    const cause = trace.at('cause', position)
    const waited = cause !== NONE && trace.at('kind', cause) === Kind.held
    if (!token.instant) recent.arrivals.push({ token, at, how: waited ? 'rush' : 'pulse' })
  }
}

const bouncing = new Set<number>([Kind.deduplicated, Kind.replyIgnored, Kind.refused, Kind.failed, Kind.collided])

/** Reasons by which a protection, not the operation, says no. */
const refusals: Readonly<Record<string, readonly [string, string]>> = {
  KEY_REUSED: ['another payload', 'idempotency key'],
  KEY_MISSING: ['no key', 'idempotency key'],
  IN_PROGRESS: ['somebody is at it', 'idempotency key'],
  FENCED: ['too late', 'fence'],
}

function turnedAway(
  trace: Trace,
  position: number,
  kind: number,
  message: number,
): Pick<BounceMark, 'title' | 'by' | 'key'> | null {
  const [a, b] = [trace.at('a', position), trace.at('b', position)]
  if (kind === Kind.replyIgnored) return { title: 'not acted on', by: trace.text(b), key: '' }
  if (kind === Kind.deduplicated) return { title: 'turned away', by: trace.text(a), key: trace.text(b) }
  if (kind === Kind.collided) return { title: 'an error', by: trace.text(a), key: trace.text(b) }
  const refusal = refusals[trace.text(a)]
  if (refusal === undefined) return null
  const key = trace.messageAt('key', message)
  return { title: refusal[0], by: refusal[1], key: key === NONE ? '' : trace.text(key) }
}

function queuesOf(world: WorldState, tokens: TokenCache): QueueMark[] {
  const queues: QueueMark[] = []
  for (const [service, { queue }] of world.services.entries()) {
    if (queue.size === 0) continue
    const shown: Token[] = []
    for (const id of queue) {
      if (shown.length === QUEUE_SHOWN) break
      shown.push(tokens.get(id))
    }
    queues.push({ service, tokens: shown, more: queue.size - shown.length })
  }
  return queues
}

/** The messages a visitor can point at, oldest first: on their way, waiting, lost. */
export function messagesOnStage(trace: Trace, world: WorldState): number[] {
  const ids = [...world.flights.keys()]
  for (const { queue } of world.services) ids.push(...queue)
  return ids
    .filter((id) => trace.messageAt('role', id) !== Role.response || world.flights.has(id))
    .sort((a, b) => a - b)
}
