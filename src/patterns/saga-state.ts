/**
 * What orchestrators know: the instances, found by number or id, and what a crash or a restart makes of them. A
 * decision becomes true here when its handling commits.
 */

import { hashText } from '../base/hash.ts'
import { createEnv } from '../kernel/evaluation.ts'
import { type PatternModel, type Payload, retryWait, type Timer } from '../kernel/model.ts'
import { note, startTimerTask } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import type { Wishes } from './decision.ts'
import { SAGA_PATTERN } from './pattern-numbers.ts'
import { type SagaInstance, type SagaModel, type SagaPatternState, SagaStatus, verdictNames } from './saga-model.ts'
import { recordFact, thawed } from './saga-record.ts'
import { tidySagas } from './saga-tidy.ts'

/** What a handling keeps between its steps: plain data. */
export interface SagaWork {
  /** The instance as it was loaded; null for a new one. */
  readonly loaded: SagaInstance | null
  readonly saga: SagaInstance
  readonly wishes: Wishes
  /** The local operation that is running. */
  local: { step: number; compensation: boolean } | null
  localsDone: number
}

/** The step number of the timer that stands for "the orchestrator is back". */
export const RESTART = -2
/** And of the timer that stands for "after being compensated, once more". */
export const RERUN = -3

/** The pattern with the definitions it runs. */
export interface SagaPattern extends PatternModel {
  readonly models: readonly SagaModel[]
}

export function sagaPattern(models: readonly SagaModel[]): SagaPattern {
  return {
    name: 'saga',
    models,
    init: (): SagaPatternState => ({
      instances: [],
      records: [],
      byId: new Map(),
      reserved: new Map(),
      lockedBy: new Map(),
      count: 0,
    }),
    isStale: (sim, timer) => isOutdated(sagaState(sim).instances[timer.subject], timer),
    tidy: (sim) => tidySagas(sim, models),
    onTimer: (sim, timer) => {
      const saga = sagaState(sim).instances[timer.subject]
      // A timer that fell due while the orchestrator was down can be outdated by now.
      if (isOutdated(saga, timer)) return
      const { timerProgram } = models[(saga as SagaInstance).definition] as SagaModel
      startTimerTask(sim, timer, timerProgram, timer.step === RESTART ? 'restart' : 'timeout')
    },
    onCrash: (sim, service) => {
      const state = sagaState(sim)
      state.instances.forEach((saga, number) => {
        const model = saga === null ? undefined : models[saga.definition]
        if (saga === null || model === undefined || model.durable || model.orchestrator !== service) return
        state.instances[number] = null
        state.byId.delete(`${saga.definition}/${saga.id}`)
        sim.note(
          Kind.forgotten,
          service,
          number,
          NONE,
          sim.services[service]?.crashPosition ?? NONE,
          sim.value(`saga ${saga.id}`),
        )
      })
    },
    // What it knows is on its disk: it asks again before it hears what was said to it meanwhile.
    onReturn: (sim, service, cause) => restart(sim, models, service, cause, asksAgain),
    onRecover: (sim, service, cause) => restart(sim, models, service, cause, looksAgain),
  }
}

const asksAgain = (model: SagaModel) => model.onRestart === 'ask again' && model.twoPhase === null
const looksAgain = (model: SagaModel) => model.onRestart === 'turn back' || model.twoPhase !== null

function restart(
  sim: Simulation,
  models: readonly SagaModel[],
  service: number,
  cause: number,
  does: (model: SagaModel) => boolean,
): void {
  for (const saga of sagaState(sim).instances) {
    // A number that was given to a start that never committed leaves a hole.
    if (saga === null || saga === undefined || saga.status >= SagaStatus.completed) continue
    const model = models[saga.definition] as SagaModel
    if (model.orchestrator !== service || !does(model)) continue
    // Another crash means another restart.
    const lasts = { step: RESTART, token: 0, durable: false, cause }
    startTimerTask(
      sim,
      { pattern: SAGA_PATTERN, service, subject: saga.number, ...lasts },
      model.timerProgram,
      'restart',
    )
  }
}

function isOutdated(saga: SagaInstance | null | undefined, timer: Timer): boolean {
  if (saga === null || saga === undefined) return true
  if (timer.step === RERUN) return saga.status !== SagaStatus.compensated || saga.run !== timer.token
  return timer.step !== RESTART && saga.token[timer.step] !== timer.token
}

export function sagaState(sim: Simulation): SagaPatternState {
  return sim.patterns[SAGA_PATTERN] as SagaPatternState
}

/** What the orchestrator knows under a number; null for nothing, and for no number (−1). */
export function instanceAt(sim: Simulation, number: number): SagaInstance | null {
  // Looking up place −1 of a list is dear.
  return number < 0 ? null : (sagaState(sim).instances[number] ?? null)
}

export function sagaModel(sim: Simulation, definition: number): SagaModel {
  return (sim.model.patterns[SAGA_PATTERN] as SagaPattern).models[definition] as SagaModel
}

/** The number of the instance with the id the message names; −1 when there is none to be found. */
export function findById(sim: Simulation, task: Task, model: SagaModel): number {
  if (!model.unique) return NONE
  const state = sagaState(sim)
  const number = state.byId.get(`${model.number}/${idOf(sim, task, model)}`) ?? NONE
  const saga = number < 0 ? null : state.instances[number]
  if (saga === null || saga === undefined) return NONE
  return saga.endedAt >= 0 && sim.now >= saga.endedAt + model.endedKept ? NONE : number
}

export function idOf(sim: Simulation, task: Task, model: SagaModel): string {
  const { payload } = (task.message as Message).body
  return String(model.id(createEnv(sim, task.tx, payload, task.locals)) ?? '')
}

/** What a step has given back becomes a part of what the saga knows. */
export function takeReturned(sim: Simulation, saga: SagaInstance, step: number, payload: Payload): void {
  const { returns } = sagaModel(sim, saga.definition).steps[step] as SagaModel['steps'][number]
  if (returns.length === 0) return
  const data: Record<string, Value> = { ...saga.data }
  for (const name of returns) if (payload[name] !== undefined) data[name] = payload[name]
  saga.data = data
}

/** The decision becomes true: the instance is the copy, its facts are written, its timers run. */
export function keepSaga(sim: Simulation, task: Task, opened: SagaWork): void {
  const { saga, wishes } = opened
  const model = sagaModel(sim, saga.definition)
  const state = sagaState(sim)
  const ended = saga.status >= SagaStatus.completed
  if (ended && saga.endedAt < 0) saga.endedAt = sim.now
  if (!ended) saga.endedAt = -1
  const forget = ended && model.removeEnded
  state.instances[saga.number] = forget ? null : saga
  if (opened.loaded === null) state.byId.set(`${saga.definition}/${saga.id}`, saga.number)
  if (forget) state.byId.delete(`${saga.definition}/${saga.id}`)
  const record = thawed(state, saga.number)
  for (const fact of wishes.facts) {
    recordFact(state, model, saga, fact)
    const a =
      fact.kind === Kind.sagaStarted
        ? sim.value(saga.id)
        : fact.kind === Kind.decided
          ? sim.value(verdictNames[fact.a] ?? null)
          : fact.a
    const b = fact.kind === Kind.sagaStarted ? model.number : typeof fact.b === 'string' ? sim.value(fact.b) : fact.b
    task.cause = note(sim, task, fact.kind, a, b)
  }
  const kept = record ?? state.records[saga.number]
  if (kept !== undefined) kept.data = saga.data
  const { orchestrator: service, durable } = model
  const common = { pattern: SAGA_PATTERN, service, subject: saga.number, durable, cause: task.cause }
  for (const { step, token, wait } of wishes.timers) sim.setTimer({ ...common, step, token }, sim.now + wait)
  if (saga.status !== SagaStatus.compensated || saga.run >= model.rerun.attemptsMax) return
  const wait = retryWait(model.rerun, saga.run, sim.seed, hashText(saga.id))
  sim.setTimer({ ...common, step: RERUN, token: saga.run }, sim.now + wait)
}
