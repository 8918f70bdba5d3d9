/** The saga an orchestrator's card shows: one instance with its steps, the others as a count with small bars. */
import type { Selection } from '../../session/session-types.ts'
import type { TraceHeader } from '../../trace/trace-format.ts'
import type { SagaState, SagaStatus, StepStatus, WorldState } from '../../trace/world-state.ts'

export type StepTone = 'waiting' | 'running' | 'done' | 'unknown' | 'bad' | 'undo'

export interface StepView {
  readonly name: string
  readonly tone: StepTone
  readonly status: StepStatus
  /** What stands at the end of the line: a word, an attempt, a reason. */
  readonly note: string
  readonly kind: 'compensatable' | 'pivot' | 'retriable'
  /** Its compensation has to be run should the saga turn back. */
  readonly owed: boolean
}
export interface SagaBar {
  readonly saga: number
  readonly id: string
  readonly status: SagaStatus
  /** 0 … 1 of its steps. */
  readonly progress: number
}
export interface SagaView {
  /** −1 before the first instance has started. */
  readonly saga: number
  readonly name: string
  readonly id: string
  /** Nobody holds it: its card only shows what the events say. */
  readonly reconstructed: boolean
  readonly status: SagaStatus | 'not started'
  readonly turningBack: boolean
  readonly steps: readonly StepView[]
  readonly others: readonly SagaBar[]
  readonly othersMore: number
}

const BARS_MAX = 6
/** A crowd of sagas is searched for an active one so far back. */
const SEARCH_MAX = 500

export function sagaView(
  header: TraceHeader,
  world: WorldState,
  service: number,
  selection: Selection | null,
): SagaView | null {
  const definitions = header.sagas.map((saga) => saga.orchestrator === service)
  const first = definitions.indexOf(true)
  if (first < 0) return null
  const mine = (saga: SagaState | undefined) => saga !== undefined && definitions[saga.definition] === true
  const shown = chosenSaga(world, selection, mine)
  const state = world.sagas[shown]
  const definition = header.sagas[state?.definition ?? first]
  const steps = (definition?.steps ?? []).map((step, i) => ({
    name: step.name,
    kind: step.kind,
    ...stepLook(state, i, definition?.twoPhase === true),
  }))
  const { bars, more } = othersOf(world, shown, mine)
  return {
    saga: state === undefined ? -1 : shown,
    name: definition?.name ?? '',
    id: state?.id ?? '',
    reconstructed: definition?.reconstructed === true,
    status: state?.status ?? 'not started',
    turningBack: state !== undefined && isBack(state.status),
    steps,
    others: bars,
    othersMore: more,
  }
}

/** The selected one, else the latest that is under way, else the latest. */
function chosenSaga(world: WorldState, selection: Selection | null, mine: (saga?: SagaState) => boolean): number {
  if (selection?.type === 'saga' && mine(world.sagas[selection.saga])) return selection.saga
  let latest = -1
  const stop = Math.max(0, world.sagas.length - SEARCH_MAX)
  for (let saga = world.sagas.length - 1; saga >= stop; saga--) {
    const state = world.sagas[saga]
    if (!mine(state)) continue
    if (state?.status === 'Running' || state?.status === 'Compensating') return saga
    if (latest < 0) latest = saga
  }
  return latest
}

function othersOf(world: WorldState, shown: number, mine: (saga?: SagaState) => boolean) {
  const bars: SagaBar[] = []
  let more = 0
  for (let saga = world.sagas.length - 1; saga >= 0; saga--) {
    const state = world.sagas[saga]
    if (saga === shown || state === undefined || !mine(state)) continue
    if (bars.length < BARS_MAX) bars.push({ saga, id: state.id, status: state.status, progress: progressOf(state) })
    else more++
  }
  return { bars: bars.reverse(), more }
}

function isBack(status: SagaStatus): boolean {
  return status === 'Compensating' || status === 'Compensated' || status === 'Aborted'
}

function progressOf({ status, steps }: SagaState): number {
  if (status === 'Completed' || status === 'Compensated' || status === 'Aborted') return 1
  const back = isBack(status)
  const count = steps.filter((step) => step === (back ? 'compensated' : 'succeeded')).length
  const ofAll = back ? steps.filter((step) => step !== 'waiting').length : steps.length
  return ofAll === 0 ? 0 : count / ofAll
}

const tones: Record<StepStatus, StepTone> = {
  waiting: 'waiting',
  started: 'running',
  succeeded: 'done',
  refused: 'bad',
  failed: 'bad',
  'timed out': 'unknown',
  compensating: 'undo',
  compensated: 'undo',
  'compensation failed': 'bad',
}
const words: Record<StepStatus, string> = {
  waiting: '',
  started: 'running',
  succeeded: 'done',
  refused: 'refused',
  failed: 'error',
  'timed out': 'timed out',
  compensating: 'compensating',
  compensated: 'compensated',
  'compensation failed': 'stuck',
}

/** A step of a two-phase commit is not done before all are. */
function voteWord(saga: SagaState | undefined): string {
  if (saga?.status === 'Completed') return 'done'
  return saga?.status === 'Aborted' ? 'rolled back' : 'votes yes'
}

function stepLook(
  saga: SagaState | undefined,
  i: number,
  isVote: boolean,
): Pick<StepView, 'tone' | 'status' | 'note' | 'owed'> {
  const status = saga?.steps[i] ?? 'waiting'
  const attempts = saga?.attempts[i] ?? 0
  const word = isVote && status === 'succeeded' ? voteWord(saga) : words[status]
  const note = attempts > 1 ? `${word} #${attempts}` : word
  return { tone: tones[status], status, note, owed: saga?.owed[i] ?? false }
}
