/** Where the visitor looks: playhead, virtual time and the state there, always set together. */
import { type History, SPACING } from '../trace/history.ts'
import type { Trace } from '../trace/trace.ts'
import { applyNext, copyState, type WorldState } from '../trace/world-state.ts'

export interface Moment {
  readonly playhead: number
  readonly time: number
  readonly world: WorldState
}

/** Up to so many entries ahead, folding on from the state at hand is cheaper than from a checkpoint. */
const NEAR = 256

/** The moment at a playhead (clamped). `time` is kept between the entry just shown and the next one. */
export function momentAt(history: History, world: WorldState | null, playhead: number, time?: number): Moment {
  const { trace } = history
  const position = Math.max(0, Math.min(playhead, trace.length))
  return { playhead: position, time: timeWithin(trace, position, time), world: worldAt(history, world, position) }
}

function timeWithin(trace: Trace, position: number, time: number | undefined): number {
  const earliest = position === 0 ? 0 : trace.timeAt(position - 1)
  if (time === undefined) return earliest
  const latest = position < trace.length ? trace.timeAt(position) : earliest
  return Math.max(earliest, Math.min(time, latest))
}

/** Where the history forgets what is lost, it is asked: every way to a position ends alike. */
function isNear(from: number, to: number): boolean {
  return to >= from && to - from <= NEAR && Math.floor(from / SPACING) === Math.floor(to / SPACING)
}

function worldAt(history: History, world: WorldState | null, position: number): WorldState {
  if (world === null || !isNear(world.position, position)) return history.stateAt(position)
  if (position === world.position) return world
  const next = copyState(world)
  while (next.position < position) applyNext(history.trace, next)
  return next
}
