/** How a side came out, from its whole run. */
import type { RunState } from '../../session/session-types.ts'
import type { History } from '../../trace/history.ts'
import { type Outcome, outcomeOfRun } from '../../trace/outcome.ts'

/** Null as long as the run is under way. */
export function sideOutcome(history: History | null, { summary }: RunState): Outcome | null {
  if (history === null || summary === null) return null
  return outcomeOfRun(summary, history.stateAt(history.trace.length))
}
