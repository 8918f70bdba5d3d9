/** What a lane draws: bars with labels, or one outline when there are too many to tell apart. Pixels, no elements. */
export type BarTone =
  | 'work'
  | 'turnedAway'
  | 'refusedWork'
  | 'failedWork'
  | 'cut'
  | 'down'
  | 'still'
  | 'circuitOpen'
  | 'circuitHalfOpen'
  | 'waits'
  | 'inDoubt'
  | 'rebalancing'
  | 'running'
  | 'ok'
  | 'refused'
  | 'failed'
  | 'noAnswer'
  | 'compensating'
  | 'compensated'
  | 'compensationFailed'
  | 'stuck'

export interface Bar {
  readonly key: number
  /** The entry a click goes to. */
  readonly position: number
  readonly tone: BarTone
  /** Number of the saga that gives the colour, −1 for none. */
  readonly saga: number
  /** The message it is about, −1 for none. */
  readonly message: number
  x: number
  y: number
  width: number
  height: number
  /** No other bar of the lane overlaps it: it can carry words. */
  alone: boolean
  /** Said on hover. */
  readonly title: string
  label: string
  labelX: number
  labelInside: boolean
}

export interface Stroke {
  readonly key: number
  readonly x: number
  readonly y: number
  readonly height: number
  readonly tone: 'commit' | 'abort'
}

export type MarkTone = 'lost' | 'duplicated' | 'delayed' | 'crashed' | 'recovered' | 'slowed' | 'parked'
export interface LaneMark {
  readonly key: number
  readonly position: number
  readonly x: number
  readonly y: number
  readonly tone: MarkTone
  readonly title: string
}

export type CrowdTone = 'work' | 'ok' | 'bad' | 'undo'
export interface Crowd {
  readonly tone: CrowdTone
  /** An SVG path. */
  readonly path: string
}

export interface LaneDrawing {
  readonly bars: Bar[]
  readonly strokes: Stroke[]
  readonly marks: LaneMark[]
  readonly crowds: Crowd[]
}

export const emptyLane = (): LaneDrawing => ({ bars: [], strokes: [], marks: [], crowds: [] })
