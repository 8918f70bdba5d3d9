/** Several runs under one playhead, as data and what can be done with them. */
import type { StoreApi } from 'zustand/vanilla'
import type { Draft, Session } from './session-types.ts'
import type { SharedMoment } from './shared-moment.ts'
import type { TimeFold } from './time-fold.ts'

export type ComparisonView = 'stage' | 'space-time'

/** One of the runs: a session of its own, whose playhead is the shared one. */
export interface Side {
  /** Stays the same while other sides come and go. */
  readonly id: number
  readonly session: StoreApi<Session>
}

/** How a side relates to the first one. `looking`: a run is still under way, or has not been looked through. */
export type Parting =
  | { readonly state: 'looking' }
  | { readonly state: 'never' }
  | {
      readonly state: 'parts'
      /** The position of the first entry that differs; one run may have ended before it. */
      readonly position: number
      /** When the first of the two runs shows it. */
      readonly moment: SharedMoment
    }

export interface ComparisonState {
  /** Two to four; what differs is said against the first. */
  readonly sides: readonly Side[]
  /** One for each side; the first never parts from itself. */
  readonly partings: readonly Parting[]
  readonly moment: SharedMoment
  /** The same for all sides; null before the first run has arrived. */
  readonly fold: TimeFold | null
  readonly playing: boolean
  readonly speed: number
  readonly view: ComparisonView
}

export interface ComparisonActions {
  /** Puts one more run beside the others; the reason when it cannot stand there. */
  add(draft: Draft): string | null
  /** Takes one away, as long as two remain. */
  remove(id: number): void
  setView(view: ComparisonView): void
  /** To a moment, pausing. */
  goTo(moment: SharedMoment): void
  /** To a virtual time, microseconds, pausing. */
  seekTime(time: number): void
  step(direction: 1 | -1): void
  togglePlay(): void
  setSpeed(speed: number): void
  toStart(): void
  toEnd(): void
  /** To the first entry at which a side parts from the first one; the earliest of all when none is named. */
  toParting(id?: number): void
  /** The clock stops and every run under way is given up. */
  close(): void
}

export type Comparison = ComparisonState & ComparisonActions
export type ComparisonStore = StoreApi<Comparison>

/** What a comparison begins with, and what a link carries of one. */
export interface ComparisonStart {
  readonly drafts: readonly Draft[]
  readonly moment: SharedMoment
  readonly speed: number
  readonly view: ComparisonView
  readonly playing: boolean
}
