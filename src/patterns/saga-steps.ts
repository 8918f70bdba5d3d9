/** The steps between a decision and its commit: local operations in the same transaction, then the commands. */

import { enterBranch, exitBranch } from '../kernel/branches.ts'
import { rollback, type Transaction } from '../kernel/disk.ts'
import { createEnv } from '../kernel/evaluation.ts'
import { crashedAt, meetHandlingFaults, Point, pausedAt } from '../kernel/faults.ts'
import { giveWay } from '../kernel/give-way.ts'
import { commitTask, dropFenced, isFenced } from '../kernel/handler.ts'
import { Next, type NextCode, type Payload, type Step } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { hasReadTheOutdated } from '../kernel/snapshot.ts'
import type { Task } from '../kernel/task.ts'
import { Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { deciderOf } from './decider.ts'
import type { Answer } from './decision.ts'
import { type SagaInstance, type SagaStepModel, Verdict } from './saga-model.ts'
import { keepSaga, type SagaWork, sagaModel, takeReturned } from './saga-state.ts'
import { commitCoordinator, decisionMessages } from './two-phase-coordinator.ts'

/** Runs the local operations the decision wants, each as a program of its own inside this transaction. */
export const runLocals: Step = (sim, task) => {
  const opened = task.scratch as SagaWork
  if (opened.local !== null) finishLocal(sim, task, opened)
  const next = opened.wishes.locals[opened.localsDone]
  if (next === undefined || opened.saga.verdict === Verdict.abort) return Next.go
  const { steps, twoPhase } = sagaModel(sim, opened.saga.definition)
  if (twoPhase !== null && enterBranch(sim, task) === Next.wait) return Next.wait
  opened.localsDone++
  opened.local = next
  const step = steps[next.step] as SagaStepModel
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

function finishLocal(sim: Simulation, task: Task, opened: SagaWork): void {
  const { step, compensation } = opened.local as { step: number; compensation: boolean }
  opened.local = null
  exitBranch(sim, task)
  const decision = deciderOf(sim, opened.saga, opened.wishes)
  const answer: Answer =
    task.outcome === Outcome.ok
      ? { outcome: 'ok' }
      : { outcome: task.outcome === Outcome.refused ? 'refused' : 'failed', reason: task.reason ?? '' }
  if (task.returned !== null && task.outcome === Outcome.ok) takeReturned(sim, opened.saga, step, task.returned)
  task.returned = null
  if (compensation) decision.undone(step, answer)
  else decision.answered(step, answer)
}

/** The end of a local operation's program: back to the handler that asked for it. */
export const endLocal: Step = (_sim, task) => {
  if (task.outcome !== Outcome.ok && task.tx !== null) rollback(task.tx, task.savepoint)
  task.program = task.returnProgram
  task.returnProgram = NONE
  task.pc = task.returnPc
  return Next.jump
}

export const prepareCommands: Step = (sim, task) => {
  const opened = task.scratch as SagaWork
  const { saga, wishes } = opened
  const model = sagaModel(sim, saga.definition)
  if (task.publications.length > 0 && model.twoPhase === null) task.sends.push(...task.publications)
  if (wishes.tells !== null) task.sends.push(...decisionMessages(task, model, saga.number, wishes.tells))
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
  if (step.keys === 'saga') return saga.id
  const key = `${saga.id}:${step.name}${compensation ? ':undo' : ''}`
  return step.keys === 'fresh' && attempt > 1 ? `${key}:${attempt}` : key
}

function stepPayload(sim: Simulation, task: Task, opened: SagaWork, step: SagaStepModel): Payload {
  const { data } = opened.saga
  if (step.fields.length === 0) return data
  const env = createEnv(sim, task.tx, data, task.locals)
  env.service = task.service
  const payload: Record<string, Payload[string]> = { ...data }
  for (const { name, value } of step.fields) payload[name] = value(env) as Payload[string]
  return payload
}

export const commitSaga: Step = (sim, task) => commitSagaAnd(sim, task, null)

/** Commits, and does what belongs to the moment of the commit before a crash can come between. */
export function commitSagaAnd(sim: Simulation, task: Task, atOnce: AtOnce): NextCode {
  if (pausedAt(sim, task, Point.beforeCommit)) return Next.wait
  if (isFenced(sim, task)) return dropFenced(sim, task)
  if (crashedAt(sim, task, Point.beforeCommit)) return Next.done
  if (hasReadTheOutdated(task.tx as Transaction)) return giveWay(sim, task)
  const opened = task.scratch as SagaWork
  if (sagaModel(sim, opened.saga.definition).twoPhase === null) commitTask(sim, task, () => keepSaga(sim, task, opened))
  else commitCoordinator(sim, task, opened)
  atOnce?.(sim, task)
  if (crashedAt(sim, task, Point.afterCommit)) return Next.done
  if (!pausedAt(sim, task, Point.afterCommit)) return Next.go
  task.pc++
  return Next.wait
}

type AtOnce = ((sim: Simulation, task: Task) => void) | null

/** A reply nobody waits for, or a second start: nothing changes. */
export const commitIgnored: Step = (sim, task) => commitIgnoredAnd(sim, task, null)

export function commitIgnoredAnd(sim: Simulation, task: Task, atOnce: AtOnce): NextCode {
  if (isFenced(sim, task)) return dropFenced(sim, task)
  if (crashedAt(sim, task, Point.beforeCommit)) return Next.done
  commitTask(sim, task)
  atOnce?.(sim, task)
  return crashedAt(sim, task, Point.afterCommit) ? Next.done : Next.go
}
