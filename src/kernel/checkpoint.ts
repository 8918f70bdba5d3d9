/**
 * The kernel's state as plain data: a simulation resumed from it goes on exactly as the original, trace included.
 * Everything a run knows is in the fields named here; a field that is missing shows in the resume test.
 */
import { deepCopy } from '../base/deep-copy.ts'
import type { TraceWriter } from '../trace/trace-writer.ts'
import type { AgendaData } from './agenda.ts'
import type { Model } from './model.ts'
import type { Checking } from './simulation.ts'
import { Simulation } from './simulation.ts'

/** Everything a run knows besides its agenda and its trace. */
export const stateFields = [
  'now',
  'seed',
  'services',
  'tables',
  'messages',
  'freeMessages',
  'tasks',
  'freeTasks',
  'timers',
  'freeTimers',
  'patterns',
  'messageCount',
  'transactionCount',
  'actions',
  'conflicts',
  'locks',
  'branches',
  'settledBranches',
  'end',
  'metrics',
  'faultCounts',
  'propertyStates',
  'violationPositions',
  'violationTimes',
  'arrivals',
  'drawCounts',
  'activePartitions',
  'deadLetters',
  'parkedSequences',
  'latest',
  'latestCount',
  'cycle',
  'epoch',
  'poisoned',
  'calls',
  'callCount',
  'idCount',
  'lines',
  'effects',
  'groups',
  'produced',
  'unsettled',
  'load',
] as const satisfies readonly (keyof Simulation)[]

export interface Checkpoint {
  readonly agenda: AgendaData
  readonly state: { readonly [field in (typeof stateFields)[number]]: unknown }
  readonly trace: ReturnType<TraceWriter['save']> | null
  readonly checking: Checking
}

/** A deep copy: one value that two places share is shared in the copy too. */
export function saveCheckpoint(simulation: Simulation): Checkpoint {
  const state = Object.fromEntries(stateFields.map((field) => [field, simulation[field]])) as Checkpoint['state']
  return deepCopy(
    {
      agenda: simulation.agenda.save(),
      state,
      trace: simulation.trace?.save() ?? null,
      checking: simulation.checking,
    },
    payloadsOf(simulation.model),
  )
}

/** A simulation that stands where the checkpoint was taken. The checkpoint can be resumed from again. */
export function resumeCheckpoint(model: Model, checkpoint: Checkpoint, trace: TraceWriter | null): Simulation {
  const { agenda, state, trace: written, checking } = deepCopy(checkpoint, payloadsOf(model))
  const simulation = new Simulation(model, { trace, checking })
  Object.assign(simulation, state)
  simulation.agenda.clear()
  simulation.agenda.load(agenda)
  if (trace !== null && written !== null) trace.load(written)
  return simulation
}

/** The trace knows payloads by identity, and the model's own ones will be sent again. */
function payloadsOf(model: Model): object[] {
  return model.requests.map((request) => request.payload)
}
