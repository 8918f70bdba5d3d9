/** What a service's card says at the playhead. */
import { eventName } from '../../trace/projection-state.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import type { Phase, ServiceState, WorldState } from '../../trace/world-state.ts'
import type { Density } from './card-size.ts'
import { type DiskLine, type Freshness, linesOf } from './disk-lines.ts'
import { type Standing, standingAt } from './standing.ts'

export interface CardModel {
  readonly up: boolean
  /** `idle`, `received charge`, `in transaction`, … */
  readonly phase: string
  /** What would be gone after a crash. */
  readonly memory: string
  readonly standing: readonly Standing[]
  /** Null for a service that never has several. */
  readonly replicas: NonNullable<ServiceState['replicas']> | null
  readonly lines: readonly DiskLine[]
}

export function cardModel(
  trace: Trace,
  world: WorldState,
  service: number,
  density: Density,
  fresh: Freshness,
): CardModel {
  const state = world.services[service]
  return {
    up: state?.up ?? true,
    phase: state === undefined ? 'idle' : phaseText(trace, state),
    memory: state === undefined ? '' : memoryText(trace, state),
    standing: standingAt(trace, world, service),
    replicas: state?.replicas ?? null,
    lines: linesOf(trace, world, service, density, fresh),
  }
}

/** What is being handled. A timer's work has no message; it ends with its commit, as nobody acknowledges it. */
function workOf({ handling }: ServiceState): [number, Phase][] {
  return [...handling].filter(([message, phase]) => message !== NONE || phase !== 'committed')
}

function nameOf(trace: Trace, message: number): string {
  return message === NONE ? 'a timer' : eventName(trace, trace.text(trace.messageAt('type', message)))
}

/** Later phases tell more than earlier ones. */
const weight: Record<Phase, number> = {
  received: 0,
  waiting: 1,
  'in transaction': 2,
  committed: 3,
  sent: 4,
  acknowledged: 5,
}

export function phaseText(trace: Trace, state: ServiceState): string {
  // Prepared and voted for, and the decision has not been heard; how much is locked stands at the foot of the card.
  const inDoubt = state.inDoubt !== undefined
  if (!state.up) return inDoubt ? 'crashed, in doubt' : 'crashed'
  if (state.paused !== undefined) return 'stands still'
  const work = workOf(state)
  let furthest = work[0]
  if (furthest === undefined) return inDoubt ? 'in doubt' : 'idle'
  for (const item of work) if (weight[item[1]] >= weight[furthest[1]]) furthest = item
  const [message, phase] = furthest
  const text = phase === 'received' ? `received ${nameOf(trace, message)}` : phase
  return work.length === 1 ? text : `${text} +${work.length - 1}`
}

const MEMORY_MAX = 3

function memoryText(trace: Trace, state: ServiceState): string {
  if (!state.up) return 'lost in the crash'
  const work = workOf(state)
  if (work.length === 0) return 'empty'
  const shown = work.slice(0, MEMORY_MAX).map(([message, phase]) => workText(nameOf(trace, message), phase))
  const more = work.length - shown.length
  return more > 0 ? `${shown.join(', ')}, ${more} more` : shown.join(', ')
}

function workText(name: string, phase: Phase): string {
  if (phase === 'in transaction') return `${name}, uncommitted`
  return phase === 'waiting' ? `${name}, waits` : name
}
