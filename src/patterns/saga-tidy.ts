/** What an orchestrator need not remember: see `PatternModel.tidy`. */
import type { Simulation } from '../kernel/simulation.ts'
import { SAGA_PATTERN } from './pattern-numbers.ts'
import {
  createInstance,
  type SagaInstance,
  type SagaModel,
  type SagaPatternState,
  SagaStatus,
  StepState,
  UndoState,
} from './saga-model.ts'

/** Tokens begin at 1 again, and what is over is not counted. Left alone while somebody works on an instance. */
export function tidySagas(sim: Simulation, models: readonly SagaModel[]): void {
  const { instances, records } = sim.patterns[SAGA_PATTERN] as SagaPatternState
  for (const task of sim.tasks) {
    const loaded = task?.alive ? (task.scratch as SagaInstance | null) : null
    if (loaded === null || instances.includes(loaded)) continue
    const model = isInstance(loaded) ? models[loaded.definition] : undefined
    if (model === undefined || model.concurrency === 'none') return
    // It has been changed meanwhile: the handling will start over, whatever it has loaded.
    task.scratch = createInstance(model, loaded.number, loaded.id, loaded.data)
  }
  for (const saga of instances) {
    // A number that was given to a start that never committed leaves a hole.
    if (saga === null || saga === undefined) continue
    renumberTimers(sim, saga)
    // A saga that has not changed since is tidy.
    if (Object.isFrozen(saga)) continue
    saga.token.fill(1)
    if (models[saga.definition]?.guard) forgetAttempts(saga)
    freeze(saga)
  }
  for (const record of records) if (record !== undefined && !Object.isFrozen(record)) freeze(record)
}

/** An instance is replaced, never changed, and a record is copied before it is (`thawed`): so both can be shared. */
function freeze(owner: object): void {
  for (const value of Object.values(owner)) if (typeof value === 'object' && value !== null) Object.freeze(value)
  Object.freeze(owner)
}

/** What a handling keeps is the instance it has loaded, until it has decided. */
function isInstance(scratch: object): boolean {
  return 'definition' in scratch && 'token' in scratch
}

function renumberTimers(sim: Simulation, saga: SagaInstance): void {
  const atWork = sim.tasks.flatMap((task) => (task?.alive && task.timer !== null ? [task.timer] : []))
  const timers = new Set([...sim.timers.filter((timer) => timer !== null), ...atWork])
  for (const timer of timers) {
    const isOurs = timer.pattern === SAGA_PATTERN && timer.subject === saga.number && timer.step >= 0
    if (isOurs) timer.token = timer.token === saga.token[timer.step] ? 1 : 0
  }
}

/** Behind the state guard an answered step is asked for no more, and asking for it anew begins to count anew. */
function forgetAttempts(saga: SagaInstance): void {
  if (saga.status === SagaStatus.completed || saga.status === SagaStatus.compensated) {
    saga.attempt.fill(0)
    saga.undoAttempt.fill(0)
    saga.doubt.fill(false)
    return
  }
  saga.state.forEach((state, step) => {
    if (state !== StepState.succeeded) return
    saga.attempt[step] = 0
    saga.doubt[step] = false
  })
  saga.undo.forEach((undo, step) => {
    if (undo === UndoState.done) saga.undoAttempt[step] = 0
  })
}
