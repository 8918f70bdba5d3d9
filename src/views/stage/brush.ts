/** What every mark needs to be drawn: the pen, the view, and the book of what is already taken in this frame. */
import type { Size } from './card-size.ts'
import { dropLane } from './drop-lane.ts'
import {
  type Box,
  boxBeside,
  coverage,
  LABEL_HEIGHT,
  type LabelLine,
  type LabelSide,
  placeLabel,
} from './label-place.ts'
import type { Lanes } from './lane-layout.ts'
import { headingOn, type Lane, type Point, pointOn, SAMPLES } from './lanes.ts'
import { clamp, type Rect, type View } from './stage-layout.ts'
import type { Palette } from './stage-palette.ts'
import type { Token } from './token.ts'
import { headingFor } from './token-shapes.ts'
import type { Detail, Sprite, SpriteSheet } from './token-sprite.ts'

export interface Frame {
  /** Fold seconds shown. */
  readonly now: number
  readonly view: View
  readonly size: Size
  /** Device pixels per CSS pixel. */
  readonly dpr: number
  readonly reduced: boolean
  /** The selected message, −1 for none. */
  readonly selected: number
  /** The selected saga, −1 for none; messages of others step back. */
  readonly saga: number
}
export interface Hit extends Box {
  readonly message: number
}
export interface Ground {
  readonly lanes: Lanes
  readonly cards: readonly Rect[]
}

const OTHERS_ALPHA = 0.28
/** Beyond so many tokens in one place, more of them would only tower up. */
const ASIDE_MAX = 3
const SCALE_STEPS = 20

export class Brush {
  readonly pen: CanvasRenderingContext2D
  readonly palette: Palette
  readonly sheet: SpriteSheet
  readonly frame: Frame
  readonly hits: Hit[] = []
  readonly taken: Box[] = []
  /** CSS pixels per token pixel. */
  readonly scale: number
  private readonly ground: Ground
  private readonly onLane = new Map<Lane, Box[]>()
  private readonly place: Point = { x: 0, y: 0 }
  private readonly heading: Point = { x: 0, y: 0 }

  constructor(pen: CanvasRenderingContext2D, palette: Palette, sheet: SpriteSheet, frame: Frame, ground: Ground) {
    this.pen = pen
    this.palette = palette
    this.sheet = sheet
    this.frame = frame
    this.ground = ground
    this.scale = tokenScale(frame.view.zoom)
  }

  /** The lane of a message; one that comes from nowhere falls onto the card from above. */
  laneOf(token: Token): Lane | undefined {
    const lane = this.ground.lanes.between(token.from, token.to)
    if (lane !== undefined) return lane
    const card = this.ground.cards[token.to]
    return card === undefined ? undefined : dropLane(token.to, card)
  }

  /** A place on a lane, on the screen. Overwritten by the next call. */
  at(lane: Lane, fraction: number): Point {
    const { x, y, zoom } = this.frame.view
    const place = pointOn(lane, fraction, this.place)
    place.x = place.x * zoom + x
    place.y = place.y * zoom + y
    return place
  }

  headingAt(lane: Lane, fraction: number): Point {
    return headingOn(lane, fraction, this.heading)
  }

  /** A fraction of the lane that is so many token pixels long. */
  share(lane: Lane, length: number): number {
    return (length * this.scale) / (lane.length * this.frame.view.zoom)
  }

  /** How much of the lane half a token takes. */
  halfShare(token: Token, lane: Lane, detail: Detail): number {
    const heading = this.headingAt(lane, 0)
    const name = headingFor(heading.x, heading.y)
    const sprite = this.sheet.get(token, name, detail)
    const along = name === 'left' || name === 'right' ? sprite.bodyWidth : sprite.bodyHeight
    return Math.min(0.4, this.share(lane, along / 2))
  }

  /** Where its middle is when a token sets off and arrives with its ends at the cards, covering neither. */
  inside(token: Token, lane: Lane, fraction: number, detail: Detail): number {
    const half = this.halfShare(token, lane, detail)
    return half + fraction * (1 - 2 * half)
  }

  alphaOf(token: Token): number {
    return this.frame.saga < 0 || token.saga === this.frame.saga ? 1 : OTHERS_ALPHA
  }

  /**
   * Draws a token on its lane and returns its box. One that meets another on the same lane steps aside by itself, unless
   * it is told how far: `aside` in CSS pixels, away from the other lane.
   */
  token(token: Token, lane: Lane, fraction: number, detail: Detail, alpha = 1, aside?: number): Box {
    const heading = this.headingAt(lane, fraction)
    const sprite = this.sheet.get(token, headingFor(heading.x, heading.y), detail)
    const { x, y } = this.at(lane, fraction)
    const width = sprite.bodyWidth * this.scale
    const height = sprite.bodyHeight * this.scale
    const box: Box = { x: x - width / 2, y: y - height / 2, width, height }
    const shift = aside ?? (detail === 'full' ? this.stepAside(lane, box) : 0)
    box.x += heading.y * shift
    box.y -= heading.x * shift
    this.stamp(sprite, box, alpha * this.alphaOf(token))
    this.note(token, box, detail)
    return box
  }

  /** Whole device pixels: letters stay sharp, and copying is fast. */
  private stamp(sprite: Sprite, box: Box, alpha: number): void {
    const { pen, scale, frame } = this
    const { dpr } = frame
    const width = sprite.width * scale
    const height = sprite.height * scale
    const x = Math.round((box.x + (box.width - width) / 2) * dpr) / dpr
    const y = Math.round((box.y + (box.height - height) / 2) * dpr) / dpr
    pen.globalAlpha = alpha
    pen.drawImage(sprite.image, x, y, sprite.image.width / dpr, sprite.image.height / dpr)
    pen.globalAlpha = 1
  }

  private stepAside(lane: Lane, box: Box): number {
    const boxes = this.onLane.get(lane)
    if (boxes === undefined) {
      this.onLane.set(lane, [{ ...box }])
      return 0
    }
    const across = Math.abs(this.heading.y) * box.width + Math.abs(this.heading.x) * box.height + 3
    const shift = boxes.reduce((sum, other) => sum + coverage(box, other) * across, 0)
    boxes.push({ ...box })
    return Math.min(shift, ASIDE_MAX * across)
  }

  private note(token: Token, box: Box, detail: Detail): void {
    const { x, y, width, height } = box
    this.hits.push({ message: token.message, x, y, width, height })
    if (detail === 'full') this.taken.push(box)
    if (token.message !== this.frame.selected) return
    const { pen } = this
    pen.strokeStyle = this.palette.colours.accent
    pen.lineWidth = 2
    pen.beginPath()
    pen.roundRect(box.x - 5, box.y - 5, box.width + 10, box.height + 10, 9)
    pen.stroke()
  }

  /** The lane from one fraction to another as a line on the screen. */
  stroke(lane: Lane, from: number, to: number): void {
    const { pen } = this
    const start = this.at(lane, from)
    pen.beginPath()
    pen.moveTo(start.x, start.y)
    for (let i = Math.ceil(from * (SAMPLES - 1)); i / (SAMPLES - 1) < to; i++) {
      const { x, y } = this.at(lane, i / (SAMPLES - 1))
      pen.lineTo(x, y)
    }
    const end = this.at(lane, to)
    pen.lineTo(end.x, end.y)
    pen.stroke()
  }

  /** A card on the screen. */
  private cardBox(service: number): Box {
    const { x, y, zoom } = this.frame.view
    const card = this.ground.cards[service] ?? { x: 0, y: 0, width: 0, height: 0 }
    return { x: card.x * zoom + x, y: card.y * zoom + y, width: card.width * zoom, height: card.height * zoom }
  }

  /** Lines of text on a patch of ground, at the first free place beside a box. */
  label(
    beside: Box,
    lines: readonly LabelLine[],
    alpha: number,
    sides: readonly LabelSide[],
    avoid: readonly number[] = [],
  ): void {
    const shown = lines.filter((line) => line.text !== '')
    if (shown.length === 0 || alpha <= 0) return
    const { pen, sheet, scale } = this
    const size = 11 * scale
    const width =
      Math.max(...shown.map((line) => sheet.textWidth(line.text, sheet.font(line.weight ?? 500, 11)))) * scale
    const height = shown.length * LABEL_HEIGHT * scale
    const box = placeLabel(
      sides.map((side) => boxBeside(beside, { width: width + 8, height }, side)),
      this.taken,
      avoid.map((service) => this.cardBox(service)),
    )
    if (box === undefined) return
    pen.globalAlpha = alpha * 0.86
    pen.fillStyle = this.palette.colours.bg
    pen.beginPath()
    pen.roundRect(box.x, box.y, box.width, box.height, 4)
    pen.fill()
    pen.globalAlpha = alpha
    pen.textBaseline = 'middle'
    for (const [i, line] of shown.entries()) {
      pen.font = sheet.font(line.weight ?? 500, size)
      pen.fillStyle = line.colour
      pen.fillText(line.text, box.x + 4, box.y + (i + 0.5) * LABEL_HEIGHT * scale + 0.5)
    }
    pen.globalAlpha = 1
  }
}

/**
 * Tokens follow the zoom as long as they stay legible and do not shout. In steps, so that sprites are not drawn anew for
 * every notch of the wheel and are stamped pixel for pixel.
 */
export function tokenScale(zoom: number): number {
  return Math.round(clamp(zoom, clamp(zoom * 1.45, 0.5, 0.85), 1.6) * SCALE_STEPS) / SCALE_STEPS
}
