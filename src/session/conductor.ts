/** Moves the playhead of several sessions as one: what is pressed on one side happens on all. */
import type { Trace } from '../trace/trace.ts'
import type { ComparisonState, Side } from './comparison-types.ts'
import { momentAt } from './moment.ts'
import type { ConductedActions } from './session-store.ts'
import type { Session } from './session-types.ts'
import {
  compareMoments,
  isAtEnd,
  markedMoment,
  momentOfPlayhead,
  momentOfTime,
  nextMoment,
  playheadAt,
  previousMoment,
  type SharedMoment,
  sharedTimes,
  THE_START,
  theEnd,
} from './shared-moment.ts'
import { allMarks, type JumpKind } from './time-actions.ts'
import { TimeFold } from './time-fold.ts'

/** The comparison's own state, as far as time is concerned. */
export interface Score {
  get(): ComparisonState
  set(change: Partial<ComparisonState>): void
  announce(text: string): void
}

export class Conductor {
  private readonly score: Score

  constructor(score: Score) {
    this.score = score
  }

  get traces(): Trace[] {
    return this.score.get().sides.flatMap(({ session }) => session.getState().trace ?? [])
  }

  /** What the views of one side find in its session. */
  actionsFor(own: () => Session): ConductedActions {
    return {
      play: () => this.setPlaying(true),
      pause: () => this.setPlaying(false),
      togglePlay: () => this.togglePlay(),
      setSpeed: (speed) => this.setSpeed(speed),
      seek: (playhead) => {
        const { trace } = own()
        if (trace !== null) this.goTo(momentOfPlayhead(trace, playhead))
      },
      seekTime: (time) => this.seekTime(time),
      step: (direction) => this.step(direction),
      jump: (direction, kind) => this.jump(direction, kind),
      toStart: () => this.toStart(),
      toEnd: () => this.toEnd(),
      announce: this.score.announce,
    }
  }

  goTo(moment: SharedMoment): void {
    this.setPlaying(false)
    this.place(moment)
  }

  seekTime(time: number): void {
    this.goTo(momentOfTime(this.traces, Math.max(0, time)))
  }

  step(direction: 1 | -1): void {
    const move = direction === 1 ? nextMoment : previousMoment
    this.goTo(move(this.traces, this.score.get().moment))
  }

  jump(direction: 1 | -1, kind: JumpKind): void {
    const kinds = kind === 'any' ? allMarks : [kind]
    const to = markedMoment(this.traces, this.score.get().moment, direction, kinds)
    if (to !== undefined) this.goTo(to)
    else this.score.announce(direction === 1 ? 'No further mark in any run' : 'No earlier mark in any run')
  }

  toStart(): void {
    this.goTo(THE_START)
  }

  toEnd(): void {
    this.goTo(theEnd(this.traces))
  }

  toParting(id?: number): void {
    const { sides, partings } = this.score.get()
    const moments = partings.flatMap((parting, i) => {
      return parting.state === 'parts' && (id === undefined || sides[i]?.id === id) ? [parting.moment] : []
    })
    const first = moments.sort(compareMoments)[0]
    if (first !== undefined) this.goTo(first)
    else this.score.announce('The runs do not part')
  }

  togglePlay(): void {
    const { playing, moment } = this.score.get()
    if (!playing && isAtEnd(this.traces, moment)) this.place(THE_START)
    this.setPlaying(!playing)
  }

  setPlaying(playing: boolean): void {
    this.score.set({ playing })
    this.toAll({ playing })
  }

  setSpeed(speed: number): void {
    this.score.set({ speed })
    this.toAll({ speed })
  }

  /** A run has arrived, grown or gone: time is folded anew for all, and all stand where they stood. */
  gather(): void {
    const fold = new TimeFold(sharedTimes(this.traces))
    const { playing, speed, moment } = this.score.get()
    this.score.set({ fold })
    this.toAll({ fold, playing, speed })
    this.place(moment)
  }

  /** So many seconds of real time further. */
  flow(seconds: number): void {
    const { fold, moment, speed } = this.score.get()
    if (fold === null) return
    const folded = fold.toFolded(moment.time) + seconds * speed
    if (folded < fold.total) this.place(momentOfTime(this.traces, fold.toTime(folded)))
    else this.arrive()
  }

  /** One entry further, for those who want no motion. */
  hop(): void {
    const { moment } = this.score.get()
    if (isAtEnd(this.traces, moment)) this.arrive()
    else this.place(nextMoment(this.traces, moment))
  }

  /** The end of all runs stops playing; one that is still under way is waited for. */
  private arrive(): void {
    this.place(theEnd(this.traces))
    const isUnderWay = ({ session }: Side) => session.getState().run.status === 'running'
    this.setPlaying(this.score.get().sides.some(isUnderWay))
  }

  private place(moment: SharedMoment): void {
    this.score.set({ moment })
    for (const { session } of this.score.get().sides) {
      const { trace, history, world } = session.getState()
      if (trace === null || history === null) continue
      session.setState(momentAt(history, world, playheadAt(trace, moment), moment.time))
    }
  }

  private toAll(change: Partial<Session>): void {
    for (const { session } of this.score.get().sides) session.setState(change)
  }
}
