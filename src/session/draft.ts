/** Edits of a draft, each a new value, and what a draft amounts to: the scenario that runs and its numbered faults. */
import { applyVariant, mergePatch } from '../scenario/patch.ts'
import type { Draft, FaultInput, ScenarioInput, SessionFault, Tuning } from './session-types.ts'

export function newDraft(base: ScenarioInput, variant: string | null = null): Draft {
  const known = variant !== null && Object.hasOwn(base.variants ?? {}, variant)
  return { base, variant: known ? variant : plainVariant(base), seed: null, changed: {}, added: [] }
}

/** The variant that changes nothing and so stands for the scenario as written; null when none does. */
export function plainVariant(base: ScenarioInput): string | null {
  const plain = Object.entries(base.variants ?? {}).find(([, { patch }]) => Object.keys(patch ?? {}).length === 0)
  return plain?.[0] ?? null
}

export interface VariantChoice {
  /** Null for the scenario as written. */
  readonly name: string | null
  readonly title: string
}

/** What there is to choose from; nothing when there is no choice. */
export function variantChoices(base: ScenarioInput): VariantChoice[] {
  const named = Object.entries(base.variants ?? {}).map(([name, { title }]) => ({ name, title }))
  return named.length === 0 || plainVariant(base) !== null ? named : [{ name: null, title: 'as it is' }, ...named]
}

/** The faults that run, in the order of the run: the scenario's own first, then the visitor's. */
export function sessionFaults(draft: Draft): SessionFault[] {
  const own = applyVariant(draft.base, draft.variant).faults ?? []
  const edits = draft.changed[draft.variant ?? ''] ?? {}
  const listed: Omit<SessionFault, 'number'>[] = []
  own.forEach((fault, place) => {
    const edit = edits[place]
    if (edit !== null) listed.push({ origin: 'scenario', place, fault: edit ?? fault })
  })
  draft.added.forEach((fault, place) => {
    listed.push({ origin: 'visitor', place, fault })
  })
  return listed.map((fault, number) => ({ ...fault, number }))
}

/** The draft with variant, seed and fault edits applied: what runs. */
export function effectiveScenario(draft: Draft): ScenarioInput {
  const scenario = tunedScenario(draft)
  const faults = sessionFaults(draft).map(({ fault }) => fault)
  return { ...scenario, ...(draft.seed === null ? {} : { seed: draft.seed }), faults }
}

/** What a story expects, it expects of its own settings. */
function tunedScenario({ base, variant, tuned }: Draft): ScenarioInput {
  const scenario = applyVariant(base, variant)
  return tuned === undefined ? scenario : { ...(mergePatch(scenario, tuned) as ScenarioInput), expect: {} }
}

export function withTuning(draft: Draft, patch: Tuning): Draft {
  return { ...draft, tuned: mergePatch(draft.tuned ?? {}, patch) as Tuning }
}

export function withAdded(draft: Draft, fault: FaultInput): Draft {
  return { ...draft, added: [...draft.added, fault] }
}

/** Replaces a fault wherever it comes from; null removes it. */
export function withFault(draft: Draft, { origin, place }: SessionFault, to: FaultInput | null): Draft {
  if (origin === 'visitor') {
    return { ...draft, added: draft.added.flatMap((fault, i) => (i !== place ? [fault] : to === null ? [] : [to])) }
  }
  const variant = draft.variant ?? ''
  return { ...draft, changed: { ...draft.changed, [variant]: { ...draft.changed[variant], [place]: to } } }
}

/** The draft with exactly these faults: what the scenario has of them stays its own, the rest is added. */
export function withFaults(draft: Draft, faults: readonly FaultInput[]): Draft {
  const own = applyVariant(draft.base, draft.variant).faults ?? []
  const left = faults.map((fault) => JSON.stringify(fault))
  const changed: Record<number, FaultInput | null> = {}
  own.forEach((fault, place) => {
    const at = left.indexOf(JSON.stringify(fault))
    if (at >= 0) left.splice(at, 1)
    else changed[place] = null
  })
  const added = left.map((fault) => JSON.parse(fault) as FaultInput)
  return { ...draft, changed: { ...draft.changed, [draft.variant ?? '']: changed }, added }
}

/** Whether two drafts tell the same story apart from faults: then a playhead in one means something in the other. */
export function sameStory(one: Draft, other: Draft): boolean {
  return (
    one.base === other.base && one.variant === other.variant && one.seed === other.seed && one.tuned === other.tuned
  )
}
