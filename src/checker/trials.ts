/**
 * A scenario compiled once and run under thousands of schedules: only faults and requests change from run to run, and
 * nothing is compiled for them. The judge of every search: which promises does this schedule break?
 */
import { ok, type Result } from '../base/result.ts'
import type { Model, RequestModel } from '../kernel/model.ts'
import { type Checking, Simulation } from '../kernel/simulation.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import { type CompiledFaults, noFaults, placeFaults, us } from '../scenario/compile-faults.ts'
import { ProblemList } from '../scenario/problems.ts'
import type { Scenario, ScenarioInput } from '../scenario/schema.ts'
import type { World } from '../scenario/scope.ts'
import { createWorld } from '../scenario/world.ts'
import { FAULTS_MAX } from './budget.ts'
import { copiesOf } from './copies.ts'
import type { RequestCopy, Schedule } from './schedule.ts'

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
      header: { ...model.header, faults: Array.from({ length: FAULTS_MAX }, () => 'a fault of the search') },
    }
    this.copied = model.requests.slice(this.own)
    this.simulation = new Simulation(this.model, { checking })
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
    const { propertyStates, model } = this.run(schedule)
    const broken: string[] = []
    for (let i = 0; i < propertyStates.length; i++) {
      if (propertyStates[i] === 2) broken.push((model.properties[i] as Model['properties'][number]).name)
    }
    return broken
  }

  breaks(schedule: Schedule, promise: string): boolean {
    const place = this.model.properties.findIndex(({ name }) => name === promise)
    return this.run(schedule).propertyStates[place] === 2
  }

  /** The run at its end; the same object every time, so look at it before the next one. */
  run(schedule: Schedule): Simulation {
    this.place(schedule)
    this.simulation.reset(schedule.seed)
    return this.simulation.run()
  }

  private place({ faults, more }: Schedule): void {
    for (const list of this.everyList) list.length = 0
    placeFaults(this.scenario, this.world, faults, this.faults)
    this.requests.length = this.own
    for (const { copy, afterMs } of more) {
      const request = this.copied[copy]
      if (request !== undefined) this.requests.push({ ...request, at: request.at + us(afterMs) })
    }
  }
}
