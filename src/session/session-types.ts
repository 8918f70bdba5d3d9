/**
 * What the visitor is doing, as data: the scenario draft and its edits, the run, the playhead, what is selected. This
 * room knows no JSX and no engine: a run happens in the worker, and everything seen is a projection of
 * (trace, playhead).
 */
import type { Problem, Result } from '../base/result.ts'
import type { FaultInput, FaultKind, ScenarioInput } from '../scenario/schema.ts'
import type { CurvesData } from '../trace/curve-data.ts'
import type { History } from '../trace/history.ts'
import type { Trace } from '../trace/trace.ts'
import type { WorldState } from '../trace/world-state.ts'
import type { Answer, LibraryItem, RunSummary } from '../worker/protocol.ts'
import type { ComparisonStart, ComparisonStore, Side } from './comparison-types.ts'
import type { TimeFold } from './time-fold.ts'

export type { Answer, LibraryItem, RunSummary }

/** The command: everything needed to run again. Undo and redo move between values of this; a link carries one. */
export interface Draft {
  /** As opened: with its variants, without the visitor's edits. */
  readonly base: ScenarioInput
  readonly variant: string | null
  readonly seed: number | null
  /** Edits of the scenario's own faults, by variant (empty text for none) and place; null removes. */
  readonly changed: Readonly<Record<string, Readonly<Record<number, FaultInput | null>>>>
  /** Faults the visitor added; they stay when the variant changes. */
  readonly added: readonly FaultInput[]
  /** Settings the visitor has turned (replicas, a rate), as a merge patch on the scenario with its variant. */
  readonly tuned?: Tuning
}

export type Tuning = Readonly<Record<string, unknown>>

/** A line a visit has taken: what runs there, and its own way back and forth. */
export interface Branch {
  readonly id: number
  /** Given by what began it or by the visitor; empty when it goes by its scenario. */
  readonly name: string
  /** What it grew from; null for a scenario as it was opened. */
  readonly parent: number | null
  /** Where undo leads when it goes back beyond the first draft; null when it stops there. */
  readonly from: number | null
  /** An act at a moment; what an undo left behind; a scenario that was opened; a run that somebody found. */
  readonly origin: 'opened' | 'act' | 'undone' | 'finding'
  /** The virtual time of the act, microseconds; null when no moment began it. */
  readonly forkedAt: number | null
  /** The draft it began with. */
  readonly first: Draft
  /** As it was last left. */
  readonly draft: Draft
  readonly past: readonly Draft[]
  readonly future: readonly Draft[]
  readonly playhead: number
  readonly time: number
}

/** A fault as listed and badged: where it comes from, and its place there. */
export interface SessionFault {
  readonly origin: 'scenario' | 'visitor'
  readonly place: number
  /** Its number in the run (and in `trace.header.faults`). */
  readonly number: number
  readonly fault: FaultInput
}

export type Selection =
  | { readonly type: 'entry'; readonly position: number }
  | { readonly type: 'message'; readonly id: number }
  | { readonly type: 'service'; readonly service: number }
  | { readonly type: 'saga'; readonly saga: number }
  | { readonly type: 'fault'; readonly number: number }

/** Where an armed fault can be put. */
export type Target =
  | { readonly type: 'service'; readonly service: number }
  | { readonly type: 'edge'; readonly from: number; readonly to: number }

export type BottomView = 'timeline' | 'space-time' | 'log' | 'store' | 'curves'
export type PanelView =
  | 'verdict'
  | 'saga'
  | 'tables'
  | 'sql'
  | 'message'
  | 'keys'
  | 'code'
  | 'projections'
  | 'time'
  | 'faults'
/** Phones show one at a time beside the stage; wider screens show all. */
export type Sheet = 'none' | 'break' | 'scenarios' | 'inspect'

export interface Notice {
  readonly tone: 'info' | 'error'
  readonly title: string
  readonly lines: readonly string[]
  /** One thing the visitor can do about it. */
  readonly action?: { readonly label: string; readonly run: () => void }
}

export interface RunState {
  readonly status: 'idle' | 'running' | 'done' | 'stopped' | 'failed'
  /** Entries that have arrived so far. */
  readonly entries: number
  /** Virtual time reached, microseconds. */
  readonly time: number
  readonly summary: RunSummary | null
}

export interface SessionState {
  readonly library: readonly LibraryItem[]
  readonly draft: Draft | null
  /** The draft with variant and edits applied: what runs. */
  readonly effective: ScenarioInput | null
  readonly faults: readonly SessionFault[]
  /** Where the draft has been, oldest first, and where it can go again, nearest last. */
  readonly past: readonly Draft[]
  readonly future: readonly Draft[]
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Everything that was ever worked on in this visit and the ones before it, oldest first. */
  readonly branches: readonly Branch[]
  /** The one being worked on. */
  readonly branch: number

  readonly trace: Trace | null
  readonly history: History | null
  readonly fold: TimeFold | null
  readonly run: RunState
  /** What was measured of the run, and of the run of the same scenario before it; null where nothing is. */
  readonly curves: CurvesData | null
  readonly curvesBefore: CurvesData | null

  /** Entries before the playhead are in the past: 0 … trace.length. The entry just shown is `playhead - 1`. */
  readonly playhead: number
  /** Virtual time shown, microseconds: between the entry just shown and the next one while playing. */
  readonly time: number
  /** The state at the playhead. */
  readonly world: WorldState | null
  readonly playing: boolean
  /** 1 plays a 10 ms hop in about 0.6 s; 0.01 … 100. */
  readonly speed: number

  readonly selection: Selection | null
  /** The fault in the visitor's hand. */
  readonly armed: FaultKind | null
  readonly bottom: BottomView
  readonly panel: PanelView
  readonly sheet: Sheet
  /** Several runs side by side, while the visitor looks at them; the page's own run waits meanwhile. */
  readonly comparison: ComparisonStore | null
  readonly notice: Notice | null
  /** What a screen reader should say next. */
  readonly announcement: string
}

/** A draft and how it was looked at: what a link carries and what survives a reload. */
export interface Work {
  readonly draft: Draft
  readonly playhead: number
  readonly speed: number
  readonly bottom: BottomView
  readonly panel: PanelView
  /** What it was held against, and how. The draft is the first side. */
  readonly sideBySide?: Omit<ComparisonStart, 'speed' | 'playing'>
}

export interface SessionActions {
  openLibrary(id: string, variant?: string | null): void
  /** A library scenario as it would be opened, without opening it. */
  libraryDraft(id: string): Promise<Result<Draft>>
  /** Opens a scenario file's text; on bad input shows the problems and changes nothing. */
  openText(text: string): void
  /** Shows a piece of work as it was left, paused where it was looked at. What was open before is one undo away. */
  openWork(work: Work): void
  setVariant(variant: string | null): void
  setSeed(seed: number): void
  undo(): void
  redo(): void
  /**
   * Puts a scenario beside the branch at hand, to be looked at from a playhead: a run that a hunt has found. Nothing is
   * switched to it. Returns its number.
   */
  addBranch(name: string, scenario: ScenarioInput, playhead: number): number
  /** Leaves the branch at hand as it is and goes on with another, where it was left or at a playhead. */
  switchBranch(id: number, playhead?: number): void
  /** An empty name gives it back the name of its scenario. */
  renameBranch(id: number, name: string): void
  /** Forgets a branch other than the one at hand. */
  removeBranch(id: number): void
  /** Puts a fault with sensible settings onto a target at the playhead's virtual time; entries before it stay. */
  dropFault(kind: FaultKind, target: Target): void
  /** Turns settings, as a merge patch; what the scenario expects of its own settings is not asked of these. */
  tune(patch: Tuning, said: string): void
  changeFault(fault: SessionFault, to: FaultInput): void
  toggleFault(fault: SessionFault): void
  removeFault(fault: SessionFault): void

  play(): void
  pause(): void
  togglePlay(): void
  setSpeed(speed: number): void
  /** Goes to a playhead (clamped), pausing. */
  seek(playhead: number): void
  /** Goes to a virtual time (microseconds), pausing. */
  seekTime(time: number): void
  /** One entry forward or back. */
  step(direction: 1 | -1): void
  /** To the next or previous saga step, fault or violation. */
  jump(direction: 1 | -1, kind: 'saga' | 'fault' | 'violation' | 'any'): void
  toStart(): void
  toEnd(): void

  /** Selecting an entry moves the playhead onto it; the panel follows the kind of thing. */
  select(selection: Selection | null): void
  arm(kind: FaultKind | null): void
  setBottom(view: BottomView): void
  setPanel(view: PanelView): void
  setSheet(sheet: Sheet): void
  dismissNotice(): void
  announce(text: string): void
  notify(notice: Notice): void
  cancelRun(): void
  /** Evaluates observation expressions on the run in the engine; one answer each. Rejects with a sentence. */
  ask(expressions: readonly string[]): Promise<readonly Answer[]>
  /**
   * Puts the draft and others side by side, from the moment shown. The reason when one of them cannot stand there; then
   * nothing happens.
   */
  compareWith(others: readonly Draft[]): string | null
  /** Back to the page's own run, which is as it was left. */
  endComparison(): void
  /** Ends the comparison and goes on with one of its sides, at the moment shown. */
  keepSide(side: Side): void
  /** Goes on with a draft, on its branch if it has one, else one undo away; null plays it from its start. */
  goOnWith(draft: Draft, playhead: number | null): void
  /** The link to exactly this; a problem when it would not fit. */
  shareLink(): Promise<string>
  /** The scenario with the edits, as file text. */
  fileText(): string
}

export type Session = SessionState & SessionActions
export type { FaultInput, FaultKind, Problem, ScenarioInput }
