/**
 * From a scenario to a model the kernel can run. Reports every problem it finds with its place, and never throws for
 * a visitor's input.
 */
import * as v from 'valibot'
import { fail, ok, type Result } from '../base/result.ts'
import { EvaluationError } from '../kernel/evaluation.ts'
import type { Model, ObservableModel, PatternModel, PropertyModel, ServiceModel } from '../kernel/model.ts'
import { arrivalsPattern, receiveByClients } from '../patterns/arrivals.ts'
import { brokerTransactions } from '../patterns/broker-transactions.ts'
import { choreographyPattern } from '../patterns/choreography.ts'
import { CLIENT, clientPattern } from '../patterns/client.ts'
import { consumerGroups } from '../patterns/consumer-groups.ts'
import { dedupStores } from '../patterns/dedup-store.ts'
import { emittedPattern } from '../patterns/emitted.ts'
import { eventStorePattern, WRONG_VERSION } from '../patterns/event-store.ts'
import { keyKeeper } from '../patterns/key-keeper.ts'
import { leasePattern } from '../patterns/leases.ts'
import { lockPattern } from '../patterns/locks.ts'
import { outboxPattern } from '../patterns/outbox.ts'
import {
  ARRIVAL_PATTERN,
  BROKER_PATTERN,
  CHOREOGRAPHY_PATTERN,
  CLIENT_PATTERN,
  EMITTED_PATTERN,
  EVENT_STORE_PATTERN,
  GROUP_PATTERN,
  KEY_PATTERN,
  LEASE_PATTERN,
  LOCK_PATTERN,
  OUTBOX_PATTERN,
  PROJECTION_PATTERN,
  SAGA_PATTERN,
  STORE_PATTERN,
  TWO_PHASE_PATTERN,
} from '../patterns/pattern-numbers.ts'
import { projectionPattern } from '../patterns/projection.ts'
import { sagaPattern } from '../patterns/saga-state.ts'
import { twoPhasePattern } from '../patterns/two-phase-participant.ts'
import type { Value } from '../trace/trace-format.ts'
import { compileArrivals } from './compile-arrivals.ts'
import { compileDuration } from './compile-duration.ts'
import { compileStores } from './compile-event-stores.ts'
import { compileFaults, us } from './compile-faults.ts'
import { compileGroups } from './compile-groups.ts'
import { compileHeader } from './compile-header.ts'
import { checkKeys, keySettings, keyStatuses } from './compile-keys.ts'
import { compileLoad, compileScalings } from './compile-load.ts'
import { compileProjections, ProjectionTable } from './compile-projections.ts'
import { compileRequests } from './compile-requests.ts'
import { compileSagas } from './compile-sagas.ts'
import { leaseModel, outboxSettings, ProgramTable, replyNames } from './compile-services.ts'
import { systemTables } from './compile-tables.ts'
import { decisions, hasTwoPhase } from './compile-two-phase.ts'
import { ExpressionError } from './expression-error.ts'
import { isTrueOrMissing } from './expression-operators.ts'
import { formProblem } from './form.ts'
import { nearest } from './nearest.ts'
import { compileObservation, ObservationNames, type Onlooker } from './observation.ts'
import { ProblemList, problemsOf } from './problems.ts'
import { expandRules } from './rules.ts'
import { redeliveryPresets, type Scenario, type Service, scenarioSchema } from './schema.ts'
import { tableNumber, type World } from './scope.ts'
import { createWorld } from './world.ts'

/** Longest scenario text that is read, in UTF-16 units. */
export const TEXT_MAX = 1_000_000

/** Checks a scenario's form and fills in the defaults. References are checked by `compile`. */
export function readScenario(input: unknown): Result<Scenario> {
  const malformed = formProblem(input)
  if (malformed !== null) return fail(malformed)
  const parsed = v.safeParse(scenarioSchema, expandRules(input))
  return parsed.success ? ok(parsed.output) : fail(...problemsOf(parsed.issues))
}

/** Reads a scenario file's text. */
export function parseScenario(text: string): Result<unknown> {
  if (text.length > TEXT_MAX) {
    return fail({ path: '', message: `the file is too large: ${text.length} characters, at most ${TEXT_MAX}` })
  }
  try {
    return ok(JSON.parse(text))
  } catch (error) {
    return fail({ path: '', message: `this is not JSON: ${(error as Error).message}` })
  }
}

export function compile(scenario: Scenario, variant: string | null = null): Result<Model> {
  const problems = new ProblemList()
  if (CLIENT in scenario.services)
    problems.add(`services.${CLIENT}`, `"${CLIENT}" stands for the clients; choose another name`)
  const world = createWorld(scenario, problems)
  const eventStores = compileStores(scenario, world, problems)
  const projections = new ProjectionTable(scenario, problems)
  const programs = new ProgramTable(scenario, world, eventStores, projections, problems)
  const { sagas, choreographies } = compileSagas(scenario, world, programs, problems)
  programs.addParticipants(choreographies)
  compileProjections(scenario, world, eventStores, projections, programs, problems)
  const onlooker: Onlooker = { world, sagas, stores: eventStores, projections: projections.models }
  checkKeys(scenario, world, problems)
  const faults = compileFaults(scenario, world, problems)
  const requests = compileRequests(scenario, world, programs, problems)
  const starts = unanswered(scenario, world)
  const streams = compileArrivals(scenario, world, programs, starts, requests.length, problems)
  const asking = { load: false }
  const properties = compileProperties(scenario, onlooker, asking, problems)
  const observables = Object.entries(scenario.observables).map(([name, text]) =>
    compileObservable(name, text, `observables.${name}`, onlooker, problems, asking),
  )
  checkExpectations(scenario, problems)
  if (!problems.isEmpty) return problems.result()
  const client = world.serviceNames.length - 1
  const stores = programs.stores()
  const groups = compileGroups(scenario, world.instances, (name) => tableNumber(world, name, systemTables.partitions))
  return ok({
    seed: scenario.seed,
    endTime: us(scenario.endMs),
    entriesMax: scenario.entriesMax,
    services: world.serviceNames.map((name, i) =>
      compileService(
        name,
        scenario.services[world.serviceNames[world.instances?.first[i] ?? i] as string],
        i === client ? receiveByClients(streams) : null,
        programs,
        i,
        faults.handling,
      ),
    ),
    client,
    instances: world.instances,
    groups,
    tables: world.tables,
    messageTypes: world.messageTypes,
    ...answersOf(scenario, world.messageTypes),
    programs: programs.programs,
    bus: compileBus(scenario),
    requests,
    streams,
    messageFaults: faults.messageFaults,
    partitions: faults.partitions,
    crashes: faults.crashes,
    amnesias: faults.amnesias,
    pauses: faults.pauses,
    skews: faults.skews,
    replays: scenario.workload.replays.map(({ atMs, service }) => ({
      at: us(atMs),
      service: service === undefined ? -1 : world.serviceNames.indexOf(service),
    })),
    scalings: compileScalings(scenario),
    stores: stores.map(({ table }) => table),
    load: compileLoad(scenario, world, requests, streams, projections.models, asking.load),
    patterns: inPlace({
      [CLIENT_PATTERN]: clientPattern(starts),
      [SAGA_PATTERN]: sagaPattern(sagas),
      [OUTBOX_PATTERN]: outboxPattern(
        Object.entries(scenario.services).flatMap(([name, service]) => outboxSettings(world, name, service) ?? []),
      ),
      [LOCK_PATTERN]: lockPattern,
      [KEY_PATTERN]: keyKeeper(
        Object.entries(scenario.services).flatMap(([name, service]) => keySettings(world, name, service) ?? []),
      ),
      [EVENT_STORE_PATTERN]: eventStorePattern,
      [TWO_PHASE_PATTERN]: twoPhasePattern,
      [ARRIVAL_PATTERN]: arrivalsPattern(streams),
      [STORE_PATTERN]: dedupStores(stores),
      [PROJECTION_PATTERN]: projectionPattern(projections.models),
      [LEASE_PATTERN]: leasePattern(
        Object.entries(scenario.services).flatMap(([name, service]) => leaseModel(world, name, service) ?? []),
      ),
      [BROKER_PATTERN]: brokerTransactions,
      [GROUP_PATTERN]: consumerGroups(groups?.models ?? []),
      [CHOREOGRAPHY_PATTERN]: choreographyPattern([...choreographies.values()]),
      [EMITTED_PATTERN]: emittedPattern,
    }),
    properties: properties.map(({ property }) => property),
    observables,
    countsEffects:
      properties.some(({ asksForEffects }) => asksForEffects) || observables.some((one) => one.needsEffects),
    header: compileHeader(scenario, variant, world, sagas, programs.statements, eventStores, projections.models),
  })
}

/** Each pattern at the place where its part of a run is kept. */
function inPlace(patterns: Readonly<Record<number, PatternModel>>): PatternModel[] {
  const list: PatternModel[] = []
  for (const [place, pattern] of Object.entries(patterns)) list[Number(place)] = pattern
  return list
}

/** One more observable over the same model: for questions the scenario did not ask. */
export function observe(scenario: Scenario, text: string): Result<ObservableModel> {
  const problems = new ProblemList()
  const world = createWorld(scenario, problems)
  const eventStores = compileStores(scenario, world, problems)
  const projections = new ProjectionTable(scenario, problems)
  const programs = new ProgramTable(scenario, world, eventStores, projections, problems)
  const { sagas } = compileSagas(scenario, world, programs, problems)
  compileProjections(scenario, world, eventStores, projections, programs, problems)
  const onlooker: Onlooker = { world, sagas, stores: eventStores, projections: projections.models }
  const observable = compileObservable(text, text, '', onlooker, problems)
  return problems.isEmpty ? ok(observable) : problems.result()
}

/** Starts and resumptions of sagas: nobody answers them. */
function unanswered(scenario: Scenario, world: World): Set<number> {
  const messages = Object.values(scenario.sagas).flatMap((saga) => [saga.start, saga.resume ?? saga.start])
  return new Set(messages.map((message) => world.messageTypes.indexOf(message)))
}

function answersOf(scenario: Scenario, messageTypes: readonly string[]): Pick<Model, 'answerTo' | 'errorAnswer'> {
  const answerTo = new Int32Array(messageTypes.length).fill(-1)
  const errorAnswer = new Int32Array(messageTypes.length).fill(-1)
  for (const service of Object.values(scenario.services)) {
    for (const [name, operation] of Object.entries(service.operations)) {
      const replies = replyNames(name, operation)
      const asked = messageTypes.indexOf(name)
      for (const reply of Object.values(replies)) answerTo[messageTypes.indexOf(reply)] = asked
      errorAnswer[asked] = messageTypes.indexOf(replies.failed)
    }
  }
  if (hasTwoPhase(scenario))
    answerTo[messageTypes.indexOf(decisions.committed)] = messageTypes.indexOf(decisions.commit)
  return { answerTo, errorAnswer }
}

function compileService(
  name: string,
  service: Service | undefined,
  receive: NonNullable<ServiceModel['receive']> | null,
  programs: ProgramTable,
  number: number,
  faults: readonly ServiceModel['faults'][],
): ServiceModel {
  return {
    name,
    isClient: receive !== null,
    handlerTime: compileDuration(service?.handlerMs ?? 0),
    concurrency: service?.concurrency ?? 1,
    queueMax: service?.queueMax ?? Number.POSITIVE_INFINITY,
    replicas: service?.replicas ?? 1,
    routesByKey: service?.routing === 'by key',
    acknowledgeFirst: service?.acknowledge === 'first',
    restartTime: us(service?.restartMs ?? 0),
    fencing: service?.lease?.fencing ?? false,
    redeliverOnError: service?.onError === 'redeliver',
    isolation: service?.isolation ?? 'read committed',
    heartbeat: service?.heartbeat ?? false,
    readsCommitted: service?.reads === 'committed',
    transactionTime: transactionTime(service),
    programs: programs.handlers[number] as Int32Array,
    faults: faults[number] ?? [],
    statuses: { [WRONG_VERSION]: 409, ...keyStatuses(service) },
    receive,
  }
}

function transactionTime(service: Service | undefined): number {
  const transactional = service?.protections.transactional ?? false
  if (transactional === false) return 0
  return us(transactional === true ? 60_000 : transactional.timeoutMs)
}

function compileBus(scenario: Scenario): Model['bus'] {
  const { hopMs, order, visibilityMs, deliveriesMax, hopLimit, timeToLiveMs, parking, redelivery } = scenario.bus
  const policy = typeof redelivery === 'string' ? redeliveryPresets[redelivery] : redelivery
  const [from, to] = typeof hopMs === 'number' ? [hopMs, hopMs] : hopMs
  return {
    hopFrom: us(Math.min(from, to)),
    hopTo: us(Math.max(from, to)),
    clientHop: us(scenario.workload.hopMs),
    perKey: order === 'per key',
    visibility: us(visibilityMs ?? 0),
    deliveriesMax: deliveriesMax ?? 0,
    hopLimit: hopLimit ?? 0,
    redelivery:
      policy === undefined
        ? null
        : { immediate: policy.immediate, delayed: policy.delayedMs.map(us), blocks: policy.blocks },
    timeToLive: us(timeToLiveMs ?? 0),
    parkSequence: parking === 'sequence',
  }
}

function compileProperties(
  scenario: Scenario,
  onlooker: Onlooker,
  asking: Asking,
  problems: ProblemList,
): { property: PropertyModel; asksForEffects: boolean }[] {
  return Object.entries(scenario.properties).map(([name, property]) => {
    const names = new ObservationNames(onlooker)
    const path = `properties.${name}.check`
    const check = observation(property.check, names, path, problems)
    const holds = naming(path, (sim) => isTrueOrMissing(check(sim)))
    if (names.loadUsed) asking.load = true
    const looksAt = new Uint8Array(onlooker.world.tables.length)
    for (const table of names.tablesUsed) looksAt[table] = 1
    // An effect is a change of some table: whichever it is.
    if (names.effectsUsed) looksAt.fill(1)
    return {
      property: {
        name,
        when: property.when,
        holds: (sim) => holds(sim) === true,
        looksAt,
        looksAtSagas: names.sagasUsed,
        needsTrace: names.traceUsed,
      },
      asksForEffects: names.effectsUsed,
    }
  })
}

function compileObservable(
  name: string,
  text: string,
  path: string,
  onlooker: Onlooker,
  problems: ProblemList,
  asking: Asking = { load: false },
): ObservableModel {
  const names = new ObservationNames(onlooker)
  const evaluate = observation(text, names, path, problems)
  if (names.loadUsed) asking.load = true
  return {
    name,
    value: (sim) => (evaluate(sim) ?? null) as Value,
    needsTrace: names.traceUsed,
    needsEffects: names.effectsUsed,
  }
}

/** Does any expression ask for what only a run under load measures? */
interface Asking {
  load: boolean
}

type Observation = ReturnType<typeof compileObservation>

function observation(text: string, names: ObservationNames, path: string, problems: ProblemList): Observation {
  try {
    return naming(path, compileObservation(text, names))
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    problems.add(path, error.message)
    return () => null
  }
}

/** Whatever goes wrong with a value while it runs is said with the place of the expression. */
function naming(path: string, evaluate: Observation): Observation {
  return (sim) => {
    try {
      return evaluate(sim)
    } catch (error) {
      const isPlaced = path === '' || (error instanceof EvaluationError && error.message.startsWith(`${path}: `))
      throw error instanceof EvaluationError && !isPlaced ? new EvaluationError(`${path}: ${error.message}`) : error
    }
  }
}

function checkExpectations(scenario: Scenario, problems: ProblemList): void {
  const observables = Object.keys(scenario.observables)
  const properties = Object.keys(scenario.properties)
  const check = (expect: Record<string, unknown>, breaks: readonly string[], path: string) => {
    for (const name of Object.keys(expect)) {
      if (!observables.includes(name))
        problems.add(`${path}expect.${name}`, `no observable "${name}"${nearest(name, observables)}`)
    }
    breaks.forEach((name, i) => {
      if (!properties.includes(name))
        problems.add(`${path}breaks[${i}]`, `no property "${name}"${nearest(name, properties)}`)
    })
  }
  check(scenario.expect, scenario.breaks, '')
}
