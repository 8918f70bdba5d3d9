/**
 * Folded time: virtual time → seconds of attention. Short gaps play at an even pace, long idle ones shrink, and the
 * order never changes. Playback, timeline and scrubber share one fold, so the playhead always moves evenly.
 */
/** A stretch in which nothing happened and that was shortened, microseconds and fold seconds. */
export interface Gap {
  readonly from: number
  readonly to: number
  readonly foldedFrom: number
  readonly foldedTo: number
}

/** When things happened, microseconds, in order: one trace, or several taken together. */
export interface Times {
  readonly length: number
  timeAt(position: number): number
}

/** Gaps from this length on (microseconds) are marked as folded. */
const MARKED = 400_000
const LONGEST_SECONDS = 1.8

/** How many seconds a gap of so many microseconds is shown for: 5 ms → 0.35 s, 10 ms → 0.55 s, 5 s and more → 1.8 s. */
function secondsFor(gap: number): number {
  return Math.min(LONGEST_SECONDS, 0.35 * Math.log2(1 + gap / 5000))
}

export class TimeFold {
  readonly gaps: readonly Gap[]
  /** Length of the whole run in fold seconds, at speed 1. */
  readonly total: number
  private readonly times: Float64Array
  private readonly folded: Float64Array

  constructor(trace: Times) {
    const times: number[] = [0]
    const folded: number[] = [0]
    const gaps: Gap[] = []
    for (let position = 0; position < trace.length; position++) {
      const time = trace.timeAt(position)
      const last = times[times.length - 1] as number
      if (time === last) continue
      const start = folded[folded.length - 1] as number
      const end = start + secondsFor(time - last)
      if (time - last >= MARKED) gaps.push({ from: last, to: time, foldedFrom: start, foldedTo: end })
      times.push(time)
      folded.push(end)
    }
    this.gaps = gaps
    this.total = folded[folded.length - 1] as number
    this.times = Float64Array.from(times)
    this.folded = Float64Array.from(folded)
  }

  /** Virtual microseconds → fold seconds. */
  toFolded(time: number): number {
    return interpolate(this.times, this.folded, time)
  }

  /** Fold seconds → virtual microseconds. */
  toTime(seconds: number): number {
    return interpolate(this.folded, this.times, seconds)
  }
}

function interpolate(from: Float64Array, to: Float64Array, value: number): number {
  const last = from.length - 1
  if (value <= (from[0] as number)) return to[0] as number
  if (value >= (from[last] as number)) return to[last] as number
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((from[middle] as number) <= value) low = middle
    else high = middle
  }
  const start = from[low] as number
  const share = (value - start) / ((from[high] as number) - start)
  return (to[low] as number) + share * ((to[high] as number) - (to[low] as number))
}
