/** The address that opens a scenario as it stands. */
import { encodeLink, FRAGMENT_MAX } from '../scenario/link-codec.ts'
import { packStory } from '../scenario/link-payload.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

/** A sentence in its place when no link can hold it. */
export async function linkTo(scenario: ScenarioInput, base: string): Promise<string> {
  const carried = packStory({ scenario, variant: null, seed: null, changed: {}, added: [] }, undefined)
  const fragment = await encodeLink({ ...carried, playhead: 0, speed: 1, bottom: 'timeline', panel: 'verdict' })
  return fragment.length > FRAGMENT_MAX ? 'too large for a link; take the scenario of --json' : base + fragment
}
