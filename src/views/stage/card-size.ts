/**
 * How large a service's card is, from the header alone: the card never grows or shrinks while a run plays, so lanes and
 * the view stay where they are.
 */
import type { TraceHeader } from '../../trace/trace-format.ts'
import { shownColumns } from './written-columns.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** `regular` for desks and projectors, `compact` for a phone in portrait. */
export type Density = 'regular' | 'compact'

export const CARD_WIDTH = 216
export const HUB_WIDTH = 248
const CLIENT: Size = { width: 132, height: 44 }
const TITLE = { regular: 36, compact: 44 }
const HUB_TITLE = { regular: 36, compact: 30 }
const LINE = 19
const DISK_PADDING = 15
const MEMORY = 27
const CHIPS_LINE = 26
const REPLICAS_LINE = 26
const SAGA_HEAD = 24
const STEP = 21
/** The line that says that a saga is put together from events. */
const SOURCE = 18
const BOTTOM = 7
const DISK_LINES_MAX = { regular: 3, compact: 2 }
/** Of a chip with a protection's name: its rims with the gap to the next one, each character, and a line of them. */
const CHIP = { rims: 30, character: 5.7, line: 203 }

/** How many lines of rows the card has room for. */
export function diskLines(header: TraceHeader, service: number, density: Density): number {
  let wanted = 0
  for (const table of header.services[service]?.tables ?? []) {
    const info = header.tables[table]
    if (info === undefined || info.system) continue
    wanted += info.key === null ? 1 : shownColumns(header, table).length
  }
  if (storeAt(header, service) !== undefined) wanted += EVENTS_SHOWN
  return Math.min(wanted, DISK_LINES_MAX[density]) + projectionLines(header, service, density)
}

/** Of a store's log, the last so many events. */
const EVENTS_SHOWN = 3
const PROJECTIONS_MAX = { regular: 2, compact: 1 }

export function storeAt({ eventStores }: TraceHeader, service: number) {
  return eventStores?.find((store) => store.service === service)
}

/** A line for each projection says how far it has come. */
export function projectionLines({ projections }: TraceHeader, service: number, density: Density): number {
  const here = (projections ?? []).filter(({ services }) => services.includes(service)).length
  return Math.min(here, PROJECTIONS_MAX[density])
}

/** Steps of the longest saga it hosts; 0 for a service that hosts none. */
export function stepLines(header: TraceHeader, service: number): number {
  return Math.max(0, ...header.sagas.filter((saga) => saga.orchestrator === service).map((saga) => saga.steps.length))
}

/** What stands above the steps: which saga, and where it comes from when no service holds it. */
function sagaHead(header: TraceHeader, service: number): number {
  const seen = header.sagas.some(({ orchestrator, reconstructed }) => orchestrator === service && reconstructed)
  return SAGA_HEAD + (seen ? SOURCE : 0)
}

/** On a phone the steps stand in two columns. */
export function stepRows(steps: number, density: Density): number {
  return density === 'regular' ? steps : Math.ceil(steps / 2)
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
    (steps > 0 ? sagaHead(header, service) + stepRows(steps, density) * STEP + 7 : 0) +
    (lines > 0 ? DISK_PADDING + lines * LINE : 0) +
    (info.replicas === undefined ? 0 : REPLICAS_LINE) +
    (regular ? MEMORY + chipLines(info.protections) * CHIPS_LINE : 0) +
    BOTTOM
  return { width, height }
}
