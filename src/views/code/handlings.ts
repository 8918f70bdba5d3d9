/** The entries of every handling, read once from the trace: which message a handler was at, and what it did in order. */
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'

/** Kinds whose `message` is the one being handled. */
const atHandler = new Set<number>([
  Kind.received,
  Kind.begun,
  Kind.executed,
  Kind.waiting,
  Kind.committed,
  Kind.rowChanged,
  Kind.aborted,
  Kind.refused,
  Kind.failed,
  Kind.collided,
  Kind.prepared,
  Kind.resolved,
  Kind.deduplicated,
  Kind.replyIgnored,
  Kind.acknowledged,
  Kind.acknowledgementLost,
  Kind.slowed,
  Kind.projected,
  Kind.projectionSkipped,
  Kind.projectionParked,
  Kind.eventBuffered,
  Kind.checkpointed,
])

export class Handlings {
  /** By message: positions of what its handlers did, in order. */
  private readonly byMessage = new Map<number, number[]>()
  private readonly trace: Trace
  private read = 0

  constructor(trace: Trace) {
    this.trace = trace
  }

  grow(): this {
    for (; this.read < this.trace.length; this.read++) {
      const message = this.handledAt(this.read)
      if (message === NONE) continue
      const positions = this.byMessage.get(message)
      if (positions === undefined) this.byMessage.set(message, [this.read])
      else positions.push(this.read)
    }
    return this
  }

  /** The message whose handling an entry belongs to: its own, or for what a handler sends that of the entry before. */
  handledAt(position: number): number {
    const { trace } = this
    const kind = trace.at('kind', position)
    if (atHandler.has(kind)) return trace.at('message', position)
    if (kind !== Kind.sent && kind !== Kind.published) return NONE
    const cause = trace.at('cause', position)
    if (cause === NONE || trace.at('service', cause) !== trace.at('service', position)) return NONE
    return atHandler.has(trace.at('kind', cause)) ? trace.at('message', cause) : NONE
  }

  /** What the latest handling of a message had done before the playhead, from its receipt on. */
  past(message: number, playhead: number): readonly number[] {
    const positions = this.byMessage.get(message) ?? []
    let end = positions.length
    while (end > 0 && (positions[end - 1] as number) >= playhead) end--
    let start = end - 1
    while (start > 0 && this.trace.at('kind', positions[start] as number) !== Kind.received) start--
    return positions.slice(Math.max(0, start), end)
  }

  /** The next thing its handler does; undefined when there is none. */
  next(message: number, playhead: number): number | undefined {
    const next = this.byMessage.get(message)?.find((position) => position >= playhead)
    return next === undefined || this.trace.at('kind', next) === Kind.received ? undefined : next
  }
}

const known = new WeakMap<Trace, Handlings>()

export function handlingsOf(trace: Trace): Handlings {
  let handlings = known.get(trace)
  if (handlings === undefined) {
    handlings = new Handlings(trace)
    known.set(trace, handlings)
  }
  return handlings.grow()
}
