/**
 * The last chance: the moment after which every continuation tried breaks the promise, while one of those tried just
 * before it keeps it. Tried are: nothing goes wrong any more; and the same with the next message of one kind held back by
 * a second or by twenty, kind by kind. Found by halving, so it takes for granted that a chance once gone stays gone; and
 * it is what was tried, no proof that nothing else would have helped.
 */
import { Kind } from '../trace/kinds.ts'
import type { Trace } from '../trace/trace.ts'
import { complete } from './fault-defaults.ts'
import type { Schedule } from './schedule.ts'
import type { Trials } from './trials.ts'

export interface LastChance {
  /** The entry with which it passed; 0 when there never was one. */
  readonly position: number
  /** Microseconds. */
  readonly time: number
  /** How many continuations were tried at each moment. */
  readonly continuations: number
  /** True when no moment of the run had a chance, its beginning included. */
  readonly never: boolean
}

const HOLD_BACK_MS = [1000, 20_000]

export function lastChance(
  trials: Trials,
  schedule: Schedule,
  promise: string,
  trace: Trace,
  violation: number,
): LastChance {
  const moments = momentsBefore(trace, violation)
  const waits = [...new Set(trials.menu.sendings.map(({ message }) => message))].flatMap((message) =>
    HOLD_BACK_MS.map((byMs) => ({ message, byMs })),
  )
  const hasChance = (time: number): boolean =>
    !trials.breaks(schedule, promise, time) || waits.some((wait) => !breaksWith(trials, schedule, promise, time, wait))
  const continuations = waits.length + 1
  const first = moments[0] ?? 0
  if (!hasChance(first)) return { position: 0, time: first, continuations, never: true }
  let open = 0
  for (let gone = moments.length; gone - open > 1; ) {
    const middle = (open + gone) >> 1
    if (hasChance(moments[middle] as number)) open = middle
    else gone = middle
  }
  const time = moments[open] as number
  return { position: tellingEntry(trace, time, violation), time, continuations, never: false }
}

/** Each is taken before the first thing that happens at it: everything at it can still be avoided. */
function momentsBefore(trace: Trace, violation: number): number[] {
  const times: number[] = []
  for (let position = 0; position <= violation; position++) {
    const time = trace.timeAt(position)
    if (times.at(-1) !== time) times.push(time)
  }
  return times
}

function breaksWith(
  trials: Trials,
  schedule: Schedule,
  promise: string,
  time: number,
  wait: { message: string; byMs: number },
): boolean {
  const held = complete({ kind: 'delay', ...wait, afterMs: time / 1000 })
  const stopped = { ...schedule, faults: [...schedule.faults, held] }
  return trials.breaks(stopped, promise, time, schedule.faults.length)
}

/** What strikes or is decided tells more than what merely happens at the same time. */
const telling: readonly number[] = [
  Kind.dropped,
  Kind.crashed,
  Kind.replicaCrashed,
  Kind.duplicated,
  Kind.delayed,
  Kind.partitioned,
  Kind.paused,
  Kind.compensationStarted,
  Kind.stepTimedOut,
  Kind.refused,
  Kind.failed,
  Kind.committed,
]

function tellingEntry(trace: Trace, time: number, violation: number): number {
  const at: number[] = []
  for (let position = 0; position <= violation && trace.timeAt(position) <= time; position++) {
    if (trace.timeAt(position) === time) at.push(position)
  }
  const found = telling.flatMap((kind) => at.filter((position) => trace.at('kind', position) === kind))
  return found[0] ?? at.at(-1) ?? 0
}
