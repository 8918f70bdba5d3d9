/**
 * The window a time view looks through, and the rules of its motion: the visitor's own gesture always wins; while
 * playing either the playhead moves or what lies under it, never both; nothing jumps that can glide.
 */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import {
  boundsAtScale,
  boundsOnPixels,
  clampWindow,
  isWhole,
  type Margins,
  panBy,
  reveal,
  spanOf,
  type TimeWindow,
  zoomAt,
} from './time-window.ts'

export interface TimeCamera {
  readonly window: TimeWindow
  /** The whole run, with room at both ends. */
  readonly bounds: TimeWindow
  readonly whole: boolean
  zoom(factor: number, share?: number): void
  pan(shareOfWindow: number): void
  /** Takes a window as it comes out of a gesture. */
  take(window: TimeWindow): void
  fit(): void
}

interface Settings {
  readonly total: number
  /** Folded time of the playhead. */
  readonly at: number
  readonly playing: boolean
  /** Pixels along the axis. */
  readonly size: number
  readonly margins: Margins
  /** The widest window, fold seconds; the whole run when absent. */
  readonly spanMax?: number
  /** Fold seconds per pixel to open with; the whole run when absent. */
  readonly perPixel?: number
}

/** Where the playhead stays while the run scrolls under it, and how near the edges it may come when it is moved. */
const RUNNING_SHARE = 0.62
const EDGE_SHARE = 0.06
const GLIDE_MS = 220

export function useTimeWindow(settings: Settings): TimeCamera {
  const { total, at, playing, size, margins, spanMax = Infinity, perPixel } = settings
  const bounds = useMemo(
    () => (perPixel === undefined ? boundsOnPixels(total, size, margins) : boundsAtScale(total, perPixel, margins)),
    [total, size, perPixel, margins],
  )
  // Null is as it opened: the whole run, however long it grows, or its beginning at the opening scale.
  const [chosen, setChosen] = useState<TimeWindow | null>(null)
  const window = useMemo(() => {
    const opening = perPixel === undefined ? bounds : { from: bounds.from, to: bounds.from + perPixel * size }
    return clampWindow(chosen ?? opening, bounds, spanMax)
  }, [chosen, bounds, perPixel, size, spanMax])
  const current = useRef(window)
  current.current = window
  const glide = useGlide(setChosen)
  const staysWhole = perPixel === undefined
  useKeptScale(staysWhole ? 0 : size, setChosen)

  const take = useCallback(
    (next: TimeWindow) => {
      glide.stop()
      current.current = clampWindow(next, bounds, spanMax)
      setChosen(staysWhole && isWhole(current.current, bounds) ? null : current.current)
    },
    [glide, bounds, spanMax, staysWhole],
  )
  const follow = useFollow({ at, playing, ready: size > 0, bounds, spanMax, current, take, glide })

  return useMemo(() => {
    const takeByHand = (next: TimeWindow) => {
      take(next)
      follow.byHand()
    }
    return {
      window,
      bounds,
      whole: isWhole(window, bounds),
      zoom: (factor, share) => takeByHand(zoomAt(current.current, share ?? follow.share(), factor)),
      pan: (share) => takeByHand(panBy(current.current, share)),
      take: takeByHand,
      fit: () => takeByHand(bounds),
    }
  }, [window, bounds, take, follow])
}

interface Following {
  readonly at: number
  readonly playing: boolean
  /** The view has a size. */
  readonly ready: boolean
  readonly bounds: TimeWindow
  readonly spanMax: number
  readonly current: { readonly current: TimeWindow }
  readonly take: (window: TimeWindow) => void
  readonly glide: ReturnType<typeof useGlide>
}

/** Keeps the playhead in sight, unless the visitor turned to another place while the run plays. */
function useFollow({ at, playing, ready, bounds, spanMax, current, take, glide }: Following) {
  const following = useRef(true)
  const last = useRef(Number.NaN)
  useLayoutEffect(() => {
    if (last.current === at || !ready) return
    const opening = Number.isNaN(last.current)
    last.current = at
    const before = current.current
    if (isWhole(before, bounds)) return
    const seen = isInside(before, at)
    if (!playing || seen) following.current = true
    if (!following.current) return
    if (playing || opening) take(reveal(before, at, EDGE_SHARE, RUNNING_SHARE))
    else if (seen) take(reveal(before, at, EDGE_SHARE, 1 - EDGE_SHARE))
    else glide.to(before, clampWindow(reveal(before, at, 0.3, 0.7), bounds, spanMax))
  }, [at, playing, ready, bounds, spanMax, current, take, glide])
  return useMemo(
    () => ({
      byHand: () => {
        following.current = isInside(current.current, last.current)
      },
      /** The playhead's place in the window, or the middle when it is out of sight. */
      share: () => {
        const { current: window } = current
        return isInside(window, last.current) ? (last.current - window.from) / spanOf(window) : 0.5
      },
    }),
    [current],
  )
}

/** A taller view shows more, not the same enlarged. */
function useKeptScale(size: number, set: (change: (window: TimeWindow | null) => TimeWindow | null) => void): void {
  const before = useRef(size)
  useLayoutEffect(() => {
    const factor = size / before.current
    if (before.current > 0 && size > 0 && factor !== 1) {
      set((window) => window && { from: window.from, to: window.from + spanOf(window) * factor })
    }
    if (size > 0) before.current = size
  }, [size, set])
}

function isInside(window: TimeWindow, at: number): boolean {
  return at >= window.from && at <= window.to
}

/** Moves a window evenly to another place; at once when motion is not wanted. */
function useGlide(set: (window: TimeWindow) => void) {
  const frame = useRef(0)
  useEffect(() => () => cancelAnimationFrame(frame.current), [])
  return useMemo(
    () => ({
      stop: () => cancelAnimationFrame(frame.current),
      to(from: TimeWindow, to: TimeWindow) {
        cancelAnimationFrame(frame.current)
        if (matchMedia('(prefers-reduced-motion: reduce)').matches) return set(to)
        const began = performance.now()
        const move = (now: number) => {
          const share = Math.min(1, Math.max(0, (now - began) / GLIDE_MS))
          const eased = 1 - (1 - share) ** 3
          const by = (to.from - from.from) * eased
          set({ from: from.from + by, to: from.to + by })
          if (share < 1) frame.current = requestAnimationFrame(move)
        }
        frame.current = requestAnimationFrame(move)
      },
    }),
    [set],
  )
}
