/** What the space-time diagram draws, in pixels: time runs downwards, every service is a line. */
import type { MarkTone } from '../timeline/lane-drawing.ts'
import type { GapMark } from '../timeline/ruler-layout.ts'

export type RoleShape = 'command' | 'event' | 'reply'

export interface FlightLine {
  readonly key: number
  readonly message: number
  /** The entries a click on its first or second half goes to. */
  readonly sentAt: number
  readonly endedAt: number
  readonly saga: number
  readonly shape: RoleShape
  readonly compensation: boolean
  /** A second copy made by the bus. */
  readonly twin: boolean
  readonly end: 'arrived' | 'lost' | 'flying'
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
  readonly title: string
  /** Empty where there is no room. */
  readonly label: string
  readonly labelX: number
  readonly labelY: number
}

/** A stretch on a lifeline. */
export interface Stretch {
  readonly key: number
  readonly position: number
  readonly x: number
  readonly y0: number
  readonly y1: number
  readonly saga: number
  readonly tone: 'handling' | 'turnedAway' | 'transaction' | 'aborted' | 'down'
  /** Ends with a commit. */
  readonly commit: boolean
  readonly title: string
}

export type NoteTone = 'plain' | 'ok' | 'bad' | 'undo'
export interface Note {
  readonly position: number
  readonly x: number
  readonly y: number
  readonly tone: NoteTone
  readonly mark: MarkTone | null
  readonly text: string
}

export interface AcrossLine {
  readonly key: number
  readonly position: number
  readonly y: number
  readonly tone: 'violation' | 'partition' | 'healed'
  readonly text: string
}

export interface SpaceTimeDrawing {
  readonly flights: FlightLine[]
  /** Too many to draw each: one path per colour. */
  readonly crowds: { readonly saga: number; readonly path: string }[]
  /** Messages in the window, drawn or not. */
  readonly flightCount: number
  readonly drawnCount: number
  readonly stretches: Stretch[]
  readonly notes: Note[]
  readonly across: AcrossLine[]
  readonly ticks: { readonly y: number; readonly label: string }[]
  readonly gaps: GapMark[]
}
