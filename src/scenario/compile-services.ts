/** From services and sagas to handler programs. */

import { meetInjectedAnswer, succeed } from '../kernel/handler.ts'
import type { Program } from '../kernel/model.ts'
import { Assembler, type Label } from '../kernel/program.ts'
import type { ChoreographyModel, EventModel } from '../patterns/choreography.ts'
import type { StoreSettings } from '../patterns/dedup-store.ts'
import type { FenceSettings } from '../patterns/fence.ts'
import type { InboxSettings } from '../patterns/inbox.ts'
import type { LeaseModel } from '../patterns/leases.ts'
import type { OutboxSettings } from '../patterns/outbox-rows.ts'
import { participantProgram } from '../patterns/participant.ts'
import {
  type OrchestratorSettings,
  replyProgram,
  resumeProgram,
  startProgram,
  timerProgram,
} from '../patterns/saga-programs.ts'
import { endLocal } from '../patterns/saga-steps.ts'
import { confirmationProgram, inquiryProgram } from '../patterns/two-phase-coordinator.ts'
import { branchProgram, decisionProgram, routeProgram } from '../patterns/two-phase-participant.ts'
import type { StatementInfo } from '../trace/trace-format.ts'
import { compileDuration } from './compile-duration.ts'
import type { Stores } from './compile-event-stores.ts'
import { us } from './compile-faults.ts'
import { keySettings, storeSettings } from './compile-keys.ts'
import { compileOperation } from './compile-operation.ts'
import type { ProjectionTable } from './compile-projections.ts'
import { systemTables } from './compile-tables.ts'
import { decisions, isBranch } from './compile-two-phase.ts'
import type { ProblemList } from './problems.ts'
import type { Operation, Saga, Scenario, Service } from './schema.ts'
import { tableNumber, type World } from './scope.ts'
import type { OperationContext } from './statement-scope.ts'

/** The names of an operation's answers. */
export function replyNames(name: string, operation: Operation): { ok: string; refused: string; failed: string } {
  return {
    ok: operation.reply ?? `${name} ok`,
    refused: operation.refusal ?? `${name} refused`,
    failed: `${name} failed`,
  }
}

const plainOutbox = {
  mark: 'each',
  batch: 100,
  everyMs: 0,
  relays: 1,
  share: 'any',
  relayMs: 0,
  reads: 'unsent',
} as const

export function outboxSettings(world: World, name: string, service: Service): OutboxSettings | null {
  const { outbox } = service.protections
  if (outbox === false) return null
  const { mark, batch, everyMs, relays, share, relayMs, reads } = outbox === true ? plainOutbox : outbox
  return {
    service: world.serviceNames.indexOf(name),
    table: tableNumber(world, name, systemTables.outbox),
    mark,
    batch,
    every: us(everyMs === 0 && reads !== 'unsent' ? 10 : everyMs),
    relays,
    share,
    reads,
    time: us(relayMs),
  }
}

export function leaseModel(world: World, name: string, { lease }: Service): LeaseModel | null {
  if (lease === undefined) return null
  const timeToLive = us(lease.timeToLiveMs)
  return {
    service: world.serviceNames.indexOf(name),
    table: tableNumber(world, name, systemTables.leases),
    timeToLive,
    renew: lease.renewMs === undefined ? Math.max(1, Math.floor(timeToLive / 3)) : us(lease.renewMs),
    clock: lease.clock,
  }
}

export class ProgramTable {
  readonly programs: Program[] = []
  readonly statements: StatementInfo[] = []
  /** By service: message type → program. */
  readonly handlers: Int32Array[]
  private readonly scenario: Scenario
  private readonly world: World
  private readonly eventStores: Stores
  private readonly projections: ProjectionTable
  private readonly problems: ProblemList

  constructor(
    scenario: Scenario,
    world: World,
    eventStores: Stores,
    projections: ProjectionTable,
    problems: ProblemList,
  ) {
    this.scenario = scenario
    this.world = world
    this.eventStores = eventStores
    this.projections = projections
    this.problems = problems
    const own = world.serviceNames.map(() => new Int32Array(world.messageTypes.length).fill(-1))
    this.handlers = own.map((handlers, i) => own[world.instances?.first[i] ?? i] ?? handlers)
  }

  /** Every operation of every service, as a handler of the message of its name. */
  addParticipants(choreographies: ReadonlyMap<string, ChoreographyModel>): void {
    const { wiring } = this.world
    Object.entries(this.scenario.services).forEach(([serviceName, service], number) => {
      for (const [name, operation] of Object.entries(service.operations)) {
        const ordinary = this.addProgram(
          this.participant(number, serviceName, service, name, operation, choreographies),
        )
        const program = isBranch(this.scenario, serviceName, name)
          ? this.addBranch(number, service, name, operation, ordinary)
          : ordinary
        this.handleBy(number, name, program)
        for (const [event, reaction] of wiring.subscriptions.get(serviceName) ?? []) {
          if (reaction === name) this.handleBy(number, event, program)
        }
        for (const saga of Object.values(this.scenario.sagas)) {
          const first = saga.steps[0]
          const isStart = saga.style === 'choreographed' && first?.service === serviceName && first.operation === name
          if (isStart) this.handleBy(number, saga.start, program)
        }
      }
    })
  }

  /** The same operation as a part of a two-phase commit, where that is what it is asked for. */
  private addBranch(number: number, service: Service, name: string, operation: Operation, ordinary: number): number {
    const names = replyNames(name, operation)
    const type = (text: string) => this.world.messageTypes.indexOf(text)
    const settings = {
      operation: name,
      handlerTime: compileDuration(operation.handlerMs ?? service.handlerMs),
      replies: { ok: type(names.ok), refused: type(names.refused), failed: type(names.failed) },
    }
    const emit = (program: Assembler, end: Label) => this.compileOperation(number, name, operation, program, end, true)
    return this.addProgram(routeProgram(name, ordinary, this.addProgram(branchProgram(settings, emit))))
  }

  /** What the messages of a two-phase commit mean to its participants and to its coordinator. */
  addTwoPhase(service: number, name: string, saga: Saga): void {
    const type = (text: string) => this.world.messageTypes.indexOf(text)
    const { commit, abort, committed, inquire } = decisions
    const settings = this.orchestratorSettings(service, name)
    const once = (at: number, message: string, program: () => Program) => {
      if ((this.handlers[at] as Int32Array)[type(message)] === -1) this.handle(at, message, program())
    }
    once(service, committed, () => confirmationProgram(settings))
    once(service, inquire, () => inquiryProgram({ commit: type(commit), abort: type(abort) }, settings))
    for (const step of saga.steps) {
      const definition = this.scenario.services[step.service]
      if (definition === undefined || step.service === name) continue
      const at = this.world.serviceNames.indexOf(step.service)
      const time = compileDuration(definition.handlerMs)
      once(at, commit, () => decisionProgram(commit, time, type(committed)))
      once(at, abort, () => decisionProgram(abort, time, null))
    }
  }

  /** An event and who subscribes to it; null for no event. */
  event(name: string | null): EventModel | null {
    if (name === null) return null
    const { world } = this
    const subscribers = world.wiring.subscribersOf(name).map((service) => world.serviceNames.indexOf(service))
    return { type: world.messageTypes.indexOf(name), subscribers }
  }

  /** A local operation: its statements alone, run inside another handler's transaction. */
  addLocal(service: number, name: string, operation: Operation): number {
    const program = new Assembler()
    const end = program.label()
    const back = program.label()
    program.emit(meetInjectedAnswer)
    this.compileOperation(service, name, operation, program, end, true)
    program.place(end)
    program.emit(succeed)
    program.place(back)
    program.emit(endLocal)
    return this.addProgram(program.finish(name, { refused: back, failed: back, duplicate: end }))
  }

  addOrchestrator(service: number, name: string): number {
    const settings = this.orchestratorSettings(service, name)
    const timer = this.addProgram(timerProgram(settings))
    const reply = this.addProgram(replyProgram(settings))
    for (const step of Object.values(this.scenario.sagas).flatMap((saga) =>
      saga.orchestrator === name ? saga.steps : [],
    )) {
      const operations = this.scenario.services[step.service]?.operations ?? {}
      for (const operationName of [step.operation, step.compensation]) {
        const operation = operationName === undefined ? undefined : operations[operationName]
        if (operation === undefined || operationName === undefined) continue
        for (const answer of Object.values(replyNames(operationName, operation))) this.handleBy(service, answer, reply)
      }
    }
    return timer
  }

  addStart(service: number, name: string, message: string, definition: number): void {
    this.handle(service, message, startProgram(message, definition, this.orchestratorSettings(service, name)))
  }

  addResume(service: number, name: string, message: string, definition: number): void {
    this.handle(service, message, resumeProgram(message, definition, this.orchestratorSettings(service, name)))
  }

  private participant(
    number: number,
    serviceName: string,
    service: Service,
    name: string,
    operation: Operation,
    choreographies: ReadonlyMap<string, ChoreographyModel>,
  ): Program {
    const emits = this.world.wiring.emits(serviceName, name, operation)
    const place = this.world.wiring.places.get(`${serviceName}/${name}`)
    const model = place === undefined ? undefined : choreographies.get(place.saga)
    const type = (text: string) => this.world.messageTypes.indexOf(text)
    const names = replyNames(name, operation)
    return participantProgram(
      {
        operation: name,
        handlerTime: compileDuration(operation.handlerMs ?? service.handlerMs),
        replies: { ok: type(names.ok), refused: type(names.refused), failed: type(names.failed) },
        key: keySettings(this.world, serviceName, service),
        inbox: this.inboxSettings(serviceName, service),
        fence: this.fenceSettings(serviceName, service),
        epochs: service.protections.epochs ? tableNumber(this.world, serviceName, systemTables.epochs) : -1,
        outbox: outboxSettings(this.world, serviceName, service),
        transactional: service.protections.transactional !== false,
        emits: { ok: this.event(emits.ok), refused: this.event(emits.refused) },
        place: place === undefined || model === undefined ? null : { ...place, model },
      },
      (program, end) => this.compileOperation(number, name, operation, program, end),
    )
  }

  private compileOperation(
    service: number,
    name: string,
    operation: Operation,
    program: Assembler,
    end: ReturnType<Assembler['label']>,
    isLocal = false,
  ): void {
    const { world } = this
    const serviceName = world.serviceNames[service] as string
    compileOperation(
      {
        ...this.ruleContext(serviceName, name),
        uniqueViolation: operation.uniqueViolation,
        key: isLocal ? null : keySettings(world, serviceName, this.scenario.services[serviceName] as Service),
        isLocal,
      },
      program,
      end,
      operation,
      `services.${serviceName}.operations.${name}`,
    )
  }

  /** What statements need to know that belong to no operation: a projection's rules. */
  ruleContext(serviceName: string, name: string): OperationContext {
    const { world, eventStores, projections, problems } = this
    const service = world.serviceNames.indexOf(serviceName)
    return {
      world,
      stores: eventStores,
      projections,
      service,
      operation: name,
      uniqueViolation: 'fail',
      problems,
      event: (event) => this.event(event) as EventModel,
      handles: (target, message) => this.scenario.services[target]?.operations?.[message] !== undefined,
      starts: (target, message) =>
        Object.values(this.scenario.sagas).some((saga) => saga.orchestrator === target && saga.start === message),
      key: null,
      isLocal: false,
      statement: (text, verb, change) => this.statements.push({ service, operation: name, text, verb, ...change }) - 1,
    }
  }

  private orchestratorSettings(service: number, name: string): OrchestratorSettings {
    const definition = this.scenario.services[name] as Service
    return {
      handlerTime: compileDuration(definition.handlerMs),
      inbox: this.inboxSettings(name, definition),
      outbox: outboxSettings(this.world, name, definition),
      transactional: definition.protections.transactional !== false,
      sendFirst: Object.values(this.scenario.sagas).some(
        (saga) => this.world.serviceNames.indexOf(saga.orchestrator) === service && saga.persist === 'after sending',
      ),
    }
  }

  /** Every store of keys and every inbox. */
  stores(): StoreSettings[] {
    return Object.entries(this.scenario.services)
      .flatMap(([name, service]) => [keySettings(this.world, name, service), this.inboxSettings(name, service)])
      .filter((settings) => settings !== null)
  }

  private inboxSettings(name: string, service: Service): InboxSettings | null {
    const { inbox } = service.protections
    if (inbox === undefined) return null
    return {
      byBusinessKey: inbox.by === 'business key',
      storedReply: inbox.reply === 'stored',
      afterWork: inbox.when === 'after the work',
      ...storeSettings(inbox),
      service: this.world.serviceNames.indexOf(name),
      table: tableNumber(this.world, name, systemTables.inbox),
    }
  }

  private fenceSettings(name: string, service: Service): FenceSettings | null {
    const { fence } = service.protections
    if (fence === undefined) return null
    return {
      lifetime: fence.lifetimeMs === undefined ? Number.POSITIVE_INFINITY : us(fence.lifetimeMs),
      table: tableNumber(this.world, name, systemTables.fence),
    }
  }

  private handle(service: number, message: string, program: Program): void {
    this.handleBy(service, message, this.addProgram(program))
  }

  handleBy(service: number, message: string, program: number): void {
    const type = this.world.messageTypes.indexOf(message)
    const handlers = this.handlers[service] as Int32Array
    const taken = handlers[type] as number
    if (taken >= 0 && taken !== program) {
      const name = this.world.serviceNames[service]
      this.problems.add(
        `services.${name}`,
        `two handlers for the message "${message}"; give an operation or a reply another name`,
      )
    }
    handlers[type] = program
  }

  addProgram(program: Program): number {
    return this.programs.push(program) - 1
  }
}
