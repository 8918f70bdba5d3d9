/**
 * What the coordinator of a two-phase commit decides: a pure function of (instance, what happened), like the
 * orchestrator's decisions. Phase one: each step asks its service to do the work, to keep it prepared, and to vote.
 * All yes: commit, once that is logged. Anything else: abort. Presumed abort: of what has no decision in the log, the
 * answer is abort, and an abort needs no confirmation.
 */
import { Kind } from '../trace/kinds.ts'
import { type Answer, type Decider, Decision, type Wishes } from './decision.ts'
import {
  type SagaInstance,
  type SagaModel,
  SagaStatus,
  StepState,
  TimerKind,
  type TwoPhaseModel,
  Verdict,
} from './saga-model.ts'

export class TwoPhaseDecision extends Decision implements Decider {
  private readonly protocol: TwoPhaseModel

  constructor(model: SagaModel, protocol: TwoPhaseModel, saga: SagaInstance, wishes: Wishes, seed: number) {
    super(model, saga, wishes, seed)
    this.protocol = protocol
  }

  /** A vote. */
  answered(step: number, answer: Answer): void {
    const { saga } = this
    const { service } = this.step(step)
    if (saga.verdict === Verdict.abort && answer.outcome === 'ok' && service !== this.model.orchestrator) {
      // Prepared too late: it hears at once what was decided.
      this.tell(service)
      return
    }
    if (saga.verdict !== Verdict.none || saga.state[step] !== StepState.awaiting) {
      this.wishes.ignored = `the vote of ${this.model.steps[step]?.name} is no longer awaited`
      return
    }
    this.stopTimer(step)
    if (answer.outcome === 'ok') this.votedYes(step)
    else if (answer.outcome === 'refused') {
      saga.state[step] = StepState.refused
      this.fact(Kind.stepRefused, step, answer.reason)
      this.abort(step, answer.reason)
    } else {
      this.fact(Kind.stepFailed, step, answer.reason)
      this.askAgainOrAbort(step, answer.reason)
    }
  }

  /** There are no compensations. */
  undone(step: number): void {
    this.wishes.ignored = `${this.model.steps[step]?.name} is not compensated in a two-phase commit`
  }

  /** Nobody but the coordinator can resolve it. */
  resumed(): void {
    this.wishes.ignored = 'a two-phase commit needs no person'
  }

  timerFired(step: number): void {
    const { saga } = this
    const kind = saga.timer[step]
    saga.timer[step] = TimerKind.none
    if (kind === TimerKind.retry) this.ask(step)
    else if (kind === TimerKind.tell) this.tellWhoHasNotConfirmed()
    else if (kind === TimerKind.timeout) {
      saga.doubt[step] = true
      this.fact(Kind.stepTimedOut, step, saga.attempt[step] as number)
      this.askAgainOrAbort(step, 'no vote in time')
    }
  }

  /** A participant has committed. */
  confirmed(service: number): void {
    const { saga, protocol } = this
    const place = protocol.participants.indexOf(service)
    if (saga.verdict !== Verdict.commit || saga.status !== SagaStatus.running || saga.confirmed[place] !== false) {
      this.wishes.ignored = 'the confirmation is no longer awaited'
      return
    }
    saga.confirmed[place] = true
    if (saga.confirmed.every((one) => one)) this.complete()
  }

  /** What is decided is told again; what is not is aborted. */
  restarted(): void {
    const { saga } = this
    if (saga.status !== SagaStatus.running) this.wishes.ignored = 'the transaction has ended'
    else if (saga.verdict === Verdict.commit) this.tellWhoHasNotConfirmed()
    else if (saga.verdict === Verdict.none) {
      const open = saga.state.findIndex((state) => state !== StepState.succeeded)
      this.abort(Math.max(0, open), 'the coordinator was down: presumed abort')
    }
  }

  private votedYes(step: number): void {
    const { saga } = this
    saga.state[step] = StepState.succeeded
    this.fact(Kind.stepSucceeded, step)
    this.goOn()
    if (saga.verdict === Verdict.none && saga.state.every((state) => state === StepState.succeeded)) this.commit()
  }

  private commit(): void {
    const { saga, protocol } = this
    saga.verdict = Verdict.commit
    this.fact(Kind.decided, Verdict.commit)
    if (this.hasLocalStep()) this.tell(this.model.orchestrator)
    if (protocol.participants.length === 0) this.complete()
    else this.tellWhoHasNotConfirmed()
  }

  private complete(): void {
    this.saga.timer.forEach((_, step) => {
      this.stopTimer(step)
    })
    this.saga.status = SagaStatus.completed
    this.fact(Kind.sagaCompleted, -1)
  }

  /** Whoever may have prepared anything hears it. */
  private abort(step: number, reason: string): void {
    const { saga, model, protocol } = this
    saga.verdict = Verdict.abort
    this.fact(Kind.decided, Verdict.abort, reason)
    const asked = (service: number) =>
      model.steps.some(
        (one, i) =>
          one.service === service &&
          (saga.state[i] === StepState.succeeded || (saga.state[i] === StepState.awaiting && !one.local)),
      )
    for (const service of [model.orchestrator, ...protocol.participants]) if (asked(service)) this.tell(service)
    saga.timer.forEach((_, one) => {
      this.stopTimer(one)
    })
    saga.status = SagaStatus.aborted
    this.fact(Kind.sagaAborted, step, reason)
  }

  private tellWhoHasNotConfirmed(): void {
    const { saga, model, protocol } = this
    protocol.participants.forEach((service, i) => {
      if (!saga.confirmed[i]) this.tell(service)
    })
    const step = model.steps.findIndex((one) => !one.local)
    if (step >= 0) this.setTimer(step, TimerKind.tell, protocol.resendAfter)
  }

  private tell(service: number): void {
    this.wishes.tells = [...(this.wishes.tells ?? []), { service, commit: this.saga.verdict === Verdict.commit }]
  }

  private hasLocalStep(): boolean {
    return this.model.steps.some((step) => step.local)
  }

  protected goOn(): void {
    this.model.steps.forEach((step, i) => {
      const { saga } = this
      if (saga.verdict !== Verdict.none || saga.state[i] !== StepState.waiting) return
      if (step.after.every((other) => saga.state[other] === StepState.succeeded)) this.ask(i)
    })
  }

  private askAgainOrAbort(step: number, reason: string): void {
    if (!this.retryLater(step, this.step(step).retry)) this.abort(step, reason)
  }
}
