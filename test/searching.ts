/** For tests: a scenario searched by the checker's hunt, and what breaks it made small. */
import { problemLine } from '../src/base/result.ts'
import { type Budget, usualBudget } from '../src/checker/budget.ts'
import { type Finding, Hunt } from '../src/checker/hunt.ts'
import type { Schedule } from '../src/checker/schedule.ts'
import { shrinkIn } from '../src/checker/shrink.ts'
import { Trials } from '../src/checker/trials.ts'
import type { Checking } from '../src/kernel/simulation.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'

export function trialsOf(input: ScenarioInput, checking: Checking = 'at the end'): Trials {
  const trials = Trials.of(input, checking)
  if (!trials.ok) throw new Error(trials.problems.map(problemLine).join('\n'))
  return trials.value
}

/** What the hunt finds, seed by seed, as long as somebody asks. */
export function* findingsIn(trials: Trials, seeds: number, budget: Budget = usualBudget): Generator<Finding> {
  const hunt = new Hunt(trials, budget, 1, seeds + 1, Number.POSITIVE_INFINITY)
  for (let more = true; more; ) {
    const known = hunt.groups.map(({ first }) => first.length)
    more = hunt.advance(1)
    yield* hunt.groups.flatMap(({ first }, i) => first.slice(known[i] ?? 0))
  }
}

export function shrunk(trials: Trials, { schedule, promise }: Finding): Schedule {
  return shrinkIn(trials, schedule, promise)
}
