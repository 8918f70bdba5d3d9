/** What stays for a while after it happened: a loss on its lane, a message turned away, a partition. */
import type { Brush } from './brush.ts'
import type { Size } from './card-size.ts'
import { type Box, LABEL_HEIGHT, outerSides } from './label-place.ts'
import { LANE_OFFSET, type Lane, type Point } from './lanes.ts'
import { nameLines } from './paint-tokens.ts'
import type { BounceMark, LostMark } from './scene.ts'
import { BOUNCE_SHOWN, bounceReach, fadeOut, LOST_SHOWN, PARTITION_AT } from './token-motion.ts'
import { headingFor, shieldPath, strokeCross } from './token-shapes.ts'

const CROSS_RADIUS = 13
const BOUNCE_LENGTH = 50
const PARTITION_REACH = 40
const ONE_WAY_REACH = 13
const KEY_MAX = 26

/** The lane up to the break, a cross in a circle where it broke, the name of what was lost. */
export function paintLost(brush: Brush, { token, at, fraction, why }: LostMark): void {
  const lane = brush.laneOf(token)
  const alpha = fadeOut(brush.frame.now - at, LOST_SHOWN, brush.frame.reduced) * brush.alphaOf(token)
  if (lane === undefined || alpha <= 0) return
  const { pen, palette, scale } = brush
  const { colours } = palette
  pen.globalAlpha = alpha
  pen.strokeStyle = colours.bad
  pen.lineWidth = 2.2
  brush.stroke(lane, 0, fraction)
  pen.globalAlpha = alpha * 0.5
  pen.setLineDash([2, 6])
  brush.stroke(lane, fraction, 1)
  pen.setLineDash([])
  pen.globalAlpha = alpha
  const { x, y } = brush.at(lane, fraction)
  const radius = CROSS_RADIUS * scale
  pen.save()
  pen.translate(x, y)
  pen.beginPath()
  pen.arc(0, 0, radius, 0, Math.PI * 2)
  pen.fillStyle = colours['bad-bg']
  pen.fill()
  pen.lineWidth = 1.8
  pen.stroke()
  pen.lineWidth = 2.4
  pen.lineCap = 'round'
  strokeCross(pen, 4.8 * scale)
  pen.restore()
  pen.globalAlpha = 1
  const box = { x: x - radius, y: y - radius, width: radius * 2, height: radius * 2 }
  brush.taken.push(box)
  brush.hits.push({ message: token.message, ...box })
  const heading = brush.headingAt(lane, fraction)
  const [name] = nameLines(brush, token)
  const lines = [
    { text: name?.text ?? '', colour: colours.bad, weight: 700 },
    { text: why === 'UNREACHABLE' ? 'unreachable' : 'lost', colour: colours.bad },
  ]
  brush.label(box, lines, alpha, ['right', ...outerSides(headingFor(heading.x, heading.y)), 'left'])
}

/** A message that was turned away bounces off a shield at the port; the chip says what knew it, and by which key. */
export function paintBounce(brush: Brush, { token, at, title, by, key }: BounceMark): void {
  const lane = brush.laneOf(token)
  const age = brush.frame.now - at
  const alpha = fadeOut(age, BOUNCE_SHOWN, brush.frame.reduced) * brush.alphaOf(token)
  if (lane === undefined || alpha <= 0) return
  const reach = bounceReach(age, brush.frame.reduced)
  paintShield(brush, lane, alpha)
  const back = brush.share(lane, 14 + reach * BOUNCE_LENGTH)
  const box = brush.token(token, lane, Math.max(0, 1 - back), 'full', alpha, reach * 9 * brush.scale)
  paintChip(brush, lane, box, [title, by, middleShortened(key)], alpha)
}

function paintShield(brush: Brush, lane: Lane, alpha: number): void {
  const { pen, palette, scale } = brush
  const { x, y } = brush.at(lane, 1)
  pen.save()
  pen.globalAlpha = alpha
  pen.translate(x, y)
  pen.scale(scale, scale)
  shieldPath(pen, 26)
  pen.fillStyle = palette.colours['ok-bg']
  pen.fill()
  pen.strokeStyle = palette.colours.ok
  pen.lineWidth = 2
  pen.stroke()
  pen.restore()
}

/** Above the token, or beside it on a lane that runs up or down, but never over the card that turned it away. */
function chipPlace(brush: Brush, lane: Lane, beside: Box, chip: Size): Point {
  const { x: dx, y: dy } = brush.headingAt(lane, 1)
  const heading = headingFor(dx, dy)
  const { width } = brush.frame.size
  const end = brush.at(lane, 1).x
  const above = { x: beside.x + beside.width / 2 - chip.width / 2, y: beside.y - chip.height - 7 }
  if (heading === 'right') above.x = Math.min(above.x, end - chip.width - 12)
  if (heading === 'left') above.x = Math.max(above.x, end + 12)
  if (heading === 'up' || heading === 'down') {
    const right = beside.x + beside.width + 10
    above.x = right + chip.width < width - 6 ? right : beside.x - chip.width - 10
    above.y = beside.y + beside.height / 2 - chip.height / 2
  }
  return { x: Math.max(6, Math.min(above.x, width - chip.width - 6)), y: above.y }
}

function paintChip(brush: Brush, lane: Lane, beside: Box, texts: readonly string[], alpha: number): void {
  const { pen, palette, sheet, scale } = brush
  const { ok, text: ink, mute } = palette.colours
  const lines = [
    { text: texts[0] ?? '', colour: ok, weight: 700 },
    { text: texts[1] ?? '', colour: ink, weight: 600 },
    { text: texts[2] ?? '', colour: mute, weight: 500 },
  ].filter((line) => line.text !== '')
  const text = Math.max(...lines.map((line) => sheet.textWidth(line.text, sheet.font(line.weight, 11))))
  const width = (text + 20) * scale
  const height = (lines.length * LABEL_HEIGHT + 8) * scale
  const { x, y } = chipPlace(brush, lane, beside, { width, height })
  brush.taken.push({ x, y, width, height })
  pen.globalAlpha = alpha
  pen.fillStyle = palette.colours['ok-bg']
  pen.strokeStyle = palette.colours.ok
  pen.lineWidth = 1.2
  pen.beginPath()
  pen.roundRect(x, y, width, height, 7 * scale)
  pen.fill()
  pen.stroke()
  pen.textBaseline = 'middle'
  for (const [i, line] of lines.entries()) {
    pen.font = sheet.font(line.weight, 11 * scale)
    pen.fillStyle = line.colour
    pen.fillText(line.text, x + 10 * scale, y + (4 + (i + 0.5) * LABEL_HEIGHT) * scale + 0.5)
  }
  pen.globalAlpha = 1
}

/** Keys differ at both ends. */
function middleShortened(text: string): string {
  if (text.length <= KEY_MAX) return text
  const half = Math.floor((KEY_MAX - 1) / 2)
  return `${text.slice(0, half)}…${text.slice(-half)}`
}

export interface CutLane {
  readonly lane: Lane
  readonly bothWays: boolean
}

/** A wall across the lanes between two services that cannot reach each other; across one lane when only one is shut. */
export function paintPartition(brush: Brush, { lane, bothWays }: CutLane): void {
  const { pen, palette, frame, scale } = brush
  const { x, y } = brush.at(lane, PARTITION_AT)
  const heading = brush.headingAt(lane, PARTITION_AT)
  const reach = (bothWays ? PARTITION_REACH : ONE_WAY_REACH) * Math.max(scale, frame.view.zoom)
  const inwards = bothWays ? LANE_OFFSET * frame.view.zoom : 0
  const middle = { x: x - heading.y * inwards, y: y + heading.x * inwards }
  const end = { x: middle.x + heading.y * reach, y: middle.y - heading.x * reach }
  pen.strokeStyle = palette.colours.bad
  pen.lineWidth = 3
  pen.lineCap = 'butt'
  pen.setLineDash([7, 4])
  pen.beginPath()
  pen.moveTo(2 * middle.x - end.x, 2 * middle.y - end.y)
  pen.lineTo(end.x, end.y)
  pen.stroke()
  pen.setLineDash([])
  const beside = { x: end.x - 2, y: end.y - 2, width: 4, height: 4 }
  const lines = [{ text: 'partition', colour: palette.colours.bad, weight: 600 }]
  brush.label(beside, lines, 1, ['above', 'right', 'left', 'below'])
}
