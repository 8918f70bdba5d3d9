import type { ScenarioInput } from '../../session/session-types.ts'

/** A service's title from its name in the scenario; the name itself, capitalised, when it has none. */
export function titleIn(scenario: ScenarioInput | null, name: string): string {
  return scenario?.services[name]?.title ?? name.charAt(0).toUpperCase() + name.slice(1)
}

export function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13
  const suffix = teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${suffix}`
}
