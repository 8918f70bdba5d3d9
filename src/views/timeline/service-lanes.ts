/** The services' lanes: what each handled, where it committed, when it was down, and the faults that hit it. */
import { describe, timeText } from '../../trace/describe.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { labelLane } from './bar-labels.ts'
import { Crowd, crowdPath, highest } from './crowd.ts'
import { Handling, Transaction } from './handling-index.ts'
import { type BarTone, emptyLane, type LaneDrawing, type MarkTone } from './lane-drawing.ts'
import type { SpanList } from './span-list.ts'
import { type TimeWindow, toPixels } from './time-window.ts'
import { markService, marksWithin, type TraceIndex } from './trace-index.ts'

/** More bars than this in one lane, or this many per pixel, are drawn as an outline. */
const BARS_MAX = 160
const MIN_WIDTH = 3
const SLOTS_MAX = 4
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
  [Kind.slowed, 'slowed'],
])

export interface LaneFrame {
  readonly index: TraceIndex
  readonly window: TimeWindow
  readonly width: number
  readonly rowHeight: number
}

/** One drawing per service, by number; services that are not asked for stay empty. */
export function serviceLanes(frame: LaneFrame, services: ReadonlySet<number>): LaneDrawing[] {
  const { index } = frame
  const lanes = index.trace.header.services.map(emptyLane)
  const byService = spansByLane(index.handlings.handlings, frame.window, services)
  for (const [service, spans] of byService) {
    if (spans.length > BARS_MAX) lanes[service] = crowdLane(frame, spans)
    else addHandlings(frame, lanes[service] as LaneDrawing, spans, service)
  }
  addDowns(frame, lanes, services)
  for (const [service, spans] of spansByLane(index.handlings.transactions, frame.window, services)) {
    if ((byService.get(service)?.length ?? 0) <= BARS_MAX) addCommits(frame, lanes[service] as LaneDrawing, spans)
  }
  for (const service of services) labelService(frame, lanes[service] as LaneDrawing, service)
  addMarks(frame, lanes, services)
  return lanes
}

function spansByLane(list: SpanList, window: TimeWindow, lanes: ReadonlySet<number>): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (const lane of lanes) found.set(lane, [])
  list.forEachWithin(window.from, window.to, (span) => found.get(list.lane[span] as number)?.push(span))
  return found
}

function crowdLane({ index, window, width, rowHeight }: LaneFrame, spans: readonly number[]): LaneDrawing {
  const { handlings } = index.handlings
  const crowd = new Crowd(width)
  for (const span of spans) {
    const to = Math.min(toPixels(window, width, handlings.end[span] as number), width)
    crowd.add(toPixels(window, width, handlings.start[span] as number), to)
  }
  const counts = crowd.counts()
  const unit = (rowHeight - 10) / Math.max(1, highest(counts))
  return { ...emptyLane(), crowds: [{ tone: 'work', path: crowdPath(counts, null, rowHeight - 5, unit) }] }
}

function addHandlings(frame: LaneFrame, lane: LaneDrawing, spans: readonly number[], service: number): void {
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
      ...slotOf(frame, service, handlings.slot[span] as number),
      width: Math.max(to - from, MIN_WIDTH),
      title: `${messageName(trace, message)}${handlingWords[tone] === undefined ? '' : `: ${handlingWords[tone]}`}`,
      label: '',
      labelX: 0,
      labelInside: false,
    })
  }
}

/** Handlers at work at once lie under each other. */
function slotOf({ index, rowHeight }: LaneFrame, service: number, slot: number): { y: number; height: number } {
  const slots = Math.min(index.handlings.slots[service] as number, SLOTS_MAX)
  const room = rowHeight - 10
  const height = slots === 1 ? room - 2 : room / slots - 1
  return { y: 5 + (slots === 1 ? 1 : (slot % SLOTS_MAX) * (room / slots)), height }
}

export function messageName(trace: Trace, message: number): string {
  return trace.text(trace.messageAt('type', message))
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
      y: 5,
      width: Math.max(to - from, MIN_WIDTH),
      height: rowHeight - 10,
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

function addCommits(frame: LaneFrame, lane: LaneDrawing, spans: readonly number[]): void {
  const { transactions } = frame.index.handlings
  for (const span of spans) {
    const tone = transactions.tone[span]
    if (tone === Transaction.open || tone === Transaction.cut) continue
    const x = toPixels(frame.window, frame.width, transactions.end[span] as number)
    const slot = slotOf(frame, transactions.lane[span] as number, transactions.slot[span] as number)
    lane.strokes.push({
      key: span,
      x,
      y: slot.y - 3,
      height: slot.height + 6,
      tone: tone === Transaction.committed ? 'commit' : 'abort',
    })
  }
}

function labelService({ index, width }: LaneFrame, lane: LaneDrawing, service: number): void {
  lane.bars.sort((one, other) => one.x - other.x)
  if ((index.handlings.slots[service] as number) > 1) return
  labelLane(
    lane.bars,
    (bar) => {
      if (bar.tone === 'down') return [bar.title, 'down']
      const name = messageName(index.trace, bar.message)
      const word = handlingWords[bar.tone]
      return word === undefined ? [name] : [`${name}: ${word}`, name]
    },
    width,
  )
}

function addMarks({ index, window, width, rowHeight }: LaneFrame, lanes: LaneDrawing[], services: ReadonlySet<number>) {
  const { faultMarks, trace } = index
  const [first, after] = marksWithin(faultMarks, window.from, window.to)
  const last = new Map<number, number>()
  for (let number = first; number < after; number++) {
    const x = toPixels(window, width, faultMarks.at[number] as number)
    const position = faultMarks.positions[number] as number
    const service = markService(trace, position)
    const tone = markTones.get(trace.at('kind', position))
    if (tone === undefined || !services.has(service) || x - (last.get(service) ?? -99) < MARK_SPACING) continue
    last.set(service, x)
    const title = describe(trace, trace.entry(position))
    lanes[service]?.marks.push({ key: position, position, x, y: rowHeight / 2, tone, title })
  }
}
