/**
 * A run that cannot end: which circle was it in? The last things that went over the bus are kept in a ring, as numbers;
 * when a limit ends the run, the shortest part that has come at least three times in a row at the end is the circle.
 */
import type { Simulation } from './simulation.ts'

/** How many are remembered, a power of two: circles of up to a third of it are found. */
const REMEMBERED = 256
const TIMES = 3
const PLACE = 2 ** 10
const AGAIN = 2 ** 9

export function createRing(): Int32Array {
  return new Int32Array(REMEMBERED)
}

/** A message was sent (or handed out again) to a service. */
export function remember(sim: Simulation, type: number, to: number, again: boolean): void {
  sim.latest[sim.latestCount++ & (REMEMBERED - 1)] = type * PLACE + (again ? AGAIN : 0) + Math.max(0, to)
}

/** `ping to Left, pong to Right`; null when nothing repeats. */
export function findCycle(sim: Simulation): string | null {
  const length = Math.min(sim.latestCount, REMEMBERED)
  const at = (back: number) => sim.latest[(sim.latestCount - 1 - back) & (REMEMBERED - 1)] as number
  for (let period = 1; period * TIMES <= length; period++) {
    let same = true
    for (let back = 0; same && back < period * (TIMES - 1); back++) same = at(back) === at(back + period)
    if (!same) continue
    const steps = Array.from({ length: period }, (_, i) => describeStep(sim, at(period - 1 - i)))
    return steps.join(', ')
  }
  return null
}

function describeStep(sim: Simulation, step: number): string {
  const type = sim.model.messageTypes[Math.floor(step / PLACE)] as string
  const to = sim.model.services[step % AGAIN]?.name ?? 'nobody'
  return step % PLACE >= AGAIN ? `${type} again to ${to}` : `${type} to ${to}`
}
