/** Bars of one lane that overlap lie under each other; one alone has the lane for itself. */
import type { Bar } from './lane-drawing.ts'

const SLOTS_MAX = 4
/** Air over and under what a lane draws, pixels. */
export const LANE_PADDING = 5

/** `bars` in the order they begin; `slots`: the place of each among those that overlap it. Sets y, height, alone. */
export function stackBars(bars: readonly Bar[], slots: readonly number[], rowHeight: number): void {
  for (let first = 0; first < bars.length; ) {
    const after = endOfCluster(bars, first)
    placeCluster(bars.slice(first, after), slots.slice(first, after), rowHeight - 2 * LANE_PADDING)
    first = after
  }
}

function endOfCluster(bars: readonly Bar[], first: number): number {
  let end = Number.NEGATIVE_INFINITY
  let after = first
  do {
    const bar = bars[after] as Bar
    end = Math.max(end, bar.x + bar.width)
    after++
  } while (after < bars.length && (bars[after] as Bar).x < end - 0.5)
  return after
}

function placeCluster(bars: readonly Bar[], slots: readonly number[], room: number): void {
  const alone = bars.length === 1
  const places = alone ? 1 : Math.min(Math.max(...slots) + 1, SLOTS_MAX)
  const height = room / places
  bars.forEach((bar, number) => {
    bar.y = LANE_PADDING + (alone ? 0 : (slots[number] as number) % SLOTS_MAX) * height
    bar.height = places === 1 ? height : height - 1
    bar.alone = alone
  })
}
