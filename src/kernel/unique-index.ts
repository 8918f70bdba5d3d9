/**
 * Unique indexes. One column: its value names the row. Two columns: first value, then second, so that no text has to be
 * put together and hashed for every look. More columns: one text of all of them. Plain data, as everything a run keeps.
 */
import type { Value } from '../trace/trace-format.ts'
import type { Row } from './disk.ts'

export type Rows = Map<Value, Row>
/** The only row under a first value needs no map of its own: many first values (an order, a stream) have one row. */
interface Only {
  readonly second: Value
  readonly row: Row
}
export type Pairs = Map<Value, Only | Rows>

export interface UniqueIndex {
  /** By value, or by the text of three and more columns; empty for two. */
  readonly rows: Rows
  /** By two columns; null for any other number. */
  readonly pairs: Pairs | null
}

export function createIndex(columns: readonly number[]): UniqueIndex {
  return { rows: new Map(), pairs: columns.length === 2 ? new Map() : null }
}

/** The row under the cells' key; undefined for none. */
export function rowAt(index: UniqueIndex, columns: readonly number[], cells: readonly Value[]): Row | undefined {
  const { pairs } = index
  if (pairs === null) return index.rows.get(indexKey(columns, cells))
  const under = pairs.get(comparable(cells[columns[0] as number]))
  if (under === undefined) return undefined
  const second = comparable(cells[columns[1] as number])
  if (under instanceof Map) return under.get(second)
  return under.second === second ? under.row : undefined
}

/** The row under these values of the index's columns; undefined for none. */
export function rowUnder(index: UniqueIndex, values: readonly Value[]): Row | undefined {
  return rowAt(
    index,
    values.map((_, i) => i),
    values,
  )
}

/** The row under a value of an index over one column; undefined for none. */
export function rowWith(index: UniqueIndex, value: Value): Row | undefined {
  return index.rows.get(comparable(value))
}

/** From now on the cells' key names this row. */
export function setRow(index: UniqueIndex, columns: readonly number[], cells: readonly Value[], row: Row): void {
  const { pairs } = index
  if (pairs === null) {
    index.rows.set(indexKey(columns, cells), row)
    return
  }
  const first = comparable(cells[columns[0] as number])
  const second = comparable(cells[columns[1] as number])
  const under = pairs.get(first)
  if (under instanceof Map) under.set(second, row)
  else if (under === undefined || under.second === second) pairs.set(first, { second, row })
  else pairs.set(first, new Map().set(under.second, under.row).set(second, row))
}

/** The cells' key names no row any more, unless it is another one than `row`. */
export function dropRow(index: UniqueIndex, columns: readonly number[], cells: readonly Value[], row: Row): void {
  const { pairs } = index
  if (pairs === null) {
    const key = indexKey(columns, cells)
    if (index.rows.get(key) === row) index.rows.delete(key)
    return
  }
  const first = comparable(cells[columns[0] as number])
  const second = comparable(cells[columns[1] as number])
  const under = pairs.get(first)
  if (under instanceof Map) {
    if (under.get(second) === row) under.delete(second)
    if (under.size === 0) pairs.delete(first)
  } else if (under?.row === row && under.second === second) pairs.delete(first)
}

/** One column: its value; several: a text that cannot be confused with another combination. */
function indexKey(columns: readonly number[], cells: readonly Value[]): Value {
  if (columns.length === 1) return comparable(cells[columns[0] as number])
  let key = ''
  for (const column of columns) key += keyPart(cells[column] ?? null)
  return key
}

/** Texts with their length, so that two of them cannot run together. */
function keyPart(value: Value): string {
  return typeof value === 'string' ? `${value.length}:${value}` : `${JSON.stringify(value)}\u0000`
}

/** Lists and objects are the same when they say the same; a text never begins like one of them. */
function comparable(value: Value | undefined): Value {
  if (typeof value !== 'object' || value === null) return value ?? null
  return `\u0000${JSON.stringify(value)}`
}

/** None of the columns differs: whatever is indexed by them stays where it is. */
export function hasSameKey(columns: readonly number[], one: readonly Value[], other: readonly Value[]): boolean {
  if (one === other) return true
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i] as number
    if (one[column] !== other[column]) return false
  }
  return true
}

/** The same key, also where its values are lists or objects. */
export function isSameKey(columns: readonly number[], one: readonly Value[], other: readonly Value[]): boolean {
  if (hasSameKey(columns, one, other)) return true
  return columns.every((column) => comparable(one[column]) === comparable(other[column]))
}
