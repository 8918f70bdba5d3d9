/** Every projection at the playhead: how far, how late, at work on what, held up by what, and its read model. */
import { Kind } from '../../trace/kinds.ts'
import {
  EventCell,
  eventName,
  eventsBehind,
  isForNext,
  type ProjectionState,
  storedAt,
} from '../../trace/projection-state.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE, type ProjectionInfo } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { lastChanges, type TableView, tableView } from '../inspect/tables-layout.ts'

export interface EventAtWork {
  readonly message: number
  readonly text: string
}

export interface ProjectionView {
  readonly number: number
  readonly name: string
  readonly services: readonly string[]
  readonly store: string
  readonly persistent: boolean
  readonly follows: readonly string[]
  readonly state: ProjectionState
  /** What is stored; null where nothing is kept on this side. */
  readonly checkpoint: number | null
  readonly nextCheckpoint: number | null
  /** The last position of the store. */
  readonly head: number
  /** Events behind; of the read model built beside, too. */
  readonly lag: number
  readonly nextLag: number
  readonly onTheWay: number
  readonly atWork: readonly EventAtWork[]
  /** Of its events, how many it applied when it had applied them before; rebuilds left out. */
  readonly repeated: number
  readonly lastSkip: string
  readonly lastPark: string
  readonly owner: string | null
  readonly tables: readonly TableView[]
  readonly nextTables: readonly TableView[]
  /** What it keeps for itself, where there is something: parked and kept events, claims. */
  readonly kept: readonly TableView[]
}

export function projectionViews(trace: Trace, world: WorldState): ProjectionView[] {
  const changes = lastChanges(trace, world.position)
  return (trace.header.projections ?? []).map((info, number) => {
    const state = world.projections[number] as ProjectionState
    const view = (table: number) => tableView(trace, world, changes, table)
    const { onTheWay, atWork } = events(trace, world, info)
    const isBeside = state.rebuild === 'blue/green'
    const sayings = lastWords(trace, number, world.position)
    return {
      number,
      name: info.name,
      services: info.services.map((service) => trace.header.services[service]?.title ?? ''),
      store: trace.header.services[storeOf(trace, info)?.service ?? NONE]?.title ?? '',
      persistent: info.persistent,
      follows: info.follows,
      state,
      checkpoint: info.persistent ? null : (storedAt(world, info, info.name) ?? 0),
      nextCheckpoint: isBeside ? (storedAt(world, info, `${info.name} next`) ?? 0) : null,
      head: world.tables[storeOf(trace, info)?.events ?? NONE]?.end ?? 0,
      lag: info.persistent ? onTheWay + atWork.length : eventsBehind(trace, world, info, state.position),
      nextLag: isBeside ? eventsBehind(trace, world, info, Math.max(0, state.next)) : 0,
      onTheWay,
      atWork,
      repeated: repetitionsOf(trace).countAt(number, world.position),
      ...sayings,
      owner: state.owner === NONE ? null : (trace.header.services[state.owner]?.title ?? null),
      tables: info.tables.map(view),
      nextTables: isBeside ? info.nextTables.map(view) : [],
      kept: keptTables(trace, info)
        .map(view)
        .filter(({ rows }) => rows.length > 0),
    }
  })
}

function storeOf(trace: Trace, info: ProjectionInfo) {
  return trace.header.eventStores?.[info.store]
}

const KEPT = ['parked_events', 'event_buffer', 'claims']

function keptTables({ header }: Trace, { services }: ProjectionInfo): number[] {
  const own = header.services[services[0] ?? NONE]?.tables ?? []
  return own.filter((table) => KEPT.includes(header.tables[table]?.name ?? ''))
}

/** Its messages at the playhead: flying or queued, and those in its handlers. */
function events(trace: Trace, world: WorldState, info: ProjectionInfo) {
  const isOwn = (message: number) => {
    if (message === NONE || !info.services.includes(trace.messageAt('to', message))) return false
    const type = trace.text(trace.messageAt('type', message))
    return type.endsWith(` for ${info.name}`) || isForNext(trace, info, message)
  }
  let onTheWay = 0
  for (const [message, flight] of world.flights) if (flight !== 'lost' && isOwn(message)) onTheWay++
  const atWork: EventAtWork[] = []
  for (const service of info.services) {
    for (const message of world.services[service]?.queue ?? []) if (isOwn(message)) onTheWay++
    for (const [message, phase] of world.services[service]?.handling ?? []) {
      if (phase !== 'committed' && isOwn(message)) atWork.push({ message, text: eventText(trace, message) })
    }
  }
  return { onTheWay, atWork }
}

/** `7 OrderPlaced of order-o7`, from what the message carries. */
export function eventText(trace: Trace, message: number): string {
  const payload = trace.value(trace.messageAt('payload', message))
  const name = eventName(trace, trace.text(trace.messageAt('type', message)))
  const event = (payload as { event?: { position?: unknown; stream?: unknown } } | null)?.event
  return event?.position === undefined ? name : `${event.position} ${name} of ${event.stream}`
}

const LOOKED_BACK = 5000

/** Why it last skipped and parked. */
function lastWords(trace: Trace, number: number, playhead: number) {
  const words = { lastSkip: '', lastPark: '' }
  for (let at = playhead - 1; at >= Math.max(0, playhead - LOOKED_BACK); at--) {
    const kind = trace.at('kind', at)
    if (kind !== Kind.projectionSkipped && kind !== Kind.projectionParked) continue
    if (trace.at('a', at) !== number) continue
    const name = kind === Kind.projectionSkipped ? 'lastSkip' : 'lastPark'
    if (words[name] === '') words[name] = trace.text(trace.at('b', at))
  }
  return words
}

/** Which applications were repetitions, by projection; grows with the trace, and is made once for it. */
class Repetitions {
  private readonly trace: Trace
  private readonly repeated: number[][] = []
  private readonly seen: { live: Set<number> }[] = []
  private read = 0

  constructor(trace: Trace) {
    this.trace = trace
    for (const _ of trace.header.projections ?? []) {
      this.repeated.push([])
      this.seen.push({ live: new Set() })
    }
  }

  countAt(projection: number, playhead: number): number {
    this.readOn()
    const list = this.repeated[projection] ?? []
    let low = 0
    let high = list.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((list[middle] as number) < playhead) low = middle + 1
      else high = middle
    }
    return low
  }

  private readOn(): void {
    const { trace } = this
    for (; this.read < trace.length; this.read++) {
      const kind = trace.at('kind', this.read)
      if (kind !== Kind.projected && kind !== Kind.rebuildStarted) continue
      const number = trace.at('a', this.read)
      const info = trace.header.projections?.[number]
      const seen = this.seen[number]
      if (info === undefined || seen === undefined) continue
      // A read model that is emptied has seen nothing.
      if (kind === Kind.rebuildStarted) {
        if (trace.text(trace.at('b', this.read)) === 'in place') seen.live.clear()
        continue
      }
      if (isForNext(trace, info, trace.at('message', this.read))) continue
      const position = trace.at('b', this.read)
      if (seen.live.has(position)) this.repeated[number]?.push(this.read)
      seen.live.add(position)
    }
  }
}

const known = new WeakMap<Trace, Repetitions>()
function repetitionsOf(trace: Trace): Repetitions {
  let found = known.get(trace)
  if (found === undefined) {
    found = new Repetitions(trace)
    known.set(trace, found)
  }
  return found
}

/** The last events of a projection's store, for its strip: position, type, and where it stands among them. */
export interface StripEvent {
  readonly position: number
  /** Null for a gap. */
  readonly type: string | null
  readonly followed: boolean
}

export function stripOf(trace: Trace, world: WorldState, number: number, length: number): StripEvent[] {
  const info = trace.header.projections?.[number]
  const rows = world.tables[info === undefined ? NONE : (storeOf(trace, info)?.events ?? NONE)]
  if (info === undefined || rows === undefined) return []
  const at = world.projections[number]?.position ?? 0
  // What it has in front of it, with a few behind; never further back than it stands.
  const first = Math.max(0, Math.min(at - 3, rows.end - length))
  const strip: StripEvent[] = []
  for (let row = first; row < Math.min(rows.end, first + length); row++) {
    const type = rows.get(row)?.cells[EventCell.type]
    const name = typeof type === 'string' ? type : null
    strip.push({ position: row + 1, type: name, followed: name !== null && info.follows.includes(name) })
  }
  return strip
}
