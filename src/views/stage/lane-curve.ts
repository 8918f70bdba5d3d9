/** The line of a lane: a curve between two ports, sampled at even distances and shifted to its own side. */
import type { Port, Side } from './lane-ports.ts'
import { LANE_OFFSET, type Lane, type Point, SAMPLES } from './lanes.ts'

const outward: Record<Side, Point> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  top: { x: 0, y: -1 },
  bottom: { x: 0, y: 1 },
}

/** How far a lane swings out around a card, and below two that stand side by side. */
const AROUND = 110
const BELOW = 64

export function bezier(a: Port, b: Port): (share: number) => Point {
  const level = a.side === 'left' || a.side === 'right'
  const along = Math.abs(level ? b.x - a.x : b.y - a.y)
  const reach = a.side === b.side ? (level ? AROUND : BELOW) : Math.max(28, along * 0.48)
  const c1 = { x: a.x + outward[a.side].x * reach, y: a.y + outward[a.side].y * reach }
  const c2 = { x: b.x + outward[b.side].x * reach, y: b.y + outward[b.side].y * reach }
  return (t) => {
    const u = 1 - t
    const [k0, k1, k2, k3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t] as const
    return { x: k0 * a.x + k1 * c1.x + k2 * c2.x + k3 * b.x, y: k0 * a.y + k1 * c1.y + k2 * c2.y + k3 * b.y }
  }
}

const FINE = 240

/** Many points of a curve, not yet at even distances. */
export function finely(curve: (share: number) => Point): Point[] {
  return Array.from({ length: FINE + 1 }, (_, i) => curve(i / FINE))
}

/** The lane to the left of a middle line. */
export function laneBeside(from: number, to: number, middle: readonly Point[]): Lane {
  const line = middle.map((point, i) => {
    const before = middle[Math.max(0, i - 1)] as Point
    const after = middle[Math.min(middle.length - 1, i + 1)] as Point
    const length = distance(before, after) || 1
    const [dx, dy] = [(after.x - before.x) / length, (after.y - before.y) / length]
    return { x: point.x + dy * LANE_OFFSET, y: point.y - dx * LANE_OFFSET }
  })
  return { from, to, ...evenly(line) }
}

/** Points at even distances along a line. */
function evenly(line: readonly Point[]): { points: Float64Array; length: number } {
  const lengths = [0]
  for (let i = 1; i < line.length; i++) {
    lengths.push((lengths[i - 1] as number) + distance(line[i - 1] as Point, line[i] as Point))
  }
  const length = lengths[line.length - 1] as number
  const points = new Float64Array(SAMPLES * 2)
  let k = 1
  for (let i = 0; i < SAMPLES; i++) {
    const wanted = (length * i) / (SAMPLES - 1)
    while (k < line.length - 1 && (lengths[k] as number) < wanted) k++
    const [from, to] = [lengths[k - 1] as number, lengths[k] as number]
    const share = (wanted - from) / (to - from || 1)
    const [p, q] = [line[k - 1] as Point, line[k] as Point]
    points[2 * i] = p.x + (q.x - p.x) * share
    points[2 * i + 1] = p.y + (q.y - p.y) * share
  }
  return { points, length }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y)
}
