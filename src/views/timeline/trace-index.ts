/**
 * What the time views draw, gathered in one pass over a trace: who handled what from when to when, the steps of every
 * saga, messages on their way, crashes, partitions, and the marks one can jump to. Grows with the trace. Knows entries
 * and folded time, no pixels.
 */
import { markOf } from '../../trace/history.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import { HandlingIndex } from './handling-index.ts'
import { MessageIndex } from './message-index.ts'
import { SagaIndex } from './saga-index.ts'
import { SpanList } from './span-list.ts'
import { StandingIndex } from './standing-index.ts'

/** What the index needs of a fold. */
export interface FoldLike {
  toFolded(time: number): number
  toTime(seconds: number): number
}

/** Marks of one kind, in order: their positions and folded times. */
export interface Marks {
  readonly positions: number[]
  readonly at: number[]
}

const emptyMarks = (): Marks => ({ positions: [], at: [] })

export class TraceIndex {
  readonly trace: Trace
  /** Entries gathered so far. */
  length = 0
  readonly handlings: HandlingIndex
  readonly standing: StandingIndex
  readonly sagas: SagaIndex
  readonly messages: MessageIndex
  /** lane: fault number. */
  readonly partitions = new SpanList()
  readonly sagaMarks = emptyMarks()
  readonly faultMarks = emptyMarks()
  readonly violationMarks = emptyMarks()
  private readonly openPartitions = new Map<number, number>()
  /** Entries at one moment share their folded time: most lookups are the one before. */
  private lastTime = NaN
  private lastFolded = 0

  constructor(trace: Trace) {
    this.trace = trace
    this.handlings = new HandlingIndex(trace)
    this.standing = new StandingIndex(trace)
    this.sagas = new SagaIndex(trace)
    this.messages = new MessageIndex(trace)
  }

  /** Gathers up to `count` more entries, as far as the fold reaches; says whether there are more. */
  extend(fold: FoldLike, count = Infinity): boolean {
    // A fold lags behind a run under way, and would put later entries at its end.
    const until = fold.toTime(Infinity)
    const end = Math.min(this.trace.length, this.length + count)
    while (this.length < end && this.trace.timeAt(this.length) <= until) this.add(fold, this.length++)
    return this.length === end && end < this.trace.length
  }

  private add(fold: FoldLike, position: number): void {
    const time = this.trace.timeAt(position)
    if (time !== this.lastTime) {
      this.lastTime = time
      this.lastFolded = fold.toFolded(time)
    }
    const at = this.lastFolded
    this.handlings.add(position, at)
    this.standing.add(position, at)
    this.sagas.add(position, at)
    this.messages.add(position, at)
    this.addPartition(position, at)
    this.addMark(position, at)
  }

  private addPartition(position: number, at: number): void {
    const kind = this.trace.at('kind', position)
    if (kind !== Kind.partitioned && kind !== Kind.healed) return
    const fault = this.trace.at('a', position)
    if (kind === Kind.partitioned) {
      this.openPartitions.set(fault, this.partitions.open(at, fault, fault, position, 0))
      return
    }
    const open = this.openPartitions.get(fault)
    if (open !== undefined) this.partitions.close(open, at, position)
    this.openPartitions.delete(fault)
  }

  private addMark(position: number, at: number): void {
    const kind = markOf(this.trace, position)
    if (kind === undefined) return
    const marks = { saga: this.sagaMarks, fault: this.faultMarks, violation: this.violationMarks }[kind]
    marks.positions.push(position)
    marks.at.push(at)
  }
}

/** The service a fault mark belongs to: where it happened, or who sent the message it hit. */
export function markService(trace: Trace, position: number): number {
  const service = trace.at('service', position)
  const message = trace.at('message', position)
  return service !== NONE || message === NONE ? service : trace.messageAt('from', message)
}

/** Marks within folded [from, to]: the first number and the one after the last. */
export function marksWithin(marks: Marks, from: number, to: number): [number, number] {
  return [lowerBound(marks.at, from), lowerBound(marks.at, to + 1e-9)]
}

/** How many of the marks lie before a playhead. */
export function marksBefore(marks: Marks, playhead: number): number {
  return lowerBound(marks.positions, playhead)
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
