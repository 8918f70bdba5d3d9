/** What a service's card says at the playhead. */
import type { Trace } from '../../trace/trace.ts'
import type { Phase, ServiceState, WorldState } from '../../trace/world-state.ts'
import type { Density } from './card-size.ts'
import { type DiskLine, type Freshness, linesOf } from './disk-lines.ts'

export interface CardModel {
  readonly up: boolean
  /** `idle`, `received charge`, `in transaction`, … */
  readonly phase: string
  /** What would be gone after a crash. */
  readonly memory: string
  readonly queued: number
  readonly parked: number
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
    queued: state?.queue.size ?? 0,
    parked: parkedAt(trace, world, service),
    lines: linesOf(trace, world, service, density, fresh),
  }
}

function nameOf(trace: Trace, message: number): string {
  return trace.text(trace.messageAt('type', message))
}

/** Later phases tell more than earlier ones. */
const weight: Record<Phase, number> = {
  received: 0,
  'in transaction': 2,
  waiting: 1,
  committed: 3,
  sent: 4,
  acknowledged: 5,
}

export function phaseText(trace: Trace, { up, handling }: ServiceState): string {
  if (!up) return 'crashed'
  if (handling.size === 0) return 'idle'
  let furthest: [number, Phase] | undefined
  for (const [message, phase] of handling) {
    if (furthest === undefined || weight[phase] >= weight[furthest[1]]) furthest = [message, phase]
  }
  const [message, phase] = furthest as [number, Phase]
  const text = phase === 'received' ? `received ${nameOf(trace, message)}` : phase
  return handling.size === 1 ? text : `${text} +${handling.size - 1}`
}

const MEMORY_MAX = 3

function memoryText(trace: Trace, { up, handling }: ServiceState): string {
  if (!up) return 'lost in the crash'
  if (handling.size === 0) return 'empty'
  const work = [...handling].slice(0, MEMORY_MAX).map(([message, phase]) => workText(nameOf(trace, message), phase))
  const more = handling.size - work.length
  return more > 0 ? `${work.join(', ')}, ${more} more` : work.join(', ')
}

function workText(name: string, phase: Phase): string {
  if (phase === 'in transaction') return `${name}, uncommitted`
  return phase === 'waiting' ? `${name}, waits` : name
}

function parkedAt(trace: Trace, world: WorldState, service: number): number {
  let parked = 0
  for (const message of world.deadLetters) if (trace.messageAt('to', message) === service) parked++
  return parked
}
