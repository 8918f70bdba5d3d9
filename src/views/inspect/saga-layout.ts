/** A saga as rows: its steps at the playhead and the log of what happened to it. */
import type { Selection } from '../../session/session-types.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE, type StepInfo } from '../../trace/trace-format.ts'
import type { SagaState, SagaStatus, StepStatus, WorldState } from '../../trace/world-state.ts'

export interface StepRow {
  readonly name: string
  readonly service: string
  readonly kind: StepInfo['kind']
  readonly status: StepStatus
  /** What it says, in the words of a person. */
  readonly words: string
  readonly attempts: number
  readonly compensation: string | null
  readonly owed: boolean
}

const words: Record<StepStatus, string> = {
  waiting: 'not yet',
  started: 'asked, no answer yet',
  succeeded: 'done',
  refused: 'refused',
  failed: 'failed',
  'timed out': 'no answer in time',
  compensating: 'being undone',
  compensated: 'undone',
  'compensation failed': 'undoing failed',
}

export const sagaStatusWords: Record<SagaStatus, string> = {
  Running: 'running',
  Compensating: 'turning back',
  Completed: 'completed',
  Compensated: 'compensated',
  NeedsIntervention: 'needs a person',
  Aborted: 'aborted',
}

export function stepRows(trace: Trace, saga: SagaState): StepRow[] {
  const steps = trace.header.sagas[saga.definition]?.steps ?? []
  return steps.map((step, i) => {
    const status = saga.steps[i] ?? 'waiting'
    const reason = saga.reasons[i] ?? ''
    return {
      name: step.name,
      service: trace.header.services[step.service]?.title ?? '',
      kind: step.kind,
      status,
      words: reason === '' || status === 'succeeded' ? words[status] : `${words[status]}: ${reason}`,
      attempts: saga.attempts[i] ?? 0,
      compensation: step.compensation,
      // An ended saga never turns back: what it once owed is settled.
      owed: saga.owed[i] === true && saga.status !== 'Completed' && saga.status !== 'Compensated',
    }
  })
}

export interface SagaLog {
  readonly id: string
  readonly definition: number
  /** The entries about its steps, in order. */
  readonly positions: number[]
}

interface SagaLogs {
  scanned: number
  readonly logs: SagaLog[]
}

const known = new WeakMap<Trace, SagaLogs>()

function isAboutSteps(kind: number): boolean {
  return (kind >= Kind.sagaStarted && kind <= Kind.replyIgnored) || kind === Kind.compensationRegistered
}

/** The log of every saga so far, by saga number. Grows with the trace. */
export function sagaLogs(trace: Trace): readonly SagaLog[] {
  let state = known.get(trace)
  if (state === undefined) {
    state = { scanned: 0, logs: [] }
    known.set(trace, state)
  }
  for (; state.scanned < trace.length; state.scanned++) {
    const position = state.scanned
    const kind = trace.at('kind', position)
    const saga = trace.at('saga', position)
    if (saga === NONE || !isAboutSteps(kind)) continue
    if (kind === Kind.sagaStarted) {
      state.logs[saga] ??= {
        id: trace.text(trace.at('a', position)),
        definition: trace.at('b', position),
        positions: [],
      }
    }
    state.logs[saga]?.positions.push(position)
  }
  return state.logs
}

/** So many entries back somebody may look for the saga of the moment. */
const LOOKED_BACK = 500

/** Which saga to show: the selected one, or that of what is selected, or the one that moved last. */
export function sagaShown(trace: Trace, selection: Selection | null, playhead: number): number | undefined {
  const logs = sagaLogs(trace)
  const selected = sagaOfSelection(trace, selection)
  if (selected !== NONE && logs[selected] !== undefined) return selected
  for (let at = Math.min(playhead, trace.length) - 1; at >= Math.max(0, playhead - LOOKED_BACK); at--) {
    const saga = trace.at('saga', at)
    if (saga !== NONE && logs[saga] !== undefined) return saga
  }
  const first = logs.findIndex((log) => log !== undefined)
  return first < 0 ? undefined : first
}

function sagaOfSelection(trace: Trace, selection: Selection | null): number {
  if (selection?.type === 'saga') return selection.saga
  if (selection?.type === 'message' && selection.id < trace.messageCount) return trace.messageAt('saga', selection.id)
  if (selection?.type === 'entry' && selection.position < trace.length) return trace.at('saga', selection.position)
  return NONE
}

/** Sagas to choose from: all of them, or those around the one shown when there are very many. */
export function sagaChoices(logs: readonly SagaLog[], shown: number, max = 100): { value: string; label: string }[] {
  const start = Math.max(0, Math.min(shown - max / 2, logs.length - max))
  return logs.slice(start, start + max).map(({ id }, i) => ({ value: String(start + i), label: `saga ${id}` }))
}

/** A stretch of a long log around the playhead. */
export function logAround(positions: readonly number[], playhead: number, max = 80): readonly number[] {
  if (positions.length <= max) return positions
  const next = positions.findIndex((position) => position >= playhead)
  const middle = next < 0 ? positions.length : next
  const start = Math.max(0, Math.min(middle - max / 2, positions.length - max))
  return positions.slice(start, start + max)
}

/** How many compensations are owed, as a sentence; empty when none is. */
export function owedText(rows: readonly StepRow[], world: WorldState | null): string {
  if (world === null) return ''
  const owed = rows.filter((row) => row.owed && row.compensation !== null)
  if (owed.length === 0) return 'No compensation is owed.'
  return `Owed, last first: ${owed
    .map((row) => row.compensation)
    .reverse()
    .join(', ')}.`
}
