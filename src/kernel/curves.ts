/**
 * What is measured while a run goes on, as curves over virtual time: a fixed number of stretches, so that memory stays
 * the same however long a run is. When time leaves the last stretch, two become one. Knows no service and no pattern:
 * whoever has something to measure names a curve and reports to it.
 */
import { createHistogram, type Histogram, merge, percentile, record } from '../base/histogram.ts'
import type { CurveData, CurveLine, CurvesData } from '../trace/curve-data.ts'
import type { Simulation } from './simulation.ts'

export const STRETCHES = 256
/** One part in 128 over the whole run, one in 16 for each stretch. */
const PRECISION = 7
const STRETCH_PRECISION = 4

/**
 * level: a number that stays until it changes (a queue); its mean over time and its highest.
 * rate: how often something happens, per second.
 * share: how many of all, in percent.
 * spread: single values (latencies in microseconds, shown in milliseconds), as percentiles.
 */
export type CurveKind = 'level' | 'rate' | 'share' | 'spread'

export interface CurveModel {
  readonly about: string
  readonly name: string
  readonly unit: string
  readonly kind: CurveKind
  readonly reference?: CurveData['reference']
  /** Of a level that nobody reports: looked at now and then, at least once in every stretch in which something happens. */
  readonly sample?: (sim: Simulation) => number
}

/** Plain data: saved and resumed with the run. */
export interface Curve {
  readonly kind: CurveKind
  /** level: number × microseconds; rate and share: how many; spread: nothing. */
  readonly sums: Float64Array
  /** level: the highest; share: of how many. */
  readonly others: Float64Array
  readonly spreads: (Histogram | null)[]
  readonly whole: Histogram
  level: number
  /** Up to where the level is summed up. */
  since: number
  total: number
  highest: number
}

export interface Curves {
  width: number
  readonly list: Curve[]
  /** When the samplers are to be asked again. */
  sampleAt: number
}

/** `span`: how long the run is expected to take, microseconds. */
export function createCurves(models: readonly CurveModel[], span: number): Curves {
  return {
    width: Math.max(1, Math.ceil(span / STRETCHES)),
    list: models.map(({ kind }) => createCurve(kind)),
    sampleAt: models.some(({ sample }) => sample !== undefined) ? 0 : Number.POSITIVE_INFINITY,
  }
}

function createCurve(kind: CurveKind): Curve {
  const numbers = kind === 'spread' ? 0 : STRETCHES
  return {
    kind,
    sums: new Float64Array(numbers),
    others: new Float64Array(kind === 'rate' ? 0 : numbers),
    spreads: kind === 'spread' ? new Array<Histogram | null>(STRETCHES).fill(null) : [],
    whole: createHistogram(PRECISION),
    level: 0,
    since: 0,
    total: 0,
    highest: 0,
  }
}

/** From now on the level is this. */
export function setLevel(curves: Curves, number: number, now: number, level: number): void {
  const curve = curves.list[number] as Curve
  settle(curves, curve, now)
  curve.level = level
  if (level > curve.highest) curve.highest = level
  const at = Math.floor(now / curves.width)
  if (level > (curve.others[at] as number)) curve.others[at] = level
}

/** More or less of it from now on. What lasts no time leaves no mark: a message that finds a free handler has not waited. */
export function changeLevel(curves: Curves, number: number, now: number, by: number): void {
  const curve = curves.list[number] as Curve
  settle(curves, curve, now)
  curve.level += by
}

/** Something happened, `many` times at once. */
export function countOne(curves: Curves, number: number, now: number, many = 1): void {
  makeRoomFor(curves, now)
  const curve = curves.list[number] as Curve
  const at = Math.floor(now / curves.width)
  curve.sums[at] = (curve.sums[at] as number) + many
  curve.total += many
}

/** One of a share: it was so, or it was not. */
export function countShare(curves: Curves, number: number, now: number, isSo: boolean): void {
  makeRoomFor(curves, now)
  const curve = curves.list[number] as Curve
  const at = Math.floor(now / curves.width)
  if (isSo) {
    curve.sums[at] = (curve.sums[at] as number) + 1
    curve.total++
  }
  curve.others[at] = (curve.others[at] as number) + 1
  curve.highest++
}

/** A single value, microseconds. */
export function recordValue(curves: Curves, number: number, now: number, value: number): void {
  makeRoomFor(curves, now)
  const curve = curves.list[number] as Curve
  record(curve.whole, value)
  const at = Math.floor(now / curves.width)
  let spread = curve.spreads[at] as Histogram | null
  if (spread === null) {
    spread = createHistogram(STRETCH_PRECISION)
    curve.spreads[at] = spread
  }
  record(spread, value)
}

/** The mean of a level over the time from 0 to now. */
export function meanLevel(curves: Curves, number: number, now: number): number {
  const curve = curves.list[number] as Curve
  settle(curves, curve, now)
  return now === 0 ? curve.level : curve.total / now
}

/** Asks every sampler; several times in each stretch, so that a short peak leaves its mark. */
export function lookAtSamplers(sim: Simulation, curves: Curves, models: readonly CurveModel[]): void {
  for (let i = 0; i < models.length; i++) {
    const { sample } = models[i] as CurveModel
    if (sample !== undefined) setLevel(curves, i, sim.now, sample(sim))
  }
  curves.sampleAt = sim.now + Math.max(1, curves.width >> 3)
}

/** Sums a level up to now, stretch by stretch. */
function settle(curves: Curves, curve: Curve, now: number): void {
  makeRoomFor(curves, now)
  const { width } = curves
  const { sums, others, level } = curve
  if (curve.since < now && level > curve.highest) curve.highest = level
  while (curve.since < now) {
    const at = Math.floor(curve.since / width)
    const end = Math.min(now, (at + 1) * width)
    sums[at] = (sums[at] as number) + level * (end - curve.since)
    if (level > (others[at] as number)) others[at] = level
    curve.total += level * (end - curve.since)
    curve.since = end
  }
}

function makeRoomFor(curves: Curves, now: number): void {
  while (now >= curves.width * STRETCHES) {
    for (const curve of curves.list) halve(curve)
    curves.width *= 2
  }
}

/** Two stretches become one. */
function halve({ kind, sums, others, spreads }: Curve): void {
  const half = STRETCHES / 2
  if (kind === 'spread') {
    for (let at = 0; at < STRETCHES; at += 2) spreads[at / 2] = joined(spreads[at] ?? null, spreads[at + 1] ?? null)
    spreads.fill(null, half)
    return
  }
  for (let at = 0; at < STRETCHES; at += 2) {
    sums[at / 2] = (sums[at] as number) + (sums[at + 1] as number)
    if (kind === 'rate') continue
    const [one, two] = [others[at] as number, others[at + 1] as number]
    others[at / 2] = kind === 'level' ? Math.max(one, two) : one + two
  }
  sums.fill(0, half)
  others.fill(0, half)
}

function joined(one: Histogram | null, two: Histogram | null): Histogram | null {
  if (one === null || two === null) return one ?? two
  merge(one, two)
  return one
}

/** Everything measured up to now, ready to travel. */
export function curvesData(curves: Curves, models: readonly CurveModel[], now: number): CurvesData {
  for (const curve of curves.list) if (curve.kind === 'level') settle(curves, curve, now)
  makeRoomFor(curves, now)
  const count = Math.min(STRETCHES, Math.floor(now / curves.width) + 1)
  return {
    width: curves.width,
    count,
    time: now,
    curves: models.map(({ about, name, unit, reference }, i) => ({
      about,
      name,
      unit,
      lines: linesOf(curves.list[i] as Curve, curves.width, count, now),
      ...(reference === undefined ? {} : { reference }),
    })),
  }
}

const SECOND = 1_000_000
const SHOWN_PERCENTS = [50, 95, 99]

function linesOf(curve: Curve, width: number, count: number, now: number): CurveLine[] {
  const lengthOf = (at: number) => Math.min(width, now - at * width)
  /** A stretch that has only just begun says little: one thing in its first moment is no peak. */
  const rateLength = (at: number) => Math.max(width / 4, lengthOf(at))
  const line = (label: string, value: (at: number) => number): CurveLine => ({
    label,
    values: Float64Array.from({ length: count }, (_, at) => value(at)),
  })
  const sum = (at: number) => curve.sums[at] as number
  const other = (at: number) => curve.others[at] as number
  switch (curve.kind) {
    case 'level':
      return [line('mean', (at) => (lengthOf(at) <= 0 ? curve.level : sum(at) / lengthOf(at))), line('highest', other)]
    case 'rate':
      return [line('', (at) => (sum(at) * SECOND) / rateLength(at))]
    case 'share':
      return [line('', (at) => (other(at) === 0 ? Number.NaN : (100 * sum(at)) / other(at)))]
    case 'spread':
      return SHOWN_PERCENTS.map((percent) =>
        line(`p${percent}`, (at) => milliseconds(curve.spreads[at] ?? null, percent)),
      )
  }
}

function milliseconds(spread: Histogram | null, percent: number): number {
  const value = spread === null ? null : percentile(spread, percent)
  return value === null ? Number.NaN : value / 1000
}
