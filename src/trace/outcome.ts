/** How a run came out, in one word: the same word in a matrix of many runs and beside a stage. */
import type { SagaStatus, WorldState } from './world-state.ts'

export type Outcome = 'completed' | 'compensated' | 'stuck' | 'needs a person' | 'promise broken' | 'unfinished'

/** All outcomes, the best first. */
export const outcomes: readonly Outcome[] = [
  'completed',
  'compensated',
  'unfinished',
  'stuck',
  'needs a person',
  'promise broken',
]

export interface Ending {
  /** Properties that broke. */
  readonly broken: number
  readonly sagas: readonly SagaStatus[]
  /** Messages parked for a person to look at. */
  readonly parked: number
  /** Nothing was left to do; false when a limit or the visitor ended the run. */
  readonly atRest: boolean
  /** The visitor stopped it: what would have come is not known. */
  readonly isCancelled: boolean
}

/** The worst thing that can be said of a run. A saga that has not ended when everything is at rest never will. */
export function outcomeOf({ broken, sagas, parked, atRest, isCancelled }: Ending): Outcome {
  if (broken > 0) return 'promise broken'
  if (isCancelled) return 'unfinished'
  if (sagas.includes('NeedsIntervention')) return 'needs a person'
  if (!atRest || sagas.some((status) => status === 'Running' || status === 'Compensating')) return 'stuck'
  if (parked > 0) return 'needs a person'
  return sagas.includes('Compensated') ? 'compensated' : 'completed'
}

/** What a finished run says of itself, as far as its outcome is concerned. */
interface Finished {
  readonly properties: readonly { readonly holds: boolean }[]
  readonly quiescent: boolean
  readonly reason: string
}

/** The outcome of a run from its summary and the state at its end. */
export function outcomeOfRun({ properties, quiescent, reason }: Finished, end: WorldState): Outcome {
  return outcomeOf({
    broken: properties.filter(({ holds }) => !holds).length,
    sagas: end.sagas.map(({ status }) => status),
    parked: end.deadLetters.size,
    atRest: quiescent,
    isCancelled: reason === 'cancelled',
  })
}
