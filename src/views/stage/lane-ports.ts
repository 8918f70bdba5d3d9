/** Where lanes leave and enter cards: the sides that face each other, with the ports spread along them. */
import type { Point } from './lanes.ts'
import type { Rect } from './stage-layout.ts'

export type Side = 'left' | 'right' | 'top' | 'bottom'
export interface Port extends Point {
  readonly side: Side
}

const PORT_SPACING = 52
const CORNER = 26
/** A lane needs so much room to be seen. */
const ROOM = 48

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
export function portsOf(
  cards: readonly Rect[],
  edges: readonly (readonly [number, number])[],
): ([Port, Port] | undefined)[] {
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

function roomBetween(a: Rect, b: Rect): number {
  return Math.max(b.x - (a.x + a.width), a.x - (b.x + b.width))
}

/**
 * Around a third card that stands between two of one column, the lane leaves and returns on the right; between two that
 * stand too close side by side, it hangs below them.
 */
function sidesOf(a: Rect, b: Rect, cards: readonly Rect[]): [Side, Side] {
  const sides = facing(a, b)
  if (sides[0] === 'left' || sides[0] === 'right') return roomBetween(a, b) < ROOM ? ['bottom', 'bottom'] : sides
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

function centreOf(card: Rect): Point {
  return { x: card.x + card.width / 2, y: card.y + card.height / 2 }
}
