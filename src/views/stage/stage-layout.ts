/**
 * Where every card stands: a pure function of the header and the size of the stage. Wide stages read from left to
 * right, narrow ones from top to bottom; the gaps stretch so that the picture fills the stage at a legible size.
 */
import type { TraceHeader } from '../../trace/trace-format.ts'
import { CARD_WIDTH, cardSize, type Density, HUB_WIDTH, type Size } from './card-size.ts'
import { layoutNarrow } from './stage-layout-narrow.ts'
import { type Ranks, stageRanks } from './stage-ranks.ts'

export interface Rect extends Size {
  readonly x: number
  readonly y: number
}
export interface StageLayout {
  /** By service number. */
  readonly cards: readonly Rect[]
  readonly bounds: Rect
  readonly density: Density
}
export type Positions = Readonly<Record<string, { readonly x: number; readonly y: number }>>

/** A stage narrower than this reads from top to bottom. */
export const NARROW = 600
/** A stage flatter than this reads from left to right however narrow it is. */
const LANDSCAPE = 0.45
const GAP_X = { min: 176, max: 460 }
/** Room for fault badges above a card. */
const GAP_Y = { min: 36, max: 120 }
const CLIENT_GAP = 60
const TALK_GAP = 84
const ZOOM_MAX = 1.5
/** One column of partners holds so many; more stand on both sides of the hub, then in a block. */
const COLUMN_MAX = 5
const SIDES_MAX = 12

export function stageLayout(header: TraceHeader, stage: Size, positions: Positions = {}): StageLayout {
  const narrow = stage.width < NARROW && stage.height > stage.width * LANDSCAPE
  const ranks = stageRanks(header)
  if (narrow) {
    const cards = layoutNarrow(header, ranks, stage)
    return { cards, bounds: boundsOf(cards), density: 'compact' }
  }
  const placed = layoutWide(header, ranks, stage)
  const cards = placed.map((card, service) => ({ ...card, ...positions[header.services[service]?.name ?? ''] }))
  return { cards, bounds: boundsOf(cards), density: 'regular' }
}

type Column = readonly number[]

function layoutWide(header: TraceHeader, ranks: Ranks, stage: Size): Rect[] {
  const sizes = header.services.map((_, service) =>
    cardSize(header, service, 'regular', ranks.hubs.includes(service) ? HUB_WIDTH : CARD_WIDTH),
  )
  const columns = arrange(ranks)
  const heights = columns.map((column) => heightOf(column, sizes, GAP_Y.min, ranks))
  const widths = columns.map((column) => Math.max(0, ...column.map((service) => sizes[service]?.width ?? 0)))
  const zoom = Math.min(ZOOM_MAX, stage.height / Math.max(1, ...heights))
  const free = stage.width / zoom - widths.reduce((sum, width) => sum + width, 0)
  const gap = clamp(free / Math.max(1, columns.length - 1), GAP_X.min, GAP_X.max)
  const total = widths.reduce((sum, width) => sum + width, 0) + gap * (columns.length - 1)
  const room = stage.height / Math.min(zoom, stage.width / total)
  const cards: Rect[] = sizes.map((size) => ({ x: 0, y: 0, ...size }))
  let x = 0
  for (const [i, column] of columns.entries()) {
    const width = widths[i] ?? 0
    stack(column, { x: x + width / 2, room }, sizes, ranks, cards)
    x += width + gap
  }
  return cards
}

/** The columns from left to right. */
function arrange(ranks: Ranks): Column[] {
  const hub = [...ranks.clients, ...ranks.hubs, ...ranks.loose]
  const [partners = [], ...further] = ranks.columns
  if (partners.length <= COLUMN_MAX) return [hub, partners, ...further].filter((column) => column.length > 0)
  if (partners.length <= SIDES_MAX && further.length === 0) {
    const right = Math.ceil(partners.length / 2)
    return [partners.slice(right), hub, partners.slice(0, right)]
  }
  const rows = Math.ceil(Math.sqrt(partners.length))
  const block: Column[] = []
  for (let start = 0; start < partners.length; start += rows) block.push(partners.slice(start, start + rows))
  return [hub, ...block, ...further]
}

/** Neighbours in a column that talk to each other need room for what they say. */
function gapAfter(column: Column, i: number, ranks: Ranks, gap: number): number {
  const [service, next] = [column[i] as number, column[i + 1]]
  if (next === undefined) return 0
  if (ranks.clients.includes(service)) return CLIENT_GAP
  return ranks.talk(service, next) ? Math.max(TALK_GAP, gap) : gap
}

function heightOf(column: Column, sizes: readonly Size[], gap: number, ranks: Ranks): number {
  return column.reduce((sum, service, i) => sum + (sizes[service]?.height ?? 0) + gapAfter(column, i, ranks, gap), 0)
}

/** Centres a column on the middle line, with gaps as wide as the room allows. */
function stack(
  column: Column,
  at: { x: number; room: number },
  sizes: readonly Size[],
  ranks: Ranks,
  cards: Rect[],
): void {
  const bare = heightOf(column, sizes, 0, ranks)
  const gap = clamp((at.room - bare) / Math.max(1, column.length), GAP_Y.min, GAP_Y.max)
  let y = -heightOf(column, sizes, gap, ranks) / 2
  for (const [i, service] of column.entries()) {
    const size = sizes[service] as Size
    cards[service] = { x: Math.round(at.x - size.width / 2), y: Math.round(y), ...size }
    y += size.height + gapAfter(column, i, ranks, gap)
  }
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value))
}

export function boundsOf(cards: readonly Rect[]): Rect {
  if (cards.length === 0) return { x: 0, y: 0, width: 1, height: 1 }
  const x = Math.min(...cards.map((card) => card.x))
  const y = Math.min(...cards.map((card) => card.y))
  const right = Math.max(...cards.map((card) => card.x + card.width))
  const bottom = Math.max(...cards.map((card) => card.y + card.height))
  return { x, y, width: right - x, height: bottom - y }
}

export interface Insets {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}
export interface View {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

export const ZOOM_MIN = 0.06

/** The pan and zoom that shows everything, centred in what the corners leave free. */
export function fitView(bounds: Rect, stage: Size, insets: Insets): View {
  const width = Math.max(1, stage.width - insets.left - insets.right)
  const height = Math.max(1, stage.height - insets.top - insets.bottom)
  const zoom = clamp(Math.min(width / bounds.width, height / bounds.height), ZOOM_MIN, ZOOM_MAX)
  return {
    x: Math.round(insets.left + width / 2 - (bounds.x + bounds.width / 2) * zoom),
    y: Math.round(insets.top + height / 2 - (bounds.y + bounds.height / 2) * zoom),
    zoom,
  }
}
