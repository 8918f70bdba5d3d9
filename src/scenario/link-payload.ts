/**
 * What a share link carries: one whole scenario, the visitor's edits and where they looked. A library scenario leaves
 * its lesson text and other variants at home; a build that still has the same scenario puts them back, any other build
 * runs what was carried. So a link keeps working when the library changes.
 */
import { sameData } from '../base/same-data.ts'
import { applyVariant, mergePatch, patchBetween } from './patch.ts'
import type { FaultInput, ScenarioInput } from './schema.ts'

export interface LinkPayload {
  readonly scenario: ScenarioInput
  /** The scenario stands as the library has it, with the variant applied and without its texts and variants. */
  readonly fromLibrary: boolean
  readonly variant: string | null
  readonly seed: number | null
  /** Edits of the scenario's own faults by place; null removes. */
  readonly changed: Readonly<Record<number, FaultInput | null>>
  readonly added: readonly FaultInput[]
  /** Settings the visitor has turned, as a merge patch; links made before there was such a thing have none. */
  readonly tuned?: Readonly<Record<string, unknown>>
  readonly playhead: number
  readonly speed: number
  readonly bottom: string
  readonly panel: string
  /** Further runs beside this one; links made before there was such a thing have none. */
  readonly comparison?: LinkComparison
}

export interface LinkComparison {
  /** One to three. */
  readonly others: readonly PackedStory[]
  /** The shared playhead: virtual time in microseconds, and how many entries of that instant are shown. */
  readonly time: number
  readonly nth: number
  readonly view: string
}

/** The scenario and the visitor's edits of it, apart from where they looked. */
export type LinkStory = Pick<LinkPayload, 'scenario' | 'variant' | 'seed' | 'changed' | 'added' | 'tuned'>

/** A story as a link carries it. */
export type PackedStory = LinkStory & Pick<LinkPayload, 'fromLibrary'>

/** What to carry of a scenario; `library` is the library's scenario of the same id, if there is one. */
export function packStory(story: LinkStory, library: ScenarioInput | undefined): PackedStory {
  const fromLibrary = library !== undefined && JSON.stringify(library) === JSON.stringify(story.scenario)
  return { ...story, scenario: fromLibrary ? essence(story.scenario, story.variant) : story.scenario, fromLibrary }
}

/** The reverse: with the library's own scenario when it is still the same, else with what was carried. */
export function unpackStory(packed: PackedStory, library: ScenarioInput | undefined): LinkStory {
  const { scenario, variant, fromLibrary, ...edits } = packed
  if (!fromLibrary) return { ...edits, scenario, variant: hasVariant(scenario, variant) ? variant : null }
  const isSame =
    library !== undefined &&
    (variant === null || hasVariant(library, variant)) &&
    sameData(essence(library, variant), scenario)
  return isSame ? { ...edits, scenario: library, variant } : { ...edits, scenario, variant: null }
}

function hasVariant(scenario: ScenarioInput, variant: string | null): boolean {
  return variant !== null && Object.hasOwn(scenario.variants ?? {}, variant)
}

/** All that decides a run, and the title. */
function essence(scenario: ScenarioInput, variant: string | null): ScenarioInput {
  const { text: _text, chapter: _chapter, case: _case, variants: _variants, ...rest } = applyVariant(scenario, variant)
  return rest
}

const defaults = { playhead: 0, speed: 1, bottom: 'timeline', panel: 'verdict' }

/** Short names, and nothing that goes without saying. */
export function toWire(payload: LinkPayload): unknown {
  const { playhead, speed, bottom, panel, comparison } = payload
  return {
    s: payload.scenario,
    ...storyWire(payload),
    ...(playhead === defaults.playhead ? {} : { p: playhead }),
    ...(speed === defaults.speed ? {} : { x: speed }),
    ...(bottom === defaults.bottom ? {} : { b: bottom }),
    ...(panel === defaults.panel ? {} : { i: panel }),
    ...(comparison === undefined ? {} : { w: comparisonWire(comparison, payload.scenario) }),
  }
}

/** Everything of a story but its scenario. */
function storyWire({ fromLibrary, variant, seed, changed, added, tuned }: PackedStory): Record<string, unknown> {
  return {
    ...(fromLibrary ? { l: 1 } : {}),
    ...(variant === null ? {} : { v: variant }),
    ...(seed === null ? {} : { n: seed }),
    ...(Object.keys(changed).length === 0 ? {} : { c: changed }),
    ...(added.length === 0 ? {} : { a: added }),
    ...(tuned === undefined ? {} : { u: tuned }),
  }
}

/** Runs that are compared have most in common: each of the others is carried as what is different about it. */
function comparisonWire({ others, time, nth, view }: LinkComparison, scenario: ScenarioInput): unknown {
  const o = others.map((other) => {
    const patch = patchBetween(scenario, other.scenario)
    return { ...(patch === undefined ? { s: other.scenario } : { d: patch }), ...storyWire(other) }
  })
  return { o, ...(time === 0 ? {} : { t: time }), ...(nth === 0 ? {} : { k: nth }), e: view }
}

/** Undefined when it is not what `toWire` makes. The scenarios and the faults inside are checked when they run. */
export function fromWire(wire: unknown): LinkPayload | undefined {
  if (!isRecord(wire) || !isRecord(wire.s)) return undefined
  const { s, p, x, b, i, w } = wire
  const story = storyFrom(wire, s as unknown as ScenarioInput)
  const comparison = w === undefined ? undefined : comparisonFrom(w, s as unknown as ScenarioInput)
  if (story === undefined || (w !== undefined && comparison === undefined)) return undefined
  return {
    ...story,
    playhead: isCount(p) ? p : defaults.playhead,
    speed: typeof x === 'number' && x >= 0.01 && x <= 100 ? x : defaults.speed,
    bottom: typeof b === 'string' ? b : defaults.bottom,
    panel: typeof i === 'string' ? i : defaults.panel,
    ...(comparison === undefined ? {} : { comparison }),
  }
}

function storyFrom(wire: Record<string, unknown>, scenario: ScenarioInput): PackedStory | undefined {
  const { l, v, n, c = {}, a = [], u } = wire
  const changed = isRecord(c) && Object.values(c).every((fault) => fault === null || isRecord(fault))
  const added = Array.isArray(a) && a.every(isRecord)
  if (!changed || !added) return undefined
  return {
    scenario,
    fromLibrary: l === 1,
    variant: typeof v === 'string' ? v : null,
    seed: isCount(n) ? n : null,
    changed: c as LinkPayload['changed'],
    added: a as readonly unknown[] as LinkPayload['added'],
    ...(isRecord(u) ? { tuned: u } : {}),
  }
}

const OTHERS_MAX = 3

function comparisonFrom(wire: unknown, scenario: ScenarioInput): LinkComparison | undefined {
  if (!isRecord(wire) || !Array.isArray(wire.o) || wire.o.length === 0 || wire.o.length > OTHERS_MAX) return undefined
  const others = wire.o.flatMap((other) => otherFrom(other, scenario) ?? [])
  if (others.length < wire.o.length) return undefined
  const { t, k, e } = wire
  return {
    others,
    time: typeof t === 'number' && t >= 0 ? t : 0,
    nth: isCount(k) ? k : 0,
    view: typeof e === 'string' ? e : '',
  }
}

function otherFrom(other: unknown, scenario: ScenarioInput): PackedStory | undefined {
  if (!isRecord(other)) return undefined
  const own = isRecord(other.d) ? mergePatch(scenario, other.d) : other.s
  return isRecord(own) ? storyFrom(other, own as unknown as ScenarioInput) : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
