/** The stretch of folded time in sight. Pure: every gesture is a function from one window to the next. */
export interface TimeWindow {
  /** Fold seconds at the near edge. */
  readonly from: number
  readonly to: number
}

/** Room before the first and after the last entry, as a share of the window, so that marks at the ends can be seen. */
const MARGIN = 0.02
/** The closest look, fold seconds. */
const SPAN_MIN = 0.02

export function wholeRun(total: number): TimeWindow {
  const room = Math.max(total, 0.5) * MARGIN
  return { from: -room, to: Math.max(total, 0.5) + room }
}

export function spanOf(window: TimeWindow): number {
  return window.to - window.from
}

/** Kept within the run, and neither closer nor wider than makes sense. */
export function clampWindow(window: TimeWindow, total: number, spanMax = Infinity): TimeWindow {
  const whole = wholeRun(total)
  const span = Math.min(Math.max(spanOf(window), SPAN_MIN), spanMax, spanOf(whole))
  // A window that had to change its width keeps its middle.
  const wanted = (window.from + window.to) / 2 - span / 2
  const from = Math.min(Math.max(wanted, whole.from), whole.to - span)
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
  const span = spanOf(window)
  const share = (at - window.from) / span
  if (share < near) return panBy(window, share - near)
  return share > far ? panBy(window, share - far) : window
}

export function isWhole(window: TimeWindow, total: number): boolean {
  return spanOf(window) >= spanOf(wholeRun(total)) - 1e-9
}

/** Folded time → pixels in a window drawn `size` pixels long. */
export function toPixels(window: TimeWindow, size: number, at: number): number {
  return ((at - window.from) / spanOf(window)) * size
}

export function fromPixels(window: TimeWindow, size: number, pixels: number): number {
  return window.from + (pixels / size) * spanOf(window)
}
