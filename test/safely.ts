/** For tests: the safe configuration as random schedules meet it, on a bus without order and with changing travel times. */
import { safeConfiguration } from '../src/library/safe-configuration.ts'
import { applyVariant, mergePatch } from '../src/scenario/patch.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'

export function safely(variant: 'key' | 'inbox', patch: Readonly<Record<string, unknown>> = {}): ScenarioInput {
  const scenario = { ...applyVariant(safeConfiguration, variant), bus: { order: 'none', hopMs: [5, 40] } }
  return mergePatch(scenario, patch) as ScenarioInput
}
