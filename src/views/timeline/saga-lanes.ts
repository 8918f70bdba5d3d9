/** A saga's lane: one bar per step, forwards and back, each saying how it ended; and the pooled row of many sagas. */
import { timeText } from '../../trace/describe.ts'
import { labelLane } from './bar-labels.ts'
import { Crowd, crowdPath, highest } from './crowd.ts'
import { type Bar, type BarTone, type CrowdTone, emptyLane, type LaneDrawing } from './lane-drawing.ts'
import { type SagaLane, Step, stepTitle } from './saga-index.ts'
import type { LaneFrame } from './service-lanes.ts'
import { stackBars } from './stack-bars.ts'
import { spanOf, toPixels } from './time-window.ts'
import type { TraceIndex } from './trace-index.ts'

const tones: readonly BarTone[] = [
  'running',
  'ok',
  'refused',
  'failed',
  'noAnswer',
  'compensating',
  'compensated',
  'compensationFailed',
  'stuck',
]
/** How a step ended, in words; nothing to say when it went well. */
const words: Partial<Record<BarTone, string>> = {
  running: 'waiting',
  refused: 'refused',
  failed: 'error',
  noAnswer: 'no answer',
  compensating: 'undoing',
  compensated: 'undone',
  compensationFailed: 'undo failed',
  stuck: 'needs a person',
}

/** Bars of one saga get so many at most; a saga that retried more is drawn as an outline. */
const BARS_MAX = 400
const MIN_WIDTH = 6

export function sagaLane(frame: LaneFrame, lane: SagaLane): LaneDrawing {
  const { index, window } = frame
  const drawing = emptyLane()
  const { steps } = index.sagas
  const seen = lane.spans.filter((span) => {
    const end = steps.end[span] as number
    return (steps.start[span] as number) <= window.to && end >= window.from
  })
  if (seen.length > BARS_MAX) return crowdOf(frame, (visit) => seen.forEach(visit))
  for (const span of seen) drawing.bars.push(stepBar(frame, lane, span))
  const slots = seen.map((span) => steps.slot[span] as number)
  keepApart(drawing.bars, slots)
  stackBars(drawing.bars, slots, frame.rowHeight)
  labelLane(drawing.bars, (bar) => wordings(index, lane, bar), { ...frame, obstacles: frame.tears })
  return drawing
}

function stepBar({ index, window, width }: LaneFrame, lane: SagaLane, span: number): Bar {
  const { steps } = index.sagas
  const from = toPixels(window, width, steps.start[span] as number)
  const to = Math.min(toPixels(window, width, steps.end[span] as number), width + 20)
  const tone = tones[steps.tone[span] as number] as BarTone
  const position = steps.from[span] as number
  const name = stepTitle(index.trace, lane, steps.ref[span] as number, steps.tone[span] as number)
  return {
    key: span,
    position,
    tone,
    saga: lane.saga,
    message: -1,
    x: from,
    y: 0,
    // A hair of air between one step and the next.
    width: Math.max(to - from - 1.5, MIN_WIDTH),
    height: 0,
    alone: true,
    title: `${name}: ${words[tone] ?? 'done'} (from ${timeText(index.trace.timeAt(position))})`,
    label: '',
    labelX: 0,
    labelInside: false,
  }
}

/** Local steps take no time at all; their bars move aside so that each can be seen. */
function keepApart(bars: Bar[], slots: readonly number[]): void {
  const last = new Map<number, Bar>()
  bars.forEach((bar, number) => {
    const slot = slots[number] as number
    const before = last.get(slot)
    if (before !== undefined && before.width <= MIN_WIDTH * 2) {
      const moved = Math.min(Math.max(before.x + before.width + 1.5 - bar.x, 0), MIN_WIDTH + 1.5)
      bar.x += moved
      bar.width = Math.max(bar.width - moved, MIN_WIDTH)
    }
    last.set(slot, bar)
  })
}

function wordings(index: TraceIndex, lane: SagaLane, bar: Bar): string[] {
  const { steps } = index.sagas
  const name = stepTitle(index.trace, lane, steps.ref[bar.key] as number, steps.tone[bar.key] as number)
  const word = words[bar.tone]
  return word === undefined ? [name] : [`${name}: ${word}`, name]
}

const crowdTones: readonly CrowdTone[] = ['ok', 'undo', 'bad']

function crowdTone(step: number): number {
  if (step === Step.ok || step === Step.running) return 0
  return step === Step.compensating || step === Step.compensated ? 1 : 2
}

/** Counts steps over each pixel by how they ended, and draws what was counted. */
function crowdOf(
  { index, window, width, rowHeight }: LaneFrame,
  forEach: (visit: (span: number) => void) => void,
): LaneDrawing {
  const { start, end, tone } = index.sagas.steps
  const crowds = crowdTones.map(() => new Crowd(width))
  const perSecond = width / spanOf(window)
  forEach((span) => {
    const from = ((start[span] as number) - window.from) * perSecond
    const to = ((end[span] as number) - window.from) * perSecond
    crowds[crowdTone(tone[span] as number)]?.add(from, to)
  })
  return { ...emptyLane(), crowds: stacked(crowds, rowHeight) }
}

function stacked(crowds: readonly Crowd[], rowHeight: number): LaneDrawing['crowds'] {
  const layers = crowds.map((crowd) => crowd.counts())
  const unit = (rowHeight - 8) / Math.max(1, highest(...layers))
  const below = new Int32Array(layers[0]?.length ?? 0)
  return layers.map((layer, number) => {
    const path = crowdPath(layer, below, rowHeight - 4, unit)
    for (let x = 0; x < below.length; x++) below[x] = (below[x] as number) + (layer[x] as number)
    return { tone: crowdTones[number] as CrowdTone, path }
  })
}

/** All sagas from number `from` on in one row: how many steps were under way at each moment, by how they ended. */
export function poolLane(frame: LaneFrame, from: number): LaneDrawing {
  const { window } = frame
  const { steps } = frame.index.sagas
  return crowdOf(frame, (visit) => {
    steps.forEachWithin(window.from, window.to, (span) => {
      if ((steps.lane[span] as number) >= from) visit(span)
    })
  })
}
