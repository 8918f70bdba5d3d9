/** Many runs, one word for each: a case is run to its end, judged, and forgotten. */
import type { Result } from '../base/result.ts'
import { problemLine } from '../base/result.ts'
import type { Run } from '../scenario/run.ts'
import { History } from '../trace/history.ts'
import { outcomeOfRun } from '../trace/outcome.ts'
import { Trace } from '../trace/trace.ts'
import type { JudgedCase, Verdict } from './protocol.ts'

export class Judging {
  private readonly cases: readonly JudgedCase[]
  private readonly prepare: (one: JudgedCase) => Result<Run>
  private next = 0
  private run: Run | null = null
  private verdicts: Verdict[] = []
  private cancelled = false

  constructor(cases: readonly JudgedCase[], prepare: (one: JudgedCase) => Result<Run>) {
    this.cases = cases
    this.prepare = prepare
  }

  get isCancelled(): boolean {
    return this.cancelled
  }

  /** What has been judged stays judged; nothing more will be. */
  cancel(): void {
    this.cancelled = true
  }

  /** Takes up to so many actions of one run; true while there is more to do. */
  advance(actionsMax: number): boolean {
    if (this.cancelled) return false
    if (this.run === null) this.begin()
    else if (!this.run.advance(actionsMax)) this.end(this.run)
    return this.run !== null || this.next < this.cases.length
  }

  /** What has been judged since the last call. */
  take(): Verdict[] {
    const taken = this.verdicts
    this.verdicts = []
    return taken
  }

  private begin(): void {
    const one = this.cases[this.next++]
    if (one === undefined) return
    const prepared = this.prepare(one)
    if (prepared.ok) this.run = prepared.value
    else this.verdicts.push({ number: this.next - 1, refused: prepared.problems.map(problemLine).join('; ') })
  }

  private end(run: Run): void {
    const trace = new Trace(run.header, [run.takePart()])
    const summary = run.summary()
    const outcome = outcomeOfRun(summary, new History(trace).stateAt(trace.length))
    this.verdicts.push({ number: this.next - 1, outcome, summary, endTime: trace.endTime })
    this.run = null
  }
}
