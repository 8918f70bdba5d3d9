/** Ticks on a folded axis: even places, each labelled with the roundest time nearby. */
import type { TimeFold } from '../../session/time-fold.ts'
import { spanOf, type TimeWindow, toPixels } from './time-window.ts'

export interface Tick {
  /** Virtual microseconds. */
  readonly time: number
  readonly x: number
  readonly label: string
}

/** Ticks nearer than this share of the spacing: only the rounder one stays. */
const NEAREST = 0.72

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

interface Candidate extends Tick {
  readonly step: number
}

/**
 * Ticks of a window drawn `width` pixels wide, about `spacing` pixels apart: the roundest time of every stretch of equal length. The stretches hang
 * on the run, not on the window: panning moves ticks with everything else, and their density changes only by doubling.
 */
export function axisTicks(fold: TimeFold, window: TimeWindow, width: number, spacing: number): Tick[] {
  if (width <= 0) return []
  const slot = 2 ** Math.ceil(Math.log2((spacing / 2 / width) * spanOf(window)))
  const candidates: Candidate[] = []
  // Stretches just out of sight take part, so that who gives way to whom does not depend on the window.
  for (let place = Math.max(0, Math.floor(window.from / slot) - 2); place * slot <= window.to + 2 * slot; place++) {
    if ((place - 0.5) * slot > fold.total) break
    const { time, step } = roundest(timeAt(fold, (place - 0.5) * slot), fold.toTime((place + 0.5) * slot))
    // Within a folded gap the axis says nothing about time; the gap's own label does.
    if (isInGap(fold, time)) continue
    candidates.push({ time, step, x: toPixels(window, width, fold.toFolded(time)), label: tickText(time, step) })
  }
  return thinned(candidates, spacing * NEAREST).filter(({ x }) => x >= 0 && x <= width)
}

function isInGap({ gaps }: TimeFold, time: number): boolean {
  let low = 0
  let high = gaps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((gaps[middle]?.to ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return (gaps[low]?.from ?? Infinity) < time
}

function timeAt(fold: TimeFold, at: number): number {
  return at <= 0 ? 0 : fold.toTime(at)
}

/** Roundest first, each keeps its distance from those before it. */
function thinned(candidates: readonly Candidate[], distance: number): Tick[] {
  const kept: Candidate[] = []
  for (const candidate of [...candidates].sort((one, other) => other.step - one.step || one.x - other.x)) {
    if (kept.every(({ x }) => Math.abs(x - candidate.x) >= distance)) kept.push(candidate)
  }
  return kept.sort((one, other) => one.x - other.x)
}
