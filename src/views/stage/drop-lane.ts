import { type Lane, SAMPLES } from './lanes.ts'
import type { Rect } from './stage-layout.ts'

const HEIGHT = 74

const drops = new WeakMap<Rect, Lane>()

/** The way of a message that comes from nowhere: onto the card from above. */
export function dropLane(service: number, card: Rect): Lane {
  let lane = drops.get(card)
  if (lane === undefined) {
    const points = new Float64Array(SAMPLES * 2)
    for (let i = 0; i < SAMPLES; i++) {
      points[2 * i] = card.x + card.width / 2
      points[2 * i + 1] = card.y - HEIGHT * (1 - i / (SAMPLES - 1))
    }
    lane = { from: service, to: service, points, length: HEIGHT }
    drops.set(card, lane)
  }
  return lane
}
