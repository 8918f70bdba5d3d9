/**
 * The orchestrated saga: programs by which an orchestrator handles a start, a reply and a timer. One transaction holds
 * the local operations, the saga log and (with OUTBOX) the next commands; what the decision recorded becomes true when
 * it commits.
 */
import { rollback, type Transaction } from '../kernel/disk.ts'
import { crashedAt, meetHandlingFaults, Point } from '../kernel/faults.ts'
import {
  abortTask,
  acknowledgeStep,
  begin,
  commitTask,
  dawdle,
  meetInjectedAnswer,
  receive,
  sendStep,
  undoAll,
  waitFor,
  work,
} from '../kernel/handler.ts'
import { Metric } from '../kernel/metrics.ts'
import {
  Next,
  type NextCode,
  type PatternModel,
  type Payload,
  type Program,
  type Step,
  type Timer,
} from '../kernel/model.ts'
import { Assembler, type Label } from '../kernel/program.ts'
import { note, startTimerTask } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { Kind, Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { claimInbox, type InboxSettings, recordInbox } from './inbox.ts'
import { type OutboxSettings, relayStep, storeOutgoing } from './outbox.ts'
import { SAGA_PATTERN } from './pattern-numbers.ts'
import { type Answer, Decision, noWishes, type Wishes } from './saga-decide.ts'
import {
  copyInstance,
  createInstance,
  type SagaInstance,
  type SagaModel,
  type SagaPatternState,
  SagaStatus,
  type SagaStepModel,
} from './saga-model.ts'
import { recordFact } from './saga-record.ts'

/** What a handling keeps between its steps. */
interface Work {
  /** The instance as it was loaded; null for a new one. */
  readonly loaded: SagaInstance | null
  readonly saga: SagaInstance
  readonly model: SagaModel
  readonly wishes: Wishes
  /** The local operation that is running. */
  local: { step: number; compensation: boolean } | null
  localsDone: number
}

export function sagaPattern(models: readonly SagaModel[]): PatternModel {
  const pattern: PatternModel = {
    name: 'saga',
    init: (): SagaPatternState => ({
      instances: [],
      records: [],
      byId: new Map(),
      reserved: new Map(),
      lockedBy: new Map(),
      count: 0,
    }),
    isStale: (sim, timer) => {
      const saga = sagaState(sim).instances[timer.subject]
      return saga === null || saga === undefined || saga.token[timer.step] !== timer.token
    },
    onTimer: (sim, timer) => {
      const saga = sagaState(sim).instances[timer.subject]
      // A timer that fell due while the orchestrator was down can be outdated by now.
      if (saga === null || saga === undefined || saga.token[timer.step] !== timer.token) return
      startTimerTask(sim, timer, (models[saga.definition] as SagaModel).timerProgram, 'timeout')
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
    onRecover: (sim, service, cause) => {
      for (const saga of sagaState(sim).instances) {
        if (saga === null || saga.status >= SagaStatus.completed) continue
        const model = models[saga.definition] as SagaModel
        if (model.orchestrator !== service || model.onRestart === 'wait') continue
        const timer = {
          pattern: SAGA_PATTERN,
          service,
          subject: saga.number,
          step: RESTART,
          token: 0,
          durable: true,
          cause,
        }
        startTimerTask(sim, timer, model.timerProgram, 'restart')
      }
    },
  }
  return pattern
}

export function sagaState(sim: Simulation): SagaPatternState {
  return sim.patterns[SAGA_PATTERN] as SagaPatternState
}

export interface OrchestratorSettings {
  readonly handlerTime: number
  readonly inbox: InboxSettings | null
  readonly outbox: OutboxSettings | null
  readonly sendFirst: boolean
}

/** The three handlers of an orchestrator; `models` is filled in later, programs are needed first. */
export function startProgram(name: string, model: () => SagaModel, settings: OrchestratorSettings): Program {
  return orchestratorProgram(name, settings, () => [model()], {
    load: (sim, task) => findById(sim, task, model()),
    decide: (sim, task, loaded) => decideStart(sim, task, model(), loaded),
  })
}
export function resumeProgram(name: string, model: () => SagaModel, settings: OrchestratorSettings): Program {
  return orchestratorProgram(name, settings, () => [model()], {
    load: (sim, task) => findById(sim, task, model()),
    decide: (sim, task, loaded) => decideResume(sim, task, model(), loaded),
  })
}
export function replyProgram(models: readonly SagaModel[], settings: OrchestratorSettings): Program {
  return orchestratorProgram('reply', settings, () => models, {
    load: (_sim, task) => (task.message as Message).body.saga,
    decide: (sim, task, loaded) => decideReply(sim, task, models, loaded),
  })
}
export function timerProgram(models: readonly SagaModel[], settings: OrchestratorSettings): Program {
  return orchestratorProgram('timeout', settings, () => models, {
    load: (_sim, task) => (task.timer as Timer).subject,
    decide: (sim, task, loaded) => decideTimer(sim, task, models, loaded),
  })
}

/** What differs between the handlers of an orchestrator. */
interface Handling {
  /** The number of the instance it is about, −1 for none yet. */
  load(sim: Simulation, task: Task): number
  /** What to do; null when the message changes nothing. */
  decide(sim: Simulation, task: Task, loaded: SagaInstance | null): Work | null
}

function orchestratorProgram(
  name: string,
  settings: OrchestratorSettings,
  models: () => readonly SagaModel[],
  handling: Handling,
): Program {
  const { inbox, outbox } = settings
  const program = new Assembler()
  const labels = { refused: program.label(), failed: program.label(), duplicate: program.label() }
  const ignored = program.label()
  const again = program.label()
  program.emit(receive, dawdle)
  program.place(again)
  program.emit(begin)
  if (inbox !== null) program.emit(claimInbox(inbox))
  program.emit((sim, task) => loadSaga(sim, task, models(), handling))
  program.emit(work(settings.handlerTime), meetInjectedAnswer, (sim, task) => {
    const loaded = task.scratch as SagaInstance | null
    if (isOutdated(sim, task, models(), handling, loaded)) return startOver(sim, task, again)
    task.scratch = handling.decide(sim, task, loaded)
    if (task.scratch !== null) return Next.go
    task.pc = ignored.at
    return Next.jump
  })
  program.emit(runLocals, prepareCommands)
  if (inbox !== null) program.emit(recordInbox(inbox))
  if (outbox !== null) program.emit(storeOutgoing(outbox))
  const relay = outbox !== null ? relayStep(outbox) : sendStep
  if (settings.sendFirst && outbox === null) program.emit(relay, commitSaga)
  else program.emit(commitSaga, relay)
  program.emit(acknowledgeStep)
  program.place(ignored)
  program.emit(commitIgnored, acknowledgeStep)
  program.place(labels.refused)
  program.place(labels.failed)
  program.emit(undoAll, acknowledgeStep)
  program.place(labels.duplicate)
  program.emit((sim, task) => {
    abortTask(sim, task, 'duplicate')
    return Next.go
  }, acknowledgeStep)
  return program.finish(name, labels)
}

/** Reads the instance at the start of the handling; under pessimistic control it waits for whoever works on it. */
function loadSaga(sim: Simulation, task: Task, models: readonly SagaModel[], handling: Handling): NextCode {
  const state = sagaState(sim)
  const number = handling.load(sim, task)
  const saga = state.instances[number] ?? null
  task.scratch = saga
  if (saga === null || concurrencyOf(models, saga) !== 'pessimistic') return Next.go
  const holder = state.lockedBy.get(number)
  if (holder?.open && holder !== task.tx) return waitFor(sim, task, holder, `saga ${saga.id}`)
  state.lockedBy.set(number, task.tx as Transaction)
  return Next.go
}

function concurrencyOf(models: readonly SagaModel[], saga: SagaInstance): SagaModel['concurrency'] {
  const model = models.length === 1 ? models[0] : models[saga.definition]
  return (model as SagaModel).concurrency
}

/** Somebody else has changed the instance meanwhile (or made it): optimistic concurrency control. */
function isOutdated(
  sim: Simulation,
  task: Task,
  models: readonly SagaModel[],
  handling: Handling,
  loaded: SagaInstance | null,
): boolean {
  const now = sagaState(sim).instances[handling.load(sim, task)] ?? null
  if (now === loaded) return false
  const subject = loaded ?? now
  return subject !== null && concurrencyOf(models, subject) !== 'none'
}

function startOver(sim: Simulation, task: Task, again: Label): NextCode {
  sim.conflicts++
  abortTask(sim, task, 'conflict: the saga has changed meanwhile')
  task.inboxRow = null
  task.pc = again.at
  return Next.jump
}

/** The number of the instance with the id the message names; −1 when there is none to be found. */
function findById(sim: Simulation, task: Task, model: SagaModel): number {
  if (!model.unique) return NONE
  const state = sagaState(sim)
  const number = state.byId.get(`${model.number}/${idOf(sim, task, model)}`) ?? NONE
  const saga = state.instances[number]
  if (saga === null || saga === undefined) return NONE
  return saga.endedAt >= 0 && sim.now >= saga.endedAt + model.endedKept ? NONE : number
}

function idOf(sim: Simulation, task: Task, model: SagaModel): string {
  const { payload } = (task.message as Message).body
  return String(model.id({ sim, tx: task.tx, request: payload, row: null, locals: task.locals }) ?? '')
}

function decideStart(sim: Simulation, task: Task, model: SagaModel, loaded: SagaInstance | null): Work | null {
  const state = sagaState(sim)
  const message = task.message as Message
  const id = idOf(sim, task, model)
  if (loaded !== null) {
    sim.count(message.body.type, Metric.deduplicated)
    task.cause = note(sim, task, Kind.deduplicated, sim.value('saga id'), sim.value(id))
    return null
  }
  // A start that is handed out again after a crash gets the number it had, so that numbers have no gaps.
  const reservation = `${model.number}/${id}/${message.id}`
  const number = state.reserved.get(reservation) ?? state.count++
  state.reserved.set(reservation, number)
  task.saga = number
  const saga = createInstance(model, number, id, message.body.payload)
  const wishes = noWishes()
  new Decision(model, saga, wishes, sim.seed).start()
  return { loaded: null, saga, model, wishes, local: null, localsDone: 0 }
}

function decideResume(sim: Simulation, task: Task, model: SagaModel, loaded: SagaInstance | null): Work | null {
  if (loaded === null) return ignore(sim, task, NONE, 'there is no such saga')
  const opened = openWork(loaded, [model])
  task.saga = loaded.number
  new Decision(opened.model, opened.saga, opened.wishes, sim.seed).resumed()
  return opened
}

function decideReply(
  sim: Simulation,
  task: Task,
  models: readonly SagaModel[],
  loaded: SagaInstance | null,
): Work | null {
  const { body } = task.message as Message
  if (loaded === null) return ignore(sim, task, body.step, 'there is no such saga any more')
  const opened = openWork(loaded, models)
  const decision = new Decision(opened.model, opened.saga, opened.wishes, sim.seed)
  const answer: Answer =
    body.outcome === Outcome.ok
      ? { outcome: 'ok' }
      : { outcome: body.outcome === Outcome.refused ? 'refused' : 'failed', reason: body.reason ?? '' }
  if (body.compensation) decision.undone(body.step, answer)
  else decision.answered(body.step, answer)
  return opened.wishes.ignored === null ? opened : ignore(sim, task, body.step, opened.wishes.ignored)
}

function decideTimer(
  sim: Simulation,
  task: Task,
  models: readonly SagaModel[],
  loaded: SagaInstance | null,
): Work | null {
  const timer = task.timer as Timer
  // The answer may have come while the handler was at work.
  if (loaded === null || (timer.step !== RESTART && loaded.token[timer.step] !== timer.token)) return null
  const opened = openWork(loaded, models)
  const decision = new Decision(opened.model, opened.saga, opened.wishes, sim.seed)
  if (timer.step === RESTART) decision.restarted()
  else decision.timerFired(timer.step)
  return opened
}
/** The step number of the timer that stands for "the orchestrator is back". */
const RESTART = -2

function openWork(saga: SagaInstance, models: readonly SagaModel[]): Work {
  const model = (models.length === 1 ? models[0] : models[saga.definition]) as SagaModel
  return { loaded: saga, saga: copyInstance(saga), model, wishes: noWishes(), local: null, localsDone: 0 }
}

function ignore(sim: Simulation, task: Task, step: number, why: string): null {
  if (task.message !== null) sim.count(task.message.body.type, Metric.ignored)
  task.cause = note(sim, task, Kind.replyIgnored, step, sim.value(why))
  return null
}

/** Runs the local operations the decision wants, each as a program of its own inside this transaction. */
const runLocals: Step = (sim, task) => {
  const opened = task.scratch as Work
  if (opened.local !== null) finishLocal(sim, task, opened)
  const next = opened.wishes.locals[opened.localsDone]
  if (next === undefined) return Next.go
  opened.localsDone++
  opened.local = next
  const step = opened.model.steps[next.step] as SagaStepModel
  task.savepoint = task.tx?.writes.length ?? 0
  task.payload = stepPayload(sim, task, opened, step)
  task.outcome = Outcome.none
  task.failure = null
  task.refusal = null
  meetHandlingFaults(sim, task, next.compensation ? step.compensationName : step.actionName)
  task.returnProgram = task.program
  task.returnPc = task.pc
  task.program = next.compensation ? step.compensation : step.action
  task.pc = 0
  return Next.jump
}

function finishLocal(sim: Simulation, task: Task, opened: Work): void {
  const { step, compensation } = opened.local as { step: number; compensation: boolean }
  opened.local = null
  const decision = new Decision(opened.model, opened.saga, opened.wishes, sim.seed)
  const answer: Answer =
    task.outcome === Outcome.ok
      ? { outcome: 'ok' }
      : { outcome: task.outcome === Outcome.refused ? 'refused' : 'failed', reason: task.reason ?? '' }
  if (compensation) decision.undone(step, answer)
  else decision.answered(step, answer)
}

/** The end of a local operation's program: back to the handler that asked for it. */
export const endLocal: Step = (_sim, task) => {
  if (task.outcome !== Outcome.ok && task.tx !== null) rollback(task.tx, task.savepoint)
  task.program = task.returnProgram
  task.pc = task.returnPc
  return Next.jump
}

const prepareCommands: Step = (sim, task) => {
  const opened = task.scratch as Work
  const { saga, model, wishes } = opened
  task.sends.push(...task.publications)
  for (const command of wishes.commands) {
    const step = model.steps[command.step] as SagaStepModel
    task.sends.push({
      type: command.compensation ? step.compensation : step.action,
      to: step.service,
      role: Role.command,
      outcome: Outcome.none,
      saga: saga.number,
      step: command.step,
      compensation: command.compensation,
      attempt: command.attempt,
      key: commandKey(saga, step, command.compensation, command.attempt),
      reason: null,
      payload: stepPayload(sim, task, opened, step),
      answers: NONE,
      group: saga.number,
      request: NONE,
      hops: (task.message?.body.hops ?? 0) + 1,
      delay: 0,
      subscribers: NONE,
    })
  }
  return Next.go
}

function commandKey(saga: SagaInstance, step: SagaStepModel, compensation: boolean, attempt: number): string | null {
  if (step.keys === 'none') return null
  const key = `${saga.id}:${step.name}${compensation ? ':undo' : ''}`
  return step.keys === 'fresh' && attempt > 1 ? `${key}:${attempt}` : key
}

function stepPayload(sim: Simulation, task: Task, opened: Work, step: SagaStepModel): Payload {
  const { data } = opened.saga
  if (step.fields.length === 0) return data
  const env = { sim, tx: task.tx, request: data, row: null, locals: task.locals }
  const payload: Record<string, Payload[string]> = { ...data }
  for (const { name, value } of step.fields) payload[name] = value(env) as Payload[string]
  return payload
}

const commitSaga: Step = (sim, task) => {
  if (crashedAt(sim, task, Point.beforeCommit)) return Next.done
  const opened = task.scratch as Work
  commitTask(sim, task, () => keepSaga(sim, task, opened))
  return crashedAt(sim, task, Point.afterCommit) ? Next.done : Next.go
}

/** The decision becomes true: the instance is the copy, its facts are written, its timers run. */
function keepSaga(sim: Simulation, task: Task, opened: Work): void {
  const { saga, model, wishes } = opened
  const state = sagaState(sim)
  const ended = saga.status >= SagaStatus.completed
  if (ended && saga.endedAt < 0) saga.endedAt = sim.now
  if (!ended) saga.endedAt = -1
  const forget = ended && model.removeEnded
  state.instances[saga.number] = forget ? null : saga
  if (opened.loaded === null) state.byId.set(`${saga.definition}/${saga.id}`, saga.number)
  if (forget) state.byId.delete(`${saga.definition}/${saga.id}`)
  for (const fact of wishes.facts) {
    recordFact(state, model, saga, fact)
    const a = fact.kind === Kind.sagaStarted ? sim.value(saga.id) : fact.a
    const b = fact.kind === Kind.sagaStarted ? model.number : typeof fact.b === 'string' ? sim.value(fact.b) : fact.b
    task.cause = note(sim, task, fact.kind, a, b)
  }
  const pattern = SAGA_PATTERN
  for (const timer of wishes.timers) {
    const { step, token } = timer
    sim.setTimer(
      {
        pattern,
        service: model.orchestrator,
        subject: saga.number,
        step,
        token,
        durable: model.durable,
        cause: task.cause,
      },
      sim.now + timer.wait,
    )
  }
}

/** A reply nobody waits for, or a second start: nothing changes. */
const commitIgnored: Step = (sim, task): NextCode => {
  if (crashedAt(sim, task, Point.beforeCommit)) return Next.done
  commitTask(sim, task)
  return crashedAt(sim, task, Point.afterCommit) ? Next.done : Next.go
}
