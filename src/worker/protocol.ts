/** What page and worker say to each other. Every request has an id; every answer names the request it answers. */
import type { Problem } from '../base/result.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import type { CurvesData } from '../trace/curve-data.ts'
import type { Outcome } from '../trace/outcome.ts'
import type { TraceHeader, TracePart, Value } from '../trace/trace-format.ts'

/** The story a visitor meets first: the engine has it at hand, without the rest of the library. */
export const FIRST_STORY_ID = 'order-saga'

export interface LibraryItem {
  readonly id: string
  readonly title: string
  /** The catalogue's case, `S05`; empty for none. */
  readonly case: string
  readonly chapter: string
  readonly text: string
  readonly variants: readonly { readonly name: string; readonly title: string }[]
}

export interface PropertyVerdict {
  readonly name: string
  readonly when: 'always' | 'eventually' | 'sometimes'
  readonly holds: boolean
  /** Position of the violation entry, −1 when it holds. */
  readonly position: number
  /** Virtual time of the violation in microseconds, −1 when it holds. */
  readonly time: number
  readonly expectedToBreak: boolean
}

export interface ObservableVerdict {
  readonly name: string
  readonly value: Value
  /** Undefined when nothing is expected of it. */
  readonly expected?: Value
}

export interface RunSummary {
  readonly quiescent: boolean
  /** Why the run ended: `at rest`, `time limit`, `entry limit`, `cancelled`. */
  readonly reason: string
  /** What repeated when a limit ended it; null when nothing did. */
  readonly cycle: string | null
  readonly observables: readonly ObservableVerdict[]
  readonly properties: readonly PropertyVerdict[]
  /** Every expectation met: observables as expected, properties broken exactly where expected. */
  readonly asExpected: boolean
  readonly entries: number
  readonly hash: string
}

/** A scenario to be run to its end for its outcome alone; variant and edits already applied. */
export interface JudgedCase {
  readonly scenario: ScenarioInput
  readonly variant: string | null
}

/** What came of one case, by its place in the list of cases. */
export type Verdict =
  | {
      readonly number: number
      readonly outcome: Outcome
      readonly summary: RunSummary
      /** Virtual time of its last entry, microseconds. */
      readonly endTime: number
    }
  /** It cannot run as it stands: why. */
  | { readonly number: number; readonly refused: string }

export type WorkerRequest =
  | { readonly id: number; readonly type: 'library' }
  | { readonly id: number; readonly type: 'open'; readonly libraryId: string }
  /** Parses and checks a scenario's text or value. */
  | { readonly id: number; readonly type: 'check'; readonly text: string }
  | {
      readonly id: number
      readonly type: 'run'
      /** Variant and edits already applied. */
      readonly scenario: ScenarioInput
      readonly variant: string | null
    }
  | { readonly id: number; readonly type: 'judge'; readonly cases: readonly JudgedCase[] }
  /** Ends a run, or a judging: what has been done of it stays. */
  | { readonly id: number; readonly type: 'cancel'; readonly run: number }
  /** Evaluates observation expressions on a run: under way as far as it has come, finished at its end. */
  | { readonly id: number; readonly type: 'ask'; readonly run: number; readonly expressions: readonly string[] }

/** What an expression says of a run, or why it says nothing: a sentence. */
export type Answer = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string }

export type WorkerReply =
  | { readonly id: number; readonly type: 'library'; readonly items: readonly LibraryItem[] }
  | { readonly id: number; readonly type: 'scenario'; readonly scenario: ScenarioInput }
  | { readonly id: number; readonly type: 'refused'; readonly problems: readonly Problem[] }
  | { readonly id: number; readonly type: 'started'; readonly header: TraceHeader }
  | {
      readonly id: number
      readonly type: 'part'
      readonly part: TracePart
      /** Virtual time reached, microseconds. */
      readonly time: number
    }
  /** What is measured of a run under load, up to now. */
  | { readonly id: number; readonly type: 'curves'; readonly curves: CurvesData }
  | { readonly id: number; readonly type: 'finished'; readonly summary: RunSummary }
  /** More cases have been judged; also said without any while a long one is under way. */
  | { readonly id: number; readonly type: 'judged'; readonly verdicts: readonly Verdict[] }
  | { readonly id: number; readonly type: 'judgedAll'; readonly cancelled: boolean }
  /** One for each expression, in order. */
  | { readonly id: number; readonly type: 'answers'; readonly answers: readonly Answer[] }
  /** A bug in us: the engine threw. */
  | { readonly id: number; readonly type: 'failed'; readonly message: string }
