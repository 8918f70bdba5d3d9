/** What page and search workers say to each other: one question, one answer, each a slice of a few hundred milliseconds. */

import type { Problem } from '../base/result.ts'
import type { Budget } from '../checker/budget.ts'
import type { Explained, Found } from '../checker/found.ts'
import type { Finding, FindingGroup } from '../checker/hunt.ts'
import type { Outcome } from '../checker/outcome.ts'
import type { ProveCounts, ProveResult } from '../checker/prove.ts'
import type { Schedule } from '../checker/schedule.ts'
import type { Cell } from '../checker/sweep.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

export type { Budget, Cell, Explained, Finding, FindingGroup, Found, Outcome, ProveCounts, ProveResult, Schedule }

export interface SearchSubject {
  /** What runs, with variant and edits applied; its faults are left out of the search. */
  readonly input: ScenarioInput
  /** The story it comes from: its other variants are tried as remedies. */
  readonly story: ScenarioInput
  readonly variant: string | null
}

export interface SearchFacts {
  readonly promises: readonly string[]
  readonly withheld: readonly string[]
  /** The scenario’s own properties and the generic promises, as they are searched for. */
  readonly properties: NonNullable<ScenarioInput['properties']>
  /** How many placements one fault has on the calm run. */
  readonly placements: number
  readonly columns: readonly string[]
  readonly calm: Outcome
}

/** A cure as a change of the scenario, for who wants to try it. */
export type ShownCure = Explained['cures'][number] & {
  readonly patch: Readonly<Record<string, unknown>>
  readonly variant: string | null
}

export interface ShownWhy {
  readonly lastChance: string
  /** The entry with which it passed; −1 when there never was a chance. */
  readonly position: number
  readonly cures: readonly ShownCure[]
  readonly tried: number
}

export type SearchRequest =
  | { readonly type: 'open'; readonly subject: SearchSubject }
  /** Seeds from `from` on, for about `forMs`. */
  | { readonly type: 'hunt'; readonly budget: Budget; readonly from: number; readonly to: number }
  | { readonly type: 'small'; readonly findings: readonly Finding[]; readonly count: number }
  | { readonly type: 'sweep'; readonly from: number; readonly to: number }
  /** Why the subject as it stands, its own faults included, breaks a promise. */
  | { readonly type: 'why'; readonly promise: string }
  | { readonly type: 'prove'; readonly faults: number }
  | { readonly type: 'prove on' }

export type SearchReply =
  | { readonly type: 'opened'; readonly facts: SearchFacts }
  | { readonly type: 'refused'; readonly problems: readonly Problem[] }
  | { readonly type: 'hunted'; readonly groups: readonly FindingGroup[]; readonly runs: number }
  | { readonly type: 'small'; readonly found: Found }
  | { readonly type: 'swept'; readonly cells: readonly Cell[] }
  | { readonly type: 'why'; readonly why: ShownWhy }
  | { readonly type: 'proving'; readonly counts: ProveCounts }
  /** `found`: the counterexample as a scenario that breaks the same property; null without one, or when no times were found. */
  | { readonly type: 'proved'; readonly result: ProveResult; readonly found: Found | null }
  /** A bug in us, in a sentence. */
  | { readonly type: 'failed'; readonly message: string }
