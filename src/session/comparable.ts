/** Which runs can stand side by side, and the reason when they cannot. */
import { effectiveScenario } from './draft.ts'
import type { Draft, ScenarioInput } from './session-types.ts'

/** More stages than this are too small to be read. */
export const SIDES_MAX = 4

/** Why one more run cannot stand beside those there; null when it can. */
export function whyNotBeside(others: readonly Draft[], draft: Draft): string | null {
  if (others.length >= SIDES_MAX) return `At most ${SIDES_MAX} runs stand side by side. Take one away first.`
  const scenario = effectiveScenario(draft)
  for (const other of others.map(effectiveScenario)) {
    if (JSON.stringify(other) === JSON.stringify(scenario)) {
      return 'That is the same run once more: same scenario, same variant, same seed, same failures.'
    }
    const reason = whyIncomparable(other, scenario)
    if (reason !== null) return reason
  }
  return null
}

/** Two scenarios without a common service have nothing that could be held against each other. */
export function whyIncomparable(one: ScenarioInput, other: ScenarioInput): string | null {
  const [here, there] = [Object.keys(one.services), Object.keys(other.services)]
  if (here.some((service) => there.includes(service))) return null
  const cast = (services: readonly string[]) => services.slice(0, 4).join(', ') + (services.length > 4 ? ', …' : '')
  return (
    `“${one.title}” (${cast(here)}) and “${other.title}” (${cast(there)}) have no service in common: ` +
    'no stage, no moment and no number of the one answers to one of the other.'
  )
}
