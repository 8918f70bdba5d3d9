/** Runs the engine still holds in its memory, so that it can be asked about them, and the asking. */
import { EvaluationError } from '../kernel/evaluation.ts'
import { observe } from '../scenario/compile.ts'
import type { Run } from '../scenario/run.ts'
import type { Scenario } from '../scenario/schema.ts'
import type { Answer } from './protocol.ts'

interface Kept {
  readonly run: Run
  readonly scenario: Scenario
}

/** The runs of a comparison, and a run before. */
const RUNS_MAX = 6
/** All of them together; the latest stays whatever its size. */
const ENTRIES_MAX = 1_500_000

export class KeptRuns {
  private readonly runs = new Map<number, Kept>()

  add(id: number, run: Run, scenario: Scenario): void {
    this.runs.set(id, { run, scenario })
    this.trim()
  }

  find(id: number): Kept | undefined {
    return this.runs.get(id)
  }

  forget(id: number): void {
    this.runs.delete(id)
  }

  /** Lets go of the oldest. */
  trim(): void {
    let entries = 0
    let count = 0
    for (const [id, { run }] of [...this.runs].reverse()) {
      count++
      entries += run.entries
      if (count > 1 && (count > RUNS_MAX || entries > ENTRIES_MAX)) this.runs.delete(id)
    }
  }
}

export function answersOf(kept: Kept | undefined, expressions: readonly string[]): Answer[] {
  return expressions.map((expression) => {
    if (kept === undefined) return { ok: false, message: 'The engine no longer holds this run. Run it again to ask.' }
    return answerOf(kept, expression)
  })
}

function answerOf({ run, scenario }: Kept, expression: string): Answer {
  const observable = observe(scenario, expression)
  if (!observable.ok) return { ok: false, message: observable.problems.map(({ message }) => message).join('; ') }
  if (observable.value.needsTrace) {
    return { ok: false, message: 'The entries of a run are not kept in the engine. Ask for tables and states.' }
  }
  try {
    return { ok: true, value: observable.value.value(run.simulation) }
  } catch (error) {
    if (error instanceof EvaluationError) return { ok: false, message: error.message }
    throw error
  }
}
