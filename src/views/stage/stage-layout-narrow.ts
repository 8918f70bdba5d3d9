/** The stage of a phone in portrait: the hub on top, its partners in rows below, as wide as the screen. */
import type { TraceHeader } from '../../trace/trace-format.ts'
import { cardSize, type Size } from './card-size.ts'
import type { Rect } from './stage-layout.ts'
import type { Ranks } from './stage-ranks.ts'

const GAP_X = 10
const CLIENT_GAP_X = 58
const CLIENT_WIDTH = 66
/** Above a row: the lanes with their messages, and room for badges. */
const GAP_Y = { min: 76, max: 150 }
const PER_ROW = 3
const HUB_MAX = 380
const CARD_MAX = 200
const WIDEST = 620

export function layoutNarrow(header: TraceHeader, ranks: Ranks, stage: Size): Rect[] {
  const rows = rowsOf(ranks)
  const cards: Rect[] = header.services.map(() => ({ x: 0, y: 0, width: 0, height: 0 }))
  const place = (width: number) => {
    for (const row of rows) placeRow(header, ranks, row, width, cards)
    return spread(rows, stage.height, cards)
  }
  const height = place(stage.width)
  // What has to shrink to fit the height has room to the sides: wider cards say more.
  if (height > stage.height) place(Math.min(WIDEST, (stage.width * height) / Math.max(1, stage.height)))
  return cards
}

function rowsOf(ranks: Ranks): number[][] {
  const rows = [[...ranks.clients, ...ranks.hubs]]
  for (const column of [...ranks.columns, ranks.loose]) {
    for (let start = 0; start < column.length; start += PER_ROW) rows.push([...column.slice(start, start + PER_ROW)])
  }
  return rows.filter((row) => row.length > 0)
}

function placeRow(header: TraceHeader, ranks: Ranks, row: readonly number[], width: number, cards: Rect[]): void {
  const clients = row.filter((service) => header.services[service]?.kind === 'client').length
  const hasOthers = row.length > clients
  const gap = clients > 0 && hasOthers ? CLIENT_GAP_X : GAP_X
  const free = width - gap * (row.length - 1) - (hasOthers ? clients * CLIENT_WIDTH : 0)
  const most = row.some((service) => ranks.hubs.includes(service)) ? HUB_MAX : CARD_MAX
  const each = Math.floor(Math.min(most, free / Math.max(1, row.length - clients)))
  const sizes = row.map((service) => {
    const size = cardSize(header, service, 'compact', each)
    return header.services[service]?.kind === 'client' && hasOthers ? { ...size, width: CLIENT_WIDTH } : size
  })
  const total = sizes.reduce((sum, size) => sum + size.width, 0) + gap * (row.length - 1)
  const tallest = Math.max(...sizes.map((size) => size.height))
  let x = -total / 2
  for (const [i, service] of row.entries()) {
    const size = sizes[i] as Size
    const y = ranks.clients.includes(service) ? (tallest - size.height) / 2 : 0
    cards[service] = { x: Math.round(x), y: Math.round(y), ...size }
    x += size.width + gap
  }
}

/** Moves the rows apart, as far as the height allows; returns how high all is then. */
function spread(rows: readonly (readonly number[])[], height: number, cards: Rect[]): number {
  const heights = rows.map((row) => Math.max(...row.map((service) => cards[service]?.height ?? 0)))
  const bare = heights.reduce((sum, value) => sum + value, 0)
  const gap = Math.max(GAP_Y.min, Math.min(GAP_Y.max, (height - bare) / Math.max(1, rows.length - 1)))
  let y = 0
  for (const [i, row] of rows.entries()) {
    for (const service of row) {
      const card = cards[service] as Rect
      cards[service] = { ...card, y: card.y + Math.round(y) }
    }
    y += (heights[i] ?? 0) + gap
  }
  return y - gap
}
