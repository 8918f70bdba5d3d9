/** Temporal queries over a trace: the state at any position is one checkpoint plus a short fold away. */
import { Kind } from './kinds.ts'
import type { Trace } from './trace.ts'
import { NONE } from './trace-format.ts'
import { applyNext, copyState, forgetLost, initialState, type WorldState, weightOf } from './world-state.ts'

/** Every so many entries the history may keep a state, and lost messages are forgotten on the way. */
export const SPACING = 4096
/** A seek folds at most so many entries, whatever the checkpoints cost. */
const SPACING_MAX = 32_768
/** Roughly, all of them together. Beyond, every second one is let go, and from then on half as many are kept. */
const BYTES_MAX = 64_000_000
/** A lost message stays drawn for this long after it left, microseconds of virtual time. */
const LOST_SHOWN = 10_000_000

export class History {
  readonly trace: Trace
  private checkpoints: WorldState[]
  /** Bytes that each checkpoint holds alone, roughly. */
  private weights: number[] = [0]
  private weight = 0
  private spacing = SPACING
  private frontier: WorldState

  constructor(trace: Trace) {
    this.trace = trace
    this.checkpoints = [initialState(trace)]
    this.frontier = initialState(trace)
  }

  /** The state after the first `position` entries. Clamped to what has arrived. The caller may keep it, not change it. */
  stateAt(position: number): WorldState {
    const target = Math.max(0, Math.min(position, this.trace.length))
    this.extendTo(target)
    const state = copyState(this.checkpointBefore(target))
    while (state.position < target) this.step(state)
    return state
  }

  /** Folds what has arrived into checkpoints, so that a later seek is short. A larger state gets fewer of them. */
  extendTo(position: number): void {
    while (this.frontier.position < position) {
      this.step(this.frontier)
      if (this.frontier.position % this.spacing === 0) this.keepFrontier()
    }
  }

  private step(state: WorldState): void {
    applyNext(this.trace, state)
    // At fixed places, so that every way to a position ends alike.
    if (state.position % SPACING === 0) forgetLost(this.trace, state, state.time - LOST_SHOWN)
  }

  private keepFrontier(): void {
    const weight = weightOf(this.frontier)
    // The checkpoint keeps this state; the frontier goes on with a copy, so that it owns what it changes.
    this.checkpoints.push(this.frontier)
    this.frontier = copyState(this.frontier)
    this.weights.push(weight)
    this.weight += weight
    if (this.weight > BYTES_MAX && this.spacing < SPACING_MAX) this.thin()
  }

  private thin(): void {
    this.spacing *= 2
    const isKept = (_: unknown, i: number) => (this.checkpoints[i]?.position ?? 0) % this.spacing === 0
    const weights = this.weights.filter(isKept)
    this.checkpoints = this.checkpoints.filter(isKept)
    this.weights = weights
    this.weight = weights.reduce((sum, weight) => sum + weight, 0)
  }

  private checkpointBefore(position: number): WorldState {
    let low = 0
    let high = this.checkpoints.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.checkpoints[middle] as WorldState).position <= position) low = middle
      else high = middle - 1
    }
    return this.checkpoints[low] as WorldState
  }
}

/** The last position at or before which time ≤ `time`: entries [0, result) are in the past. Binary search. */
export function positionAtTime(trace: Trace, time: number): number {
  let low = 0
  let high = trace.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (trace.timeAt(middle) <= time) low = middle + 1
    else high = middle
  }
  return low
}

/** The chain of causes of an entry, the entry itself first, the first cause last. */
export function causesOf(trace: Trace, position: number): number[] {
  const chain: number[] = []
  for (let at = position; at !== NONE; at = trace.at('cause', at)) chain.push(at)
  return chain
}

export type MarkKind = 'saga' | 'fault' | 'violation'
const markKinds = new Map<number, MarkKind>([
  [Kind.sagaStarted, 'saga'],
  [Kind.stepStarted, 'saga'],
  [Kind.stepSucceeded, 'saga'],
  [Kind.stepRefused, 'saga'],
  [Kind.stepFailed, 'saga'],
  [Kind.stepTimedOut, 'saga'],
  [Kind.compensationStarted, 'saga'],
  [Kind.stepCompensating, 'saga'],
  [Kind.stepCompensated, 'saga'],
  [Kind.compensationFailed, 'saga'],
  [Kind.alerted, 'saga'],
  [Kind.sagaCompleted, 'saga'],
  [Kind.sagaCompensated, 'saga'],
  [Kind.sagaNeedsIntervention, 'saga'],
  [Kind.prepared, 'saga'],
  [Kind.decided, 'saga'],
  [Kind.resolved, 'saga'],
  [Kind.sagaAborted, 'saga'],
  [Kind.crashed, 'fault'],
  [Kind.recovered, 'fault'],
  [Kind.replicaCrashed, 'fault'],
  [Kind.replicaRecovered, 'fault'],
  [Kind.dropped, 'fault'],
  [Kind.duplicated, 'fault'],
  [Kind.delayed, 'fault'],
  [Kind.partitioned, 'fault'],
  [Kind.healed, 'fault'],
  [Kind.slowed, 'fault'],
  [Kind.paused, 'fault'],
  [Kind.unpaused, 'fault'],
  [Kind.violated, 'violation'],
])

/** What a jump key stops at: saga steps, faults and violations. Undefined for an entry that is none of these. */
export function markOf(trace: Trace, position: number): MarkKind | undefined {
  return markKinds.get(trace.at('kind', position))
}

/** The nearest mark of the given kinds before or after a playhead; the playhead to go to, or undefined. */
export function nextMark(
  trace: Trace,
  playhead: number,
  direction: 1 | -1,
  kinds: readonly MarkKind[],
): number | undefined {
  for (let at = playhead - 1 + direction; at >= 0 && at < trace.length; at += direction) {
    const mark = markOf(trace, at)
    if (mark !== undefined && kinds.includes(mark)) return at + 1
  }
  return undefined
}
