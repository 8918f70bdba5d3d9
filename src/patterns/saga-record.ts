/** What an onlooker writes down about a saga: the end state that observables and properties ask for. */
import { Kind } from '../trace/kinds.ts'
import type { Wishes } from './decision.ts'
import { type SagaModel, type SagaPatternState, SagaStatus, StepState, UndoState, Verdict } from './saga-model.ts'

const NO_DATA = {}

/** The record that can be written to: a proof keeps frozen ones, which many of its states share. */
export function thawed(state: SagaPatternState, number: number): SagaPatternState['records'][number] | undefined {
  const record = state.records[number]
  if (record === undefined || !Object.isFrozen(record)) return record
  const copy = {
    ...record,
    state: record.state.slice(),
    undo: record.undo.slice(),
    owed: record.owed.slice(),
    log: record.log.slice(),
  }
  state.records[number] = copy
  return copy
}

export function recordFact(
  state: SagaPatternState,
  model: SagaModel,
  saga: { readonly number: number; readonly id?: string },
  fact: Wishes['facts'][number],
): void {
  if (fact.kind === Kind.sagaStarted) {
    state.records[saga.number] = {
      id: saga.id ?? '',
      definition: model.number,
      status: SagaStatus.running,
      state: model.steps.map(() => StepState.waiting),
      undo: model.steps.map(() => UndoState.none),
      owed: model.steps.map(() => false),
      log: [],
      alerts: 0,
      data: NO_DATA,
      verdict: Verdict.none,
    }
    return
  }
  const record = state.records[saga.number]
  if (record === undefined) return
  const step = fact.a
  const name = step < 0 ? '' : (model.steps[step]?.name ?? '')
  switch (fact.kind) {
    case Kind.stepStarted:
      record.state[step] = StepState.awaiting
      break
    case Kind.stepSucceeded:
      record.state[step] = StepState.succeeded
      record.log.push(name)
      break
    case Kind.stepRefused:
      record.state[step] = StepState.refused
      record.log.push(`${name}!`)
      break
    case Kind.stepTimedOut:
      record.state[step] = StepState.unknown
      break
    case Kind.compensationRegistered:
      record.owed[step] = true
      break
    case Kind.compensationStarted:
      record.status = SagaStatus.compensating
      break
    case Kind.stepCompensating:
      record.undo[step] = UndoState.awaiting
      break
    case Kind.stepCompensated:
      record.undo[step] = UndoState.done
      record.owed[step] = false
      record.log.push(`~${name}`)
      break
    case Kind.compensationFailed:
      record.undo[step] = UndoState.failed
      break
    case Kind.alerted:
      record.alerts++
      break
    case Kind.decided:
      record.verdict = fact.a
      break
    case Kind.sagaAborted:
      record.status = SagaStatus.aborted
      break
    case Kind.sagaCompleted:
      record.status = SagaStatus.completed
      break
    case Kind.sagaCompensated:
      record.status = SagaStatus.compensated
      break
    case Kind.sagaNeedsIntervention:
      record.status = SagaStatus.needsIntervention
      break
  }
}
