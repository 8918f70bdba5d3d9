/** What expressions can ask of effects: `effects.all(e, e.done <= 1)`. */
import { type Effect, effectsOf, Owner } from '../kernel/effects.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { type SagaModel, type SagaStepModel, statusNames } from '../patterns/saga-model.ts'
import { sagaState } from '../patterns/saga-state.ts'

/** One step of one saga, or one operation asked for by one request or message. */
interface EffectItem {
  readonly saga: string | null
  readonly status: string | null
  readonly step: string | null
  readonly operation: string
  /** How often the effect became true, and how often that of its compensation. */
  done: number
  undone: number
  /** A step that must not stand when its saga was compensated: it has a compensation, or is the pivot. */
  readonly undoable: boolean
}

export function effectItems(sim: Simulation, sagas: readonly SagaModel[]): EffectItem[] {
  const items = new Map<string, EffectItem>()
  for (const effect of effectsOf(sim)) {
    const { key, item, undoes } = itemOf(sim, sagas, effect)
    const known = items.get(key) ?? item
    items.set(key, known)
    // An operation that commits in parts has had its effect as often as its most frequent part.
    if (undoes) known.undone = Math.max(known.undone, effect.times)
    else known.done = Math.max(known.done, effect.times)
  }
  return [...items.values()]
}

function itemOf(sim: Simulation, sagas: readonly SagaModel[], effect: Effect) {
  const operation = sim.model.programs[effect.program]?.name ?? ''
  const record = effect.owner === Owner.saga ? sagaState(sim).records[effect.number] : undefined
  const step = record === undefined ? undefined : stepOf(sagas[record.definition], effect, operation)
  const item: EffectItem = {
    saga: record?.id ?? null,
    status: record === undefined ? null : (statusNames[record.status] ?? null),
    step: step?.name ?? null,
    operation: step?.actionName ?? operation,
    done: 0,
    undone: 0,
    undoable: step !== undefined && (step.compensationName !== '' || step.kind === 'pivot'),
  }
  const key = `${effect.owner} ${effect.number} ${step?.name ?? ''} ${step === undefined ? effect.program : ''}`
  return { key, item, undoes: step !== undefined && step.compensationName === operation }
}

function stepOf(saga: SagaModel | undefined, effect: Effect, operation: string): SagaStepModel | undefined {
  if (effect.step >= 0) return saga?.steps[effect.step]
  return saga?.steps.find(({ actionName, compensationName }) => [actionName, compensationName].includes(operation))
}
