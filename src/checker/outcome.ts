/** How a run ended, in one word: the worst thing that can be said of it. */
import type { ObservableModel } from '../kernel/model.ts'
import { observe } from '../scenario/compile.ts'
import type { Scenario } from '../scenario/schema.ts'
import type { TracedRun } from './traced-run.ts'

export const outcomes = ['completed', 'compensated', 'needs a person', 'stuck', 'promise broken'] as const
export type Outcome = (typeof outcomes)[number]

export class OutcomeJudge {
  private readonly statuses: ObservableModel
  private readonly parked: ObservableModel
  private readonly answers: ObservableModel
  /** Requests that nobody answers: starts of sagas. */
  private readonly unanswered: ReadonlySet<number>

  constructor(scenario: Scenario) {
    const ask = (text: string): ObservableModel => {
      const observable = observe(scenario, text)
      if (!observable.ok) throw new Error(`${text}: ${JSON.stringify(observable.problems)}`)
      return observable.value
    }
    this.statuses = ask('sagas.map(s, s.status)')
    this.parked = ask('bus.dlq')
    this.answers = ask('clients.map(c, c.answer)')
    const starts = Object.values(scenario.sagas).flatMap(({ start, resume }) => [start, resume])
    const events = new Set(Object.values(scenario.services).flatMap(({ subscriptions }) => Object.keys(subscriptions)))
    const silent = scenario.workload.requests.flatMap(({ message, copies }) =>
      Array.from({ length: copies }, () => starts.includes(message) || events.has(message)),
    )
    this.unanswered = new Set(silent.flatMap((isSilent, i) => (isSilent ? [i] : [])))
  }

  broken({ violations }: TracedRun): string[] {
    return [...violations].flatMap(([name, position]) => (position >= 0 ? [name] : []))
  }

  outcome(run: TracedRun): Outcome {
    const { simulation } = run
    const statuses = this.statuses.value(simulation) as readonly string[]
    const answers = (this.answers.value(simulation) as readonly (string | null)[]).filter(
      (_, i) => !this.unanswered.has(i),
    )
    if (!simulation.quiescent || statuses.some((status) => status === 'Running' || status === 'Compensating'))
      return 'stuck'
    if (this.broken(run).length > 0) return 'promise broken'
    if (statuses.includes('NeedsIntervention') || Number(this.parked.value(simulation)) > 0) return 'needs a person'
    if (answers.some((answer) => answer === null)) return 'stuck'
    const isUndone = statuses.includes('Compensated') || answers.some((answer) => answer?.startsWith('refused'))
    return isUndone ? 'compensated' : 'completed'
  }
}
