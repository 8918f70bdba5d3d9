/**
 * One playhead for several runs. What they share is virtual time; within one instant, the entries are counted. So every
 * run shows all entries before the instant and its first `nth` entries of it, and stepping back undoes stepping forward.
 */
import { type MarkKind, nextMark, positionAtTime } from '../trace/history.ts'
import type { Trace } from '../trace/trace.ts'

export interface SharedMoment {
  /** Virtual time, microseconds. */
  readonly time: number
  /** Entries shown of those at exactly this time; a run that has fewer shows all it has. */
  readonly nth: number
}

export const THE_START: SharedMoment = { time: 0, nth: 0 }

/** How many entries come before a time. Entries happen at whole microseconds; playing passes between them. */
function before(trace: Trace, time: number): number {
  return positionAtTime(trace, Math.ceil(time) - 1)
}

function countAt(trace: Trace, time: number): number {
  return positionAtTime(trace, time) - before(trace, time)
}

/** Where the playhead of one run stands at a shared moment. */
export function playheadAt(trace: Trace, { time, nth }: SharedMoment): number {
  return before(trace, time) + Math.min(nth, countAt(trace, time))
}

/** The shared moment at which a run stands at a playhead (clamped). */
export function momentOfPlayhead(trace: Trace, playhead: number): SharedMoment {
  const position = Math.max(0, Math.min(playhead, trace.length))
  if (position === 0) return THE_START
  const time = trace.timeAt(position - 1)
  return { time, nth: position - before(trace, time) }
}

/** Everything up to a time, as playing shows it. */
export function momentOfTime(traces: readonly Trace[], time: number): SharedMoment {
  return { time, nth: mostAt(traces, time) }
}

function mostAt(traces: readonly Trace[], time: number): number {
  return Math.max(0, ...traces.map((trace) => countAt(trace, time)))
}

export function isAtStart(traces: readonly Trace[], moment: SharedMoment): boolean {
  return traces.every((trace) => playheadAt(trace, moment) === 0)
}

export function isAtEnd(traces: readonly Trace[], moment: SharedMoment): boolean {
  return traces.every((trace) => playheadAt(trace, moment) === trace.length)
}

export function theEnd(traces: readonly Trace[]): SharedMoment {
  return momentOfTime(traces, Math.max(0, ...traces.map((trace) => trace.endTime)))
}

/** One entry further in the run or runs whose entry is next; at the end, where it stands. */
export function nextMoment(traces: readonly Trace[], moment: SharedMoment): SharedMoment {
  if (moment.nth < mostAt(traces, moment.time)) return { time: moment.time, nth: moment.nth + 1 }
  const times = traces.flatMap((trace) => {
    const position = positionAtTime(trace, moment.time)
    return position < trace.length ? [trace.timeAt(position)] : []
  })
  return times.length === 0 ? moment : { time: Math.min(...times), nth: 1 }
}

/** The reverse of `nextMoment`. Between two instants it takes back what was shown last. */
export function previousMoment(traces: readonly Trace[], moment: SharedMoment): SharedMoment {
  const shown = Math.min(moment.nth, mostAt(traces, moment.time))
  if (shown > 1) return { time: moment.time, nth: shown - 1 }
  const last = lastInstant(traces, moment.time)
  if (shown === 1) return last
  return last.nth > 1 ? { time: last.time, nth: last.nth - 1 } : lastInstant(traces, last.time)
}

/** The last instant before a time, with all its entries; the start when there is none. */
function lastInstant(traces: readonly Trace[], time: number): SharedMoment {
  const times = traces.flatMap((trace) => {
    const position = before(trace, time)
    return position === 0 ? [] : [trace.timeAt(position - 1)]
  })
  return times.length === 0 ? THE_START : momentOfTime(traces, Math.max(...times))
}

/** The nearest mark of any of the runs, before or after a moment; undefined when there is none. */
export function markedMoment(
  traces: readonly Trace[],
  moment: SharedMoment,
  direction: 1 | -1,
  kinds: readonly MarkKind[],
): SharedMoment | undefined {
  const found = traces.flatMap((trace) => {
    const playhead = playheadAt(trace, moment)
    // A run that shows nothing new at this moment still has its own last entry to go back to.
    const isPast = direction === -1 && compareMoments(momentOfPlayhead(trace, playhead), moment) < 0
    const mark = nextMark(trace, isPast ? playhead + 1 : playhead, direction, kinds)
    const there = mark === undefined ? undefined : momentOfPlayhead(trace, mark)
    return there !== undefined && direction * compareMoments(there, moment) > 0 ? [there] : []
  })
  return found.sort((one, other) => direction * compareMoments(one, other))[0]
}

/** Earlier ones first. */
export function compareMoments(one: SharedMoment, other: SharedMoment): number {
  return one.time - other.time || one.nth - other.nth
}

/** The instants of all runs in order, for one fold of time. */
export function sharedTimes(traces: readonly Trace[]): { readonly length: number; timeAt(position: number): number } {
  const times = new Float64Array(traces.reduce((sum, trace) => sum + trace.length, 0))
  let at = 0
  for (const trace of traces) {
    for (let position = 0; position < trace.length; position++) times[at++] = trace.timeAt(position)
  }
  times.sort()
  return { length: times.length, timeAt: (position) => times[position] as number }
}
