/**
 * What a share link carries: one whole scenario, the visitor's edits and where they looked. A library scenario leaves
 * its lesson text and other variants at home; a build that still has the same scenario puts them back, any other build
 * runs what was carried. So a link keeps working when the library changes.
 */
import { applyVariant } from './patch.ts'
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
  readonly playhead: number
  readonly speed: number
  readonly bottom: string
  readonly panel: string
}

/** The scenario and the visitor's edits of it, apart from where they looked. */
export type LinkStory = Pick<LinkPayload, 'scenario' | 'variant' | 'seed' | 'changed' | 'added'>

/** What to carry of a scenario; `library` is the library's scenario of the same id, if there is one. */
export function packStory(story: LinkStory, library: ScenarioInput | undefined): LinkStory & { fromLibrary: boolean } {
  const fromLibrary = library !== undefined && JSON.stringify(library) === JSON.stringify(story.scenario)
  return { ...story, scenario: fromLibrary ? essence(story.scenario, story.variant) : story.scenario, fromLibrary }
}

/** The reverse: with the library's own scenario when it is still the same, else with what was carried. */
export function unpackStory(payload: LinkPayload, library: ScenarioInput | undefined): LinkStory {
  const { scenario, variant, seed, changed, added, fromLibrary } = payload
  if (!fromLibrary) return { scenario, variant: hasVariant(scenario, variant) ? variant : null, seed, changed, added }
  const isSame =
    library !== undefined &&
    (variant === null || hasVariant(library, variant)) &&
    JSON.stringify(essence(library, variant)) === JSON.stringify(scenario)
  return isSame
    ? { scenario: library, variant, seed, changed, added }
    : { scenario, variant: null, seed, changed, added }
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
  const { scenario, fromLibrary, variant, seed, changed, added, playhead, speed, bottom, panel } = payload
  return {
    s: scenario,
    ...(fromLibrary ? { l: 1 } : {}),
    ...(variant === null ? {} : { v: variant }),
    ...(seed === null ? {} : { n: seed }),
    ...(Object.keys(changed).length === 0 ? {} : { c: changed }),
    ...(added.length === 0 ? {} : { a: added }),
    ...(playhead === defaults.playhead ? {} : { p: playhead }),
    ...(speed === defaults.speed ? {} : { x: speed }),
    ...(bottom === defaults.bottom ? {} : { b: bottom }),
    ...(panel === defaults.panel ? {} : { i: panel }),
  }
}

/** Undefined when it is not what `toWire` makes. The scenario and the faults inside are checked when they run. */
export function fromWire(wire: unknown): LinkPayload | undefined {
  if (!isRecord(wire)) return undefined
  const { s, l, v, n, c = {}, a = [], p, x, b, i } = wire
  const changed = isRecord(c) && Object.values(c).every((fault) => fault === null || isRecord(fault))
  const added = Array.isArray(a) && a.every(isRecord)
  if (!isRecord(s) || !changed || !added) return undefined
  return {
    scenario: s as ScenarioInput,
    fromLibrary: l === 1,
    variant: typeof v === 'string' ? v : null,
    seed: isCount(n) ? n : null,
    changed: c as LinkPayload['changed'],
    added: a as readonly unknown[] as LinkPayload['added'],
    playhead: isCount(p) ? p : defaults.playhead,
    speed: typeof x === 'number' && x >= 0.01 && x <= 100 ? x : defaults.speed,
    bottom: typeof b === 'string' ? b : defaults.bottom,
    panel: typeof i === 'string' ? i : defaults.panel,
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
