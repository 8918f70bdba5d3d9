/** The stretch of folded time in sight. Pure: every gesture is a function from one window to the next. */
export interface TimeWindow {
  /** Fold seconds at the near edge. */
  readonly from: number
  readonly to: number
}

/** The closest look, fold seconds. */
const SPAN_MIN = 0.02
/** A run shorter than this is drawn as if it were so long. */
const TOTAL_MIN = 0.5

/** Pixels kept free before the first entry and after the last, for what is written there. */
export interface Margins {
  readonly before: number
  readonly after: number
}

/** The whole run and its margins on `size` pixels. */
export function boundsOnPixels(total: number, size: number, { before, after }: Margins): TimeWindow {
  const length = Math.max(total, TOTAL_MIN)
  const perPixel = length / Math.max(size - before - after, size / 2, 1)
  return { from: -before * perPixel, to: length + after * perPixel }
}

/** The whole run and its margins at so many fold seconds per pixel. */
export function boundsAtScale(total: number, perPixel: number, { before, after }: Margins): TimeWindow {
  return { from: -before * perPixel, to: Math.max(total, TOTAL_MIN) + after * perPixel }
}

export function spanOf(window: TimeWindow): number {
  return window.to - window.from
}

/** Kept within the bounds, and neither closer nor wider than makes sense. */
export function clampWindow(window: TimeWindow, bounds: TimeWindow, spanMax = Infinity): TimeWindow {
  const span = Math.min(Math.max(spanOf(window), SPAN_MIN), spanMax, spanOf(bounds))
  // A window that had to change its width keeps its middle.
  const wanted = (window.from + window.to) / 2 - span / 2
  const from = Math.min(Math.max(wanted, bounds.from), bounds.to - span)
  return { from, to: from + span }
}

/** Zooms by a factor (over 1: closer) and leaves what is at `share` (0 … 1 of the window) where it is. */
export function zoomAt(window: TimeWindow, share: number, factor: number): TimeWindow {
  const fixed = window.from + spanOf(window) * share
  const span = spanOf(window) / factor
  return { from: fixed - span * share, to: fixed + span * (1 - share) }
}

export function panBy(window: TimeWindow, shareOfWindow: number): TimeWindow {
  const by = spanOf(window) * shareOfWindow
  return { from: window.from + by, to: window.to + by }
}

/** The window moved just so far that `at` lies between the shares `near` and `far` of it. */
export function reveal(window: TimeWindow, at: number, near: number, far: number): TimeWindow {
  const share = (at - window.from) / spanOf(window)
  if (share < near) return panBy(window, share - near)
  return share > far ? panBy(window, share - far) : window
}

export function isWhole(window: TimeWindow, bounds: TimeWindow): boolean {
  return spanOf(window) >= spanOf(bounds) * (1 - 1e-9)
}

/** Folded time → pixels in a window drawn `size` pixels long. */
export function toPixels(window: TimeWindow, size: number, at: number): number {
  return ((at - window.from) / spanOf(window)) * size
}

export function fromPixels(window: TimeWindow, size: number, pixels: number): number {
  return window.from + (pixels / size) * spanOf(window)
}
