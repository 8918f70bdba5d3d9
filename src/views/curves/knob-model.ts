/** What can be turned about a load, and what turning it changes in the scenario. Pure. */
import type { ScenarioInput, Tuning } from '../../session/session-types.ts'

export interface Knob {
  readonly key: string
  /** `Payment replicas`. */
  readonly label: string
  readonly unit: string
  readonly value: number
  readonly less: number | null
  readonly more: number | null
  readonly patch: (value: number) => Tuning
}

const REPLICAS_MAX = 64

export function knobsOf(scenario: ScenarioInput): Knob[] {
  const arrivals = scenario.workload?.arrivals ?? []
  const services = Object.keys(scenario.services).filter((name) => hasWork(scenario, name))
  return [
    ...services.map((name) => replicaKnob(scenario, name)),
    ...arrivals.map(
      ({ name, rate }): Knob => ({
        key: `rate ${name}`,
        label: `Rate of ${name}`,
        unit: 'a second',
        value: rate,
        less: lower(rate),
        more: rate + stepAt(rate),
        patch: (value) => ({ workload: { arrivals: { [name]: { rate: value } } } }),
      }),
    ),
  ]
}

export function replicaKnob({ services }: ScenarioInput, name: string): Knob {
  const service = services[name]
  const value = service?.replicas ?? 1
  return {
    key: `replicas ${name}`,
    label: `${service?.title ?? capitalised(name)} replicas`,
    unit: '',
    value,
    less: value > 1 ? value - 1 : null,
    more: value < REPLICAS_MAX ? value + 1 : null,
    patch: (replicas) => ({ services: { [name]: { replicas } } }),
  }
}

function hasWork(scenario: ScenarioInput, name: string): boolean {
  const isOrchestrator = Object.values(scenario.sagas ?? {}).some(({ orchestrator }) => orchestrator === name)
  const { operations = {}, projections = {} } = scenario.services[name] ?? {}
  return isOrchestrator || Object.keys({ ...operations, ...projections }).length > 0
}

/** Steps that are felt: about a tenth. */
function stepAt(rate: number): number {
  if (rate < 20) return 1
  if (rate < 200) return 10
  return rate < 2000 ? 100 : 1000
}

/** The way down is the way up. */
function lower(rate: number): number | null {
  return rate > 1 ? Math.max(1, rate - stepAt(rate - 1)) : null
}

export const counts = [1000, 10_000, 100_000, 1_000_000] as const

/** More than so many requests keep no entries: only the curves. */
const ENTRIES_FOR = 10_000
const END_MAX_MS = 34_560_000_000

/** Every stream has so many requests. Entries are kept as long as they fit. */
export function withCount(scenario: ScenarioInput, count: number): Tuning {
  const arrivals = Object.fromEntries(
    (scenario.workload?.arrivals ?? []).map(({ name }) => [name, { count, untilMs: null }]),
  )
  return {
    workload: { arrivals },
    keep: count > ENTRIES_FOR ? 'curves' : 'everything',
    endMs: END_MAX_MS,
    entriesMax: 20_000_000,
  }
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
