/** The hunt over the order saga: schedules dealt, placed, run and judged, one model for all. */
import { type Budget, usualBudget } from '../src/checker/budget.ts'
import { Hunt } from '../src/checker/hunt.ts'
import { withPromises } from '../src/checker/promises.ts'
import { Trials } from '../src/checker/trials.ts'
import { orderSaga } from '../src/library/order-world.ts'
import { safeConfiguration } from '../src/library/safe-configuration.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'

const SEEDS = 5000
/** One saga and up to three faults: what breaks the order saga needs one. */
const fewFaults: Budget = { ...usualBudget, faults: 3, more: 0 }

function trialsOf(input: ScenarioInput): Trials {
  const trials = Trials.of(input)
  if (!trials.ok) throw new Error(`${input.id} does not compile`)
  return trials.value
}

/** The usual budget, over one scenario: one hunt that goes on, as a worker's does. */
function roundOver(trials: Trials, budget: Budget): () => number {
  const hunt = new Hunt(trials, budget, 1, Number.MAX_SAFE_INTEGER)
  return () => {
    hunt.advance(SEEDS)
    return SEEDS
  }
}

/** The scenario's own five properties. */
export const huntRound = (): (() => number) => roundOver(trialsOf(orderSaga), fewFaults)

/** With the promises nobody has to write, on top of its own. */
export function promisesRound(): () => number {
  const promised = withPromises(orderSaga)
  if (!promised.ok) throw new Error('the order saga cannot be promised anything')
  return roundOver(trialsOf(promised.value.input), fewFaults)
}

/** Every protection at work, and schedules that cannot break anything: the longest runs. */
export const safeHuntRound = (): (() => number) => roundOver(trialsOf(safeConfiguration), usualBudget)
