/**
 * A participant of a two-phase commit: it does a step's operation in a branch, keeps that prepared with its locks, and
 * votes. From then on it is in doubt: only the coordinator's decision ends that, whatever crashes meanwhile. Whoever is
 * in doubt for long, or comes back from a crash in doubt, asks.
 */
import {
  type Branch,
  branchOf,
  commitBranch,
  isBusy,
  joinBranch,
  prepareBranch,
  rollBackBranch,
  settledAs,
  settleUnprepared,
} from '../kernel/branches.ts'
import { send } from '../kernel/bus.ts'
import { crashedAt, Point } from '../kernel/faults.ts'
import { giveWay } from '../kernel/give-way.ts'
import {
  acknowledgeStep,
  dawdle,
  giveBackOnError,
  meetInjectedAnswer,
  receive,
  sendStep,
  succeed,
  undoAll,
  work,
} from '../kernel/handler.ts'
import { type Duration, Next, type NextCode, type PatternModel, type Program, type Step } from '../kernel/model.ts'
import { Assembler, type Label } from '../kernel/program.ts'
import { failTask } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { hasReadTheOutdated } from '../kernel/snapshot.ts'
import type { Message, Outgoing, Task } from '../kernel/task.ts'
import { Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { givenBack } from './participant.ts'
import { TWO_PHASE_PATTERN } from './pattern-numbers.ts'
import type { TwoPhaseModel } from './saga-model.ts'
import { sagaModel, sagaState } from './saga-state.ts'

export interface BranchSettings {
  readonly operation: string
  readonly handlerTime: Duration
  /** Message types of the votes: yes, no, and a transient error. */
  readonly replies: { readonly ok: number; readonly refused: number; readonly failed: number }
}

/** An operation asked for by a two-phase commit goes the one way, asked for by anybody else the other. */
export function routeProgram(operation: string, ordinary: number, branch: number): Program {
  const program = new Assembler()
  program.emit((sim, task) => {
    task.program = protocolOf(sim, task.saga) === null || task.step < 0 ? ordinary : branch
    task.pc = 0
    return Next.jump
  })
  const nowhere: Label = { at: 0 }
  return program.finish(operation, { refused: nowhere, failed: nowhere })
}

/** Phase one: the operation in a branch, prepared, and the vote. */
export function branchProgram(
  settings: BranchSettings,
  emitOperation: (program: Assembler, end: Label) => void,
): Program {
  const program = new Assembler()
  const labels = { refused: program.label(), failed: program.label() }
  const end = program.label()
  const vote = program.label()
  program.emit(receive, dawdle, join(vote), work(settings.handlerTime), meetInjectedAnswer)
  emitOperation(program, end)
  program.place(end)
  program.emit(succeed, prepareStep)
  program.place(vote)
  program.emit(voteStep(settings), sendStep, acknowledgeStep)
  program.place(labels.refused)
  program.emit(undoAll, voteStep(settings), sendStep, acknowledgeStep)
  program.place(labels.failed)
  program.emit(undoAll, giveBackOnError, voteStep(settings), sendStep, acknowledgeStep)
  return program.finish(settings.operation, labels)
}

/** Phase two: the branch ends as decided. Without a branch there is nothing to do, and a commit is confirmed again. */
export function decisionProgram(name: string, handlerTime: Duration, confirmation: number | null): Program {
  const program = new Assembler()
  const over = program.label()
  program.emit(receive, dawdle, work(handlerTime), meetInjectedAnswer, (sim, task) => {
    const branch = branchOf(sim, task.service, task.saga)
    if (branch !== undefined && isBusy(sim, task, branch)) return Next.wait
    if (crashedAt(sim, task, Point.beforeCommit)) return Next.done
    if (branch === undefined && confirmation === null) settleUnprepared(sim, task.service, task.saga)
    if (branch !== undefined && confirmation === null) rollBackBranch(sim, task, branch)
    if (branch !== undefined && confirmation !== null) {
      commitBranch(sim, task, branch)
      task.sends.push(...branch.outgoing)
    }
    if (confirmation !== null) task.sends.push(answer(task, confirmation, Outcome.ok))
    return crashedAt(sim, task, Point.afterCommit) ? Next.done : Next.go
  })
  program.emit(sendStep, acknowledgeStep)
  program.place(over)
  program.emit(acknowledgeStep)
  return program.finish(name, { refused: over, failed: over })
}

export const twoPhasePattern: PatternModel = {
  name: 'two-phase commit',
  init: () => null,
  isStale: (sim, timer) => branchOf(sim, timer.service, timer.subject)?.questions !== timer.token,
  onTimer: (sim, timer) => {
    askCoordinator(sim, timer.service, timer.subject, timer.cause)
  },
  onRecover: (sim, service, cause) => {
    for (const branch of [...sim.branches.values()]) {
      if (branch.service === service && branch.coordinator !== service && branch.since >= 0) {
        askCoordinator(sim, service, branch.saga, cause)
      }
    }
  },
}

function protocolOf(sim: Simulation, saga: number): TwoPhaseModel | null {
  const record = saga < 0 ? undefined : sagaState(sim).records[saga]
  return record === undefined ? null : sagaModel(sim, record.definition).twoPhase
}

/**
 * The command came twice, or was sent again: what is prepared stays prepared, and the vote is the same. Came too late: it
 * is not done at all.
 */
function join(vote: Label): Step {
  return (sim, task) => {
    const settled = settledAs(sim, task.service, task.saga)
    const returned = branchOf(sim, task.service, task.saga)?.steps.get(task.step)
    if (returned === undefined && settled === undefined) return joinBranch(sim, task)
    task.returned = returned ?? null
    task.outcome = settled === false ? Outcome.refused : Outcome.ok
    task.reason = settled === false ? 'ABORTED' : null
    task.pc = vote.at
    return Next.jump
  }
}

const prepareStep: Step = (sim, task) => {
  if (crashedAt(sim, task, Point.beforeCommit)) return Next.done
  const branch = task.branch as Branch
  if (hasReadTheOutdated(branch.tx)) return giveWay(sim, task)
  branch.outgoing.push(...task.publications)
  branch.released.push(...task.released)
  task.released = []
  prepareBranch(sim, task, (task.message as Message).from, [task.step])
  setInquiry(sim, branch, task.cause)
  if (crashedAt(sim, task, Point.afterCommit)) return Next.done
  return task.lateFailure === null ? Next.go : (failTask(sim, task, task.lateFailure) as NextCode)
}

function setInquiry(sim: Simulation, branch: Branch, cause: number): void {
  const { service, saga: subject } = branch
  const protocol = protocolOf(sim, subject)
  if (protocol === null) return
  const token = ++branch.questions
  // Whoever comes back from a crash asks at once, so the timer need not survive it.
  const timer = { pattern: TWO_PHASE_PATTERN, service, subject, step: 0, token, durable: false, cause }
  sim.setTimer(timer, sim.now + protocol.inquireAfter)
}

function askCoordinator(sim: Simulation, service: number, saga: number, cause: number): void {
  const branch = branchOf(sim, service, saga)
  const protocol = protocolOf(sim, saga)
  if (branch === undefined || protocol === null) return
  const out = message(protocol.inquire, branch.coordinator, Role.command, Outcome.none, saga)
  const { position } = send(sim, service, out, cause)
  setInquiry(sim, branch, position)
}

function voteStep({ replies }: BranchSettings): Step {
  return (_sim, task) => {
    const { outcome } = task
    const type = outcome === Outcome.ok ? replies.ok : outcome === Outcome.refused ? replies.refused : replies.failed
    task.sends = [answer(task, type, outcome)]
    return Next.go
  }
}

function answer(task: Task, type: number, outcome: Task['outcome']): Outgoing {
  const { body, from, id } = task.message as Message
  return {
    ...message(type, from, Role.reply, outcome, body.saga),
    step: body.step,
    attempt: body.attempt,
    key: body.key,
    reason: outcome === Outcome.ok ? null : task.reason,
    payload: givenBack(task, body.payload),
    answers: id,
    hops: body.hops + 1,
  }
}

function message(
  type: number,
  to: number,
  role: Outgoing['role'],
  outcome: Outgoing['outcome'],
  saga: number,
): Outgoing {
  return {
    type,
    to,
    role,
    outcome,
    saga,
    step: NONE,
    compensation: false,
    attempt: 1,
    key: null,
    reason: null,
    payload: {},
    answers: NONE,
    group: saga,
    request: NONE,
    hops: 1,
    delay: 0,
    subscribers: NONE,
  }
}
