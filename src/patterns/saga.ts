/**
 * The orchestrated saga: programs by which an orchestrator handles a start, a reply and a timer. One transaction holds
 * the local operations, the saga log and (with OUTBOX) the next commands; what the decision recorded becomes true when
 * it commits.
 */
import { assert } from '../base/assert.ts'
import { rollback } from '../kernel/disk.ts'
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
  work,
} from '../kernel/handler.ts'
import { Metric } from '../kernel/metrics.ts'
import { Next, type NextCode, type PatternModel, type Payload, type Program, type Step } from '../kernel/model.ts'
import { Assembler } from '../kernel/program.ts'
import { note, startTimerTask } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { Kind, Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { claimInbox, type InboxSettings, recordInbox } from './inbox.ts'
import { SAGA_PATTERN } from './pattern-numbers.ts'
import { relayStep, storeOutgoing } from './outbox.ts'
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
  readonly saga: SagaInstance
  readonly model: SagaModel
  readonly wishes: Wishes
  /** The local operation that is running. */
  local: { step: number; compensation: boolean } | null
  localsDone: number
  isNew: boolean
}

export function sagaPattern(models: readonly SagaModel[]): PatternModel {
  const pattern: PatternModel = {
    name: 'saga',
    init: (): SagaPatternState => ({ instances: [], records: [], byId: new Map(), reserved: new Map(), count: 0 }),
    onTimer: (sim, timer) => {
      const saga = sagaState(sim).instances[timer.subject]
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
  }
  return pattern
}

export function sagaState(sim: Simulation): SagaPatternState {
  return sim.patterns[SAGA_PATTERN] as SagaPatternState
}

export interface OrchestratorSettings {
  readonly handlerTime: number
  readonly inbox: InboxSettings | null
  readonly outbox: number
  readonly sendFirst: boolean
}

/** The three handlers of an orchestrator; `models` is filled in later, programs are needed first. */
export function startProgram(name: string, model: () => SagaModel, settings: OrchestratorSettings): Program {
  return orchestratorProgram(name, settings, (sim, task) => beginStart(sim, task, model()))
}
export function replyProgram(models: readonly SagaModel[], settings: OrchestratorSettings): Program {
  return orchestratorProgram('reply', settings, (sim, task) => beginReply(sim, task, models))
}
export function timerProgram(models: readonly SagaModel[], settings: OrchestratorSettings): Program {
  return orchestratorProgram('timeout', settings, (sim, task) => beginTimer(sim, task, models))
}

function orchestratorProgram(
  name: string,
  settings: OrchestratorSettings,
  open: (sim: Simulation, task: Task) => Work | null,
): Program {
  const { inbox, outbox } = settings
  const program = new Assembler()
  const labels = { refused: program.label(), failed: program.label(), duplicate: program.label() }
  const ignored = program.label()
  program.emit(receive, dawdle, begin)
  if (inbox !== null) program.emit(claimInbox(inbox))
  program.emit(work(settings.handlerTime), meetInjectedAnswer, (sim, task) => {
    task.scratch = open(sim, task)
    if (task.scratch !== null) return Next.go
    task.pc = ignored.at
    return Next.jump
  })
  program.emit(runLocals, prepareCommands)
  if (inbox !== null) program.emit(recordInbox(inbox))
  if (outbox >= 0) program.emit(storeOutgoing(outbox))
  const relay = outbox >= 0 ? relayStep(outbox) : sendStep
  if (settings.sendFirst && outbox < 0) program.emit(relay, commitSaga)
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

function beginStart(sim: Simulation, task: Task, model: SagaModel): Work | null {
  const state = sagaState(sim)
  const message = task.message as Message
  const id = String(model.id({ sim, tx: task.tx, request: message.body.payload, row: null, locals: task.locals }) ?? '')
  const key = `${model.number}/${id}`
  if (model.unique && state.byId.has(key)) {
    sim.count(message.body.type, Metric.deduplicated)
    task.cause = note(sim, task, Kind.deduplicated, sim.value('saga id'), sim.value(id))
    return null
  }
  // A start that is handed out again after a crash gets the number it had, so that numbers have no gaps.
  const reservation = model.unique ? key : `${key}/${message.id}`
  const number = state.reserved.get(reservation) ?? state.count++
  state.reserved.set(reservation, number)
  task.saga = number
  const saga = createInstance(model, number, id, message.body.payload)
  const wishes = noWishes()
  new Decision(model, saga, wishes).start()
  return { saga, model, wishes, local: null, localsDone: 0, isNew: true }
}

function beginReply(sim: Simulation, task: Task, models: readonly SagaModel[]): Work | null {
  const message = task.message as Message
  const saga = sagaState(sim).instances[message.body.saga]
  if (saga === null || saga === undefined) return ignore(sim, task, message.body.step, 'there is no such saga any more')
  const opened = openWork(saga, models)
  const decision = new Decision(opened.model, opened.saga, opened.wishes)
  const answer: Answer =
    message.body.outcome === Outcome.ok
      ? { outcome: 'ok' }
      : { outcome: message.body.outcome === Outcome.refused ? 'refused' : 'failed', reason: message.body.reason ?? '' }
  if (message.body.compensation) decision.undone(message.body.step, answer)
  else decision.answered(message.body.step, answer)
  return opened.wishes.ignored === null ? opened : ignore(sim, task, message.body.step, opened.wishes.ignored)
}

function beginTimer(sim: Simulation, task: Task, models: readonly SagaModel[]): Work | null {
  const timer = task.timer
  assert(timer !== null, 'a timer program runs for a timer')
  const saga = sagaState(sim).instances[timer.subject]
  // The answer may have come while the handler was at work.
  if (saga === null || saga === undefined || saga.token[timer.step] !== timer.token) return null
  const opened = openWork(saga, models)
  new Decision(opened.model, opened.saga, opened.wishes).timerFired(timer.step)
  return opened
}

function openWork(saga: SagaInstance, models: readonly SagaModel[]): Work {
  const model = models[saga.definition] as SagaModel
  return { saga: copyInstance(saga), model, wishes: noWishes(), local: null, localsDone: 0, isNew: false }
}

function ignore(sim: Simulation, task: Task, step: number, why: string): null {
  if (task.message !== null) sim.count(task.message.body.type, Metric.ignored)
  task.cause = note(sim, task, Kind.replyIgnored, step, sim.value(why))
  return null
}

/** Runs the local operations the decision wants, each as a program of its own inside this transaction. */
const runLocals: Step = (sim, task) => {
  const opened = task.scratch as Work
  if (opened.local !== null) finishLocal(task, opened)
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

function finishLocal(task: Task, opened: Work): void {
  const { step, compensation } = opened.local as { step: number; compensation: boolean }
  opened.local = null
  const decision = new Decision(opened.model, opened.saga, opened.wishes)
  const answer: Answer =
    task.outcome === Outcome.ok
      ? { outcome: 'ok' }
      : { outcome: task.outcome === Outcome.refused ? 'refused' : 'failed', reason: task.reason ?? '' }
  if (compensation) decision.undone(step, answer)
  else decision.answered(step, answer)
}

/** The end of a local operation's program: back to the handler that asked for it. */
export const endLocal: Step = (sim, task) => {
  if (task.outcome !== Outcome.ok && task.tx !== null) rollback(sim.model.tables, task.tx, task.savepoint)
  task.program = task.returnProgram
  task.pc = task.returnPc
  return Next.jump
}

const prepareCommands: Step = (sim, task) => {
  const opened = task.scratch as Work
  const { saga, model, wishes } = opened
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
  const forget = ended && model.removeEnded
  state.instances[saga.number] = forget ? null : saga
  if (opened.isNew) state.byId.set(`${saga.definition}/${saga.id}`, saga.number)
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
