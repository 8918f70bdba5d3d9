/** The line of a lane: a curve between two ports, sampled at even distances and shifted to its own side. */
import type { Port, Side } from './lane-ports.ts'
import { at, LANE_OFFSET, type Lane, type Point, SAMPLES } from './lanes.ts'

const outward: Record<Side, Point> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  top: { x: 0, y: -1 },
  bottom: { x: 0, y: 1 },
}

export function bezier(a: Port, b: Port): (share: number) => Point {
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
export function sample(curve: (share: number) => Point, fine = 240): Float64Array {
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

export function reversed(points: Float64Array): Float64Array {
  const back = new Float64Array(points.length)
  for (let i = 0; i < SAMPLES; i++) {
    back[2 * i] = at(points, 2 * (SAMPLES - 1 - i))
    back[2 * i + 1] = at(points, 2 * (SAMPLES - 1 - i) + 1)
  }
  return back
}

/** Shifts a centre line to its left. */
export function laneBeside(from: number, to: number, centre: Float64Array): Lane {
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
