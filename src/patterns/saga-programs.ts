/**
 * The orchestrated saga: programs by which an orchestrator handles a start, a reply, a timer and a person's resumption.
 * One transaction holds the local operations, the saga log and (with OUTBOX) the next commands; what the decision
 * recorded becomes true when it commits.
 */
import type { Transaction } from '../kernel/disk.ts'
import {
  abortTask,
  acknowledgeStep,
  begin,
  dawdle,
  giveBackOnError,
  meetInjectedAnswer,
  receive,
  sendStep,
  undoAll,
  waitFor,
  work,
} from '../kernel/handler.ts'
import { Metric } from '../kernel/metrics.ts'
import { type Duration, Next, type NextCode, type Program, type Step, type Timer } from '../kernel/model.ts'
import { Assembler, type Label } from '../kernel/program.ts'
import { note } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { Kind, Outcome } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { answerClients, commitTransaction, endTransaction, produce } from './broker-transactions.ts'
import { deciderOf } from './decider.ts'
import { type Answer, noWishes } from './decision.ts'
import { claimInbox, type InboxSettings, recordInbox } from './inbox.ts'
import { relayStep, storeOutgoing } from './outbox.ts'
import type { OutboxSettings } from './outbox-rows.ts'
import { copyInstance, createInstance, type SagaInstance, type SagaModel, SagaStatus } from './saga-model.ts'
import {
  findById,
  idOf,
  instanceAt,
  RERUN,
  RESTART,
  type SagaWork,
  sagaModel,
  sagaState,
  takeReturned,
} from './saga-state.ts'
import { commitIgnored, commitIgnoredAnd, commitSaga, commitSagaAnd, prepareCommands, runLocals } from './saga-steps.ts'

export interface OrchestratorSettings {
  readonly handlerTime: Duration
  readonly inbox: InboxSettings | null
  readonly outbox: OutboxSettings | null
  readonly sendFirst: boolean
  /** Acknowledgement, saga and commands are one transaction of the broker. */
  readonly transactional: boolean
}

/** The handlers of an orchestrator. */
export function startProgram(name: string, definition: number, settings: OrchestratorSettings): Program {
  return orchestratorProgram(name, settings, {
    load: (sim, task) => findById(sim, task, sagaModel(sim, definition)),
    decide: (sim, task, loaded) => decideStart(sim, task, sagaModel(sim, definition), loaded),
  })
}
export function resumeProgram(name: string, definition: number, settings: OrchestratorSettings): Program {
  return orchestratorProgram(name, settings, {
    load: (sim, task) => findById(sim, task, sagaModel(sim, definition)),
    decide: (sim, task, loaded) => decideResume(sim, task, loaded),
  })
}
export function replyProgram(settings: OrchestratorSettings): Program {
  return orchestratorProgram('reply', settings, {
    load: (_sim, task) => (task.message as Message).body.saga,
    decide: (sim, task, loaded) => decideReply(sim, task, loaded),
  })
}
export function timerProgram(settings: OrchestratorSettings): Program {
  return orchestratorProgram('timeout', settings, {
    load: (_sim, task) => (task.timer as Timer).subject,
    decide: (sim, task, loaded) => decideTimer(sim, task, loaded),
  })
}

/** What differs between the handlers of an orchestrator. */
export interface Handling {
  /** The number of the instance it is about, −1 for none yet. */
  load(sim: Simulation, task: Task): number
  /** What to do; null when the message changes nothing. */
  decide(sim: Simulation, task: Task, loaded: SagaInstance | null): SagaWork | null
}

export function orchestratorProgram(name: string, settings: OrchestratorSettings, handling: Handling): Program {
  const { inbox, outbox, transactional } = settings
  const program = new Assembler()
  const labels = { refused: program.label(), failed: program.label(), duplicate: program.label() }
  const ignored = program.label()
  const again = program.label()
  program.emit(receive, dawdle)
  program.place(again)
  program.emit(begin)
  if (inbox !== null) program.emit(claimInbox(inbox))
  program.emit((sim, task) => loadSaga(sim, task, handling))
  program.emit(work(settings.handlerTime), meetInjectedAnswer, (sim, task) => {
    const loaded = task.scratch as SagaInstance | null
    if (isOutdated(sim, task, handling, loaded)) return startOver(sim, task, again)
    task.scratch = handling.decide(sim, task, loaded)
    if (task.scratch !== null) return Next.go
    task.pc = ignored.at
    return Next.jump
  })
  program.emit(runLocals, prepareCommands)
  if (inbox !== null) program.emit(recordInbox(inbox))
  if (outbox !== null) program.emit(storeOutgoing(outbox))
  program.emit(...commitAndSend(settings))
  program.place(ignored)
  program.emit(
    ...(transactional ? [commitTransaction(commitIgnoredAnd), endTransaction] : [commitIgnored, acknowledgeStep]),
  )
  program.place(labels.refused)
  program.place(labels.failed)
  program.emit(undoAll, giveBackOnError, acknowledgeStep)
  program.place(labels.duplicate)
  program.emit((sim, task) => {
    abortTask(sim, task, 'duplicate')
    return Next.go
  }, acknowledgeStep)
  return program.finish(name, labels)
}

function commitAndSend({ outbox, sendFirst, transactional }: OrchestratorSettings): Step[] {
  if (transactional) return [produce, commitTransaction(commitSagaAnd), answerClients, endTransaction]
  if (outbox !== null) return [commitSaga, relayStep(outbox), acknowledgeStep]
  return sendFirst ? [sendStep, commitSaga, acknowledgeStep] : [commitSaga, sendStep, acknowledgeStep]
}

/** Reads the instance at the start of the handling; under pessimistic control it waits for whoever works on it. */
function loadSaga(sim: Simulation, task: Task, handling: Handling): NextCode {
  const state = sagaState(sim)
  const number = handling.load(sim, task)
  const saga = instanceAt(sim, number)
  task.scratch = saga
  if (saga === null || sagaModel(sim, saga.definition).concurrency !== 'pessimistic') return Next.go
  const holder = state.lockedBy.get(number)
  if (holder?.open && holder !== task.tx) return waitFor(sim, task, holder, `saga ${saga.id}`)
  state.lockedBy.set(number, task.tx as Transaction)
  return Next.go
}

/** Somebody else has changed the instance meanwhile (or made it): optimistic concurrency control. */
function isOutdated(sim: Simulation, task: Task, handling: Handling, loaded: SagaInstance | null): boolean {
  const now = instanceAt(sim, handling.load(sim, task))
  if (now === loaded) return false
  const subject = loaded ?? now
  return subject !== null && sagaModel(sim, subject.definition).concurrency !== 'none'
}

function startOver(sim: Simulation, task: Task, again: Label): NextCode {
  sim.conflicts++
  abortTask(sim, task, 'conflict: the saga has changed meanwhile')
  task.inboxRow = null
  task.pc = again.at
  return Next.jump
}

function decideStart(sim: Simulation, task: Task, model: SagaModel, loaded: SagaInstance | null): SagaWork | null {
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
  deciderOf(sim, saga, wishes).start()
  return { loaded: null, saga, wishes, local: null, localsDone: 0 }
}

function decideResume(sim: Simulation, task: Task, loaded: SagaInstance | null): SagaWork | null {
  if (loaded === null) return ignore(sim, task, NONE, 'there is no such saga')
  const opened = openWork(loaded)
  task.saga = loaded.number
  deciderOf(sim, opened.saga, opened.wishes).resumed()
  return opened.wishes.ignored === null ? opened : ignore(sim, task, NONE, opened.wishes.ignored)
}

function decideReply(sim: Simulation, task: Task, loaded: SagaInstance | null): SagaWork | null {
  const { body } = task.message as Message
  if (loaded === null) return ignore(sim, task, body.step, 'there is no such saga any more')
  const opened = openWork(loaded)
  const decision = deciderOf(sim, opened.saga, opened.wishes)
  const answer: Answer =
    body.outcome === Outcome.ok
      ? { outcome: 'ok' }
      : { outcome: body.outcome === Outcome.refused ? 'refused' : 'failed', reason: body.reason ?? '' }
  if (body.outcome === Outcome.ok) takeReturned(sim, opened.saga, body.step, body.payload)
  if (body.compensation) decision.undone(body.step, answer)
  else decision.answered(body.step, answer)
  return opened.wishes.ignored === null ? opened : ignore(sim, task, body.step, opened.wishes.ignored)
}

function decideTimer(sim: Simulation, task: Task, loaded: SagaInstance | null): SagaWork | null {
  const timer = task.timer as Timer
  if (loaded !== null && timer.step === RERUN) return beginAgain(sim, loaded, timer.token)
  // The answer may have come while the handler was at work.
  if (loaded === null || (timer.step !== RESTART && loaded.token[timer.step] !== timer.token)) return null
  const opened = openWork(loaded)
  const decision = deciderOf(sim, opened.saga, opened.wishes)
  if (timer.step === RESTART) decision.restarted()
  else decision.timerFired(timer.step)
  return opened
}

/** A further run of a saga that was compensated. */
function beginAgain(sim: Simulation, loaded: SagaInstance, run: number): SagaWork | null {
  if (loaded.status !== SagaStatus.compensated || loaded.run !== run) return null
  const model = sagaModel(sim, loaded.definition)
  const saga = createInstance(model, loaded.number, loaded.id, loaded.data, run + 1)
  const wishes = noWishes()
  deciderOf(sim, saga, wishes).start()
  return { loaded, saga, wishes, local: null, localsDone: 0 }
}

export function openWork(saga: SagaInstance): SagaWork {
  return { loaded: saga, saga: copyInstance(saga), wishes: noWishes(), local: null, localsDone: 0 }
}

export function ignore(sim: Simulation, task: Task, step: number, why: string): null {
  if (task.message !== null) sim.count(task.message.body.type, Metric.ignored)
  task.cause = note(sim, task, Kind.replyIgnored, step, sim.value(why))
  return null
}
