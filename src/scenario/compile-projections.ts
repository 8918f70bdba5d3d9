/** From projections to models and handler programs: one for the read model, one for the next that a rebuild fills. */
import type { TableModel } from '../kernel/model.ts'
import type { Assembler, Label } from '../kernel/program.ts'
import type { Lane, ProjectionModel } from '../patterns/projection-model.ts'
import { projectionProgram } from '../patterns/projection-program.ts'
import { compileDuration } from './compile-duration.ts'
import type { Stores } from './compile-event-stores.ts'
import { us } from './compile-faults.ts'
import { compileStatements } from './compile-operation.ts'
import { outboxSettings, type ProgramTable } from './compile-services.ts'
import { closest, nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import type { Scenario, Service } from './schema.ts'
import { tableNumber, type World } from './scope.ts'
import { type OperationContext, StatementScope } from './statement-scope.ts'
import {
  eventMessage,
  eventTypes,
  everyService,
  followedTypes,
  isRebuiltBeside,
  keptTables,
  nextLane,
  nextTable,
  type Projection,
  storeTables,
} from './store-names.ts'

/** All projections of a scenario; their models come once everything they need is compiled. */
export class ProjectionTable {
  readonly models: ProjectionModel[] = []
  private readonly all: { service: string; name: string }[]

  constructor(scenario: Scenario, problems: ProblemList) {
    this.all = everyService(scenario).flatMap(([service, { projections }]) =>
      Object.keys(projections).map((name) => ({ service, name })),
    )
    for (const [i, { service, name }] of this.all.entries()) {
      if (this.number(name) === i) continue
      problems.add(
        `services.${service}.projections.${name}`,
        `there is a projection "${name}" already; choose another name`,
      )
    }
  }

  names(service: string): string[] {
    return this.all.filter((one) => one.service === service).map(({ name }) => name)
  }

  allNames(): string[] {
    return this.all.map(({ name }) => name)
  }

  number(name: string): number {
    return this.all.findIndex((one) => one.name === name)
  }
}

export function compileProjections(
  scenario: Scenario,
  world: World,
  stores: Stores,
  table: ProjectionTable,
  programs: ProgramTable,
  problems: ProblemList,
): void {
  for (const [name, service] of everyService(scenario)) {
    for (const [projection, definition] of Object.entries(service.projections)) {
      const compiler = new ProjectionCompiler(scenario, world, stores, programs, problems, name, service)
      const model = compiler.compile(projection, definition, table.models.length)
      if (model !== null) table.models.push(model)
    }
  }
}

class ProjectionCompiler {
  private readonly scenario: Scenario
  private readonly world: World
  private readonly stores: Stores
  private readonly programs: ProgramTable
  private readonly problems: ProblemList
  private readonly serviceName: string
  private readonly service: Service

  constructor(
    scenario: Scenario,
    world: World,
    stores: Stores,
    programs: ProgramTable,
    problems: ProblemList,
    serviceName: string,
    service: Service,
  ) {
    this.scenario = scenario
    this.world = world
    this.stores = stores
    this.programs = programs
    this.problems = problems
    this.serviceName = serviceName
    this.service = service
  }

  compile(name: string, definition: Projection, number: number): ProjectionModel | null {
    const { world, problems } = this
    const path = `services.${this.serviceName}.projections.${name}`
    const store = this.stores.get(definition.from)
    if (store === undefined) {
      problems.add(
        `${path}.from`,
        `service "${definition.from}" has no event store${nearest(definition.from, [...this.stores.keys()])}`,
      )
      return null
    }
    this.check(definition, path)
    const instances = [this.serviceName, ...definition.instances].map((one) => world.serviceNames.indexOf(one))
    const kept = keptTables(this.service, definition)
    const hasNext = isRebuiltBeside(this.service, name)
    const own = (table: string) => tableNumber(world, this.serviceName, table)
    const model: ProjectionModel = {
      number,
      name,
      store,
      instances,
      live: this.lane(name, definition, kept.map(own)),
      next: hasNext
        ? this.lane(
            nextLane(name),
            definition,
            kept.map((table) => own(nextTable(table))),
          )
        : null,
      persistent: definition.subscription === 'persistent',
      start: us(definition.startMs),
      every: us(definition.everyMs),
      lag: us(definition.lagMs),
      prefetch: definition.prefetch,
      gaps: definition.gaps,
      skipAfter: us(definition.skipAfterMs),
      checkpoint: definition.checkpoint,
      checkpointEvery: definition.checkpointEvery,
      outOfOrder: definition.outOfOrder,
      onError: definition.onError,
      attempts: definition.attempts,
      retryTime: us(definition.retryMs),
      parkedRetry: us(definition.parkedRetryMs ?? 0),
      parkedRetriesMax: definition.parkedRetriesMax,
      liveOnly: definition.sideEffects === 'live only',
      claims: definition.claimMs !== undefined,
      claimTime: definition.claimMs === undefined ? Number.POSITIVE_INFINITY : us(definition.claimMs),
      outbox: outboxSettings(world, this.serviceName, this.service),
      handlerTime: compileDuration(definition.handlerMs ?? this.service.handlerMs),
      tables: {
        positions: own(storeTables.positions),
        versions: own(storeTables.versions),
        buffer: own(storeTables.buffer),
        parked: own(storeTables.parked),
        claims: own(storeTables.claims),
      },
    }
    this.addProgram(model, model.live, definition, path, world)
    if (model.next !== null) this.addProgram(model, model.next, definition, path, this.nextWorld(kept))
    return model
  }

  private check(definition: Projection, path: string): void {
    const known = eventTypes(this.scenario, definition.from)
    for (const type of Object.keys(definition.on)) {
      if (type === '*' || known.includes(type) || closest(type, known) === null) continue
      this.problems.add(
        `${path}.on.${type}`,
        `no event "${type}" is ever appended to the store of ${definition.from}${nearest(type, known)}`,
      )
    }
    definition.instances.forEach((service, i) => {
      if (Object.hasOwn(this.scenario.services, service)) return
      this.problems.add(
        `${path}.instances[${i}]`,
        `no service "${service}"${nearest(service, Object.keys(this.scenario.services))}`,
      )
    })
    definition.tables.forEach((table, i) => {
      if (Object.hasOwn(this.service.tables, table)) return
      this.problems.add(
        `${path}.tables[${i}]`,
        `no table "${table}" in ${this.serviceName}${nearest(table, Object.keys(this.service.tables))}`,
      )
    })
  }

  private lane(name: string, definition: Projection, tables: readonly number[]): Lane {
    const types = followedTypes(this.scenario, definition)
    return {
      name,
      tables,
      messageTypes: new Map(types.map((type) => [type, this.world.messageTypes.indexOf(eventMessage(type, name))])),
    }
  }

  /** The same names, but the kept tables' mean those of the next read model. */
  private nextWorld(kept: readonly string[]): World {
    const home = this.world.serviceNames.indexOf(this.serviceName)
    const rename = (table: TableModel): TableModel => {
      if (table.service !== home) return table
      if (kept.includes(table.name)) return { ...table, name: `${table.name} of the old read model` }
      const base = kept.find((one) => nextTable(one) === table.name)
      return base === undefined ? table : { ...table, name: base }
    }
    return { ...this.world, tables: this.world.tables.map(rename) }
  }

  private addProgram(model: ProjectionModel, lane: Lane, definition: Projection, path: string, world: World): void {
    const emit = (program: Assembler, end: Label) => this.emitRules(program, end, lane.name, definition, path, world)
    const program = this.programs.addProgram(projectionProgram(model, lane, emit))
    // A service that is not there has been told as a problem.
    for (const service of model.instances.filter((one) => one >= 0)) {
      for (const type of lane.messageTypes.values()) {
        this.programs.handleBy(service, this.world.messageTypes[type] as string, program)
      }
    }
  }

  private emitRules(
    program: Assembler,
    end: Label,
    lane: string,
    definition: Projection,
    path: string,
    world: World,
  ): ReadonlyMap<string, Label> {
    const labels = new Map<string, Label>()
    for (const [type, statements] of Object.entries(definition.on)) {
      const label = program.label()
      labels.set(type, label)
      program.place(label)
      const context: OperationContext = { ...this.programs.ruleContext(this.serviceName, lane), world }
      compileStatements(new StatementScope(context, program, end), statements, `${path}.on.${type}`)
      program.jump(end)
    }
    return labels
  }
}
