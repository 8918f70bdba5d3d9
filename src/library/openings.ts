/**
 * How the stories open: at which speed, and on what. A story is told in some five to fifteen seconds; what happens
 * within a few milliseconds opens slowly, what takes a thousand entries fast.
 */
import type { ScenarioInput } from '../scenario/schema.ts'

type Opening = Omit<NonNullable<ScenarioInput['stage']>, 'positions'>

export const openings: Readonly<Record<string, Opening>> = {
  'no-money': { speed: 0.4 },
  'compensation-fails': { speed: 4 },
  'safe-configuration': { speed: 2 },
  'in-doubt': { speed: 5 },
  'behind-the-locks': { speed: 2 },
  'silent-stall': { speed: 0.5 },
  'consumer-group': { speed: 2 },
  rebalancing: { speed: 3 },
  'read-process-write': { speed: 0.5 },
  'lock-deadlock': { speed: 0.5 },
  'expected-version': { speed: 0.05 },
  'append-idempotence': { speed: 0.2 },
  snapshots: { speed: 0.15 },
  'state-from-events': { speed: 0.3 },
  'temporal-query': { speed: 0.4 },
  'append-then-publish': { speed: 0.3 },
  'sequence-gap': { speed: 0.4 },
  rebuild: { speed: 1.5 },
  circle: { speed: 20, time: 'space-time' },
  'two-failures': { speed: 0.4 },
  'lesson-key': { speed: 0.6, panel: 'code' },
  'lesson-unique': { speed: 0.6, panel: 'code' },
  'lesson-state': { speed: 0.6, panel: 'code' },
  'lost-response': { speed: 0.6, panel: 'keys' },
  'same-key-twice': { speed: 0.05, panel: 'code' },
  'look-then-act': { speed: 0.1, panel: 'code' },
  'key-reused': { speed: 0.4, panel: 'keys' },
  'retry-after-window': { speed: 0.3, panel: 'keys' },
  'fresh-keys': { panel: 'keys' },
  'stored-errors': { speed: 0.6, panel: 'keys' },
  'recovery-points': { panel: 'code' },
  'side-effect-outside': { speed: 0.3, panel: 'code' },
  'state-forgets': { speed: 0.6, panel: 'code' },
  'crash-points': { speed: 0.6 },
  'dual-write': { speed: 0.4 },
  'partition-heals': { speed: 1.5 },
  poison: { speed: 10 },
  'dead-letters': { speed: 0.3 },
  'retry-amplification': { speed: 8 },
  'thundering-herd': { speed: 0.6 },
  'circuit-breaker': { speed: 25 },
  backlog: { speed: 30 },
  correction: { speed: 0.2 },
  'fold-asks-the-world': { speed: 0.3 },
  'two-streams': { speed: 0.05 },
  'out-of-order': { speed: 0.5 },
  'queue-load': { speed: 50 },
  'dedup-scale': { speed: 60 },
  'local-store': { speed: 20 },
  'proxy-retries': { speed: 35 },
  'double-click': { speed: 15 },
  'saga-crowd': { speed: 3 },
  'skewed-lease': { speed: 4 },
}

/** A story with its opening, on top of what it says itself. */
export function opening(scenario: ScenarioInput): ScenarioInput {
  const known = openings[scenario.id]
  return known === undefined ? scenario : { ...scenario, stage: { ...scenario.stage, ...known } }
}
