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
  const pieces = piecesOf(bar, obstacles)
  const room = ({ from, to }: Piece) => to - from - 2 * PADDING - lead
  for (const wording of wordings) {
    const piece = pieces.find((candidate) => textWidth(wording, fontSize) <= room(candidate))
    if (piece !== undefined) return put(bar, wording, piece.from + PADDING, true)
  }
  const after = pieceAfter(bar.x + bar.width, until, obstacles)
  for (const wording of bar.alone ? wordings : []) {
    const needed = lead + textWidth(wording, fontSize) + 2 * PADDING
    if (needed <= after.to - after.from) return put(bar, wording, after.from + BESIDE, false)
  }
  const shortest = wordings[wordings.length - 1] ?? ''
  const piece = pieces.find((candidate) => charactersIn(room(candidate), fontSize) >= SHORTEST_CUT)
  if (piece === undefined) return
  put(bar, `${shortest.slice(0, charactersIn(room(piece), fontSize) - 1)}…`, piece.from + PADDING, true)
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

/** The pieces of a bar between the edge of the window, obstacles, and its end. */
function piecesOf(bar: Bar, obstacles: readonly number[]): Piece[] {
  const end = bar.x + bar.width
  const pieces: Piece[] = []
  // A bar that began before the window keeps its words in sight.
  let from = Math.max(bar.x, 0)
  for (const x of obstacles) {
    if (x + REACH < from) continue
    if (x - REACH > end) break
    pieces.push({ from, to: x - REACH })
    from = x + REACH
  }
  return [...pieces, { from, to: end }]
}

function put(bar: Bar, label: string, x: number, inside: boolean): void {
  bar.label = label
  bar.labelX = x
  bar.labelInside = inside
}
