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
/** Half of what an obstacle takes. */
const REACH = 9
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
  /** Where nothing can be read: folded gaps and marks, in order. */
  readonly obstacles: readonly number[]
}

/** Labels the bars of one lane, which come in the order they begin. */
export function labelLane(bars: readonly Bar[], wordings: (bar: Bar) => readonly string[], text: LaneText): void {
  bars.forEach((bar, number) => {
    if (bar.alone || bar.height >= text.fontSize)
      placeLabel(bar, wordings(bar), bars[number + 1]?.x ?? text.width, text)
  })
}

/** Picks the longest of the wordings that fits. `until` is where the next thing in the lane begins. */
function placeLabel(bar: Bar, wordings: readonly string[], until: number, { fontSize, obstacles }: LaneText): void {
  const lead = barSigns[bar.tone] === undefined ? 0 : SIGN_ROOM
  const inside = widestPiece(bar, obstacles)
  const room = inside.to - inside.from - 2 * PADDING - lead
  for (const wording of wordings) {
    if (textWidth(wording, fontSize) <= room) return put(bar, wording, inside.from + PADDING, true)
  }
  const after = bar.alone ? pieceAfter(bar.x + bar.width, until, obstacles) : inside
  for (const wording of wordings) {
    const needed = lead + textWidth(wording, fontSize) + 2 * PADDING
    if (bar.alone && needed <= after.to - after.from) return put(bar, wording, after.from + BESIDE, false)
  }
  const shortest = wordings[wordings.length - 1] ?? ''
  const fits = charactersIn(room, fontSize)
  if (fits >= SHORTEST_CUT) put(bar, `${shortest.slice(0, fits - 1)}…`, inside.from + PADDING, true)
}

interface Piece {
  readonly from: number
  readonly to: number
}

/** The free space after a bar's end, past what stands right at it. */
function pieceAfter(end: number, until: number, obstacles: readonly number[]): Piece {
  let from = end
  for (const x of obstacles) {
    if (x + REACH < from) continue
    if (x - REACH > from) return { from, to: Math.min(until, x - REACH) }
    from = x + REACH
  }
  return { from, to: until }
}

/** The widest piece of a bar between the edge of the window, obstacles, and its end. */
function widestPiece(bar: Bar, obstacles: readonly number[]): Piece {
  const end = bar.x + bar.width
  // A bar that began before the window keeps its words in sight.
  let from = Math.max(bar.x, 0)
  let widest = { from, to: from }
  for (const x of obstacles) {
    if (x + REACH < from) continue
    if (x - REACH > end) break
    if (x - REACH - from > widest.to - widest.from) widest = { from, to: x - REACH }
    from = x + REACH
  }
  return end - from > widest.to - widest.from ? { from, to: end } : widest
}

function put(bar: Bar, label: string, x: number, inside: boolean): void {
  bar.label = label
  bar.labelX = x
  bar.labelInside = inside
}
