/** One picture of the moving layer, from the back to the front. */
import { Brush, type Frame, type Ground, type Hit, tokenScale } from './brush.ts'
import { type CutLane, paintBounce, paintLost, paintPartition } from './paint-marks.ts'
import { paintArrivals, paintFlights, paintQueue } from './paint-tokens.ts'
import type { Scene } from './scene.ts'
import type { Palette } from './stage-palette.ts'
import { SpriteSheet } from './token-sprite.ts'

export class Painter {
  private sheet: SpriteSheet | null = null

  /** Draws the scene and returns where its messages can be clicked, the topmost last. */
  paint(
    pen: CanvasRenderingContext2D,
    palette: Palette,
    frame: Frame,
    ground: Ground,
    scene: Scene,
    cuts: readonly CutLane[],
  ): readonly Hit[] {
    const brush = new Brush(pen, palette, this.sheetFor(palette, frame), frame, ground)
    pen.setTransform(frame.dpr, 0, 0, frame.dpr, 0, 0)
    pen.clearRect(0, 0, frame.size.width, frame.size.height)
    for (const cut of cuts) paintPartition(brush, cut)
    for (const mark of scene.lost) paintLost(brush, mark)
    for (const mark of scene.queues) paintQueue(brush, mark)
    paintFlights(brush, scene)
    paintArrivals(brush, scene)
    for (const mark of scene.bounces) paintBounce(brush, mark)
    return brush.hits
  }

  private sheetFor(palette: Palette, frame: Frame): SpriteSheet {
    const scale = tokenScale(frame.view.zoom) * frame.dpr
    if (this.sheet === null || !this.sheet.serves(palette, scale)) this.sheet = new SpriteSheet(palette, scale)
    return this.sheet
  }
}

/** The message at a point of the screen, the topmost first; a finger may be a little off. */
export function hitAt(hits: readonly Hit[], x: number, y: number, slack: number): number | undefined {
  for (let i = hits.length - 1; i >= 0; i--) {
    const { message, ...box } = hits[i] as Hit
    const within =
      x >= box.x - slack && x <= box.x + box.width + slack && y >= box.y - slack && y <= box.y + box.height + slack
    if (within) return message
  }
  return undefined
}
