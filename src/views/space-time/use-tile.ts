import { useState } from 'react'
import { spanOf, type TimeWindow } from '../timeline/time-window.ts'

/** How much is drawn beyond each edge of the window, as a share of it. */
const BEYOND = 0.5

/**
 * A stretch a little longer than the window, the same one while the window moves within it: what is drawn for it is
 * only shifted while a run plays, not laid out anew in every frame.
 */
export function useTile(window: TimeWindow): TimeWindow {
  const [tile, setTile] = useState(() => around(window))
  if (covers(tile, window)) return tile
  const next = around(window)
  setTile(next)
  return next
}

function around(window: TimeWindow): TimeWindow {
  const beyond = spanOf(window) * BEYOND
  return { from: window.from - beyond, to: window.to + beyond }
}

function covers(tile: TimeWindow, window: TimeWindow): boolean {
  const sameScale = Math.abs(spanOf(tile) - spanOf(window) * (1 + 2 * BEYOND)) < spanOf(window) * 1e-6
  return sameScale && tile.from <= window.from && tile.to >= window.to
}

/** Pixels a tile needs for a window of `size` pixels. */
export function tileSize(size: number): number {
  return size * (1 + 2 * BEYOND)
}
