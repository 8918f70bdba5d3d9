/** The log of an event store at the playhead as rows: committed events by position, and the positions nobody has filled. */

import { PageIndex } from '../../trace/page-index.ts'
import { EventCell } from '../../trace/projection-state.ts'
import type { Rows } from '../../trace/rows.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'

export interface StoreFilter {
  /** Part of a stream's name, lower case; empty for all. */
  readonly stream: string
  /** A type; empty for all. */
  readonly type: string
}

export interface StoreRows {
  readonly length: number
  /** A row is known by its number in the table: the position less one. */
  rowAt(index: number): number
}

/** Without a filter every position up to the last is a row, gaps included; with one, the events that fit. */
export function storeRows(world: WorldState, table: number, filter: StoreFilter): StoreRows {
  const rows = world.tables[table]
  if (rows === undefined) return { length: 0, rowAt: () => NONE }
  if (filter.stream === '' && filter.type === '') return { length: rows.end, rowAt: (index) => index }
  const index = fittingIndex(filter)
  const pages: Int32Array[] = []
  /** By page with rows that fit: how many there are before it. */
  const starts: number[] = []
  let length = 0
  for (let page = 0; page < rows.pageCount; page++) {
    const fitting = index.of(rows, page)
    if (fitting === undefined || fitting.length === 0) continue
    pages.push(fitting)
    starts.push(length)
    length += fitting.length
  }
  return { length, rowAt: (place) => rowIn(pages, starts, place) }
}

function rowIn(pages: readonly Int32Array[], starts: readonly number[], place: number): number {
  let low = 0
  let high = pages.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= place) low = middle
    else high = middle - 1
  }
  return pages[low]?.[place - (starts[low] as number)] ?? NONE
}

/** Of the filter used last: a run that plays looks through what is new, not through everything at every step. */
let lastFilter: { readonly stream: string; readonly type: string; readonly index: PageIndex<Int32Array> } | null = null

function fittingIndex({ stream, type }: StoreFilter): PageIndex<Int32Array> {
  if (lastFilter?.stream !== stream || lastFilter.type !== type) {
    lastFilter = { stream, type, index: new PageIndex((rows, from, to) => fittingRows(rows, from, to, stream, type)) }
  }
  return lastFilter.index
}

function fittingRows(rows: Rows, from: number, to: number, stream: string, type: string): Int32Array {
  const found: number[] = []
  for (let row = from; row < to; row++) {
    if (!rows.has(row)) continue
    if (type !== '' && rows.cell(row, EventCell.type) !== type) continue
    if (!String(rows.cell(row, EventCell.stream)).toLowerCase().includes(stream)) continue
    found.push(row)
  }
  return Int32Array.from(found)
}

export interface EventRow {
  readonly position: number
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly id: string
  readonly data: string
  readonly schema: number
  /** Milliseconds. */
  readonly effective: number
  readonly recorded: number
  readonly causation: string
  readonly correlation: string
  /** The entry that committed it, −1 for what was there from the start. */
  readonly committedAt: number
}

export function eventRow(world: WorldState, table: number, row: number): EventRow | null {
  const state = world.tables[table]?.get(row)
  if (state === undefined) return null
  const { cells, changedAt } = state
  const text = (place: number) => (cells[place] === null || cells[place] === undefined ? '' : String(cells[place]))
  const number = (place: number) => Number(cells[place] ?? 0)
  return {
    position: number(EventCell.position),
    stream: text(EventCell.stream),
    version: number(EventCell.version),
    type: text(EventCell.type),
    id: text(EventCell.id),
    data: dataText(cells[EventCell.data]),
    schema: number(EventCell.schema),
    effective: number(EventCell.effective),
    recorded: number(EventCell.recorded),
    causation: text(EventCell.causation),
    correlation: text(EventCell.correlation),
    committedAt: changedAt,
  }
}

/** `amount 100, order o1`: an event's data without the noise of JSON. */
export function dataText(data: unknown): string {
  if (typeof data !== 'object' || data === null) return data === null || data === undefined ? '' : String(data)
  return Object.entries(data)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}

/** What caused an event, by the name of its message: `place (message 12)`. */
export function causeText(trace: Trace, causation: string): string {
  const number = Number(/^message (\d+)$/.exec(causation)?.[1] ?? Number.NaN)
  return number < trace.messageCount ? `${trace.text(trace.messageAt('type', number))} (${causation})` : causation
}

/** Why there is nothing at a position: told from the end of the run, which knows whether somebody fills it later. */
export function gapText(trace: Trace, end: WorldState | null, table: number, row: number): string {
  const later = end?.tables[table]?.get(row)
  if (end === null) return 'not committed'
  if (later === undefined) return 'never committed: its transaction was rolled back'
  return `not committed yet: it will be at ${trace.timeAt(later.changedAt) / 1000} ms`
}

/** The types that are in the store, for the filter. */
export function typesIn(trace: Trace, world: WorldState, table: number, most = 2000): string[] {
  const types = new Set<string>()
  const store = trace.header.eventStores?.findIndex(({ events }) => events === table) ?? NONE
  for (const { store: from, follows } of trace.header.projections ?? []) {
    if (from === store) for (const type of follows) types.add(type)
  }
  const rows = world.tables[table]
  for (let row = Math.max(0, (rows?.end ?? 0) - most); row < (rows?.end ?? 0); row++) {
    const type = rows?.cell(row, EventCell.type)
    if (typeof type === 'string') types.add(type)
  }
  return [...types]
}
