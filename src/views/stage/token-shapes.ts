/** The outlines of tokens as canvas paths, around the origin. */

export type Heading = 'right' | 'left' | 'up' | 'down'
type Pen = CanvasRenderingContext2D

export const PILL_HEIGHT = 22
export const PILL_HEAD = 9
export const ROUND_RADIUS = 10
export const DIAMOND_RADIUS = 12

export function headingFor(dx: number, dy: number): Heading {
  if (Math.abs(dx) >= Math.abs(dy) * 0.6) return dx >= 0 ? 'right' : 'left'
  return dy >= 0 ? 'down' : 'up'
}

/** A pill whose front comes to a point. `grow` widens the outline, for a second one around the first. */
export function pillPath(pen: Pen, width: number, height: number, heading: Heading, grow = 0): void {
  const w = width / 2 + grow
  const h = height / 2 + grow
  const head = PILL_HEAD
  pen.beginPath()
  if (heading === 'right' || heading === 'left') {
    const s = heading === 'right' ? 1 : -1
    const radius = Math.min(7, h)
    pen.moveTo(s * (w - head), -h)
    pen.lineTo(s * w, 0)
    pen.lineTo(s * (w - head), h)
    pen.lineTo(s * (-w + radius), h)
    pen.quadraticCurveTo(-s * w, h, -s * w, h - radius)
    pen.lineTo(-s * w, -h + radius)
    pen.quadraticCurveTo(-s * w, -h, s * (-w + radius), -h)
  } else {
    const s = heading === 'down' ? 1 : -1
    const radius = Math.min(7, h)
    const tip = Math.min(6, h * 0.7)
    const wing = Math.min(8, w * 0.6)
    pen.moveTo(-w + radius, -s * h)
    pen.lineTo(w - radius, -s * h)
    pen.quadraticCurveTo(w, -s * h, w, -s * (h - radius))
    pen.lineTo(w, s * (h - radius))
    pen.quadraticCurveTo(w, s * h, w - radius, s * h)
    pen.lineTo(wing, s * h)
    pen.lineTo(0, s * (h + tip))
    pen.lineTo(-wing, s * h)
    pen.lineTo(-w + radius, s * h)
    pen.quadraticCurveTo(-w, s * h, -w, s * (h - radius))
    pen.lineTo(-w, -s * (h - radius))
    pen.quadraticCurveTo(-w, -s * h, -w + radius, -s * h)
  }
  pen.closePath()
}

export function roundPath(pen: Pen, radius: number): void {
  pen.beginPath()
  pen.arc(0, 0, radius, 0, Math.PI * 2)
}

export function diamondPath(pen: Pen, radius: number): void {
  pen.beginPath()
  pen.moveTo(0, -radius)
  pen.lineTo(radius, 0)
  pen.lineTo(0, radius)
  pen.lineTo(-radius, 0)
  pen.closePath()
}

/** + or −, drawn and not written: a font's signs sit differently everywhere. */
export function strokeSign(pen: Pen, sign: '+' | '−', reach: number): void {
  pen.beginPath()
  pen.moveTo(-reach, 0)
  pen.lineTo(reach, 0)
  if (sign === '+') {
    pen.moveTo(0, -reach)
    pen.lineTo(0, reach)
  }
  pen.stroke()
}

/** The arrow that turns back: what undoes something carries it. */
export function strokeBackArrow(pen: Pen, x: number, y: number): void {
  pen.beginPath()
  pen.moveTo(x + 3, y + 3.5)
  pen.quadraticCurveTo(x + 6.5, y + 3.5, x + 6.5, y)
  pen.quadraticCurveTo(x + 6.5, y - 3, x + 3, y - 3)
  pen.lineTo(x - 4, y - 3)
  pen.moveTo(x - 1, y - 6)
  pen.lineTo(x - 4, y - 3)
  pen.lineTo(x - 1, y)
  pen.stroke()
}

export function strokeCross(pen: Pen, reach: number): void {
  pen.beginPath()
  pen.moveTo(-reach, -reach)
  pen.lineTo(reach, reach)
  pen.moveTo(reach, -reach)
  pen.lineTo(-reach, reach)
  pen.stroke()
}

export function shieldPath(pen: Pen, size: number): void {
  const s = size / 2
  pen.beginPath()
  pen.moveTo(0, -s)
  pen.quadraticCurveTo(s * 0.5, -s * 0.7, s * 0.85, -s * 0.65)
  pen.quadraticCurveTo(s * 0.95, s * 0.45, 0, s)
  pen.quadraticCurveTo(-s * 0.95, s * 0.45, -s * 0.85, -s * 0.65)
  pen.quadraticCurveTo(-s * 0.5, -s * 0.7, 0, -s)
  pen.closePath()
}
