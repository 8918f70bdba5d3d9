/**
 * What an orchestrator decides: a pure function of (instance, what happened) that changes a copy of the instance and
 * lists its wishes: commands, local operations, timers, facts to record. It reaches no bus, no clock, no table.
 */
import { Kind } from '../trace/kinds.ts'
import { type Answer, type Decider, Decision } from './decision.ts'
import { SagaStatus, type SagaStepModel, StepState, TimerKind, UndoState } from './saga-model.ts'

/** Between two attempts without end that no policy paces, microseconds. */
const LEAST_WAIT = 1_000_000

export class OrchestratorDecision extends Decision implements Decider {
  answered(step: number, answer: Answer): void {
    const { saga } = this
    const awaited = saga.status === SagaStatus.running && saga.state[step] === StepState.awaiting
    if (this.model.guard && !awaited) {
      this.wishes.ignored = `step ${this.model.steps[step]?.name} is no longer awaited`
      return
    }
    if (answer.outcome === 'ok') this.succeeded(step)
    else if (answer.outcome === 'refused' && !this.step(step).retryRefusals) this.refused(step, answer.reason)
    else this.failed(step, answer.reason)
  }

  undone(step: number, answer: Answer): void {
    const { saga } = this
    const awaited = saga.status === SagaStatus.compensating && saga.undo[step] === UndoState.awaiting
    if (this.model.guard && !awaited) {
      this.wishes.ignored = `the compensation of ${this.model.steps[step]?.name} is no longer awaited`
      return
    }
    this.stopTimer(step)
    if (answer.outcome === 'ok') {
      saga.undo[step] = UndoState.done
      saga.owed[step] = false
      this.fact(Kind.stepCompensated, step)
      this.goBack()
      return
    }
    this.fact(Kind.compensationFailed, step, answer.reason)
    const retry = this.step(step).compensationRetry
    const attempt = saga.undoAttempt[step] as number
    if (attempt < retry.attemptsMax) this.setTimer(step, TimerKind.undoRetry, this.waitBefore(retry, attempt, step))
    else this.giveUp(step, answer.reason)
  }

  timerFired(step: number): void {
    const kind = this.saga.timer[step]
    this.saga.timer[step] = TimerKind.none
    if (kind === TimerKind.retry) this.ask(step)
    else if (kind === TimerKind.undoRetry) this.askToUndo(step)
    else if (kind === TimerKind.timeout) this.timedOut(step)
    else if (kind === TimerKind.undoTimeout) this.undoTimedOut(step)
  }

  private succeeded(step: number): void {
    const { saga, model } = this
    this.stopTimer(step)
    saga.state[step] = StepState.succeeded
    this.fact(Kind.stepSucceeded, step)
    if (saga.status === SagaStatus.running) this.register(step)
    // Without the state guard the reply alone decides: whatever the saga is doing, the next steps begin (again).
    if (this.model.guard) this.goOn()
    else
      model.steps.forEach((next, i) => {
        if (next.after.includes(step) && this.isReady(next)) this.begin(i)
      })
    this.completeWhenDone()
    this.turnBackWhenSettled()
  }

  private turnBackWhenSettled(): void {
    const { saga } = this
    if (saga.failing >= 0) this.turnBack(saga.failing, saga.failingReason)
  }

  private refused(step: number, reason: string): void {
    this.stopTimer(step)
    this.saga.state[step] = StepState.refused
    this.fact(Kind.stepRefused, step, reason)
    if (this.step(step).kind !== 'retriable' || this.step(step).turnBackOnFailure) {
      this.turnBack(step, reason)
      this.turnBackWhenSettled()
    } else {
      this.fact(Kind.alerted, step, reason)
      this.needsPerson(step, reason)
    }
  }

  private failed(step: number, reason: string): void {
    this.stopTimer(step)
    this.fact(Kind.stepFailed, step, reason)
    if (this.retryLater(step, this.step(step).retry)) return
    const { kind, turnBackOnFailure } = this.step(step)
    // A pivot that may have happened can only be asked again.
    if (turnBackOnFailure && !(kind === 'pivot' && this.saga.doubt[step])) this.giveUpStep(step, reason)
    else this.askAgainLater(step)
  }

  private timedOut(step: number): void {
    const { saga } = this
    saga.doubt[step] = true
    this.fact(Kind.stepTimedOut, step, saga.attempt[step] as number)
    if (this.retryLater(step, this.step(step).retry)) return
    if (this.step(step).askAgainOnTimeout) this.ask(step)
    else this.giveUpStep(step, 'no answer in time')
  }

  private giveUpStep(step: number, reason: string): void {
    this.saga.state[step] = StepState.unknown
    this.turnBack(step, reason)
    this.turnBackWhenSettled()
  }

  private askAgainLater(step: number): void {
    const { retry, timeout } = this.step(step)
    const attempt = Math.max(1, (this.saga.attempt[step] as number) - 1)
    const wait = Math.max(this.waitBefore(retry, attempt, step), timeout, LEAST_WAIT)
    this.setTimer(step, TimerKind.retry, wait)
  }

  /** Starts every step whose predecessors have succeeded. */
  protected goOn(): void {
    if (this.saga.failing >= 0) return
    this.model.steps.forEach((step, i) => {
      if (this.saga.state[i] === StepState.waiting && this.isReady(step)) this.begin(i)
    })
  }

  private isReady(step: SagaStepModel): boolean {
    return step.after.every((other) => this.saga.state[other] === StepState.succeeded)
  }

  private begin(step: number): void {
    const { saga } = this
    saga.attempt[step] = 0
    if (this.step(step).registerBefore && !this.step(step).local && saga.status === SagaStatus.running) {
      this.register(step)
    }
    this.ask(step)
  }

  private register(step: number): void {
    const { saga } = this
    if (this.step(step).compensation < 0 || saga.owed[step]) return
    saga.owed[step] = true
    this.fact(Kind.compensationRegistered, step)
  }

  private completeWhenDone(): void {
    const { saga } = this
    if (saga.status === SagaStatus.running && saga.state.every((state) => state === StepState.succeeded)) {
      saga.status = SagaStatus.completed
      this.fact(Kind.sagaCompleted, -1)
    }
  }

  /** Backward recovery, at once or when the steps under way have settled. */
  private turnBack(step: number, reason: string): void {
    const { saga } = this
    if (saga.status !== SagaStatus.running) return
    if (this.model.settle && saga.state.includes(StepState.awaiting)) {
      if (saga.failing < 0) {
        saga.failing = step
        saga.failingReason = reason
      }
      return
    }
    saga.status = SagaStatus.compensating
    this.fact(Kind.compensationStarted, step, reason)
    saga.owed.forEach((owed, i) => {
      saga.plan[i] = owed
      this.stopTimer(i)
    })
    this.goBack()
  }

  /** Starts every owed compensation whose turn it is; ends the saga when none is left. */
  private goBack(): void {
    const { saga, model } = this
    model.steps.forEach((step, i) => {
      if (!saga.plan[i] || saga.undo[i] !== UndoState.none) return
      if (step.undoAfter.every((other) => !saga.plan[other] || this.isUndoOver(other))) this.askToUndo(i)
    })
    if (saga.status !== SagaStatus.compensating || saga.plan.some((planned, i) => planned && !this.isUndoOver(i)))
      return
    const parked = saga.undo.indexOf(UndoState.failed)
    if (parked >= 0) {
      this.needsPerson(parked, 'a compensation is owed')
      return
    }
    saga.status = SagaStatus.compensated
    this.fact(Kind.sagaCompensated, -1)
  }

  private isUndoOver(step: number): boolean {
    const undo = this.saga.undo[step]
    return undo === UndoState.done || undo === UndoState.failed
  }

  private askToUndo(step: number): void {
    const { saga } = this
    const model = this.step(step)
    saga.undo[step] = UndoState.awaiting
    const attempt = (saga.undoAttempt[step] as number) + 1
    saga.undoAttempt[step] = attempt
    this.fact(Kind.stepCompensating, step, attempt)
    if (model.local) {
      this.wishes.locals.push({ step, compensation: true })
      return
    }
    this.wishes.commands.push({ step, compensation: true, attempt })
    if (model.compensationTimeout >= 0) this.setTimer(step, TimerKind.undoTimeout, model.compensationTimeout)
  }

  /** The compensation's outcome is unknown: it is asked for again, after the policy's waits where there is one. */
  private undoTimedOut(step: number): void {
    const { compensationRetry } = this.step(step)
    const attempt = this.saga.undoAttempt[step] as number
    this.fact(Kind.compensationFailed, step, 'no answer in time')
    if (compensationRetry.attemptsMax > 1 && attempt >= compensationRetry.attemptsMax) {
      this.giveUp(step, 'no answer in time')
      return
    }
    const wait = compensationRetry.attemptsMax > 1 ? this.waitBefore(compensationRetry, attempt, step) : 0
    if (wait === 0) this.askToUndo(step)
    else this.setTimer(step, TimerKind.undoRetry, wait)
  }

  /** The compensation cannot be done: stop here, park it and go on with the others, or (the mistake) forget it. */
  private giveUp(step: number, reason: string): void {
    const { onUndoFailure } = this.step(step)
    this.saga.undo[step] = onUndoFailure === 'ignore' ? UndoState.done : UndoState.failed
    if (onUndoFailure !== 'ignore') this.fact(Kind.alerted, step, reason)
    if (onUndoFailure === 'stop') this.needsPerson(step, reason)
    else this.goBack()
  }

  /** A person has mended what was in the way: what failed is asked for again. */
  resumed(): void {
    const { saga } = this
    if (saga.status !== SagaStatus.needsIntervention) return
    const isBackward = saga.undo.includes(UndoState.failed)
    saga.status = isBackward ? SagaStatus.compensating : SagaStatus.running
    saga.undo.forEach((undo, i) => {
      if (undo === UndoState.failed) {
        saga.undoAttempt[i] = 0
        this.askToUndo(i)
      }
    })
    if (!isBackward)
      saga.state.forEach((state, i) => {
        if (state === StepState.refused) this.begin(i)
      })
  }

  /** The orchestrator is back after a crash. */
  restarted(): void {
    const { saga, model } = this
    if (model.onRestart === 'turn back' && saga.status === SagaStatus.running) {
      saga.failing = -1
      saga.state.forEach((state, i) => {
        if (state === StepState.awaiting) saga.state[i] = StepState.unknown
      })
      this.turnBack(Math.max(0, saga.state.indexOf(StepState.unknown)), 'restart without a save-point')
      return
    }
    saga.state.forEach((state, i) => {
      if (saga.status === SagaStatus.running && state === StepState.awaiting) this.ask(i)
    })
    saga.undo.forEach((undo, i) => {
      if (saga.status === SagaStatus.compensating && undo === UndoState.awaiting) this.askToUndo(i)
    })
  }

  private needsPerson(step: number, reason: string): void {
    this.saga.status = SagaStatus.needsIntervention
    this.fact(Kind.sagaNeedsIntervention, step, reason)
  }
}
