/** A sweep's cell as a scenario of its own: the story with these faults instead of the ones it had. */
import type { ScenarioInput } from '../scenario/schema.ts'
import type { Cell } from './search-store.ts'

type Properties = NonNullable<ScenarioInput['properties']>

/** With the promises that were looked at, so that what broke in the sweep breaks on the stage. */
export function asScenario(input: ScenarioInput, properties: Properties, { schedule, broken }: Cell): ScenarioInput {
  const { variants: _variants, ...rest } = input
  return { ...rest, properties, seed: schedule.seed, faults: [...schedule.faults], expect: {}, breaks: [...broken] }
}
