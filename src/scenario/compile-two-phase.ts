/** Two-phase commit in the scenario language: the messages it adds, and which operations become branches. */
import type { Scenario } from './schema.ts'

/** The messages between coordinator and participants, beside the operations and their answers (the votes). */
export const decisions = { commit: 'Commit', abort: 'Abort', committed: 'Committed', inquire: 'Inquire' } as const

export function hasTwoPhase(scenario: Scenario): boolean {
  return Object.values(scenario.sagas).some((saga) => saga.style === 'two-phase')
}

/** Is the operation asked for, of another service, by a two-phase commit? */
export function isBranch(scenario: Scenario, service: string, operation: string): boolean {
  return Object.values(scenario.sagas).some(
    (saga) =>
      saga.style === 'two-phase' &&
      saga.orchestrator !== service &&
      saga.steps.some((step) => step.service === service && step.operation === operation),
  )
}
