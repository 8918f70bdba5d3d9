/**
 * The roads messages travel on. Between two services there are two lanes, one each way, driven on the left; each is
 * sampled at even distances, so that a fraction of the way is a fraction of the length.
 */
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
export const SAMPLES = 48
/** Of a lane from the middle line. */
export const LANE_OFFSET = 11

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

export function at(points: Float64Array, i: number): number {
  return points[i] as number
}
