/**
 * The window a time view looks through, and the rules of its motion: the visitor's own gesture always wins; while
 * playing either the playhead moves or what lies under it, never both; nothing jumps that can glide.
 */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { clampWindow, isWhole, panBy, reveal, spanOf, type TimeWindow, wholeRun, zoomAt } from './time-window.ts'

export interface TimeCamera {
  readonly window: TimeWindow
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
  /** The widest window, fold seconds; the whole run when absent. */
  readonly spanMax?: number
  /** Fold seconds per pixel to open with, on so many pixels; the whole run when absent. */
  readonly scale?: { readonly perPixel: number; readonly size: number }
}

/** Where the playhead stays while the run scrolls under it, and how near the edges it may come when it is moved. */
const RUNNING_SHARE = 0.62
const EDGE_SHARE = 0.06
const GLIDE_MS = 220

export function useTimeWindow({ total, at, playing, spanMax = Infinity, scale }: Settings): TimeCamera {
  // Null follows the whole run, however long it grows.
  const [chosen, setChosen] = useState<TimeWindow | null>(null)
  const scaled = scale !== undefined
  const span = scale === undefined ? spanOf(wholeRun(total)) : scale.perPixel * scale.size
  const initial = useMemo(() => {
    const { from } = wholeRun(total)
    return { from, to: from + span }
  }, [total, span])
  const window = useMemo(() => clampWindow(chosen ?? initial, total, spanMax), [chosen, initial, total, spanMax])
  const current = useRef(window)
  current.current = window
  const glide = useGlide(setChosen)
  /** False after the visitor turned to another place: new time must not pull them away from it. */
  const following = useRef(true)

  const take = useCallback(
    (next: TimeWindow) => {
      glide.stop()
      const clamped = clampWindow(next, total, spanMax)
      current.current = clamped
      setChosen(!scaled && isWhole(clamped, total) ? null : clamped)
    },
    [glide, total, spanMax, scaled],
  )
  useKeptScale(scale?.size ?? 0, setChosen)
  const atRef = useRef(at)
  const takeByHand = useCallback(
    (next: TimeWindow) => {
      take(next)
      following.current = isInside(current.current, atRef.current)
    },
    [take],
  )

  useLayoutEffect(() => {
    if (atRef.current === at) return
    atRef.current = at
    const before = current.current
    if (isWhole(before, total)) return
    if (playing) {
      if (!following.current && isInside(before, at)) following.current = true
      if (following.current) take(reveal(before, at, EDGE_SHARE, RUNNING_SHARE))
      return
    }
    following.current = true
    if (isInside(before, at)) take(reveal(before, at, EDGE_SHARE, 1 - EDGE_SHARE))
    else glide.to(before, clampWindow(reveal(before, at, 0.3, 0.7), total, spanMax))
  }, [at, playing, total, spanMax, take, glide])

  return useMemo(
    () => ({
      window,
      whole: isWhole(window, total),
      zoom: (factor, share) =>
        takeByHand(zoomAt(current.current, share ?? shareOf(current.current, atRef.current), factor)),
      pan: (share) => takeByHand(panBy(current.current, share)),
      take: takeByHand,
      fit: () => {
        glide.stop()
        following.current = true
        setChosen(scaled ? wholeRun(total) : null)
      },
    }),
    [window, total, scaled, takeByHand, glide],
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

/** The playhead's place, or the middle when it is out of sight. */
function shareOf(window: TimeWindow, at: number): number {
  return isInside(window, at) ? (at - window.from) / spanOf(window) : 0.5
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
