/**
 * How things move: pure functions of the fold time (even seconds of attention, see TimeFold) shown. Nothing here knows
 * a clock, so the same position always draws the same picture.
 */

const RAMP = 0.2
/** A sent message is seen to be somewhere even at the very start of its way. */
const HELD_TRAVEL = 0.45
/** Seconds that a mark stays. */
export const LOST_SHOWN = 6
export const BOUNCE_SHOWN = 2.6
export const PULSE_SHOWN = 0.4
export const DROP_IN_BEFORE = 0.5
export const DROP_IN_AFTER = 0.35
export const RUSH_SHOWN = 0.4
export const FLASH_SHOWN = 0.9
const FADE = 1
/** Where a partition stands on a lane. */
export const PARTITION_AT = 0.5

/** Ease in, linear, ease out: 0 … 1 → 0 … 1. */
export function ease(share: number): number {
  const t = clamp01(share)
  const top = 1 / (1 - RAMP)
  if (t < RAMP) return (top * t * t) / (2 * RAMP)
  if (t <= 1 - RAMP) return top * (t - RAMP / 2)
  return 1 - (top * (1 - t) * (1 - t)) / (2 * RAMP)
}

/** For those who want less motion: start, middle, end. */
export function discrete(share: number): number {
  if (share >= 1) return 1
  return share < 1 / 3 ? 0 : share < 2 / 3 ? 0.5 : 1
}

export interface Span {
  readonly start: number
  readonly end: number
}

/** How far a message has come, 0 … 1 of its lane. */
export function flightFraction(now: number, { start, end }: Span, reduced: boolean): number {
  if (end <= start) return now < start ? 0 : 1
  const share = clamp01((now - start) / (end - start))
  return reduced ? discrete(share) : ease(share)
}

/** A message held at a partition runs up to the wall and waits there: the share of that way. */
export function heldShare(now: number, start: number, reduced: boolean): number {
  return reduced ? 1 : ease((now - start) / HELD_TRAVEL)
}

/** Where a lost message broke, after so long of so long a way; one refused at once breaks at the partition. */
export function breakFraction(after: number, way: number): number {
  if (after <= 0 || after >= way || way === Infinity) return PARTITION_AT
  return Math.max(0.25, Math.min(0.75, after / way))
}

/** On its way to where it will be lost. */
export function doomedFraction(
  now: number,
  start: number,
  end: { at: number; fraction: number },
  reduced: boolean,
): number {
  return end.fraction * flightFraction(now, { start, end: end.at }, reduced)
}

/** Full at first, then fading over the last second, then 0. */
export function fadeOut(age: number, shown: number, reduced: boolean): number {
  if (age < 0 || age >= shown) return 0
  return reduced ? 1 : Math.min(1, (shown - age) / Math.min(FADE, shown))
}

/** How far (0 … 1 of its reach) a message that was turned away has bounced off: out fast, then it comes to rest. */
export function bounceReach(age: number, reduced: boolean): number {
  if (reduced) return 1
  const t = clamp01(age / 0.45)
  return 1 - (1 - t) * (1 - t)
}

/** A ring that widens when a message arrives: radius 0 … 1 and how strong it is. */
export function pulse(age: number): { radius: number; alpha: number } {
  const t = clamp01(age / PULSE_SHOWN)
  return { radius: Math.sqrt(t), alpha: 1 - t }
}

/** A request that needs no time to travel is shown arriving all the same: −before … +after seconds → 0 … 1, then sinks. */
export function dropIn(age: number, reduced: boolean): { fraction: number; alpha: number } {
  if (age < -DROP_IN_BEFORE || age >= DROP_IN_AFTER) return { fraction: 0, alpha: 0 }
  if (reduced) return { fraction: age < 0 ? 0.5 : 1, alpha: 1 }
  return { fraction: ease(1 + age / DROP_IN_BEFORE), alpha: age <= 0 ? 1 : 1 - age / DROP_IN_AFTER }
}

function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value
}
