/** With what a run can be compared: the other variants, the same without a failure, another seed, another branch. */
import { branchName } from '../../session/branch-actions.ts'
import { whyNotBeside } from '../../session/comparable.ts'
import { sessionFaults, variantChoices, withFault } from '../../session/draft.ts'
import type { Branch, Draft, SessionFault } from '../../session/session-types.ts'

export interface Choice {
  readonly key: string
  readonly title: string
  readonly draft: Draft
}

export interface ChoiceGroup {
  readonly title: string
  readonly choices: readonly Choice[]
}

/** Every choice is about one difference; more of them would be a list nobody reads. */
const FAULTS_MAX = 8

/** `beside`: the runs already there; what would only repeat one of them is not offered. */
export function choiceGroups(
  draft: Draft,
  beside: readonly Draft[],
  words: (fault: SessionFault) => string,
  branches: readonly Branch[] = [],
): ChoiceGroup[] {
  const groups = [
    { title: 'Another branch', choices: branches.map(asChoice) },
    { title: 'Another variant', choices: variantsOf(draft) },
    { title: 'Another setting', choices: settingsOf(draft, words) },
  ]
  return groups.flatMap(({ title, choices }) => {
    const offered = choices.filter((choice) => whyNotBeside(beside.slice(0, 3), choice.draft) === null)
    return offered.length === 0 ? [] : [{ title, choices: offered }]
  })
}

function asChoice(branch: Branch): Choice {
  return { key: `branch ${branch.id}`, title: branchName(branch), draft: branch.draft }
}

function variantsOf(draft: Draft): Choice[] {
  return variantChoices(draft.base).map(({ name, title }) => ({
    key: `variant ${name ?? ''}`,
    title: name === null ? title : `${name} · ${title}`,
    draft: { ...draft, variant: name },
  }))
}

function settingsOf(draft: Draft, words: (fault: SessionFault) => string): Choice[] {
  const faults = sessionFaults(draft).filter(({ fault }) => fault.enabled ?? true)
  const seed = (draft.seed ?? draft.base.seed ?? 1) + 1
  return [
    ...(faults.length === 0 ? [] : [{ key: 'calm', title: 'Nothing fails', draft: withoutFaults(draft) }]),
    ...(faults.length < 2 ? [] : faults.slice(0, FAULTS_MAX).map((fault) => withoutOne(draft, fault, words(fault)))),
    ...(draft.added.length < 2 ? [] : [{ key: 'own', title: 'Without my failures', draft: { ...draft, added: [] } }]),
    ...(isEdited(draft) ? [{ key: 'opened', title: 'As it was opened', draft: asOpened(draft) }] : []),
    { key: 'seed', title: `Seed ${seed}: other luck`, draft: { ...draft, seed } },
  ]
}

function withoutOne(draft: Draft, fault: SessionFault, words: string): Choice {
  return { key: `fault ${fault.number}`, title: `Without: ${words}`, draft: withFault(draft, fault, null) }
}

function withoutFaults(draft: Draft): Draft {
  const own = sessionFaults(draft).filter(({ origin }) => origin === 'scenario')
  return own.reduce((rest, fault) => withFault(rest, fault, null), { ...draft, added: [] } as Draft)
}

function isEdited({ seed, changed, variant }: Draft): boolean {
  return seed !== null || Object.keys(changed[variant ?? ''] ?? {}).length > 0
}

function asOpened({ base, variant }: Draft): Draft {
  return { base, variant, seed: null, changed: {}, added: [] }
}
