/** The space-time diagram of one window. Pure: the same trace, window and size draw the same. */
import type { TimeFold } from '../../session/time-fold.ts'
import { axisTicks } from '../timeline/axis-ticks.ts'
import { gapMarks, violationMarks } from '../timeline/ruler-layout.ts'
import { type TimeWindow, toPixels } from '../timeline/time-window.ts'
import type { TraceIndex } from '../timeline/trace-index.ts'
import type { Columns } from './columns.ts'
import { flightCrowds, flightLines, flightsWithin } from './flight-lines.ts'
import { LabelRoom } from './label-room.ts'
import { lifelineStretches } from './lifeline-stretches.ts'
import { notesWithin } from './notes.ts'
import type { AcrossLine, SpaceTimeDrawing } from './space-time-drawing.ts'

export interface SpaceTimeFrame {
  readonly index: TraceIndex
  readonly fold: TimeFold
  readonly window: TimeWindow
  readonly height: number
  readonly columns: Columns
  readonly fontSize: number
}

/** Pixels between two ticks, at least. */
const TICK_SPACING = 40
const ACROSS_MAX = 60

export function spaceTimeLayout(frame: SpaceTimeFrame): SpaceTimeDrawing {
  const { fold, window, height } = frame
  const room = new LabelRoom()
  const spans = flightsWithin(frame)
  const crowds = flightCrowds(frame, spans)
  const flights = flightLines(frame, spans, room)
  const gaps = gapMarks(fold, window, height, frame.fontSize, Infinity)
  const ticks = axisTicks(fold, window, height, TICK_SPACING)
    .map(({ x, label }) => ({ y: x, label }))
    .filter(({ y }) => !gaps.some((gap) => Math.abs(gap.x - y) < 18))
  return {
    flights,
    crowds: crowds.paths,
    flightCount: spans.length,
    drawnCount: crowds.drawn,
    stretches: lifelineStretches(frame),
    notes: notesWithin(frame, room),
    across: [...violations(frame), ...partitions(frame)].slice(0, ACROSS_MAX),
    ticks,
    gaps,
  }
}

function violations({ index, window, height }: SpaceTimeFrame): AcrossLine[] {
  return violationMarks(index, window, height).map(({ position, x, title }) => ({
    key: position,
    position,
    y: x,
    tone: 'violation',
    text: title,
  }))
}

function partitions({ index, window, height }: SpaceTimeFrame): AcrossLine[] {
  const lines: AcrossLine[] = []
  const { partitions: list, trace } = index
  list.forEachWithin(window.from, window.to, (span) => {
    const name = trace.header.faults[list.ref[span] as number] ?? 'partition'
    const position = list.from[span] as number
    const y = toPixels(window, height, list.start[span] as number)
    lines.push({ key: position, position, y, tone: 'partition', text: name })
    const to = list.to[span] as number
    if (to === -1) return
    const end = toPixels(window, height, list.end[span] as number)
    lines.push({ key: to, position: to, y: end, tone: 'healed', text: 'partition healed' })
  })
  return lines.filter(({ y }) => y >= 0 && y <= height)
}
