/** The steps of every saga instance as stretches of time, forwards and back. */
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { SpanList } from './span-list.ts'

/** How a step ended. From `compensating` on it is the way back. */
export const Step = {
  running: 0,
  ok: 1,
  refused: 2,
  failed: 3,
  noAnswer: 4,
  compensating: 5,
  compensated: 6,
  compensationFailed: 7,
  stuck: 8,
} as const

export type SagaEnd = 'running' | 'completed' | 'compensated' | 'stuck'

export interface SagaLane {
  readonly saga: number
  readonly definition: number
  /** `o1` */
  readonly id: string
  /** Its spans in `steps`, in the order they began; parallel ones have slots of their own. */
  readonly spans: number[]
  end: SagaEnd
}

const ends = new Map<number, number>([
  [Kind.stepSucceeded, Step.ok],
  [Kind.stepRefused, Step.refused],
  [Kind.stepFailed, Step.failed],
  [Kind.stepTimedOut, Step.noAnswer],
  [Kind.stepCompensated, Step.compensated],
  [Kind.compensationFailed, Step.compensationFailed],
])
const STEPS_MAX = 65_536
const STEPS_AT_ONCE = 64

export class SagaIndex {
  /** lane: saga; ref: step number; tone: Step. */
  readonly steps = new SpanList()
  readonly lanes: SagaLane[] = []
  private readonly trace: Trace
  /** saga × STEPS_MAX + step → its open span. */
  private readonly open = new Map<number, number>()

  constructor(trace: Trace) {
    this.trace = trace
  }

  add(position: number, at: number): void {
    const kind = this.trace.at('kind', position)
    if (kind < Kind.sagaStarted || kind > Kind.sagaNeedsIntervention) return
    const saga = this.trace.at('saga', position)
    if (kind === Kind.sagaStarted) {
      this.start(saga, position)
      return
    }
    const lane = this.lanes[saga]
    if (lane === undefined) return
    const step = this.trace.at('a', position)
    const key = saga * STEPS_MAX + step
    if (kind === Kind.stepStarted) this.begin(lane, key, step, Step.running, position, at)
    else if (kind === Kind.stepCompensating) this.begin(lane, key, step, Step.compensating, position, at)
    else if (ends.has(kind)) this.finish(key, ends.get(kind) as number, position, at)
    else this.endSaga(lane, kind, position, at)
  }

  private start(saga: number, position: number): void {
    this.lanes[saga] = {
      saga,
      definition: this.trace.at('b', position),
      id: this.trace.text(this.trace.at('a', position)),
      spans: [],
      end: 'running',
    }
  }

  private begin(lane: SagaLane, key: number, step: number, tone: number, position: number, at: number): void {
    // Asked again while still waiting: the earlier try had no answer.
    const before = this.open.get(key)
    if (before !== undefined) {
      if (this.steps.tone[before] === Step.running) this.steps.tone[before] = Step.noAnswer
      this.steps.close(before, at, position)
    }
    const span = this.steps.open(at, lane.saga, step, position, tone, this.freeSlot(lane))
    lane.spans.push(span)
    this.open.set(key, span)
  }

  private freeSlot({ spans }: SagaLane): number {
    const taken = new Set<number>()
    // Only the last few can still be open: a saga has as many as it has steps.
    for (let i = spans.length - 1; i >= Math.max(0, spans.length - STEPS_AT_ONCE); i--) {
      const span = spans[i] as number
      if (this.steps.isOpen(span)) taken.add(this.steps.slot[span] as number)
    }
    let slot = 0
    while (taken.has(slot)) slot++
    return slot
  }

  private finish(key: number, tone: number, position: number, at: number): void {
    const span = this.open.get(key)
    if (span === undefined) return
    this.steps.tone[span] = tone
    this.steps.close(span, at, position)
    this.open.delete(key)
  }

  private endSaga(lane: SagaLane, kind: number, position: number, at: number): void {
    if (kind === Kind.compensationStarted) return
    lane.end =
      kind === Kind.sagaCompleted
        ? 'completed'
        : kind === Kind.sagaCompensated || kind === Kind.sagaAborted
          ? 'compensated'
          : 'stuck'
    for (const span of lane.spans) {
      if (!this.steps.isOpen(span)) continue
      // A saga that ends without waiting for a step never heard of it.
      this.steps.tone[span] = lane.end === 'stuck' ? Step.stuck : Step.noAnswer
      this.steps.close(span, at, position)
      this.open.delete(lane.saga * STEPS_MAX + (this.steps.ref[span] as number))
    }
  }
}

/** The name on a step's bar: the step's own, or its compensation's on the way back. */
export function stepTitle(trace: Trace, lane: SagaLane, step: number, tone: number): string {
  const info = trace.header.sagas[lane.definition]?.steps[step]
  if (info === undefined) return `step ${step}`
  return tone >= Step.compensating && tone !== Step.stuck ? (info.compensation ?? info.name) : info.name
}
