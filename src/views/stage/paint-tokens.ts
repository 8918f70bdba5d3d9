/** Messages on their way, waiting at a partition, arriving, and waiting to be taken. */
import type { Brush } from './brush.ts'
import { type Box, type LabelLine, outerSides } from './label-place.ts'
import type { Lane } from './lanes.ts'
import type { ArrivalMark, Break, FlightMark, QueueMark, Scene } from './scene.ts'
import { sagaColour } from './stage-palette.ts'
import type { Token } from './token.ts'
import {
  doomedFraction,
  dropIn,
  ease,
  flightFraction,
  heldShare,
  PARTITION_AT,
  pulse,
  RUSH_SHOWN,
} from './token-motion.ts'
import { headingFor } from './token-shapes.ts'
import type { Detail } from './token-sprite.ts'

/** More messages than this move as bare shapes, more than that without a trail. */
const NAMED_MAX = 32
const TRAILS_MAX = 160
/** Messages that wait at one partition and show their name. */
const HELD_NAMED = 3
const HELD_SPACING = 26
const QUEUE_SPACING = 17
const CROWD_SHOWN = 6

export function paintFlights(brush: Brush, scene: Scene): void {
  const detail: Detail = scene.flights.length > NAMED_MAX ? 'mini' : 'full'
  const places = placesOf(brush, scene.flights, detail)
  if (scene.flights.length <= TRAILS_MAX) for (const place of places) paintTrail(brush, place)
  for (const { token, lane, fraction, held } of places) {
    const shown = held >= HELD_NAMED ? 'mini' : detail
    // Those held stand side by side along the wall.
    const aside = held < 0 ? undefined : Math.min(held, HELD_NAMED - 1) * HELD_SPACING * brush.scale
    const box = brush.token(token, lane, fraction, shown, 1, aside)
    if (shown === 'full') paintName(brush, token, lane, fraction, box, 1)
  }
}

interface Place {
  readonly token: Token
  readonly lane: Lane
  readonly fraction: number
  /** How many wait before it at the same partition, −1 when it moves. */
  readonly held: number
}

function placesOf(brush: Brush, flights: readonly FlightMark[], detail: Detail): Place[] {
  const { now, reduced } = brush.frame
  const waiting = new Map<Lane, number>()
  const places: Place[] = []
  for (const { token, held, ends } of flights) {
    const lane = brush.laneOf(token)
    if (lane === undefined) continue
    if (!held) {
      const way = ends === null ? flightFraction(now, token.span, reduced) : doomed(brush, token, ends)
      places.push({ token, lane, fraction: brush.inside(token, lane, way, detail), held: -1 })
      continue
    }
    const before = waiting.get(lane) ?? 0
    waiting.set(lane, before + 1)
    places.push({ token, lane, fraction: beforeWall(brush, token, lane, before, detail), held: before })
  }
  return places
}

function doomed(brush: Brush, token: Token, ends: Break): number {
  return doomedFraction(brush.frame.now, token.span.start, ends, brush.frame.reduced)
}

/** Its head touches the wall; a crowd stands in line behind. */
function beforeWall(brush: Brush, token: Token, lane: Lane, before: number, detail: Detail): number {
  const behind = Math.max(0, before - HELD_NAMED + 1)
  const wall = PARTITION_AT - brush.halfShare(token, lane, detail) - brush.share(lane, 6 + behind * 14)
  return Math.max(0, wall) * heldShare(brush.frame.now, token.span.start, brush.frame.reduced)
}

/** The way a message has come: what moved, and from where. What undoes something leaves dashes. */
function paintTrail(brush: Brush, { token, lane, fraction }: Place): void {
  if (fraction <= 0) return
  const { pen, palette } = brush
  pen.lineWidth = 2.5
  pen.lineCap = 'round'
  pen.globalAlpha = 0.6 * brush.alphaOf(token)
  pen.strokeStyle = token.compensation ? palette.colours.undo : sagaColour(palette, token.colour)
  if (token.compensation) pen.setLineDash([6, 6])
  brush.stroke(lane, 0, fraction)
  pen.setLineDash([])
  pen.globalAlpha = 1
}

/** Commands carry their name inside; replies and events beside them. */
function paintName(brush: Brush, token: Token, lane: Lane, fraction: number, box: Box, alpha: number): void {
  if (token.shape === 'command') return
  const heading = brush.headingAt(lane, fraction)
  const sides = outerSides(headingFor(heading.x, heading.y))
  brush.label(box, nameLines(brush, token), alpha * brush.alphaOf(token), sides, [token.from, token.to])
}

export function nameLines(brush: Brush, token: Token): LabelLine[] {
  const { colours } = brush.palette
  const colour = token.compensation ? colours.undo : colours.text
  const detail: LabelLine = { text: token.detail, colour: token.sign === '−' ? colours.bad : colours.mute }
  return [{ text: token.label, colour, weight: 600 }, detail]
}

export function paintArrivals(brush: Brush, { arrivals, isCut }: Scene): void {
  const isCrowd = arrivals.length > NAMED_MAX
  const crowds = new Map<Lane, ArrivalMark[]>()
  for (const mark of arrivals) {
    const lane = brush.laneOf(mark.token)
    if (lane === undefined) continue
    if (isCrowd && mark.how === 'drop in') crowds.set(lane, [...(crowds.get(lane) ?? []), mark])
    else paintArrival(brush, mark, lane, isCrowd ? 'mini' : 'full')
  }
  for (const [lane, crowd] of crowds) paintCrowd(brush, lane, crowd, isCut)
}

/** Many at once would lie on top of each other: a few of them in a row, and how many there are. */
function paintCrowd(brush: Brush, lane: Lane, crowd: readonly ArrivalMark[], isCut: boolean): void {
  const seen = crowd.filter(({ at }) => dropIn(brush.frame.now - at, brush.frame.reduced).alpha > 0)
  let last: Box | undefined
  for (const [i, { token, at }] of seen.slice(0, CROWD_SHOWN).entries()) {
    const { fraction, alpha } = dropIn(brush.frame.now - at, brush.frame.reduced)
    const back = brush.share(lane, i * QUEUE_SPACING)
    last = brush.token(token, lane, Math.max(0, brush.inside(token, lane, fraction, 'mini') - back), 'mini', alpha)
  }
  if (last === undefined) return
  const sides = ['above', 'below', 'right'] as const
  brush.label(
    last,
    [{ text: `${seen.length}${isCut ? '+' : ''} at once`, colour: brush.palette.colours.text, weight: 600 }],
    1,
    sides,
  )
}

function paintArrival(brush: Brush, { token, at, how }: ArrivalMark, lane: Lane, detail: Detail): void {
  const age = brush.frame.now - at
  if (how === 'pulse') paintPulse(brush, token, lane, age)
  else if (how === 'drop in') paintDropIn(brush, token, lane, age, detail)
  else if (age >= 0 && age < RUSH_SHOWN) {
    paintLastStretch(brush, token, lane, age, how === 'rush' ? PARTITION_AT : 0.7, detail)
  }
}

function paintDropIn(brush: Brush, token: Token, lane: Lane, age: number, detail: Detail): void {
  const { fraction, alpha } = dropIn(age, brush.frame.reduced)
  if (alpha > 0) paintNamed(brush, token, lane, fraction, alpha, detail)
}

/** From the wall when a partition heals, from the broker's door when it hands a message out again. */
function paintLastStretch(brush: Brush, token: Token, lane: Lane, age: number, from: number, detail: Detail): void {
  const share = brush.frame.reduced ? 1 : ease(age / RUSH_SHOWN)
  paintNamed(brush, token, lane, from + (1 - from) * share, 1 - share * 0.6, detail)
}

function paintNamed(brush: Brush, token: Token, lane: Lane, fraction: number, alpha: number, detail: Detail): void {
  const box = brush.token(token, lane, brush.inside(token, lane, fraction, detail), detail, alpha)
  if (detail === 'full') paintName(brush, token, lane, fraction, box, alpha)
}

function paintPulse(brush: Brush, token: Token, lane: Lane, age: number): void {
  if (age < 0 || brush.frame.reduced) return
  const { radius, alpha } = pulse(age)
  if (alpha <= 0) return
  const { pen, palette } = brush
  const { x, y } = brush.at(lane, 1)
  pen.globalAlpha = alpha * brush.alphaOf(token)
  pen.strokeStyle = token.compensation ? palette.colours.undo : sagaColour(palette, token.colour)
  pen.lineWidth = 2
  pen.beginPath()
  pen.arc(x, y, (6 + 16 * radius) * brush.scale, 0, Math.PI * 2)
  pen.stroke()
  pen.globalAlpha = 1
}

/** A queue stands before the port of the lane each message came by, the oldest at the door. */
export function paintQueue(brush: Brush, { tokens, more }: QueueMark): void {
  const standing = new Map<Lane, number>()
  let last: Box | undefined
  for (const token of tokens) {
    const lane = brush.laneOf(token)
    if (lane === undefined) continue
    const before = standing.get(lane) ?? 0
    standing.set(lane, before + 1)
    const back = 12 + before * QUEUE_SPACING
    last = brush.token(token, lane, Math.max(0, 1 - brush.share(lane, back)), 'mini')
  }
  if (more === 0 || last === undefined) return
  brush.label(last, [{ text: `+${more}`, colour: brush.palette.colours.mute }], 1, ['left', 'above', 'below'])
}
