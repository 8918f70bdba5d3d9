/** How a side came out, from its whole run. */
import type { RunState } from '../../session/session-types.ts'
import type { History } from '../../trace/history.ts'
import { type Outcome, outcomeOf } from '../../trace/outcome.ts'

/** Null as long as the run is under way. */
export function sideOutcome(history: History | null, { summary }: RunState): Outcome | null {
  if (history === null || summary === null) return null
  const end = history.stateAt(history.trace.length)
  return outcomeOf({
    broken: summary.properties.filter(({ holds }) => !holds).length,
    sagas: end.sagas.map(({ status }) => status),
    parked: end.deadLetters.size,
    atRest: summary.quiescent,
    isCancelled: summary.reason === 'cancelled',
  })
}
