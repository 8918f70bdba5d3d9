/** A sweep's cell as a scenario of its own: the story with these faults instead of the ones it had. */
import type { ScenarioInput } from '../scenario/schema.ts'
import type { Cell } from './search-store.ts'

export function asScenario(input: ScenarioInput, { schedule, broken }: Cell): ScenarioInput {
  const { variants: _variants, ...rest } = input
  const own = Object.keys(input.properties ?? {})
  return {
    ...rest,
    seed: schedule.seed,
    faults: [...schedule.faults],
    expect: {},
    breaks: broken.filter((name) => own.includes(name)),
  }
}
