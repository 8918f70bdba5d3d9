/**
 * What stands at services for a while, as bars of their lanes: still, in doubt, in a rebalance, circuits, and waits over the handling that
 * waits.
 */
import { describe, serviceTitle, timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Bar, BarTone, LaneDrawing } from './lane-drawing.ts'
import type { LaneFrame } from './service-lanes.ts'
import { LANE_PADDING } from './stack-bars.ts'
import { Stands } from './standing-index.ts'
import { toPixels } from './time-window.ts'

const MIN_WIDTH = 3
/** The strip of a circuit, or of a doubt behind which others work, along the foot of its lane, pixels. */
const STRIP = 4
/** Another bar over this share of a doubt takes its place; the decision at its end does not. */
const TAKEN = 0.25
/** Keys of bars: apart from those of handlings (0 …) and of downs (−1 …). */
const KEYS = -1_000_000

const tones: Record<number, BarTone> = {
  [Stands.still]: 'still',
  [Stands.open]: 'circuitOpen',
  [Stands.halfOpen]: 'circuitHalfOpen',
  [Stands.waits]: 'waits',
  [Stands.inDoubt]: 'inDoubt',
  [Stands.rebalances]: 'rebalancing',
}

/** Behind the words of the lane: a service that stands still is told like one that is down. */
export function addStills(frame: LaneFrame, lanes: LaneDrawing[], services: ReadonlySet<number>): void {
  each(frame, services, (span, service, tone) => {
    if (tone !== Stands.still) return
    const bar = { y: LANE_PADDING, height: frame.rowHeight - 2 * LANE_PADDING }
    lanes[service]?.bars.push({ ...barOf(frame, span), ...bar, alone: true })
  })
}

/**
 * Prepared and without a decision, or in a rebalance: with words where the lane has room for them, else as a strip under
 * the work of others.
 */
export function addDoubtsAndRebalances(frame: LaneFrame, lanes: LaneDrawing[], services: ReadonlySet<number>): void {
  each(frame, services, (span, service, tone) => {
    const lane = lanes[service]
    if (lane === undefined || (tone !== Stands.inDoubt && tone !== Stands.rebalances)) return
    const bar = barOf(frame, span)
    const isTaken = lane.bars.some((one) => one.tone !== bar.tone && shared(one, bar) > bar.width * TAKEN)
    const place = isTaken
      ? { y: frame.rowHeight - STRIP - 1, height: STRIP }
      : { y: LANE_PADDING, height: frame.rowHeight - 2 * LANE_PADDING }
    lane.bars.push({ ...bar, ...place, alone: !isTaken })
  })
}

/** How many pixels of time two bars have in common. */
function shared(one: Bar, other: Bar): number {
  return Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x)
}

/** Above the handlings, without words: what they say is said on hover. */
export function addWaitsAndCircuits(frame: LaneFrame, lanes: LaneDrawing[], services: ReadonlySet<number>): void {
  const { spans } = frame.index.standing
  each(frame, services, (span, service, tone) => {
    const lane = lanes[service]
    if (lane === undefined || !isOnTop(tone)) return
    if (tone !== Stands.waits) {
      lane.bars.push({ ...barOf(frame, span), y: frame.rowHeight - STRIP - 1, height: STRIP })
      return
    }
    const message = spans.ref[span] as number
    const bar = barOf(frame, span)
    const work = lane.bars.find((one) => one.message === message && one.x <= bar.x + 1 && one.x + one.width >= bar.x)
    if (work !== undefined) lane.bars.push({ ...bar, y: work.y, height: work.height })
  })
}

function isOnTop(tone: number): boolean {
  return tone === Stands.open || tone === Stands.halfOpen || tone === Stands.waits
}

function each(
  { index, window }: LaneFrame,
  services: ReadonlySet<number>,
  visit: (span: number, service: number, tone: number) => void,
): void {
  const { spans } = index.standing
  spans.forEachWithin(window.from, window.to, (span) => {
    const service = spans.lane[span] as number
    if (services.has(service)) visit(span, service, spans.tone[span] as number)
  })
}

function barOf({ index, window, width }: LaneFrame, span: number): Bar {
  const { spans } = index.standing
  const from = toPixels(window, width, spans.start[span] as number)
  const to = Math.min(toPixels(window, width, spans.end[span] as number), width + 20)
  return {
    key: KEYS - span,
    position: spans.from[span] as number,
    tone: tones[spans.tone[span] as number] as BarTone,
    saga: -1,
    message: -1,
    x: from,
    y: 0,
    width: Math.max(to - from, MIN_WIDTH),
    height: 0,
    alone: false,
    title: titleOf(index.trace, spans, span),
    label: '',
    labelX: 0,
    labelInside: false,
  }
}

function titleOf(trace: Trace, spans: LaneFrame['index']['standing']['spans'], span: number): string {
  const position = spans.from[span] as number
  const to = spans.to[span] as number
  const lasts = to === -1 ? '' : ` ${timeText(trace.timeAt(to) - trace.timeAt(position))}`
  const tone = spans.tone[span]
  if (tone === Stands.still) return `stands still${lasts}`
  if (tone === Stands.rebalances) return `rebalancing${lasts}`
  if (tone === Stands.inDoubt) {
    const rows = trace.at('a', position)
    return `in doubt${lasts}: ${rows} ${rows === 1 ? 'row' : 'rows'} locked until it hears the decision`
  }
  if (tone === Stands.waits) return `${describe(trace, trace.entry(position))}${lasts === '' ? '' : `:${lasts}`}`
  const state = tone === Stands.open ? 'open' : 'half-open'
  return `circuit to ${serviceTitle(trace, spans.ref[span] as number)} ${state}${lasts === '' ? '' : `:${lasts}`}`
}
