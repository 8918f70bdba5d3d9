/**
 * A service's own clock: what it writes into a row, compares and takes a lease by. Time-outs do not go by it (they count
 * on a monotonic clock); only who reads the time of day is misled by a clock that is wrong.
 */
import type { SkewFault } from './model.ts'
import type { Simulation } from './simulation.ts'

/** The time this service's clock shows, in microseconds; below 0 when it is behind at the start. */
export function clockOf(sim: Simulation, service: number): number {
  const { skews } = sim.model
  if (skews.length === 0) return sim.now
  let time = sim.now
  for (const skew of skews) {
    if (skew.service === service && sim.now >= skew.from && sim.now < skew.until) time += errorOf(skew, sim.now)
  }
  return time
}

/** How far a skew has put the clock off by now, in microseconds. */
export function errorOf(skew: SkewFault, now: number): number {
  return skew.offset + Math.floor(((now - skew.from) * skew.drift) / 1_000_000)
}

/** Microseconds until this service's clock shows `time`, as far as its rate is known now; 0 when it does already. */
export function untilClock(sim: Simulation, service: number, time: number): number {
  const rest = time - clockOf(sim, service)
  if (rest <= 0) return 0
  let rate = 1_000_000
  for (const skew of sim.model.skews) {
    if (skew.service === service && sim.now >= skew.from && sim.now < skew.until) rate += skew.drift
  }
  return Math.max(1, Math.ceil((rest * 1_000_000) / Math.max(1, rate)))
}
