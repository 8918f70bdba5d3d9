/** For tests: the safe configuration as random schedules meet it, on a bus without order and with changing travel times. */
import { safeConfiguration } from '../src/library/safe-configuration.ts'
import { applyVariant, mergePatch } from '../src/scenario/patch.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'

export type Patch = Readonly<Record<string, unknown>>

export function safely(variant: 'key' | 'inbox', ...patches: readonly Patch[]): ScenarioInput {
  const scenario: unknown = { ...applyVariant(safeConfiguration, variant), bus: { order: 'none', hopMs: [5, 40] } }
  // One after the other: two patches merged into one would lose what the second takes away.
  return patches.reduce(mergePatch, scenario) as ScenarioInput
}
