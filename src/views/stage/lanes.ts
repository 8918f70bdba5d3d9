/**
 * The roads messages travel on. Between two services there are two lanes, one each way, driven on the left; each is
 * sampled at even distances, so that a fraction of the way is a fraction of the length.
 */
import type { Rect } from './stage-layout.ts'

export interface Point {
  x: number
  y: number
}
export interface Lane {
  readonly from: number
  readonly to: number
  /** x, y, x, y, … at even distances. */
  readonly points: Float64Array
  readonly length: number
}
export type Side = 'left' | 'right' | 'top' | 'bottom'
interface Port extends Point {
  readonly side: Side
}
export interface Lanes {
  /** The lane between two services; made up on the spot for a pair the header does not list. */
  between(from: number, to: number): Lane | undefined
  readonly all: readonly Lane[]
}

export const SAMPLES = 48
/** Of a lane from the middle line. */
export const LANE_OFFSET = 11
const PORT_SPACING = 52
const CORNER = 26

export function layLanes(cards: readonly Rect[], edges: readonly (readonly [number, number])[]): Lanes {
  const known = new Map<string, Lane>()
  const ports = portsOf(cards, edges)
  const all: Lane[] = []
  const lay = (a: number, b: number, ends: [Port, Port]) => {
    const centre = sample(bezier(ends[0], ends[1]))
    const lanes = [laneBeside(a, b, centre), laneBeside(b, a, reversed(centre))]
    for (const lane of lanes) known.set(`${lane.from}>${lane.to}`, lane)
    return lanes
  }
  edges.forEach(([a, b], i) => {
    const ends = ports[i]
    if (ends !== undefined) all.push(...lay(a, b, ends))
  })
  const between = (from: number, to: number) => {
    const lane = known.get(`${from}>${to}`)
    if (lane !== undefined || from === to || cards[from] === undefined || cards[to] === undefined) return lane
    const ends = portsOf(cards, [[from, to]])[0]
    return ends === undefined ? undefined : lay(from, to, ends)[0]
  }
  return { between, all }
}

/** Where on a lane a fraction of its length lies. Writes into `out`: called for every message in every frame. */
export function pointOn(lane: Lane, fraction: number, out: Point): Point {
  const place = Math.max(0, Math.min(1, fraction)) * (SAMPLES - 1)
  const i = Math.min(SAMPLES - 2, Math.floor(place))
  const share = place - i
  const { points } = lane
  out.x = at(points, 2 * i) + (at(points, 2 * i + 2) - at(points, 2 * i)) * share
  out.y = at(points, 2 * i + 1) + (at(points, 2 * i + 3) - at(points, 2 * i + 1)) * share
  return out
}

/** The direction of travel there, as a unit vector. */
export function headingOn(lane: Lane, fraction: number, out: Point): Point {
  const i = Math.min(SAMPLES - 2, Math.floor(Math.max(0, Math.min(1, fraction)) * (SAMPLES - 1)))
  const dx = at(lane.points, 2 * i + 2) - at(lane.points, 2 * i)
  const dy = at(lane.points, 2 * i + 3) - at(lane.points, 2 * i + 1)
  const length = Math.hypot(dx, dy) || 1
  out.x = dx / length
  out.y = dy / length
  return out
}

export function lanePath({ points }: Lane): string {
  const parts: string[] = []
  for (let i = 0; i < SAMPLES; i++) parts.push(`${at(points, 2 * i).toFixed(1)} ${at(points, 2 * i + 1).toFixed(1)}`)
  return `M${parts.join('L')}`
}

/** The line between the two lanes of an edge. */
export function middlePath(there: Lane, back: Lane): string {
  const parts: string[] = []
  for (let i = 0; i < SAMPLES; i++) {
    const j = SAMPLES - 1 - i
    const x = (at(there.points, 2 * i) + at(back.points, 2 * j)) / 2
    const y = (at(there.points, 2 * i + 1) + at(back.points, 2 * j + 1)) / 2
    parts.push(`${x.toFixed(1)} ${y.toFixed(1)}`)
  }
  return `M${parts.join('L')}`
}

/** A small arrow head shortly before the end of a lane: which way it is driven. */
export function headPath(lane: Lane): string {
  const fraction = 1 - 9 / lane.length
  const tip = pointOn(lane, fraction, { x: 0, y: 0 })
  const { x, y } = headingOn(lane, fraction, { x: 0, y: 0 })
  const wing = (side: number) =>
    `${(tip.x - x * 6 - y * 4 * side).toFixed(1)} ${(tip.y - y * 6 + x * 4 * side).toFixed(1)}`
  return `M${wing(1)}L${tip.x.toFixed(1)} ${tip.y.toFixed(1)}L${wing(-1)}`
}

function at(points: Float64Array, i: number): number {
  return points[i] as number
}

/** Which sides of two cards face each other. */
export function facing(a: Rect, b: Rect): [Side, Side] {
  const right = b.x - (a.x + a.width)
  const left = a.x - (b.x + b.width)
  const below = b.y - (a.y + a.height)
  const above = a.y - (b.y + b.height)
  const across = Math.max(right, left)
  const along = Math.max(below, above)
  if (across >= 90 || across >= along) return right >= left ? ['right', 'left'] : ['left', 'right']
  return below >= above ? ['bottom', 'top'] : ['top', 'bottom']
}

interface End {
  readonly edge: number
  readonly end: 0 | 1
  readonly other: Point
}

/** One port per edge and card, spread along the side in the order of whom they lead to, so that lanes do not cross. */
function portsOf(cards: readonly Rect[], edges: readonly (readonly [number, number])[]): ([Port, Port] | undefined)[] {
  const sides = new Map<string, { card: Rect; side: Side; ends: End[] }>()
  edges.forEach(([a, b], edge) => {
    const from = cards[a]
    const to = cards[b]
    if (from === undefined || to === undefined || a === b) return
    const [sideA, sideB] = sidesOf(from, to, cards)
    addEnd(sides, `${a}${sideA}`, from, sideA, { edge, end: 0, other: centreOf(to) })
    addEnd(sides, `${b}${sideB}`, to, sideB, { edge, end: 1, other: centreOf(from) })
  })
  const ports: ([Port, Port] | undefined)[] = edges.map(() => undefined)
  for (const { card, side, ends } of sides.values()) {
    const upright = side === 'left' || side === 'right'
    ends.sort((p, q) => (upright ? p.other.y - q.other.y : p.other.x - q.other.x) || p.edge - q.edge)
    ends.forEach(({ edge, end }, i) => {
      const pair = ports[edge] ?? [
        { x: 0, y: 0, side },
        { x: 0, y: 0, side },
      ]
      pair[end] = portAt(card, side, i, ends.length)
      ports[edge] = pair
    })
  }
  return ports
}

function addEnd(
  sides: Map<string, { card: Rect; side: Side; ends: End[] }>,
  key: string,
  card: Rect,
  side: Side,
  end: End,
): void {
  const known = sides.get(key)
  if (known === undefined) sides.set(key, { card, side, ends: [end] })
  else known.ends.push(end)
}

/** Around a third card that stands between two of one column, the lane leaves and returns on the right. */
function sidesOf(a: Rect, b: Rect, cards: readonly Rect[]): [Side, Side] {
  const sides = facing(a, b)
  if (sides[0] === 'left' || sides[0] === 'right') return sides
  const top = Math.min(a.y + a.height, b.y + b.height)
  const bottom = Math.max(a.y, b.y)
  const middle = (centreOf(a).x + centreOf(b).x) / 2
  const between = (card: Rect) =>
    card !== a &&
    card !== b &&
    card.width > 0 &&
    card.y >= top &&
    card.y + card.height <= bottom &&
    card.x < middle &&
    card.x + card.width > middle
  return cards.some(between) ? ['right', 'right'] : sides
}

function portAt(card: Rect, side: Side, i: number, count: number): Port {
  const length = side === 'left' || side === 'right' ? card.height : card.width
  const spacing = Math.min(PORT_SPACING, (length - 2 * CORNER) / Math.max(1, count - 1))
  const along = length / 2 + (i - (count - 1) / 2) * spacing
  if (side === 'left') return { side, x: card.x, y: card.y + along }
  if (side === 'right') return { side, x: card.x + card.width, y: card.y + along }
  if (side === 'top') return { side, x: card.x + along, y: card.y }
  return { side, x: card.x + along, y: card.y + card.height }
}

const outward: Record<Side, Point> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  top: { x: 0, y: -1 },
  bottom: { x: 0, y: 1 },
}

function bezier(a: Port, b: Port): (share: number) => Point {
  const level = a.side === 'left' || a.side === 'right'
  const reach = a.side === b.side ? 110 : Math.max(28, Math.abs(level ? b.x - a.x : b.y - a.y) * 0.48)
  const c1 = { x: a.x + outward[a.side].x * reach, y: a.y + outward[a.side].y * reach }
  const c2 = { x: b.x + outward[b.side].x * reach, y: b.y + outward[b.side].y * reach }
  return (t) => {
    const u = 1 - t
    const [k0, k1, k2, k3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t] as const
    return { x: k0 * a.x + k1 * c1.x + k2 * c2.x + k3 * b.x, y: k0 * a.y + k1 * c1.y + k2 * c2.y + k3 * b.y }
  }
}

/** Points of a curve at even distances. */
function sample(curve: (share: number) => Point, fine = 240): Float64Array {
  const raw = Array.from({ length: fine + 1 }, (_, i) => curve(i / fine))
  const lengths = [0]
  for (let i = 1; i <= fine; i++) lengths.push((lengths[i - 1] as number) + distance(raw[i - 1], raw[i]))
  const total = lengths[fine] as number
  const points = new Float64Array(SAMPLES * 2)
  let k = 1
  for (let i = 0; i < SAMPLES; i++) {
    const wanted = (total * i) / (SAMPLES - 1)
    while (k < fine && (lengths[k] as number) < wanted) k++
    const share = (wanted - (lengths[k - 1] as number)) / ((lengths[k] as number) - (lengths[k - 1] as number) || 1)
    const [p, q] = [raw[k - 1] as Point, raw[k] as Point]
    points[2 * i] = p.x + (q.x - p.x) * share
    points[2 * i + 1] = p.y + (q.y - p.y) * share
  }
  return points
}

function distance(a: Point | undefined, b: Point | undefined): number {
  return a === undefined || b === undefined ? 0 : Math.hypot(b.x - a.x, b.y - a.y)
}

function reversed(points: Float64Array): Float64Array {
  const back = new Float64Array(points.length)
  for (let i = 0; i < SAMPLES; i++) {
    back[2 * i] = at(points, 2 * (SAMPLES - 1 - i))
    back[2 * i + 1] = at(points, 2 * (SAMPLES - 1 - i) + 1)
  }
  return back
}

/** Shifts a centre line to its left. */
function laneBeside(from: number, to: number, centre: Float64Array): Lane {
  const points = new Float64Array(centre.length)
  let length = 0
  for (let i = 0; i < SAMPLES; i++) {
    const before = 2 * Math.max(0, i - 1)
    const after = 2 * Math.min(SAMPLES - 1, i + 1)
    const dx = at(centre, after) - at(centre, before)
    const dy = at(centre, after + 1) - at(centre, before + 1)
    const norm = Math.hypot(dx, dy) || 1
    points[2 * i] = at(centre, 2 * i) + (dy / norm) * LANE_OFFSET
    points[2 * i + 1] = at(centre, 2 * i + 1) - (dx / norm) * LANE_OFFSET
    if (i > 0)
      length += Math.hypot(at(points, 2 * i) - at(points, 2 * i - 2), at(points, 2 * i + 1) - at(points, 2 * i - 1))
  }
  return { from, to, points, length }
}

function centreOf(card: Rect): Point {
  return { x: card.x + card.width / 2, y: card.y + card.height / 2 }
}
