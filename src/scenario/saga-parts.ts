/** What expressions can ask of a saga: `saga("o1").status`, `sagas.all(s, s.ended)`. */
import type { Simulation } from '../kernel/simulation.ts'
import {
  type SagaModel,
  type SagaRecord,
  SagaStatus,
  statusNames,
  stepStateNames,
  undoStateNames,
  verdictNames,
} from '../patterns/saga-model.ts'
import { sagaState } from '../patterns/saga-state.ts'
import type { Parts } from './expression.ts'

/** Every saga that has ever started, also those the orchestrator has forgotten. */
export function sagaRecords(sim: Simulation): SagaRecord[] {
  // A number can be given to a start that never committed: a hole.
  return sagaState(sim).records.filter((record) => record !== undefined)
}

export function sagaParts(models: readonly SagaModel[]): Parts {
  const stepsOf = (record: SagaRecord) => models[record.definition]?.steps ?? []
  const parts: Record<string, (record: SagaRecord) => unknown> = {
    id: (record) => record.id,
    saga: (record) => models[record.definition]?.name ?? '',
    status: (record) => statusNames[record.status] ?? '',
    ended: (record) => record.status >= SagaStatus.completed,
    data: (record) => record.data,
    decision: (record) => verdictNames[record.verdict] ?? null,
    log: (record) => record.log,
    alerts: (record) => record.alerts,
    owed: (record) => stepsOf(record).flatMap((step, i) => (record.owed[i] ? [step.name] : [])),
    steps: (record) => Object.fromEntries(stepsOf(record).map((step, i) => [step.name, stepWord(record, i)])),
  }
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, (_env: unknown, item: unknown) => part(item as SagaRecord)]),
  )
}

function stepWord(record: SagaRecord, step: number): string {
  const undo = record.undo[step] ?? 0
  return undo === 0 ? (stepStateNames[record.state[step] ?? 0] ?? '') : `undo ${undoStateNames[undo]}`
}
