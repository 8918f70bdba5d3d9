/**
 * The clock behind play: turns frames of real time into virtual time through the fold, so that the playhead moves
 * evenly. Animation only reads the time it sets. Where motion is unwelcome, play steps from entry to entry instead.
 */
import { positionAtTime } from '../trace/history.ts'
import { momentAt } from './moment.ts'
import type { SessionDeps, SessionStore } from './session-store.ts'
import type { Session, SessionState } from './session-types.ts'

/** requestAnimationFrame and its undoing; a test brings its own. */
export interface Frames {
  request(callback: (now: number) => void): number
  cancel(handle: number): void
}

type ClockDeps = Pick<SessionDeps, 'frames' | 'prefersReducedMotion'>

/** A longer gap between frames was a hidden tab or a busy machine, not time the visitor watched. */
const FRAME_GAP_MAX_MS = 500
/** How long one entry stays when playing by steps at speed 1, and the least. */
const STEP_MS = 700
const STEP_MS_MIN = 120

/** What a clock moves: one run, or several that share a playhead. */
export interface Played {
  readonly playing: () => boolean
  readonly speed: () => number
  subscribe(listener: () => void): void
  /** So many seconds of real time further. */
  flow(seconds: number): void
  /** One entry further. */
  hop(): void
}

/** Runs the clock whenever something is playing. */
export function keepTime(played: Played, { frames, prefersReducedMotion }: ClockDeps): void {
  let handle: number | null = null
  let last: number | null = null
  let waited = 0

  const tick = (now: number) => {
    const elapsed = last === null ? 0 : now - last
    last = now
    if (elapsed > 0 && elapsed <= FRAME_GAP_MAX_MS) move(elapsed)
    handle = played.playing() ? frames.request(tick) : null
  }
  const move = (elapsed: number) => {
    if (!prefersReducedMotion()) return played.flow(elapsed / 1000)
    waited += elapsed
    if (waited < Math.max(STEP_MS_MIN, STEP_MS / played.speed())) return
    waited = 0
    played.hop()
  }
  played.subscribe(() => {
    const playing = played.playing()
    if (playing === (handle !== null)) return
    if (handle !== null) frames.cancel(handle)
    last = null
    waited = 0
    handle = playing ? frames.request(tick) : null
  })
}

export function keepPlaying(store: SessionStore, deps: ClockDeps): void {
  const played: Played = {
    playing: () => store.getState().playing,
    speed: () => store.getState().speed,
    subscribe: (listener) => store.subscribe(listener),
    flow: (seconds) => store.setState(flow(store.getState(), seconds)),
    hop: () => store.setState(hop(store.getState())),
  }
  keepTime(played, deps)
}

/** So many seconds further, at the session's speed. */
export function flow(state: Session, seconds: number): Partial<SessionState> {
  const { trace, history, fold, world, time, speed } = state
  if (trace === null || history === null || fold === null) return { playing: false }
  const folded = fold.toFolded(time) + seconds * speed
  if (folded >= fold.total) return arrive(state)
  const next = fold.toTime(folded)
  return momentAt(history, world, positionAtTime(trace, next), next)
}

function hop(state: Session): Partial<SessionState> {
  const { trace, history, world, playhead } = state
  if (trace === null || history === null) return { playing: false }
  return playhead >= trace.length ? arrive(state) : momentAt(history, world, playhead + 1)
}

/** At the end of what has arrived: the end of the run stops playing, a run still under way is waited for. */
function arrive({ trace, history, world, run }: Session): Partial<SessionState> {
  if (trace === null || history === null) return { playing: false }
  return { ...momentAt(history, world, trace.length), playing: run.status === 'running' }
}
