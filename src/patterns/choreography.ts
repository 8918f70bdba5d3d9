/**
 * Choreography: services react to each other's events, and no component holds the saga. What an onlooker knows of its
 * progress is put together here from the events and the correlation id they carry.
 */

import type { Evaluate } from '../kernel/evaluation.ts'
import { createEnv } from '../kernel/evaluation.ts'
import type { PatternModel, Payload } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Outgoing, Task } from '../kernel/task.ts'
import { Kind, type KindCode, Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { type SagaModel, SagaStatus, StepState, UndoState } from './saga-model.ts'
import { recordFact, thawed } from './saga-record.ts'
import { sagaState } from './saga-state.ts'

/** What an event of a choreographed saga says about it. */
export interface EventMeaning {
  readonly step: number
  readonly says: 'done' | 'refused' | 'undone'
}

export interface ChoreographyModel {
  readonly saga: SagaModel
  /** By message type. */
  readonly meanings: ReadonlyMap<number, EventMeaning>
  readonly id: Evaluate
}

/** An event and the services that subscribe to it. */
export interface EventModel {
  readonly type: number
  readonly subscribers: readonly number[]
}

/** The copies of an event, one per subscriber; one to nobody when there is none. */
export function eventCopies(task: Task, event: EventModel, payload: Payload, saga: number): Outgoing[] {
  const { message } = task
  const targets = event.subscribers.length === 0 ? [NONE] : event.subscribers
  return targets.map((to, i) => ({
    type: event.type,
    to,
    role: Role.event,
    outcome: Outcome.none,
    saga,
    step: NONE,
    compensation: false,
    attempt: 1,
    key: message?.body.key ?? null,
    reason: task.reason,
    payload,
    answers: NONE,
    group: saga >= 0 ? saga : (message?.body.group ?? NONE),
    request: NONE,
    hops: (message?.body.hops ?? 0) + 1,
    delay: 0,
    subscribers: i === 0 ? event.subscribers.length : NONE,
  }))
}

/** The number of the saga a message belongs to, by its correlation id; a new one gets the next number. */
export function correlate(sim: Simulation, model: ChoreographyModel, payload: Payload): number {
  const id = String(model.id(createEnv(sim, null, payload)) ?? '')
  const state = sagaState(sim)
  const key = `${model.saga.number}/${id}`
  const number = state.reserved.get(key) ?? state.count++
  state.reserved.set(key, number)
  return number
}

export function choreographyPattern(models: readonly ChoreographyModel[]): PatternModel {
  return {
    name: 'choreography',
    init: () => null,
    onPublish: (sim, service, event, position) => {
      for (const model of models) {
        const meaning = model.meanings.get(event.type)
        if (meaning !== undefined) reconstruct(sim, model, meaning, service, event, position)
      }
    },
  }
}

function reconstruct(
  sim: Simulation,
  model: ChoreographyModel,
  meaning: EventMeaning,
  service: number,
  event: Outgoing,
  position: number,
): void {
  const number = correlate(sim, model, event.payload)
  const state = sagaState(sim)
  const { saga } = model
  let cause = position
  const fact = (kind: KindCode, step: number, b: number | string = NONE) => {
    recordFact(state, saga, { number }, { kind, a: step, b })
    cause = sim.note(kind, service, number, NONE, cause, step, typeof b === 'string' ? sim.value(b) : b)
  }
  if (state.records[number] === undefined) {
    const id = String(model.id(createEnv(sim, null, event.payload)) ?? '')
    recordFact(state, saga, { number, id }, { kind: Kind.sagaStarted, a: NONE, b: NONE })
    cause = sim.note(Kind.sagaStarted, service, number, NONE, cause, sim.value(id), saga.number)
  }
  const record = thawed(state, number)
  if (record === undefined) return
  record.data = { ...record.data, ...event.payload }
  const { step, says } = meaning
  if (says === 'done') {
    fact(Kind.stepSucceeded, step)
    saga.steps.forEach((next, i) => {
      if (next.after.includes(step) && record.state[i] === StepState.waiting) fact(Kind.stepStarted, i, 1)
    })
    if (record.status === SagaStatus.running && record.state.every((one) => one === StepState.succeeded)) {
      fact(Kind.sagaCompleted, NONE)
    }
    return
  }
  if (says === 'refused') {
    fact(Kind.stepRefused, step, event.reason ?? 'refused')
    if (record.status === SagaStatus.running) fact(Kind.compensationStarted, step, event.reason ?? 'refused')
    saga.steps.forEach((one, i) => {
      if (one.compensation >= 0 && record.state[i] === StepState.succeeded && record.undo[i] === UndoState.none) {
        fact(Kind.compensationRegistered, i)
        fact(Kind.stepCompensating, i, 1)
      }
    })
    return
  }
  fact(Kind.stepCompensated, step)
  if (record.status === SagaStatus.compensating && record.owed.every((owed) => !owed)) fact(Kind.sagaCompensated, NONE)
}
