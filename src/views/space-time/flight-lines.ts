/** Messages as slanted lines from sender to receiver, with their names where there is room. */
import { messageText } from '../../trace/describe.ts'
import { Role } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { charactersIn, textWidth } from '../timeline/bar-labels.ts'
import { Flight } from '../timeline/message-index.ts'
import { toPixels } from '../timeline/time-window.ts'
import type { LabelRoom } from './label-room.ts'
import type { FlightLine, RoleShape } from './space-time-drawing.ts'
import type { SpaceTimeFrame } from './space-time-layout.ts'

/** Up to so many messages have names; up to so many are lines of their own. */
const NAMED_MAX = 220
const LINES_MAX = 600
const CROWD_MAX = 4000
const COLORS = 6

/** Keeps lines off the bars on the lifelines, pixels. */
const STANDOFF = 6
/** Shape before the name, and air around both. */
const LABEL_LEAD = 16
const LABEL_HEIGHT = 15
const NAME_MIN = 4
/** The sign of a lost message, pixels. */
const CROSS = 20

export function flightsWithin({ index, window }: SpaceTimeFrame): number[] {
  const spans: number[] = []
  index.messages.flights.forEachWithin(window.from, window.to, (span) => {
    spans.push(span)
  })
  return spans
}

export function flightLines(frame: SpaceTimeFrame, spans: readonly number[], room: LabelRoom): FlightLine[] {
  if (spans.length > LINES_MAX) return []
  for (const span of spans) {
    if (frame.index.messages.flights.tone[span] !== Flight.lost) continue
    const { x1, y1 } = endsOf(frame, span)
    room.block({ x: x1 - CROSS / 2, y: y1 - CROSS / 2, width: CROSS, height: CROSS })
  }
  return spans.map((span) => flightLine(frame, span, spans.length <= NAMED_MAX ? room : null))
}

interface Ends {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

function flightLine(frame: SpaceTimeFrame, span: number, room: LabelRoom | null): FlightLine {
  const { flights } = frame.index.messages
  const { trace } = frame.index
  const message = trace.message(flights.ref[span] as number)
  const ends = endsOf(frame, span)
  const sentAt = flights.from[span] as number
  const endedAt = flights.to[span] as number
  const tone = flights.tone[span]
  const name = message.reason === null ? message.type : `${message.type} ${message.reason}`
  return {
    key: span,
    message: message.id,
    sentAt,
    endedAt: endedAt === -1 ? sentAt : endedAt,
    saga: message.saga,
    shape: shapeOf(message.role),
    compensation: message.compensation,
    twin: message.logical !== message.id,
    end: tone === Flight.arrived ? 'arrived' : tone === Flight.lost ? 'lost' : 'flying',
    ...ends,
    title: messageText(trace, message),
    ...placeName(frame, ends, name, room),
  }
}

export function shapeOf(role: number): RoleShape {
  if (role === Role.event) return 'event'
  return role === Role.reply || role === Role.response ? 'reply' : 'command'
}

/** A lost message ends on its way; one that is still flying is drawn as far as the trace knows. */
export function endsOf({ index, window, height, columns }: SpaceTimeFrame, span: number): Ends {
  const { flights } = index.messages
  const { trace } = index
  const message = flights.ref[span] as number
  const from = columns.x[trace.messageAt('from', message)] ?? 0
  const to = columns.x[trace.messageAt('to', message)] ?? 0
  const side = Math.sign(to - from)
  const x0 = from + side * STANDOFF
  const y0 = toPixels(window, height, flights.start[span] as number)
  const end = flights.end[span] as number
  if (flights.tone[span] === Flight.lost) {
    return { x0, y0, x1: from + (to - from) * lostShare(trace, message), y1: toPixels(window, height, end) }
  }
  if (end === Infinity) return { x0, y0, x1: from + (to - from) * 0.5, y1: y0 + 30 }
  return { x0, y0, x1: to - side * STANDOFF, y1: toPixels(window, height, end) }
}

/** How far a lost message came; one that could not leave at all still shows a stub. */
function lostShare(trace: Trace, message: number): number {
  return trace.messageAt('arrives', message) === trace.messageAt('departs', message) ? 0.25 : 0.5
}

interface Named {
  readonly label: string
  readonly labelX: number
  readonly labelY: number
}

/** The name stands on the line: in the middle, or further on when another stands there. */
function placeName({ height, fontSize }: SpaceTimeFrame, ends: Ends, name: string, room: LabelRoom | null): Named {
  const none = { label: '', labelX: (ends.x0 + ends.x1) / 2, labelY: (ends.y0 + ends.y1) / 2 }
  if (room === null) return none
  const distance = Math.abs(ends.x1 - ends.x0) - 28
  const fits = charactersIn(distance - LABEL_LEAD, fontSize)
  if (fits < NAME_MIN) return none
  const label = name.length <= fits ? name : `${name.slice(0, fits - 1)}…`
  const width = textWidth(label, fontSize) + LABEL_LEAD + 6
  // Whatever its place along the line, a name stays between the two lifelines.
  const near = Math.min(ends.x0, ends.x1) + 8
  const between = (x: number) => Math.max(near, Math.min(x, near + distance + 12 - width))
  const places = [0.5, 0.36, 0.64, 0.25, 0.75]
    .map((share) => ({ x: ends.x0 + (ends.x1 - ends.x0) * share, y: ends.y0 + (ends.y1 - ends.y0) * share }))
    .map(({ x, y }) => ({ x: between(x - width / 2), y: y - LABEL_HEIGHT / 2, width, height: LABEL_HEIGHT }))
    .filter(({ y }) => y > -LABEL_HEIGHT && y < height)
  const place = room.take(places)
  return place === undefined ? none : { label, labelX: place.x, labelY: place.y + LABEL_HEIGHT / 2 }
}

/** More messages than lines: thin strokes by colour, and beyond CROWD_MAX only every n-th. */
export function flightCrowds(
  frame: SpaceTimeFrame,
  spans: readonly number[],
): { paths: { saga: number; path: string }[]; drawn: number } {
  if (spans.length <= LINES_MAX) return { paths: [], drawn: spans.length }
  let step = Math.ceil(spans.length / CROWD_MAX)
  // A step that shares a factor with the number of colours would leave some of them out.
  while (step % 2 === 0 || step % 3 === 0) step++
  const paths = new Map<number, string>()
  let drawn = 0
  for (let i = 0; i < spans.length; i += step) {
    const span = spans[i] as number
    const { x0, y0, x1, y1 } = endsOf(frame, span)
    const saga = frame.index.trace.messageAt('saga', frame.index.messages.flights.ref[span] as number)
    const color = saga < 0 ? -1 : saga % COLORS
    paths.set(color, `${paths.get(color) ?? ''}M${x0} ${y0.toFixed(1)}L${x1} ${y1.toFixed(1)}`)
    drawn++
  }
  return { paths: [...paths].map(([saga, path]) => ({ saga, path })), drawn }
}
