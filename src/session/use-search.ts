/** The page's one search, and what opens its findings. Loaded with the search panel, not before. */
import { useStore } from 'zustand'
import { encodeLink, FRAGMENT_MAX } from '../scenario/link-codec.ts'
import { packStory } from '../scenario/link-payload.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { startPool } from '../worker/search-pool.ts'
import { asScenario } from './search-scenario.ts'
import { askWhy, type Cell, createSearch, type Search, type ShownWhy, subjectOf } from './search-store.ts'
import { sessionStore } from './use-session.ts'

const now = () => performance.now()
export const searchStore = createSearch({ startPool: () => startPool(), now })

export function useSearch<T>(selector: (search: Search) => T): T {
  return useStore(searchStore, selector)
}

/** Makes what is on the page the subject; false when there is nothing. */
export function searchThePage(): boolean {
  const { draft, effective } = sessionStore.getState()
  if (draft === null || effective === null) return false
  searchStore.getState().open(subjectOf(draft.base, draft.variant, effective))
  return true
}

/** Shows a finding on the stage, on a branch of its own: what was open stays where it was. */
export function openFinding(name: string, scenario: ScenarioInput, playhead = 0): void {
  const { addBranch, switchBranch, announce } = sessionStore.getState()
  switchBranch(addBranch(name, scenario, playhead))
  announce(`${name}: opened on the stage`)
}

/** Shows the run of a sweep's cell, where it leaves the calm one. */
export function openCell(cell: Cell): void {
  const { subject, facts } = searchStore.getState()
  if (subject === null || facts === null) return
  const name = cell.placements.map(({ row, column }) => `${row}: ${column}`).join(', ')
  openFinding(name, asScenario(subject.input, facts.properties, cell), Math.max(0, cell.difference + 1))
}

/** The link to a finding. Rejects with a sentence when nobody could open it. */
export async function findingLink(scenario: ScenarioInput): Promise<string> {
  const story = packStory({ scenario, variant: null, seed: null, changed: {}, added: [] }, undefined)
  const fragment = await encodeLink({ ...story, playhead: 0, speed: 1, bottom: 'timeline', panel: 'verdict' })
  if (fragment.length > FRAGMENT_MAX) throw new Error('This finding is too large for a link.')
  return location.href.replace(/#.*$/, '') + fragment
}

/** Why what is on the page breaks a promise, and what would have prevented it. */
export function whyOnThePage(promise: string): Promise<ShownWhy> {
  const { draft, effective } = sessionStore.getState()
  if (draft === null || effective === null) return Promise.reject(new Error('There is nothing open.'))
  const subject = subjectOf(draft.base, draft.variant, effective)
  return askWhy({ startPool: () => startPool(1), now }, subject, promise)
}
