/**
 * Why a promise broke: the entries that led to it, the moment the last chance passed, and the protections whose presence
 * would have prevented it. Nothing is concluded: each protection is switched on, and the same schedule and its variations
 * are run again.
 */

import { applyVariant, mergePatch } from '../scenario/patch.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { causesOf } from '../trace/history.ts'
import { Kind } from '../trace/kinds.ts'
import type { Trace } from '../trace/trace.ts'
import { type LastChance, lastChance } from './last-chance.ts'
import { type Remedy, remediesFor } from './remedies.ts'
import type { Schedule } from './schedule.ts'
import { Trials } from './trials.ts'
import { variationsOf } from './variations.ts'

export interface Cure {
  /** As it is said after "with": `an idempotency key on Payment`. */
  readonly title: string
  readonly kinds: readonly string[]
  readonly patch: Readonly<Record<string, unknown>>
  readonly variant: string | null
  /** Of so many variations of the schedule that break the promise without it, so many do not with it. */
  readonly prevents: number
  readonly of: number
}

export interface Why {
  readonly promise: string
  /** The entry that broke it. */
  readonly violation: number
  /** Entries that led to it, in order, the violation last. */
  readonly slice: readonly number[]
  readonly lastChance: LastChance
  /** What prevents it, tried; the surest first, and of equals the simplest. */
  readonly cures: readonly Cure[]
  /** How many protections were tried. */
  readonly tried: number
  readonly trace: Trace
}

export interface Suspect {
  /** The story without its variant applied, when it has one: its other variants are remedies too. */
  readonly story: ScenarioInput
  readonly variant: string | null
  readonly schedule: Schedule
  readonly promise: string
}

/** `trials` are those of the suspect, its variant applied, that have found the schedule. */
export function explain(trials: Trials, suspect: Suspect): Why {
  const { schedule, promise } = suspect
  const { trace, violations } = trials.trace(schedule)
  const violation = violations.get(promise) ?? -1
  const { cures, tried } = findCures(trials, suspect)
  return {
    promise,
    violation,
    slice: sliceOf(trace, violation),
    lastChance: lastChance(trials, schedule, promise, trace, Math.max(0, violation)),
    cures,
    tried,
    trace,
  }
}

const strikes: ReadonlySet<number> = new Set([
  Kind.dropped,
  Kind.duplicated,
  Kind.delayed,
  Kind.held,
  Kind.crashed,
  Kind.replicaCrashed,
  Kind.paused,
  Kind.slowed,
  Kind.refused,
  Kind.failed,
  Kind.forgotten,
])

/** The chain of causes of the violation, and of whatever went wrong before it: a lost message causes nothing itself. */
function sliceOf(trace: Trace, violation: number): number[] {
  const slice = new Set<number>(violation < 0 ? [] : causesOf(trace, violation))
  for (let position = 0; position < violation; position++) {
    if (strikes.has(trace.at('kind', position))) for (const cause of causesOf(trace, position)) slice.add(cause)
  }
  return [...slice].sort((a, b) => a - b)
}

/** When no single protection helps, pairs of the most likely ones; more than two at once explain little. */
const PAIRED_MAX = 16
const LONG_RUN = 3000
const pairedKinds: ReadonlySet<string> = new Set([
  'key',
  'fence',
  'outbox',
  'register before',
  'state guard',
  're-send',
])

/** What prevents it, alone; when nothing does, pairs. */
export function findCures(trials: Trials, suspect: Suspect): { cures: Cure[]; tried: number } {
  const remedies = remediesFor(suspect.story, trials.ownScenario, suspect.variant)
  const trial = new CureTrial(trials, suspect)
  const cures = remedies.flatMap((remedy) => trial.of([remedy]))
  if (cures.length > 0) return { cures: bestFirst(cures), tried: remedies.length }
  const likely = remedies.filter(({ kind }) => pairedKinds.has(kind)).slice(0, PAIRED_MAX)
  // Runs that go on for ever cost too much to try every pair.
  if (trials.run(suspect.schedule).actions > LONG_RUN) return { cures: [], tried: remedies.length }
  const pairs = likely.flatMap((first, i) => likely.slice(i + 1).map((second) => [first, second]))
  return { cures: bestFirst(pairs.flatMap((pair) => trial.of(pair))), tried: remedies.length + pairs.length }
}

function bestFirst(cures: Cure[]): Cure[] {
  return cures
    .map((cure, i) => ({ cure, i }))
    .sort((a, b) => b.cure.prevents - a.cure.prevents || a.i - b.i)
    .map(({ cure }) => cure)
}

class CureTrial {
  private readonly trials: Trials
  private readonly suspect: Suspect
  /** Promises the suspect breaks: a cure must not break others. */
  private readonly broken: readonly string[]
  private readonly variations: readonly Schedule[]

  constructor(trials: Trials, suspect: Suspect) {
    this.trials = trials
    this.suspect = suspect
    this.broken = trials.broken(suspect.schedule)
    this.variations = variationsOf(suspect.schedule).filter((one) => trials.breaks(one, suspect.promise))
  }

  /** The cure these remedies make together; none when the promise still breaks, or another one does. */
  of(remedies: readonly Remedy[]): Cure[] {
    const trials = Trials.of(this.cured(remedies))
    if (!trials.ok) return []
    const { promise, schedule } = this.suspect
    const broken = this.brokenOf(trials.value, schedule)
    if (broken.includes(promise) || broken.some((name) => !this.broken.includes(name))) return []
    const prevents = this.variations.filter((one) => !this.brokenOf(trials.value, one).includes(promise)).length
    return [
      {
        title: remedies.map(({ title }) => title).join(', and '),
        kinds: remedies.map(({ kind }) => kind),
        patch: remedies.reduce<unknown>((patch, remedy) => mergePatch(patch, remedy.patch), {}) as Cure['patch'],
        variant: remedies.find(({ variant }) => variant !== undefined)?.variant ?? null,
        prevents,
        of: this.variations.length,
      },
    ]
  }

  /** A schedule can name what the cured scenario no longer has. */
  private brokenOf(trials: Trials, schedule: Schedule): string[] {
    return trials.canPlace(schedule) ? trials.broken(schedule) : [this.suspect.promise]
  }

  private cured(remedies: readonly Remedy[]): ScenarioInput {
    const { story } = this.suspect
    const variant = remedies.find((one) => one.variant !== undefined)?.variant
    if (variant !== undefined) {
      const input = applyVariant(story, variant)
      return { ...input, properties: { ...input.properties, ...this.trials.input.properties } }
    }
    return remedies.reduce<unknown>((input, { patch }) => mergePatch(input, patch), this.trials.input) as ScenarioInput
  }
}
