/** Where the words of a lane fit: inside their bar, or in the free space after it. */
import type { Bar } from './lane-drawing.ts'
import { barSigns } from './signs.ts'

/** Width of a character of the bars' monospace face, pixels. */
export const CHARACTER = 6.6
const PADDING = 7
/** Room for the sign before a label. */
export const SIGN_ROOM = 13
/** Air between a bar and a label after it. */
const BESIDE = 5
const SHORTEST_CUT = 4

export function textWidth(text: string): number {
  return text.length * CHARACTER
}

/** Picks the longest of the wordings that fits. `until` is where the next thing in the lane begins. */
export function placeLabel(bar: Bar, wordings: readonly string[], until: number): void {
  // A bar that began before the window keeps its words in sight.
  const left = Math.max(bar.x, 0)
  const lead = barSigns[bar.tone] === undefined ? 0 : SIGN_ROOM
  const inside = bar.x + bar.width - left - 2 * PADDING - lead
  const after = until - (bar.x + bar.width) - PADDING - lead
  for (const wording of wordings) if (textWidth(wording) <= inside) return put(bar, wording, left + PADDING, true)
  for (const wording of wordings) {
    if (textWidth(wording) + PADDING <= after) return put(bar, wording, bar.x + bar.width + BESIDE, false)
  }
  const shortest = wordings[wordings.length - 1] ?? ''
  const fits = Math.floor(inside / CHARACTER)
  if (fits >= SHORTEST_CUT) put(bar, `${shortest.slice(0, fits - 1)}…`, left + PADDING, true)
}

function put(bar: Bar, label: string, x: number, inside: boolean): void {
  bar.label = label
  bar.labelX = x
  bar.labelInside = inside
}

/** Labels the bars of one lane, which come in the order they begin. */
export function labelLane(bars: readonly Bar[], wordings: (bar: Bar) => readonly string[], width: number): void {
  bars.forEach((bar, number) => {
    if (bar.alone) placeLabel(bar, wordings(bar), bars[number + 1]?.x ?? width)
  })
}
