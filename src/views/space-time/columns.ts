/** Where the lifelines stand: one per service, evenly, wide enough to write between them. */
import type { Trace } from '../../trace/trace.ts'

export const GUTTER = 72
const SPACING_MIN = 92
const SPACING_MAX = 420
/** Room after the last lifeline for its notes. */
const AFTER = 108

export interface Column {
  readonly service: number
  readonly title: string
  readonly x: number
}

export interface Columns {
  readonly list: readonly Column[]
  /** By service number. */
  readonly x: readonly number[]
  readonly spacing: number
  /** At least the width given; more when the lifelines need it. */
  readonly width: number
}

export function columnsOf(trace: Trace, width: number): Columns {
  const { services } = trace.header
  const gaps = Math.max(1, services.length - 1)
  const free = width - GUTTER - AFTER - SPACING_MIN / 2
  const spacing = Math.min(SPACING_MAX, Math.max(SPACING_MIN, Math.floor(free / gaps)))
  const order = services.map((_, service) => service).sort((one, other) => rank(trace, one) - rank(trace, other))
  const list = order.map((service, place) => ({
    service,
    title: services[service]?.title ?? '',
    x: GUTTER + SPACING_MIN / 2 + place * spacing,
  }))
  const last = list[list.length - 1]?.x ?? 0
  const x: number[] = []
  for (const column of list) x[column.service] = column.x
  return { list, x, spacing, width: Math.max(width, last + AFTER) }
}

/** A client asks first: its line stands first. */
function rank(trace: Trace, service: number): number {
  return trace.header.services[service]?.kind === 'client' ? -1 : 0
}
