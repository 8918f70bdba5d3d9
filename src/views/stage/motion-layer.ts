/**
 * Keeps one canvas in step with the session and the view. It draws when time, view, size or colours change, at most
 * once per frame, and never by itself: what stands still costs nothing.
 */
import type { Session } from '../../session/session-types.ts'
import type { Ground, Hit } from './brush.ts'
import type { Size } from './card-size.ts'
import { cutsOf } from './fault-place.ts'
import type { CutLane } from './paint-marks.ts'
import { hitAt, Painter } from './painter.ts'
import { buildScene, EMPTY_SCENE, type Scene } from './scene.ts'
import type { View } from './stage-layout.ts'
import { type Palette, readPalette, watchPalette } from './stage-palette.ts'
import { TokenCache } from './token.ts'

/** A store as far as the layer needs one; the session's and React Flow's both are. */
interface Watched<T> {
  getState(): T
  subscribe(listener: () => void): () => void
}
type Read = Pick<Session, 'trace' | 'fold' | 'world' | 'time' | 'faults' | 'selection'>

export interface MotionSources {
  readonly session: Watched<Read>
  readonly view: Watched<{ readonly transform: readonly [number, number, number] }>
  readonly prefersReducedMotion: () => boolean
}

const FINGER = 6

export class MotionLayer {
  private readonly canvas: HTMLCanvasElement
  private readonly sources: MotionSources
  private readonly painter = new Painter()
  private ground: Ground
  private palette: Palette
  private tokens: TokenCache | null = null
  private scene: Scene = EMPTY_SCENE
  private sceneOf: readonly unknown[] = []
  private drawn: readonly unknown[] = []
  private hits: readonly Hit[] = []
  private size: Size = { width: 0, height: 0 }
  private scheduled = false
  private frame = 0
  private stopped = false
  private readonly stops: (() => void)[]

  constructor(canvas: HTMLCanvasElement, ground: Ground, sources: MotionSources) {
    this.canvas = canvas
    this.ground = ground
    this.sources = sources
    this.palette = readPalette(canvas.parentElement ?? document.body)
    this.measure()
    const observer = new ResizeObserver(() => {
      this.measure()
      this.draw()
    })
    observer.observe(canvas)
    this.stops = [
      sources.session.subscribe(() => this.schedule()),
      sources.view.subscribe(() => this.scheduleFrame()),
      watchPalette(() => this.repaint()),
      () => observer.disconnect(),
    ]
    this.draw()
  }

  stop(): void {
    this.stopped = true
    cancelAnimationFrame(this.frame)
    for (const stop of this.stops) stop()
  }

  setGround(ground: Ground): void {
    this.ground = ground
    this.draw()
  }

  /** The message drawn at a point of the canvas. */
  messageAt(x: number, y: number): number | undefined {
    return hitAt(this.hits, x, y, FINGER)
  }

  /** Asking in every frame would make the browser lay out the page in every frame. */
  private measure(): void {
    this.size = { width: this.canvas.offsetWidth, height: this.canvas.offsetHeight }
  }

  private repaint(): void {
    this.palette = readPalette(this.canvas.parentElement ?? document.body)
    this.drawn = []
    this.schedule()
  }

  /** After the present change and before the next paint; several changes in one turn are one picture. */
  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    queueMicrotask(() => {
      this.scheduled = false
      if (!this.stopped) this.draw()
    })
  }

  /** A moving view tells of itself several times per frame, and while time moves too one picture is enough for both. */
  private scheduleFrame(): void {
    if (this.frame !== 0) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      if (!this.stopped) this.draw()
    })
  }

  private draw(): void {
    const pen = this.canvas.getContext('2d')
    const { width, height } = this.size
    if (pen === null || width === 0 || height === 0) return
    const state = this.sources.session.getState()
    const [x, y, zoom] = this.sources.view.getState().transform
    const { trace, fold, world, time, faults, selection } = state
    const dpr = Math.min(2, devicePixelRatio || 1)
    const now = [trace, fold, world, time, faults, selection, x, y, zoom, this.size, dpr, this.ground, this.palette]
    if (now.length === this.drawn.length && now.every((value, i) => value === this.drawn[i])) return
    this.drawn = now
    fitCanvas(this.canvas, width * dpr, height * dpr)
    const view: View = { x, y, zoom }
    this.hits = this.painter.paint(
      pen,
      this.palette,
      {
        now: fold === null ? 0 : fold.toFolded(time),
        view,
        size: this.size,
        dpr,
        reduced: this.sources.prefersReducedMotion(),
        selected: selection?.type === 'message' ? selection.id : -1,
        saga: selection?.type === 'saga' ? selection.saga : -1,
      },
      this.ground,
      this.sceneFor(state),
      this.cutLanes(state),
    )
  }

  private sceneFor({ trace, fold, world }: Read): Scene {
    const of = [trace, fold, world]
    if (of.every((value, i) => value === this.sceneOf[i])) return this.scene
    this.sceneOf = of
    if (trace === null || fold === null || world === null) {
      this.scene = EMPTY_SCENE
    } else {
      if (this.tokens === null || !this.tokens.serves(trace, fold)) this.tokens = new TokenCache(trace, fold)
      this.scene = buildScene(trace, fold, world, this.tokens)
    }
    return this.scene
  }

  private cutLanes({ trace, world, faults }: Read): CutLane[] {
    if (trace === null || world === null || world.partitions.size === 0) return []
    return cutsOf(world.partitions, faults, trace.header).flatMap(({ from, to, bothWays }) => {
      const lane = this.ground.lanes.between(from, to)
      return lane === undefined ? [] : [{ lane, bothWays }]
    })
  }
}

function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [w, h] = [Math.round(width), Math.round(height)]
  if (canvas.width !== w) canvas.width = w
  if (canvas.height !== h) canvas.height = h
}
