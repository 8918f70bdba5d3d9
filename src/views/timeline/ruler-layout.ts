/** The ruler over the lanes: ticks, folded gaps with their lengths, and tags where a property broke. */
import type { TimeFold } from '../../session/time-fold.ts'
import { timeText } from '../../trace/describe.ts'
import { axisTicks, type Tick } from './axis-ticks.ts'
import { textWidth } from './bar-labels.ts'
import { type TimeWindow, toPixels } from './time-window.ts'
import { marksWithin, type TraceIndex } from './trace-index.ts'

export interface GapMark {
  readonly key: number
  readonly x: number
  /** `4.950 s idle`; empty where there is no room for it. */
  readonly label: string
  /** Width of the pill, pixels. */
  readonly width: number
}

export interface ViolationMark {
  readonly position: number
  readonly x: number
  readonly title: string
  /** The property's name; empty where there is no room for it. */
  readonly label: string
  /** The name stands after its flag (1) or before it (−1). */
  readonly side: 1 | -1
}

export interface RulerDrawing {
  readonly ticks: Tick[]
  readonly gaps: GapMark[]
  readonly violations: ViolationMark[]
}

/** Narrower gaps are not marked, pixels. */
const GAP_MIN = 22
const PILL_PADDING = 18
const TICK_ROOM = 8
/** Room for a tick, in font sizes. */
const TICK_CHARACTERS = 7.6
const VIOLATION_SPACING = 7
/** From the middle of a flag to its name. */
export const FLAG_ROOM = 11

/** `room`: how much wider than its gap a label may be. */
export function gapMarks(fold: TimeFold, window: TimeWindow, size: number, fontSize: number, room = 1): GapMark[] {
  const marks: GapMark[] = []
  for (let number = firstGap(fold, window.from); number < fold.gaps.length; number++) {
    const gap = fold.gaps[number]
    if (gap === undefined || gap.foldedFrom > window.to) break
    const from = toPixels(window, size, gap.foldedFrom)
    const to = toPixels(window, size, gap.foldedTo)
    // Gaps have nearly equal widths: when one is too narrow to mark, so are the others.
    if (to - from < GAP_MIN) break
    const label = `${timeText(gap.to - gap.from)} idle`
    const width = textWidth(label, fontSize) + PILL_PADDING
    marks.push({ key: number, x: (from + to) / 2, label: width <= (to - from) * room ? label : '', width })
  }
  return marks
}

function firstGap(fold: TimeFold, from: number): number {
  let low = 0
  let high = fold.gaps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((fold.gaps[middle]?.foldedTo ?? 0) < from) low = middle + 1
    else high = middle
  }
  return low
}

export function violationMarks(index: TraceIndex, window: TimeWindow, size: number): ViolationMark[] {
  const { violationMarks: found, trace } = index
  const [first, after] = marksWithin(found, window.from, window.to)
  const marks: ViolationMark[] = []
  for (let number = first; number < after; number++) {
    const x = toPixels(window, size, found.at[number] as number)
    const position = found.positions[number] as number
    const before = marks[marks.length - 1]
    if (before !== undefined && x - before.x < VIOLATION_SPACING) continue
    const property = trace.header.properties[trace.at('a', position)]?.name ?? 'a property'
    marks.push({ position, x, title: `broken: ${property}`, label: property, side: 1 })
  }
  return marks
}

/** Names stand after their flags, or before them at the edge; where neither has room they are left out. */
function named(marks: readonly ViolationMark[], width: number, fontSize: number): ViolationMark[] {
  let taken = 0
  return marks.map((mark, number) => {
    const length = FLAG_ROOM + textWidth(mark.label, fontSize) + VIOLATION_SPACING
    const fitsAfter = mark.x + length < (marks[number + 1]?.x ?? width + VIOLATION_SPACING)
    const fitsBefore = mark.x - length > taken
    taken = fitsAfter ? mark.x + length : mark.x + VIOLATION_SPACING
    if (fitsAfter) return mark
    return fitsBefore ? { ...mark, side: -1 } : { ...mark, label: '' }
  })
}

export function rulerLayout(
  index: TraceIndex,
  fold: TimeFold,
  window: TimeWindow,
  width: number,
  fontSize: number,
): RulerDrawing {
  const gaps = gapMarks(fold, window, width, fontSize)
  const violations = named(violationMarks(index, window, width), width, fontSize)
  const taken = [
    ...gaps.filter(({ label }) => label !== '').map((gap) => [gap.x - gap.width / 2, gap.x + gap.width / 2] as const),
    ...violations.map((mark) => flagExtent(mark, fontSize)),
  ]
  const ticks = axisTicks(fold, window, width, TICK_CHARACTERS * fontSize).filter(({ x, label }) => {
    const half = textWidth(label, fontSize) / 2 + TICK_ROOM
    return !taken.some(([from, to]) => x > from - half && x < to + half)
  })
  return { ticks, gaps, violations }
}

function flagExtent({ x, label, side }: ViolationMark, fontSize: number): readonly [number, number] {
  const end = label === '' ? x : x + side * (FLAG_ROOM + textWidth(label, fontSize))
  return [Math.min(x, end), Math.max(x, end)]
}
