import { describe, timeText } from '../trace/describe.ts'
import { type MarkKind, nextMark, positionAtTime } from '../trace/history.ts'
import { momentAt } from './moment.ts'
import type { SessionContext } from './session-store.ts'
import type { SessionActions } from './session-types.ts'

type TimeActions = Pick<
  SessionActions,
  'play' | 'pause' | 'togglePlay' | 'setSpeed' | 'seek' | 'seekTime' | 'step' | 'jump' | 'toStart' | 'toEnd'
>

const SPEED_MIN = 0.01
const SPEED_MAX = 100
export type JumpKind = MarkKind | 'any'
export const allMarks: readonly MarkKind[] = ['saga', 'fault', 'violation']

export function timeActions(context: SessionContext): TimeActions {
  const { get, set } = context
  const go = (playhead: number, time?: number) => {
    const { history, world } = get()
    if (history !== null) set({ ...momentAt(history, world, playhead, time), playing: false })
  }
  const goAndSay = (playhead: number) => {
    go(playhead)
    get().announce(momentText(context))
  }
  return {
    play() {
      const { trace, playhead, run } = get()
      if (trace === null) return
      if (playhead >= trace.length && run.status !== 'running') go(0)
      set({ playing: true })
    },
    pause() {
      set({ playing: false })
    },
    togglePlay() {
      const { playing, play, pause } = get()
      if (playing) pause()
      else play()
    },
    setSpeed(speed) {
      set({ speed: Math.max(SPEED_MIN, Math.min(SPEED_MAX, speed)) })
    },
    seek: (playhead) => go(Math.round(playhead)),
    seekTime(time) {
      const { trace } = get()
      if (trace !== null) go(positionAtTime(trace, time), time)
    },
    step: (direction) => goAndSay(get().playhead + direction),
    jump(direction, kind) {
      const { trace, playhead, announce } = get()
      if (trace === null) return
      const to = nextMark(trace, playhead, direction, kind === 'any' ? allMarks : [kind])
      if (to !== undefined) return goAndSay(to)
      const what = kind === 'any' ? 'mark' : kind === 'saga' ? 'saga step' : kind
      announce(direction === 1 ? `No further ${what}` : `No earlier ${what}`)
    },
    toStart: () => goAndSay(0),
    toEnd: () => goAndSay(get().trace?.length ?? 0),
  }
}

/** The entry just shown, as a screen reader should say it. */
function momentText({ get }: SessionContext): string {
  const { trace, playhead } = get()
  if (trace === null) return ''
  if (playhead === 0) return `At the start of ${trace.length} entries`
  const entry = trace.entry(playhead - 1)
  return `${timeText(entry.time)}: ${describe(trace, entry)}. Entry ${playhead} of ${trace.length}`
}
