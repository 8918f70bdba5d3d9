/** What cannot be had together with transactions of the broker. */
import type { ProblemList } from './problems.ts'
import type { Scenario } from './schema.ts'

export function checkTransactional(scenario: Scenario, problems: ProblemList): void {
  for (const [name, { protections, acknowledge }] of Object.entries(scenario.services)) {
    if (protections.transactional === false) continue
    const path = `services.${name}.protections.transactional`
    if (protections.outbox !== false)
      problems.add(path, 'an outbox takes messages out of the transaction that this one puts them into; choose one')
    if (acknowledge === 'first')
      problems.add(path, 'the acknowledgement is part of the transaction; leave out `acknowledge: first`')
    const isInTwoPhase = Object.values(scenario.sagas).some(
      ({ style, orchestrator, steps }) =>
        style === 'two-phase' && (orchestrator === name || steps.some(({ service }) => service === name)),
    )
    if (isInTwoPhase)
      problems.add(path, 'a service of a two-phase commit prepares and decides with others; take one of the two away')
    if (Object.values(scenario.sagas).some((saga) => saga.orchestrator === name && saga.persist === 'after sending'))
      problems.add(path, 'saga and commands are one transaction here; leave out `persist: after sending`')
  }
}
