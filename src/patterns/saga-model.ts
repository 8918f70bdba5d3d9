/** An orchestrated saga, compiled: steps as a graph, who answers what. Times in microseconds. */

import type { Transaction } from '../kernel/disk.ts'
import type { Evaluate } from '../kernel/evaluation.ts'
import type { Payload, RetryModel } from '../kernel/model.ts'

export interface SagaStepModel {
  readonly name: string
  readonly service: number
  readonly kind: 'compensatable' | 'pivot' | 'retriable'
  /** Runs in the orchestrator's own transaction. */
  readonly local: boolean
  /** Message type of the command, or the program of the local operation; −1 for no compensation. */
  readonly action: number
  readonly compensation: number
  readonly actionName: string
  readonly compensationName: string
  /** Steps that must have succeeded before. */
  readonly after: readonly number[]
  /** Steps whose owed compensations must be done before this one's. */
  readonly undoAfter: readonly number[]
  /** Names of the values that its operation and its compensation give back; they become fields of the saga's data. */
  readonly returns: readonly string[]
  readonly fields: readonly { readonly name: string; readonly value: Evaluate }[]
  /** 0 = never. */
  readonly timeout: number
  readonly askAgainOnTimeout: boolean
  readonly retry: RetryModel
  readonly retryRefusals: boolean
  readonly keys: 'same' | 'fresh' | 'none' | 'saga'
  readonly registerBefore: boolean
  readonly compensationTimeout: number
  readonly compensationRetry: RetryModel
  /** After the last attempt has failed with an error or (retriable steps) was refused. */
  readonly turnBackOnFailure: boolean
  readonly onUndoFailure: 'stop' | 'park' | 'ignore'
}

/** What a two-phase commit needs beside the steps: message types, and how long it waits. Times in microseconds. */
export interface TwoPhaseModel {
  readonly commit: number
  readonly abort: number
  readonly committed: number
  readonly inquire: number
  /** Between two questions of a participant in doubt. */
  readonly inquireAfter: number
  /** After which the coordinator tells its decision again to who has not confirmed it. */
  readonly resendAfter: number
  /** Services that vote, in the order of their first steps; the coordinator itself is none of them. */
  readonly participants: readonly number[]
}

export interface SagaModel {
  readonly number: number
  readonly name: string
  readonly orchestrator: number
  readonly id: Evaluate
  readonly unique: boolean
  readonly durable: boolean
  readonly guard: boolean
  readonly removeEnded: boolean
  /** Microseconds for which an ended instance is found by its id; Infinity for ever. */
  readonly endedKept: number
  readonly concurrency: 'optimistic' | 'pessimistic' | 'none'
  readonly settle: boolean
  readonly onRestart: 'wait' | 'ask again' | 'turn back'
  /** Runs of one instance, after having been compensated. */
  readonly rerun: RetryModel
  readonly steps: readonly SagaStepModel[]
  /** Null for a saga: its steps commit one by one. */
  readonly twoPhase: TwoPhaseModel | null
  /** Program that handles its timers. */
  readonly timerProgram: number
}

export const SagaStatus = {
  running: 0,
  compensating: 1,
  completed: 2,
  compensated: 3,
  needsIntervention: 4,
  /** A two-phase commit that was rolled back everywhere: nothing was ever to be seen of it. */
  aborted: 5,
} as const
export const statusNames = [
  'Running',
  'Compensating',
  'Completed',
  'Compensated',
  'NeedsIntervention',
  'Aborted',
] as const

/** What the coordinator of a two-phase commit has decided. */
export const Verdict = { none: 0, commit: 1, abort: 2 } as const
export const verdictNames = [null, 'commit', 'abort'] as const

export const StepState = { waiting: 0, awaiting: 1, succeeded: 2, refused: 3, unknown: 4 } as const
export const stepStateNames = ['waiting', 'awaiting', 'succeeded', 'refused', 'unknown'] as const
/** `failed`: given up and still owed. */
export const UndoState = { none: 0, awaiting: 1, done: 2, failed: 3 } as const
export const undoStateNames = ['none', 'awaiting', 'done', 'failed'] as const

/** What a timer of a step means. */
export const TimerKind = { none: 0, timeout: 1, retry: 2, undoTimeout: 3, undoRetry: 4, tell: 5 } as const

/** One saga: plain data. A handling works on a copy, which becomes the instance when the handling commits. */
export interface SagaInstance {
  readonly number: number
  readonly definition: number
  readonly id: string
  /** The fields of the start message, and what the steps have given back since. */
  data: Payload
  status: number
  /** The step whose failure turns the saga back once the steps under way have settled, −1 for none. */
  failing: number
  failingReason: string
  /** Virtual time of its end, −1 while it runs. */
  endedAt: number
  /** Which run of the instance this is, from 1. */
  readonly run: number
  readonly state: number[]
  readonly attempt: number[]
  readonly undo: number[]
  readonly undoAttempt: number[]
  readonly owed: boolean[]
  /** Fixed when backward recovery begins. */
  readonly plan: boolean[]
  /** An attempt stayed unanswered: the step may have happened. */
  readonly doubt: boolean[]
  readonly token: number[]
  readonly timer: number[]
  /** Two-phase commit: what was decided, and which participants have confirmed it. */
  verdict: number
  readonly confirmed: boolean[]
}

/** What an onlooker knows of a saga, whatever the orchestrator has forgotten. */
export interface SagaRecord {
  readonly id: string
  readonly definition: number
  status: number
  readonly state: number[]
  readonly undo: number[]
  readonly owed: boolean[]
  /** Steps in the order in which they were done, refused (!) and compensated (~). */
  readonly log: string[]
  alerts: number
  /** What it knows by now. */
  data: Payload
  /** Two-phase commit: what was decided. */
  verdict: number
}

export interface SagaPatternState {
  /** What the orchestrator knows, by saga number; null when it has forgotten the instance. */
  readonly instances: (SagaInstance | null)[]
  readonly records: SagaRecord[]
  readonly byId: Map<string, number>
  /** Numbers given to starts that have not committed yet. */
  readonly reserved: Map<string, number>
  /** Who works on an instance, where instances are locked. */
  readonly lockedBy: Map<number, Transaction>
  count: number
}

export function createInstance(model: SagaModel, number: number, id: string, data: Payload, run = 1): SagaInstance {
  const zeros = () => model.steps.map(() => 0)
  const no = () => model.steps.map(() => false)
  return {
    number,
    definition: model.number,
    id,
    data,
    status: SagaStatus.running,
    failing: -1,
    failingReason: '',
    endedAt: -1,
    run,
    state: zeros(),
    attempt: zeros(),
    undo: zeros(),
    undoAttempt: zeros(),
    owed: no(),
    plan: no(),
    doubt: no(),
    token: zeros(),
    timer: zeros(),
    verdict: Verdict.none,
    confirmed: model.twoPhase === null ? NOBODY : model.twoPhase.participants.map(() => false),
  }
}
const NOBODY: boolean[] = []

export function copyInstance(instance: SagaInstance): SagaInstance {
  // Field by field: a spread would make an object that is laid out otherwise, and everything that reads both slower.
  return {
    number: instance.number,
    definition: instance.definition,
    id: instance.id,
    data: instance.data,
    status: instance.status,
    failing: instance.failing,
    failingReason: instance.failingReason,
    endedAt: instance.endedAt,
    run: instance.run,
    state: instance.state.slice(),
    attempt: instance.attempt.slice(),
    undo: instance.undo.slice(),
    undoAttempt: instance.undoAttempt.slice(),
    owed: instance.owed.slice(),
    plan: instance.plan.slice(),
    doubt: instance.doubt.slice(),
    token: instance.token.slice(),
    timer: instance.timer.slice(),
    verdict: instance.verdict,
    confirmed: instance.confirmed.length === 0 ? instance.confirmed : instance.confirmed.slice(),
  }
}
