/** Curves as charts: which ones, in what order, on what scale, as paths in a square of one by one. Pure. */
import type { CurveData, CurveLine, CurvesData } from '../../trace/curve-data.ts'

export interface ChartLine {
  readonly label: string
  /** SVG path data in a box of WIDTH × HEIGHT. */
  readonly path: string
  readonly values: Float64Array
}

export interface ChartModel {
  readonly key: string
  readonly about: string
  readonly name: string
  readonly unit: string
  /** The number at the upper edge. */
  readonly top: number
  readonly lines: readonly ChartLine[]
  /** The same lines of the run before. */
  readonly before: readonly string[]
  /** A level to compare with, as a share of the height from below, and its words. */
  readonly reference: { readonly label: string; readonly value: number; readonly at: number } | null
}

export interface Charts {
  readonly list: readonly ChartModel[]
  /** Virtual time at the right edge, microseconds. */
  readonly end: number
}

export const WIDTH = 1000
export const HEIGHT = 100

/** What is looked at first comes first. */
const ranks = [
  'queue',
  'lag',
  'latency',
  'throughput',
  'arrivals',
  'store',
  'done again',
  'hit rate',
  'waiting',
  'at work',
]

export function chartsOf(curves: CurvesData, before: CurvesData | null): Charts {
  const end = Math.max(1, curves.time, before?.time ?? 0)
  const list = curves.curves
    .filter((curve) => isTold(curve) || isTold(sameIn(before, curve)))
    .map((curve) => chart(curve, curves, before, end))
  const rank = (name: string) => (ranks.includes(name) ? ranks.indexOf(name) : ranks.length)
  return { list: list.sort((a, b) => rank(a.name) - rank(b.name)), end }
}

function sameIn(data: CurvesData | null, { about, name }: CurveData): CurveData | undefined {
  return data?.curves.find((curve) => curve.about === about && curve.name === name)
}

/** A curve that never leaves 0 says nothing, but for what piles up: there it is good news. */
function isTold(curve: CurveData | undefined): boolean {
  if (curve === undefined) return false
  return ['queue', 'lag'].includes(curve.name) || curve.lines.some(({ values }) => values.some((value) => value > 0))
}

function chart(curve: CurveData, data: CurvesData, before: CurvesData | null, end: number): ChartModel {
  const old = sameIn(before, curve)
  const reference = curve.reference
  const highest = Math.max(0, reference?.value ?? 0, ...[curve, old].flatMap((one) => one?.lines ?? []).map(highestOf))
  const top = roundUp(highest)
  return {
    key: `${curve.about} ${curve.name}`,
    about: curve.about,
    name: curve.name,
    unit: curve.unit,
    top,
    lines: curve.lines.map(({ label, values }) => ({ label, values, path: pathOf(values, data.width, end, top) })),
    before:
      before === null || old === undefined
        ? []
        : mainLines(old).map(({ values }) => pathOf(values, before.width, end, top)),
    reference: reference === undefined ? null : { ...reference, at: reference.value / top },
  }
}

/** The first line stands for all: the ghost of a run is one line, not three. */
function mainLines({ lines }: CurveData): readonly CurveLine[] {
  return lines.slice(0, 1)
}

function highestOf({ values }: CurveLine): number {
  let highest = 0
  for (const value of values) if (value > highest) highest = value
  return highest
}

/** The next 1, 2 or 5 with zeros that is not below. */
export function roundUp(value: number): number {
  if (value <= 0) return 1
  let unit = 1
  while (unit * 10 <= value) unit *= 10
  while (unit > value) unit /= 10
  return [1, 2, 5, 10].map((step) => step * unit).find((step) => step >= value) as number
}

/** From the middle of one stretch to the middle of the next; a gap where there is nothing to say. */
export function pathOf(values: Float64Array, width: number, end: number, top: number): string {
  let path = ''
  let isOpen = false
  values.forEach((value, i) => {
    if (Number.isNaN(value)) {
      isOpen = false
      return
    }
    const x = (Math.min(end, (i + 0.5) * width) / end) * WIDTH
    const y = HEIGHT - (value / top) * HEIGHT
    path += `${isOpen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(2)}`
    isOpen = true
  })
  return path
}

/** The numbers of a chart at a time, one per line; null where there is none. */
export function valuesAt(lines: readonly ChartLine[], width: number, time: number): (number | null)[] {
  return lines.map(({ values }) => {
    const value = values[Math.max(0, Math.min(values.length - 1, Math.floor(time / width)))]
    return value === undefined || Number.isNaN(value) ? null : value
  })
}

/** `1,250`, `3.4`, `0.02`: three digits that matter. */
export function numberText(value: number): string {
  if (value >= 100 || value === 0) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(value >= 10 ? 3 : 2)))
}
