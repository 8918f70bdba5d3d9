/** The rows of the log: all entries, or those a search found, cut into pages a browser can still scroll. */
export interface LogRows {
  readonly length: number
  positionAt(row: number): number
  /** The row of an entry, or of the last one before it; −1 before the first. */
  rowAt(position: number): number
}

/** Browsers limit how tall an element can be: 100,000 rows of 40 pixels stay well below it everywhere. */
export const PAGE_ROWS = 100_000

export function allRows(count: number): LogRows {
  return { length: count, positionAt: (row) => row, rowAt: (position) => Math.min(position, count - 1) }
}

export function foundRows(found: readonly number[], count = found.length): LogRows {
  return {
    length: count,
    positionAt: (row) => found[row] ?? 0,
    rowAt(position) {
      let low = 0
      let high = count
      while (low < high) {
        const middle = (low + high) >> 1
        if ((found[middle] as number) <= position) low = middle + 1
        else high = middle
      }
      return low - 1
    },
  }
}

export interface Page {
  readonly first: number
  readonly positions: Int32Array
}

export function pageOf(rows: LogRows, page: number): Page {
  const first = page * PAGE_ROWS
  const length = Math.max(0, Math.min(PAGE_ROWS, rows.length - first))
  const positions = new Int32Array(length)
  for (let row = 0; row < length; row++) positions[row] = rows.positionAt(first + row)
  return { first, positions }
}
