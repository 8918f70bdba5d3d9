/** Tokens drawn once and stamped often: two thousand of them move in one frame. */
import { type Palette, sagaColour } from './stage-palette.ts'
import type { Token } from './token.ts'
import {
  DIAMOND_RADIUS,
  diamondPath,
  type Heading,
  PILL_HEAD,
  PILL_HEIGHT,
  pillPath,
  ROUND_RADIUS,
  roundPath,
  strokeBackArrow,
  strokeSign,
} from './token-shapes.ts'

export interface Sprite {
  readonly image: HTMLCanvasElement
  /** Of the picture, in CSS pixels. */
  readonly width: number
  readonly height: number
  /** Of the token itself, without the room around it. */
  readonly bodyWidth: number
  readonly bodyHeight: number
}

const MARGIN = 7
const PADDING = 9
const BACK_ARROW = 13
const CACHE_MAX = 400
const FONT_SIZE = 11.5

/** Full tokens carry their name; minis are for queues and crowds. */
export type Detail = 'full' | 'mini'

type Looks = Record<Detail, Partial<Record<Heading, Sprite>>>

export class SpriteSheet {
  private readonly palette: Palette
  private readonly scale: number
  private readonly sprites = new Map<string, Looks>()
  private readonly widths = new Map<string, number>()
  private readonly ruler: CanvasRenderingContext2D | null

  /** `scale`: device pixels per token pixel. */
  constructor(palette: Palette, scale: number) {
    this.palette = palette
    this.scale = scale
    this.ruler = document.createElement('canvas').getContext('2d')
  }

  serves(palette: Palette, scale: number): boolean {
    return this.palette === palette && this.scale === scale
  }

  get(token: Token, heading: Heading, detail: Detail): Sprite {
    let looks = this.sprites.get(token.look)
    if (looks === undefined) {
      if (this.sprites.size >= CACHE_MAX) this.sprites.clear()
      looks = { full: {}, mini: {} }
      this.sprites.set(token.look, looks)
    }
    const ofDetail = looks[detail]
    ofDetail[heading] ??= this.draw(token, heading, detail)
    return ofDetail[heading]
  }

  textWidth(text: string, font: string): number {
    const key = `${font}${text}`
    let width = this.widths.get(key)
    if (width === undefined) {
      if (this.widths.size >= CACHE_MAX * 4) this.widths.clear()
      if (this.ruler !== null) this.ruler.font = font
      width = this.ruler?.measureText(text).width ?? text.length * 7
      this.widths.set(key, width)
    }
    return width
  }

  font(weight = 600, size = FONT_SIZE): string {
    return `${weight} ${size}px ${this.palette.mono}`
  }

  private draw(token: Token, heading: Heading, detail: Detail): Sprite {
    const size = this.bodySize(token, detail)
    const width = Math.ceil(size.width + 2 * MARGIN)
    const height = Math.ceil(size.height + 2 * MARGIN)
    const image = document.createElement('canvas')
    image.width = Math.ceil(width * this.scale)
    image.height = Math.ceil(height * this.scale)
    const pen = image.getContext('2d')
    if (pen !== null) {
      pen.scale(this.scale, this.scale)
      pen.translate(width / 2, height / 2)
      this.drawToken(pen, token, heading, size, detail)
    }
    return { image, width, height, bodyWidth: size.width, bodyHeight: size.height }
  }

  private bodySize(token: Token, detail: Detail): { width: number; height: number } {
    if (detail === 'mini') {
      if (token.shape === 'command') return { width: 16, height: 9 }
      return token.shape === 'event' ? { width: 12, height: 12 } : { width: 10, height: 10 }
    }
    if (token.shape === 'command') {
      const arrow = token.compensation ? BACK_ARROW : 0
      const text = this.textWidth(token.label, this.font())
      return { width: text + 2 * PADDING + PILL_HEAD + arrow, height: PILL_HEIGHT }
    }
    const radius = token.shape === 'event' ? DIAMOND_RADIUS : ROUND_RADIUS
    return { width: radius * 2, height: radius * 2 }
  }

  private drawToken(
    pen: CanvasRenderingContext2D,
    token: Token,
    heading: Heading,
    size: { width: number; height: number },
    detail: Detail,
  ): void {
    const { colours } = this.palette
    const outline = (grow: number) => tracePath(pen, token, heading, size, grow)
    const saga = sagaColour(this.palette, token.colour)
    outline(2)
    // A rim of ground keeps a token apart from the lane and from its neighbours.
    pen.fillStyle = colours.bg
    pen.fill()
    outline(0)
    pen.fillStyle = token.compensation ? colours['undo-bg'] : saga
    pen.fill()
    pen.lineWidth = detail === 'mini' ? 1.2 : 1.7
    if (token.compensation) {
      pen.strokeStyle = colours.undo
      pen.setLineDash(detail === 'mini' ? [2.5, 2] : [4.5, 3])
      pen.stroke()
      pen.setLineDash([])
    }
    if (token.copy) {
      pen.strokeStyle = token.compensation ? colours.undo : saga
      outline(detail === 'mini' ? 2 : 3.6)
      pen.stroke()
    }
    pen.strokeStyle = pen.fillStyle = token.compensation ? colours.undo : colours['on-accent']
    if (detail === 'full') this.drawInside(pen, token, heading, size.width)
  }

  private drawInside(pen: CanvasRenderingContext2D, token: Token, heading: Heading, width: number): void {
    pen.lineCap = 'round'
    pen.lineJoin = 'round'
    if (token.shape === 'command') {
      const level = heading === 'right' || heading === 'left'
      let x = -width / 2 + PADDING + (level ? (heading === 'left' ? PILL_HEAD : 0) : PILL_HEAD / 2)
      if (token.compensation) {
        pen.lineWidth = 1.6
        strokeBackArrow(pen, x + 4, 1.5)
        x += BACK_ARROW
      }
      pen.font = this.font()
      pen.textBaseline = 'middle'
      pen.fillText(token.label, x, 0.8)
      return
    }
    if (token.sign === '') return
    pen.lineWidth = 2.2
    strokeSign(pen, token.sign, 4.4)
  }
}

function tracePath(
  pen: CanvasRenderingContext2D,
  token: Token,
  heading: Heading,
  size: { width: number; height: number },
  grow: number,
): void {
  if (token.shape === 'command') pillPath(pen, size.width, size.height, heading, grow)
  else if (token.shape === 'event') diamondPath(pen, size.width / 2 + grow * 1.3)
  else roundPath(pen, size.width / 2 + grow)
}
