/**
 * For tests: the safe configuration as random schedules meet it, on a bus without order and with changing travel times,
 * and with one law more, which names the outbox's own table.
 */
import { safeConfiguration } from '../src/library/safe-configuration.ts'
import { applyVariant, mergePatch } from '../src/scenario/patch.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'

const noLoss = {
  when: 'eventually',
  check: 'order.outbox.all(o, o.sent)',
  broken: 'Lost: a command was committed and never sent.',
}

export type Patch = Readonly<Record<string, unknown>>

export function safely(variant: 'key' | 'inbox', ...patches: readonly Patch[]): ScenarioInput {
  const safe = applyVariant(safeConfiguration, variant)
  const scenario: unknown = {
    ...safe,
    bus: { order: 'none', hopMs: [5, 40] },
    properties: { ...safe.properties, NOLOSS: noLoss },
  }
  // One after the other: two patches merged into one would lose what the second takes away.
  return patches.reduce(mergePatch, scenario) as ScenarioInput
}
