/** The services' lanes: what each handled, where it committed, when it was down, and the faults that hit it. */
import { describe, timeText } from '../../trace/describe.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { labelLane } from './bar-labels.ts'
import { Crowd, crowdPath, highest } from './crowd.ts'
import { Handling, Transaction } from './handling-index.ts'
import { type BarTone, emptyLane, type LaneDrawing, type MarkTone } from './lane-drawing.ts'
import { LANE_PADDING, stackBars } from './stack-bars.ts'
import { addDoubtsAndRebalances, addStills, addWaitsAndCircuits } from './standing-bars.ts'
import { spanOf, type TimeWindow, toPixels } from './time-window.ts'
import { type Marks, markService, marksWithin, type TraceIndex } from './trace-index.ts'

/** More bars than this in one lane, or this many per pixel, are drawn as an outline. */
const BARS_MAX = 160
const MIN_WIDTH = 3
/** Marks closer than this in one lane are one mark, pixels. */
const MARK_SPACING = 9

const handlingTones: Record<number, BarTone> = {
  [Handling.plain]: 'work',
  [Handling.committed]: 'work',
  [Handling.turnedAway]: 'turnedAway',
  [Handling.refused]: 'refusedWork',
  [Handling.failed]: 'failedWork',
  [Handling.cut]: 'cut',
}
const handlingWords: Partial<Record<BarTone, string>> = {
  turnedAway: 'duplicate',
  refusedWork: 'refused',
  failedWork: 'error',
}
const markTones = new Map<number, MarkTone>([
  [Kind.dropped, 'lost'],
  [Kind.duplicated, 'duplicated'],
  [Kind.delayed, 'delayed'],
  [Kind.crashed, 'crashed'],
  [Kind.recovered, 'recovered'],
  [Kind.replicaCrashed, 'crashed'],
  [Kind.replicaRecovered, 'recovered'],
  [Kind.slowed, 'slowed'],
  [Kind.deadLettered, 'parked'],
])

export interface LaneFrame {
  readonly index: TraceIndex
  readonly window: TimeWindow
  readonly width: number
  readonly rowHeight: number
  readonly fontSize: number
  /** Where folded gaps tear the lanes, in order. */
  readonly tears: readonly number[]
}

/** One drawing per service, by number; services that are not asked for stay empty. */
export function serviceLanes(frame: LaneFrame, services: ReadonlySet<number>): LaneDrawing[] {
  const lanes = frame.index.trace.header.services.map(emptyLane)
  const few = new Set<number>()
  for (const [service, { spans, crowd }] of seenByLane(frame, services)) {
    if (crowd !== null) {
      lanes[service]?.crowds.push(crowdOutline(frame, crowd))
      continue
    }
    few.add(service)
    addHandlings(frame, lanes[service] as LaneDrawing, spans)
  }
  addDowns(frame, lanes, services)
  addStills(frame, lanes, services)
  addDoubtsAndRebalances(frame, lanes, services)
  if (few.size > 0) addCommits(frame, lanes, few)
  addMarks(frame, lanes, services)
  for (const service of services) labelService(frame, lanes[service] as LaneDrawing)
  addWaitsAndCircuits(frame, lanes, services)
  return lanes
}

interface Seen {
  readonly spans: number[]
  /** In place of the spans, once there are too many to tell apart. */
  crowd: Crowd | null
}

function seenByLane({ index, window, width }: LaneFrame, services: ReadonlySet<number>): Map<number, Seen> {
  const { handlings } = index.handlings
  const found = new Map<number, Seen>()
  for (const service of services) found.set(service, { spans: [], crowd: null })
  const byLane = index.trace.header.services.map((_, service) => found.get(service))
  const perSecond = width / spanOf(window)
  const join = (crowd: Crowd, span: number) => {
    const { start, end } = handlings
    crowd.add(((start[span] as number) - window.from) * perSecond, ((end[span] as number) - window.from) * perSecond)
  }
  handlings.forEachWithin(window.from, window.to, (span) => {
    const seen = byLane[handlings.lane[span] as number]
    if (seen === undefined) return
    if (seen.crowd !== null) return join(seen.crowd, span)
    seen.spans.push(span)
    if (seen.spans.length <= BARS_MAX) return
    seen.crowd = new Crowd(width)
    for (const earlier of seen.spans) join(seen.crowd, earlier)
  })
  return found
}

function crowdOutline({ rowHeight }: LaneFrame, crowd: Crowd): LaneDrawing['crowds'][number] {
  const counts = crowd.counts()
  const unit = (rowHeight - 2 * LANE_PADDING) / Math.max(1, highest(counts))
  return { tone: 'work', path: crowdPath(counts, null, rowHeight - 5, unit) }
}

function addHandlings(frame: LaneFrame, lane: LaneDrawing, spans: readonly number[]): void {
  const { index, window, width } = frame
  const { handlings } = index.handlings
  const { trace } = index
  for (const span of spans) {
    const from = toPixels(window, width, handlings.start[span] as number)
    const to = Math.min(toPixels(window, width, handlings.end[span] as number), width + 20)
    const message = handlings.ref[span] as number
    const tone = handlingTones[handlings.tone[span] as number] as BarTone
    lane.bars.push({
      key: span,
      position: handlings.from[span] as number,
      tone,
      saga: trace.messageAt('saga', message),
      message,
      x: from,
      y: 0,
      height: 0,
      alone: true,
      width: Math.max(to - from, MIN_WIDTH),
      title: `${triedName(trace, message)}${handlingWords[tone] === undefined ? '' : `: ${handlingWords[tone]}`}`,
      label: '',
      labelX: 0,
      labelInside: false,
    })
  }
  stackBars(
    lane.bars,
    spans.map((span) => handlings.slot[span] as number),
    frame.rowHeight,
  )
}

export function messageName(trace: Trace, message: number): string {
  return trace.text(trace.messageAt('type', message))
}

/** `charge #2`: a further attempt says so. */
function triedName(trace: Trace, message: number): string {
  const attempt = trace.messageAt('attempt', message)
  return attempt > 1 ? `${messageName(trace, message)} #${attempt}` : messageName(trace, message)
}

function addDowns({ index, window, width, rowHeight }: LaneFrame, lanes: LaneDrawing[], services: ReadonlySet<number>) {
  const { downs } = index.handlings
  downs.forEachWithin(window.from, window.to, (span) => {
    const service = downs.lane[span] as number
    if (!services.has(service)) return
    const from = toPixels(window, width, downs.start[span] as number)
    const to = Math.min(toPixels(window, width, downs.end[span] as number), width + 20)
    lanes[service]?.bars.push({
      key: -1 - span,
      position: downs.from[span] as number,
      tone: 'down',
      saga: -1,
      message: -1,
      x: from,
      y: LANE_PADDING,
      width: Math.max(to - from, MIN_WIDTH),
      height: rowHeight - 2 * LANE_PADDING,
      alone: true,
      title: downTitle(index, span),
      label: '',
      labelX: 0,
      labelInside: false,
    })
  })
}

function downTitle(index: TraceIndex, span: number): string {
  const { downs } = index.handlings
  const to = downs.to[span] as number
  if (to === -1) return 'down for good'
  return `down ${timeText(index.trace.timeAt(to) - index.trace.timeAt(downs.from[span] as number))}`
}

function addCommits({ index, window, width }: LaneFrame, lanes: LaneDrawing[], services: ReadonlySet<number>): void {
  const { transactions } = index.handlings
  const bars = lanes.map((lane) => new Map(lane.bars.map((bar) => [bar.message, bar])))
  transactions.forEachWithin(window.from, window.to, (span) => {
    const service = transactions.lane[span] as number
    const tone = transactions.tone[span]
    const bar = services.has(service) ? bars[service]?.get(transactions.ref[span] as number) : undefined
    if (bar === undefined || tone === Transaction.open || tone === Transaction.cut) return
    const reach = bar.alone ? 3 : 1
    lanes[service]?.strokes.push({
      key: span,
      x: toPixels(window, width, transactions.end[span] as number),
      y: bar.y - reach,
      height: bar.height + 2 * reach,
      tone: tone === Transaction.committed ? 'commit' : 'abort',
    })
  })
}

function labelService(frame: LaneFrame, lane: LaneDrawing): void {
  lane.bars.sort((one, other) => one.x - other.x)
  labelLane(
    lane.bars,
    (bar) => {
      if (bar.tone === 'down') return [bar.title, 'down']
      if (bar.tone === 'still') return [bar.title, 'still']
      if (bar.tone === 'rebalancing') return [bar.title, 'rebalancing']
      if (bar.tone === 'inDoubt') return [bar.title, bar.title.split(':')[0] ?? '', 'in doubt']
      const name = triedName(frame.index.trace, bar.message)
      const word = handlingWords[bar.tone]
      return word === undefined ? [name] : [`${name}: ${word}`, name]
    },
    { ...frame, obstacles: obstacles(frame.tears, lane.marks) },
  )
}

function obstacles(tears: readonly number[], marks: LaneDrawing['marks']): readonly number[] {
  return marks.length === 0 ? tears : [...tears, ...marks.map(({ x }) => x)].sort((one, other) => one - other)
}

function addMarks(frame: LaneFrame, lanes: LaneDrawing[], services: ReadonlySet<number>): void {
  addMarksOf(frame, frame.index.standing.parked, lanes, services)
  addMarksOf(frame, frame.index.faultMarks, lanes, services)
}

function addMarksOf(
  { index, window, width, rowHeight }: LaneFrame,
  marks: Marks,
  lanes: LaneDrawing[],
  services: ReadonlySet<number>,
): void {
  const { trace } = index
  const [first, after] = marksWithin(marks, window.from, window.to)
  const last = new Map<number, number>()
  for (let number = first; number < after; number++) {
    const x = toPixels(window, width, marks.at[number] as number)
    const position = marks.positions[number] as number
    const service = markService(trace, position)
    const tone = markTones.get(trace.at('kind', position))
    if (tone === undefined || !services.has(service) || x - (last.get(service) ?? -99) < MARK_SPACING) continue
    last.set(service, x)
    const title = describe(trace, trace.entry(position))
    lanes[service]?.marks.push({ key: position, position, x, y: rowHeight / 2, tone, title })
  }
}
