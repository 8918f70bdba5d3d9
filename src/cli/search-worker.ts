/** One thread of a search: its stretch of the seeds, or of the placements, from beginning to end. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Budget } from '../checker/budget.ts'
import { type FindingGroup, Hunt } from '../checker/hunt.ts'
import { type Cell, Sweep, type SweepOptions } from '../checker/sweep.ts'
import { Trials } from '../checker/trials.ts'
import type { Checking } from '../kernel/simulation.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

export type SearchTask = {
  readonly input: ScenarioInput
  readonly checking: Checking
} & (
  | { readonly kind: 'hunt'; readonly budget: Budget; readonly from: number; readonly to: number }
  | { readonly kind: 'sweep'; readonly options: SweepOptions }
)

/** Seeds, or placements, in one go. */
const SLICE = 500

export function search(task: SearchTask): FindingGroup[] | Cell[] {
  const trials = Trials.of(task.input, task.checking)
  if (!trials.ok) throw new Error(JSON.stringify(trials.problems))
  if (task.kind === 'sweep') {
    const sweep = new Sweep(trials.value, task.options)
    while (sweep.advance(SLICE));
    return sweep.cells
  }
  const hunt = new Hunt(trials.value, task.budget, task.from, task.to)
  while (hunt.advance(SLICE));
  return hunt.groups
}

if (parentPort !== null && isSearchTask(workerData)) parentPort.postMessage(search(workerData))

function isSearchTask(data: unknown): data is SearchTask {
  return typeof data === 'object' && data !== null && 'input' in data && 'checking' in data
}
