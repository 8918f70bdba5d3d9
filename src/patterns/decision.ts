/** What every decision about a saga has in common: the instance it changes, the wishes it lists, timers, attempts. */
import { hashText } from '../base/hash.ts'
import { type RetryModel, retryWait } from '../kernel/model.ts'
import { Kind, type KindCode } from '../trace/kinds.ts'
import { type SagaInstance, type SagaModel, type SagaStepModel, StepState, TimerKind } from './saga-model.ts'

export interface Wishes {
  readonly commands: { readonly step: number; readonly compensation: boolean; readonly attempt: number }[]
  readonly locals: { readonly step: number; readonly compensation: boolean }[]
  readonly timers: { readonly step: number; readonly token: number; readonly wait: number }[]
  readonly facts: { readonly kind: KindCode; readonly a: number; readonly b: number | string }[]
  /** Two-phase commit: participants (services) that are to be told the decision; null for none. */
  tells: { readonly service: number; readonly commit: boolean }[] | null
  /** Why a reply is recorded but not acted on; null when it was. */
  ignored: string | null
}

export function noWishes(): Wishes {
  return { commands: [], locals: [], timers: [], facts: [], tells: null, ignored: null }
}

/** An answer as the orchestrator sees it. */
export type Answer = { readonly outcome: 'ok' } | { readonly outcome: 'refused' | 'failed'; readonly reason: string }

/** What can happen to an instance, whatever the style in which it is run. */
export interface Decider {
  start(): void
  answered(step: number, answer: Answer): void
  undone(step: number, answer: Answer): void
  timerFired(step: number): void
  /** A person has mended what was in the way. */
  resumed(): void
  /** The orchestrator is back after a crash. */
  restarted(): void
}

export abstract class Decision {
  readonly model: SagaModel
  readonly saga: SagaInstance
  readonly wishes: Wishes
  private readonly seed: number

  /** The seed is for the jitter of retries. */
  constructor(model: SagaModel, saga: SagaInstance, wishes: Wishes, seed: number) {
    this.model = model
    this.saga = saga
    this.wishes = wishes
    this.seed = seed
  }

  start(): void {
    this.fact(Kind.sagaStarted, -1, this.saga.id)
    this.goOn()
  }

  protected abstract goOn(): void

  /** One more attempt of the step. */
  protected ask(step: number): void {
    const { saga } = this
    const model = this.step(step)
    saga.state[step] = StepState.awaiting
    const attempt = (saga.attempt[step] as number) + 1
    saga.attempt[step] = attempt
    this.fact(Kind.stepStarted, step, attempt)
    if (model.local) {
      this.wishes.locals.push({ step, compensation: false })
      return
    }
    this.wishes.commands.push({ step, compensation: false, attempt })
    if (model.timeout >= 0) this.setTimer(step, TimerKind.timeout, model.timeout)
  }

  /** False when the policy allows no further attempt. */
  protected retryLater(step: number, retry: RetryModel): boolean {
    const attempt = this.saga.attempt[step] as number
    if (attempt >= retry.attemptsMax) return false
    const wait = this.waitBefore(retry, attempt, step)
    if (wait === 0) this.ask(step)
    else this.setTimer(step, TimerKind.retry, wait)
    return true
  }

  protected setTimer(step: number, kind: number, wait: number): void {
    const { saga } = this
    const token = (saga.token[step] as number) + 1
    saga.token[step] = token
    saga.timer[step] = kind
    this.wishes.timers.push({ step, token, wait })
  }

  protected stopTimer(step: number): void {
    const { saga } = this
    saga.token[step] = (saga.token[step] as number) + 1
    saga.timer[step] = TimerKind.none
  }

  /** The wait before the next attempt of a step. */
  protected waitBefore(retry: RetryModel, attempt: number, step: number): number {
    return retryWait(retry, attempt, this.seed, hashText(`${this.saga.id}/${step}`))
  }

  protected step(step: number): SagaStepModel {
    return this.model.steps[step] as SagaStepModel
  }

  protected fact(kind: KindCode, a: number, b: number | string = -1): void {
    this.wishes.facts.push({ kind, a, b })
  }
}
