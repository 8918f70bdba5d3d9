/** How long something takes: always the same, anything between two times, or exponentially distributed. */
import { exponential } from '../base/exponential.ts'
import { draw, drawWithin, mix } from '../base/hash.ts'
import type { Duration } from './model.ts'
import type { Simulation } from './simulation.ts'
import type { Task } from './task.ts'

/** Microseconds, for a 32-bit draw. */
export function drawnDuration(duration: Duration, bits: number): number {
  if (typeof duration === 'number') return duration
  return 'mean' in duration ? exponential(bits, duration.mean) : drawWithin(bits, duration.from, duration.to)
}

/** The least it can take. */
export function leastDuration(duration: Duration): number {
  if (typeof duration === 'number') return duration
  return 'mean' in duration ? 0 : duration.from
}

export function meanDuration(duration: Duration): number {
  if (typeof duration === 'number') return duration
  return 'mean' in duration ? duration.mean : (duration.from + duration.to) / 2
}

const HANDLING_DRAW = 0x68616e64

/**
 * The time of one handling, drawn for what is handled (whose message, which step, which attempt) and for the n-th time it
 * is handed out: a fault elsewhere changes no other handling's time.
 */
export function handlingTime(sim: Simulation, task: Task, duration: Duration): number {
  if (typeof duration === 'number') return duration
  const { message } = task
  if (message === null) return drawnDuration(duration, draw(sim.seed, HANDLING_DRAW, task.saga, task.step))
  const { body } = message
  // One after the other, from a constant: the group of a request is its number's complement, and would cancel it.
  const whose = mix(mix(mix(mix(HANDLING_DRAW, body.group), body.request), body.saga), body.step)
  const what = mix(mix(mix(whose, body.type), task.service), body.attempt)
  const n = message.deliveries * 2 + (body.compensation ? 1 : 0)
  return drawnDuration(duration, draw(sim.seed, HANDLING_DRAW, what, n))
}
