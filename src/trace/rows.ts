/**
 * The rows of one table at one moment. A row is known by the change that wrote it, one number; what it says is read from
 * the trace when somebody asks. Pages of numbers are shared between the copies of a table and copied when they are first
 * written, so that a copy of a million rows costs what two thousand pointers cost, and checkpoints share what they have
 * in common.
 */
import type { Trace } from './trace.ts'
import { NONE, type Value } from './trace-format.ts'

export interface RowState {
  readonly cells: readonly Value[]
  /** Position of the entry that wrote it; −1 for an initial row. */
  readonly changedAt: number
  /** The row before that change. */
  readonly before: readonly Value[] | null
}

/** Rows of a page. */
export const ROWS_OF_PAGE = 512

/** Same page, same rows: what is worked out from a page can be kept with it. */
export interface Page {
  /** By row within the page: 0 = none, p + 1 = written by entry p, −1 − c = there from the start, as change c. */
  readonly writers: Int32Array
  /** No row of the page was changed later; −1 when all are from the start. */
  latest: number
  /** The table that may still write it. */
  owner: object
}

export class Rows implements ReadonlyMap<number, RowState> {
  size = 0
  /** One more than the highest row number that was ever taken. */
  end = 0
  private readonly trace: Trace
  private pages: (Page | undefined)[] = []
  // Not part of what a table is: two that hold the same rows are equal.
  #owner: object = {}
  #ownPages = 0

  constructor(trace: Trace) {
    this.trace = trace
  }

  copy(): Rows {
    const other = new Rows(this.trace)
    other.pages = this.pages.slice()
    other.size = this.size
    other.end = this.end
    // From now on neither writes a page without having copied it.
    this.#owner = {}
    return other
  }

  get(row: number): RowState | undefined {
    const writer = this.writerOf(row)
    if (writer === 0) return undefined
    const { before, after } = this.trace.change(this.changeOf(writer))
    return { cells: after ?? [], changedAt: writer > 0 ? writer - 1 : NONE, before }
  }

  /** One cell, without building the row: for looking through many. */
  cell(row: number, column: number): Value | undefined {
    const writer = this.writerOf(row)
    return writer === 0 ? undefined : this.trace.cellAfter(this.changeOf(writer), column)
  }

  /** What wrote the row, as a number that is the same as long as the row is; 0 when there is none. */
  writerOf(row: number): number {
    return this.pages[Math.floor(row / ROWS_OF_PAGE)]?.writers[row % ROWS_OF_PAGE] ?? 0
  }

  has(row: number): boolean {
    return this.writerOf(row) !== 0
  }

  /** A change to a row by the entry at a position, or, with `NONE`, by one of the initial changes. */
  set(row: number, position: number, change: number): void {
    const page = this.pageToWrite(row)
    const place = row % ROWS_OF_PAGE
    if (page.writers[place] === 0) this.size++
    page.writers[place] = position === NONE ? -1 - change : position + 1
    page.latest = Math.max(page.latest, position)
    this.end = Math.max(this.end, row + 1)
  }

  delete(row: number): void {
    if (!this.has(row)) return
    this.size--
    this.pageToWrite(row).writers[row % ROWS_OF_PAGE] = 0
  }

  /** The page that begins with row `number * ROWS_OF_PAGE`; undefined when it never had a row. */
  page(number: number): Page | undefined {
    return this.pages[number]
  }

  get pageCount(): number {
    return this.pages.length
  }

  /** Bytes of its own, roughly: the pages it has written since it was copied, and pointers to all. */
  get ownBytes(): number {
    return this.pages.length * 8 + this.#ownPages * ROWS_OF_PAGE * 4
  }

  /** The last rows by number, at most so many, in order. */
  last(count: number): number[] {
    const rows: number[] = []
    for (let row = this.end - 1; row >= 0 && rows.length < count; row--) if (this.has(row)) rows.push(row)
    return rows.reverse()
  }

  /** The rows changed last, the latest first; of those that never changed, the first ones. */
  latest(count: number): RowState[] {
    const rows: number[] = []
    const positions: number[] = []
    for (const [number, page] of this.pages.entries()) {
      if (page === undefined) continue
      if (rows.length === count && page.latest <= (positions[count - 1] as number)) continue
      for (let place = 0; place < ROWS_OF_PAGE; place++) {
        const writer = page.writers[place] as number
        if (writer === 0) continue
        const position = writer > 0 ? writer - 1 : NONE
        let at = rows.length
        while (at > 0 && (positions[at - 1] as number) < position) at--
        if (at >= count) continue
        rows.splice(at, 0, number * ROWS_OF_PAGE + place)
        positions.splice(at, 0, position)
        if (rows.length > count) {
          rows.pop()
          positions.pop()
        }
      }
    }
    return rows.map((row) => this.get(row) as RowState)
  }

  /** Position of the entry that changed the table last, −1 for none; that of a deleted row may still count. */
  get changedAt(): number {
    return this.pages.reduce((latest, page) => Math.max(latest, page?.latest ?? NONE), NONE)
  }

  forEach(visit: (state: RowState, row: number, rows: ReadonlyMap<number, RowState>) => void): void {
    for (const [row, state] of this) visit(state, row, this)
  }

  *entries(): MapIterator<[number, RowState]> {
    for (const row of this.keys()) yield [row, this.get(row) as RowState]
  }

  *keys(): MapIterator<number> {
    for (const [number, page] of this.pages.entries()) {
      if (page === undefined) continue
      for (let place = 0; place < ROWS_OF_PAGE; place++) {
        if (page.writers[place] !== 0) yield number * ROWS_OF_PAGE + place
      }
    }
  }

  *values(): MapIterator<RowState> {
    for (const row of this.keys()) yield this.get(row) as RowState
  }

  [Symbol.iterator](): MapIterator<[number, RowState]> {
    return this.entries()
  }

  private changeOf(writer: number): number {
    return writer > 0 ? this.trace.at('a', writer - 1) : -1 - writer
  }

  private pageToWrite(row: number): Page {
    const number = Math.floor(row / ROWS_OF_PAGE)
    // Numbers can skip: a rolled-back insert has taken one.
    while (this.pages.length <= number) this.pages.push(undefined)
    const page = this.pages[number]
    if (page?.owner === this.#owner) return page
    const own: Page = {
      writers: page === undefined ? new Int32Array(ROWS_OF_PAGE) : page.writers.slice(),
      latest: page?.latest ?? NONE,
      owner: this.#owner,
    }
    this.pages[number] = own
    this.#ownPages++
    return own
  }
}

/** The rows of one table that two moments do not have in common, in order. What both share costs a look at each page. */
export function* changedRows(before: Rows, after: Rows): Generator<number> {
  const pages = Math.max(before.pageCount, after.pageCount)
  for (let number = 0; number < pages; number++) {
    const [old, young] = [before.page(number), after.page(number)]
    if (old === young) continue
    for (let place = 0; place < ROWS_OF_PAGE; place++) {
      if ((old?.writers[place] ?? 0) !== (young?.writers[place] ?? 0)) yield number * ROWS_OF_PAGE + place
    }
  }
}
