/** Who decides about an instance: an orchestrator that goes forward and back, or a coordinator that lets vote. */
import type { Simulation } from '../kernel/simulation.ts'
import type { Decider, Wishes } from './decision.ts'
import { OrchestratorDecision } from './saga-decide.ts'
import type { SagaInstance } from './saga-model.ts'
import { sagaModel } from './saga-state.ts'
import { TwoPhaseDecision } from './two-phase-decide.ts'

export function deciderOf(sim: Simulation, saga: SagaInstance, wishes: Wishes): Decider {
  const model = sagaModel(sim, saga.definition)
  return model.twoPhase === null
    ? new OrchestratorDecision(model, saga, wishes, sim.seed)
    : new TwoPhaseDecision(model, model.twoPhase, saga, wishes, sim.seed)
}
