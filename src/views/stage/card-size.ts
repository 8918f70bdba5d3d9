/**
 * How large a service's card is, from the header alone: the card never grows or shrinks while a run plays, so lanes and
 * the view stay where they are.
 */
import type { TraceHeader } from '../../trace/trace-format.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** `regular` for desks and projectors, `compact` for a phone in portrait. */
export type Density = 'regular' | 'compact'

export const CARD_WIDTH = 216
export const HUB_WIDTH = 248
const CLIENT: Size = { width: 132, height: 44 }
const TITLE = { regular: 40, compact: 48 }
const HUB_TITLE = { regular: 40, compact: 32 }
const LINE = 20
const DISK_PADDING = 18
const MEMORY = 32
const CHIPS_LINE = 26
const SAGA_HEAD = 24
const STEP = { regular: 22, compact: 20 }
const BOTTOM = 6
const DISK_LINES_MAX = { regular: 3, compact: 2 }
/** Of a chip with a protection's name: its rims with the gap to the next one, each character, and a line of them. */
const CHIP = { rims: 30, character: 5.7, line: 203 }

/** How many lines of rows the card has room for. */
export function diskLines(header: TraceHeader, service: number, density: Density): number {
  let wanted = 0
  for (const table of header.services[service]?.tables ?? []) {
    const info = header.tables[table]
    if (info === undefined || info.system) continue
    wanted += info.key === null ? 1 : Math.min(2, info.columns.length - 1)
  }
  return Math.min(wanted, DISK_LINES_MAX[density])
}

/** Steps of the longest saga it hosts; 0 for a service that hosts none. */
export function stepLines(header: TraceHeader, service: number): number {
  return Math.max(0, ...header.sagas.filter((saga) => saga.orchestrator === service).map((saga) => saga.steps.length))
}

export function chipLines(protections: readonly string[]): number {
  let lines = 0
  let room = 0
  for (const name of protections) {
    const needed = CHIP.rims + name.length * CHIP.character
    if (needed > room) {
      lines++
      room = CHIP.line
    }
    room -= needed
  }
  return lines
}

export function cardSize(header: TraceHeader, service: number, density: Density, width: number): Size {
  const info = header.services[service]
  if (info === undefined || info.kind === 'client') return CLIENT
  const lines = diskLines(header, service, density)
  const steps = stepLines(header, service)
  const regular = density === 'regular'
  const height =
    (steps > 0 ? HUB_TITLE : TITLE)[density] +
    (steps > 0 ? SAGA_HEAD + steps * STEP[density] + 6 : 0) +
    (lines > 0 ? DISK_PADDING + lines * LINE : 0) +
    (regular ? MEMORY + chipLines(info.protections) * CHIPS_LINE : 0) +
    BOTTOM
  return { width, height }
}
