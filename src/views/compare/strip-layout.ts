/** One run as a strip of marks along the shared time: what it has in common with the first, and what is its own. */
import type { TimeFold } from '../../session/time-fold.ts'
import { markOf } from '../../trace/history.ts'
import type { Trace } from '../../trace/trace.ts'

/** The strip is as wide as this, in units of its drawing; two entries in one unit are one mark. */
export const STRIP_WIDTH = 1000

export interface Strip {
  /** SVG paths of upright marks, one unit high. */
  readonly same: string
  readonly own: string
  readonly faults: string
  readonly violations: string
  /** Where the run ends, units. */
  readonly end: number
}

/** `parting`: the position from which on the run goes its own way; its length when it never does. */
export function stripOf(trace: Trace, fold: TimeFold, parting: number): Strip {
  const marks = {
    same: new Set<number>(),
    own: new Set<number>(),
    faults: new Set<number>(),
    violations: new Set<number>(),
  }
  for (let position = 0; position < trace.length; position++) {
    const x = unitsAt(fold, trace.timeAt(position))
    const mark = markOf(trace, position)
    if (mark === 'violation') marks.violations.add(x)
    else if (mark === 'fault') marks.faults.add(x)
    else marks[position < parting ? 'same' : 'own'].add(x)
  }
  const path = (xs: ReadonlySet<number>) => [...xs].map((x) => `M${x} 0v1`).join('')
  return {
    same: path(marks.same),
    own: path(marks.own),
    faults: path(marks.faults),
    violations: path(marks.violations),
    end: unitsAt(fold, trace.endTime),
  }
}

/** A virtual time on the strip, whole units. */
export function unitsAt(fold: TimeFold, time: number): number {
  return Math.round(shareAt(fold, time) * STRIP_WIDTH)
}

/** A virtual time as a share of the whole, 0 … 1. */
export function shareAt(fold: TimeFold, time: number): number {
  return fold.total === 0 ? 0 : fold.toFolded(time) / fold.total
}
