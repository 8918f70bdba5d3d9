/**
 * A scenario compiled once and run under thousands of schedules: only faults and requests change from run to run, and
 * nothing is compiled for them. The judge of every search: which promises does this schedule break?
 */
import { ok, type Result } from '../base/result.ts'
import { EvaluationError } from '../kernel/evaluation.ts'
import type { Model, RequestModel } from '../kernel/model.ts'
import { type Checking, Simulation } from '../kernel/simulation.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import { type CompiledFaults, compileFaults, noFaults, placeFaults, us } from '../scenario/compile-faults.ts'
import { faultPhrase } from '../scenario/fault-phrase.ts'
import { ProblemList } from '../scenario/problems.ts'
import type { Scenario, ScenarioInput } from '../scenario/schema.ts'
import type { World } from '../scenario/scope.ts'
import { createWorld } from '../scenario/world.ts'
import { Trace } from '../trace/trace.ts'
import { NONE } from '../trace/trace-format.ts'
import { TraceWriter } from '../trace/trace-writer.ts'
import { FAULTS_MAX } from './budget.ts'
import { copiesOf } from './copies.ts'
import { healFrom } from './heal.ts'
import { learnMenu, type Menu } from './menu.ts'
import type { RequestCopy, Schedule } from './schedule.ts'
import type { TracedRun } from './traced-run.ts'

const ENTRIES_MAX = 10_000
const ENTRIES_PER_REQUEST = 1000

export class Trials {
  /** As given: with its own faults, which no trial has. */
  readonly input: ScenarioInput
  readonly scenario: Scenario
  readonly copies: readonly RequestCopy[]
  /** The model without faults. */
  readonly model: Model
  private readonly simulation: Simulation
  private readonly world: World
  private readonly faults: CompiledFaults
  /** The same lists that the model holds: emptied and filled again for every schedule. */
  private readonly lists: Omit<CompiledFaults, 'handling'>
  private readonly everyList: readonly unknown[][]
  private readonly requests: RequestModel[]
  private readonly own: number
  private learned: Menu | null = null
  /** Actions of all runs so far: how much work they were, whatever the machine. */
  work = 0
  private readonly copied: readonly RequestModel[]

  private constructor(
    input: ScenarioInput,
    scenario: Scenario,
    model: Model,
    copies: readonly RequestCopy[],
    checking: Checking,
  ) {
    this.input = input
    this.scenario = scenario
    this.copies = copies
    this.world = createWorld(scenario, new ProblemList())
    this.faults = noFaults(this.world)
    const { handling: _, ...lists } = this.faults
    this.lists = lists
    this.everyList = [...Object.values(lists), ...this.faults.handling]
    this.requests = [...model.requests]
    this.own = model.requests.length - copies.length
    this.model = {
      ...model,
      requests: this.requests,
      services: model.services.map((service, i) => ({ ...service, faults: this.faults.handling[i] ?? [] })),
      ...this.lists,
      observables: [],
      // A circle that costs no time ends a trial soon: thousands of others are waiting.
      entriesMax: Math.min(model.entriesMax, ENTRIES_MAX + ENTRIES_PER_REQUEST * model.requests.length),
      header: { ...model.header, faults: Array.from({ length: FAULTS_MAX + 1 }, () => 'a fault of the search') },
    }
    this.copied = model.requests.slice(this.own)
    const needsTrace = model.properties.some((property) => property.needsTrace)
    this.simulation = new Simulation(this.model, { checking, trace: needsTrace ? new TraceWriter() : null })
  }

  /** The scenario as it stands, a variant already applied. */
  static of(input: ScenarioInput, checking: Checking = 'at the end'): Result<Trials> {
    const copies = copiesOf(input)
    const { workload = {} } = input
    const requests = [...(workload.requests ?? []), ...copies.map(({ request }) => request)]
    const bare = { ...input, faults: [], expect: {}, breaks: [], variants: {}, workload: { ...workload, requests } }
    const read = readScenario(bare)
    if (!read.ok) return read
    const model = compile(read.value)
    return model.ok ? ok(new Trials(input, read.value, model.value, copies, checking)) : model
  }

  /** Names of the promises that the schedule breaks, in the order of the scenario; empty when all hold. */
  broken(schedule: Schedule): string[] {
    const unjudged = this.tryRun(schedule)
    if (unjudged !== null) return [unjudged]
    const { propertyStates } = this.simulation
    const broken: string[] = []
    for (let i = 0; i < propertyStates.length; i++) {
      if (propertyStates[i] === 2) broken.push((this.model.properties[i] as Model['properties'][number]).name)
    }
    return broken
  }

  breaks(schedule: Schedule, promise: string, stopAt?: number, lasting?: number): boolean {
    const unjudged = this.tryRun(schedule, stopAt, lasting)
    if (unjudged !== null) return unjudged === promise
    const place = this.model.properties.findIndex(({ name }) => name === promise)
    return this.simulation.propertyStates[place] === 2
  }

  /** Null, or the promise whose expression met values it cannot work with: nobody can say that it holds. */
  private tryRun(schedule: Schedule, stopAt?: number, lasting?: number): string | null {
    try {
      this.run(schedule, stopAt, lasting)
      return null
    } catch (error) {
      const [, promise] =
        error instanceof EvaluationError ? (/^properties\.(.*)\.check:/.exec(error.message) ?? []) : []
      if (promise === undefined) throw error
      return promise
    }
  }

  /** What can be struck in this scenario; learned when first asked for. */
  get menu(): Menu {
    this.learned ??= learnMenu(this.ownScenario)
    return this.learned
  }

  /** The scenario without the copies of requests that a schedule may add. */
  get ownScenario(): Scenario {
    const { workload } = this.scenario
    const requests = workload.requests.slice(0, workload.requests.length - this.copies.length)
    return { ...this.scenario, workload: { ...workload, requests } }
  }

  /** False when it names a service, a message or an operation that this scenario has not. */
  canPlace({ faults }: Schedule): boolean {
    const problems = new ProblemList()
    compileFaults({ ...this.scenario, faults: [...faults] }, this.world, problems)
    return problems.isEmpty
  }

  /**
   * The run at its end; the same object every time, so look at it before the next one. With `stopAt`, microseconds,
   * nothing new goes wrong from then on, and what had gone wrong heals, but for faults from the place `lasting` on.
   */
  run(schedule: Schedule, stopAt = Number.POSITIVE_INFINITY, lasting = Number.POSITIVE_INFINITY): Simulation {
    this.place(schedule)
    if (stopAt !== Number.POSITIVE_INFINITY) healFrom(this.faults, stopAt, lasting)
    const { simulation } = this
    simulation.reset(schedule.seed)
    if (stopAt !== Number.POSITIVE_INFINITY) {
      while (simulation.end === null && simulation.agenda.size > 0 && simulation.agenda.nextTime < stopAt)
        simulation.advance(1)
      // A crash that a handler has met already, and that has not come yet.
      for (const task of simulation.tasks) task.crashPoint = NONE
    }
    simulation.run()
    this.work += simulation.actions
    return simulation
  }

  /** The run with its trace, every promise looked at after every commit; an object of its own. */
  trace(schedule: Schedule): TracedRun {
    this.place(schedule)
    const title = (service: string) => this.model.header.services.find(({ name }) => name === service)?.title ?? service
    const faults = schedule.faults.map((fault) => faultPhrase(fault, title))
    const { seed } = schedule
    const { scenario } = this.model.header
    const header = { ...this.model.header, scenario: { ...scenario, seed }, faults }
    const writer = new TraceWriter()
    const simulation = new Simulation({ ...this.model, header }, { trace: writer, seed }).run()
    const violations = this.model.properties.map(
      ({ name }, i) => [name, simulation.violationPositions[i] ?? NONE] as const,
    )
    return { trace: new Trace(header, [writer.take()]), simulation, violations: new Map(violations) }
  }

  private place({ faults, more }: Schedule): void {
    for (const list of this.everyList) if (list.length > 0) list.length = 0
    placeFaults(this.scenario, this.world, faults, this.faults)
    this.requests.length = this.own
    for (const { copy, afterMs } of more) {
      const request = this.copied[copy]
      if (request !== undefined) this.requests.push({ ...request, at: request.at + us(afterMs) })
    }
  }
}
