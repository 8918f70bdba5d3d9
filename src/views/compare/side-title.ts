/** What makes a side different from the others beside it, in words. */
import type { Draft, FaultInput, ScenarioInput, SessionFault } from '../../session/session-types.ts'
import { faultText } from '../break/fault-words.ts'
import { titleIn } from '../break/names.ts'

export interface SideStory {
  readonly draft: Draft
  readonly effective: ScenarioInput
  readonly faults: readonly SessionFault[]
}

export interface SideTitle {
  readonly title: string
  /** Further differences, a phrase each. */
  readonly details: readonly string[]
}

/** One title for each side, from what is not the same for all. */
export function sideTitles(stories: readonly SideStory[]): SideTitle[] {
  const commonFaults = common(stories.map(activeFaults))
  const parts = stories.map((story) => [
    ...unlessAllSame(stories, story, ({ effective }) => effective.title),
    ...unlessAllSame(stories, story, ({ draft }) => variantWords(draft)),
    ...unlessAllSame(stories, story, ({ effective }) => `seed ${effective.seed ?? 1}`),
    ...faultWords(stories, story, commonFaults),
  ])
  return parts.map(([title = 'The same settings', ...details]) => ({ title, details }))
}

/** What is the same for all: the scenario, the seed, the failures. */
export function sharedWords(stories: readonly SideStory[]): string[] {
  const [first] = stories
  if (first === undefined) return []
  const seeds = new Set(stories.map(({ effective }) => effective.seed ?? 1))
  const faults = common(stories.map(activeFaults))
  const isSameTitle = stories.every(({ effective }) => effective.title === first.effective.title)
  return [
    ...(isSameTitle ? [first.effective.title] : []),
    ...(seeds.size === 1 ? [`seed ${[...seeds].join()}`] : []),
    ...faults.map((fault) => wordsOf(fault, first.effective)),
    ...(stories.every((story) => activeFaults(story).length === 0) ? ['no failures'] : []),
  ]
}

function unlessAllSame(stories: readonly SideStory[], story: SideStory, say: (story: SideStory) => string): string[] {
  const said = say(story)
  return stories.every((other) => say(other) === said) ? [] : [said]
}

/** The title a variant has in the scenario. */
export function variantWords({ base, variant }: Draft): string {
  if (variant === null) return 'as it is'
  const title = base.variants?.[variant]?.title
  return title === undefined ? variant : `${variant} · ${title}`
}

/** A fault that is switched off does not count. */
function activeFaults({ faults }: SideStory): FaultInput[] {
  return faults.map(({ fault }) => fault).filter((fault) => fault.enabled ?? true)
}

function common(lists: readonly FaultInput[][]): FaultInput[] {
  const [first = [], ...others] = lists.map((list) => list.map((fault) => JSON.stringify(fault)))
  return first.filter((fault) => others.every((list) => list.includes(fault))).map((fault) => JSON.parse(fault))
}

function faultWords(stories: readonly SideStory[], story: SideStory, shared: readonly FaultInput[]): string[] {
  const known = shared.map((fault) => JSON.stringify(fault))
  const own = activeFaults(story).filter((fault) => !known.includes(JSON.stringify(fault)))
  if (own.length > 0) return own.map((fault) => wordsOf(fault, story.effective))
  const others = stories.filter((other) => activeFaults(other).length > known.length)
  if (others.length === 0) return []
  return [known.length === 0 ? 'nothing fails' : 'without the other failures']
}

function wordsOf(fault: FaultInput, scenario: ScenarioInput): string {
  return faultText(fault, (name) => titleIn(scenario, name))
}
