/** Where the words of a lane fit: inside their bar, or in the free space after it. */
import type { Bar } from './lane-drawing.ts'
import { barSigns } from './signs.ts'

/** Width of a character of the monospace face, as a share of its size. */
const CHARACTER = 0.6
const PADDING = 7
/** Room for the sign before a label. */
export const SIGN_ROOM = 13
/** Air between a bar and a label after it. */
const BESIDE = 5
/** Half of what a folded gap tears out of a lane. */
const TEAR = 9
const SHORTEST_CUT = 4

export function textWidth(text: string, fontSize: number): number {
  return text.length * CHARACTER * fontSize
}

/** How many characters fit into a width. */
export function charactersIn(width: number, fontSize: number): number {
  return Math.floor(width / (CHARACTER * fontSize))
}

export interface LaneText {
  readonly fontSize: number
  /** Pixels. */
  readonly width: number
  /** Where folded gaps tear the lane, in order. */
  readonly tears: readonly number[]
}

/** Labels the bars of one lane, which come in the order they begin. */
export function labelLane(bars: readonly Bar[], wordings: (bar: Bar) => readonly string[], text: LaneText): void {
  bars.forEach((bar, number) => {
    if (bar.alone) placeLabel(bar, wordings(bar), bars[number + 1]?.x ?? text.width, text)
  })
}

/** Picks the longest of the wordings that fits. `until` is where the next thing in the lane begins. */
function placeLabel(bar: Bar, wordings: readonly string[], until: number, { fontSize, tears }: LaneText): void {
  const lead = barSigns[bar.tone] === undefined ? 0 : SIGN_ROOM
  const end = bar.x + bar.width
  const { from, to } = widestPiece(bar, tears)
  const inside = to - from - 2 * PADDING - lead
  const tear = tears.find((x) => x > end - TEAR) ?? Infinity
  const after = Math.min(until, tear - TEAR) - end - PADDING - lead
  for (const wording of wordings) {
    if (textWidth(wording, fontSize) <= inside) return put(bar, wording, from + PADDING, true)
  }
  for (const wording of wordings) {
    if (textWidth(wording, fontSize) + PADDING <= after) return put(bar, wording, end + BESIDE, false)
  }
  const shortest = wordings[wordings.length - 1] ?? ''
  const fits = charactersIn(inside, fontSize)
  if (fits >= SHORTEST_CUT) put(bar, `${shortest.slice(0, fits - 1)}…`, from + PADDING, true)
}

/** The widest piece of a bar between the edge of the window, tears, and its end. */
function widestPiece(bar: Bar, tears: readonly number[]): { from: number; to: number } {
  const end = bar.x + bar.width
  // A bar that began before the window keeps its words in sight.
  let from = Math.max(bar.x, 0)
  let widest = { from, to: from }
  for (const x of tears) {
    if (x + TEAR < from) continue
    if (x - TEAR > end) break
    if (x - TEAR - from > widest.to - widest.from) widest = { from, to: x - TEAR }
    from = x + TEAR
  }
  return end - from > widest.to - widest.from ? { from, to: end } : widest
}

function put(bar: Bar, label: string, x: number, inside: boolean): void {
  bar.label = label
  bar.labelX = x
  bar.labelInside = inside
}
