/** Ticks on a folded axis: even places, each labelled with the roundest time nearby. */
import type { TimeFold } from '../../session/time-fold.ts'
import { spanOf, type TimeWindow, toPixels } from './time-window.ts'

export interface Tick {
  /** Virtual microseconds. */
  readonly time: number
  readonly x: number
  readonly label: string
}

/** Pixels between two ticks, at least. */
const TICK_SPACING = 84
/** How far a tick may stand from its even place to reach a round time, as a share of the spacing. */
const REACH = 0.28

const SECOND = 1e6
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const longSteps = [30 * DAY, 10 * DAY, DAY, 12 * HOUR, 6 * HOUR, HOUR, 30 * MINUTE, 10 * MINUTE, 5 * MINUTE, MINUTE]
const minuteSteps = [30 * SECOND, 10 * SECOND]

/** The roundest time in [from, to] and the step it is a multiple of. */
export function roundest(from: number, to: number): { time: number; step: number } {
  if (from <= 0 && to >= 0) return { time: 0, step: DAY }
  for (const step of stepsBelow(to)) {
    const time = Math.ceil(from / step) * step
    if (time <= to) return { time, step }
  }
  return { time: Math.round(from), step: 1 }
}

function stepsBelow(until: number): number[] {
  if (until >= 10 * MINUTE) return [...longSteps, ...minuteSteps, ...decimalSteps(6)]
  return decimalSteps(Math.ceil(Math.log10(Math.max(until, 1))))
}

function decimalSteps(power: number): number[] {
  const steps: number[] = []
  for (; power >= 0; power--) for (const digit of [5, 2, 1]) steps.push(digit * 10 ** power)
  return steps
}

/** A time as short as its step allows: `20 ms`, `5.02 s`, `1 h 20 min`. Microseconds in. */
export function tickText(time: number, step: number): string {
  if (time === 0) return '0 s'
  if (time >= 10 * MINUTE) return longText(time, step)
  if (time < SECOND) return `${decimals(time / 1000, step / 1000)} ms`
  return `${decimals(time / SECOND, step / SECOND)} s`
}

function longText(time: number, step: number): string {
  const days = Math.floor(time / DAY)
  const hours = Math.floor((time % DAY) / HOUR)
  const minutes = Math.floor((time % HOUR) / MINUTE)
  const seconds = (time % MINUTE) / SECOND
  const parts = [days > 0 && `${days} d`, hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`]
  if (seconds > 0) parts.push(`${decimals(seconds, step / SECOND)} s`)
  return parts.filter(Boolean).join(' ')
}

function decimals(value: number, step: number): string {
  const places = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)))
  return value.toFixed(places)
}

/**
 * Ticks of a window drawn `width` pixels wide. Their places hang on the run, not on the window: panning moves them with
 * everything else, and their density changes only by doubling.
 */
export function axisTicks(fold: TimeFold, window: TimeWindow, width: number, spacing = TICK_SPACING): Tick[] {
  if (width <= 0) return []
  const perSecond = width / spanOf(window)
  const slot = 2 ** Math.ceil(Math.log2(spacing / perSecond))
  const ticks: Tick[] = []
  for (let place = Math.max(0, Math.floor(window.from / slot)); place * slot <= window.to; place++) {
    if (place * slot > fold.total + slot * REACH) break
    const tick = tickNear(fold, place * slot, slot * REACH)
    const x = toPixels(window, width, fold.toFolded(tick.time))
    if (x < 0 || x > width) continue
    ticks.push({ time: tick.time, x, label: tickText(tick.time, tick.step) })
  }
  return ticks
}

function tickNear(fold: TimeFold, at: number, reach: number): { time: number; step: number } {
  const from = at - reach <= 0 ? 0 : fold.toTime(at - reach)
  return roundest(from, fold.toTime(at + reach))
}
