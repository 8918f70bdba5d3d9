/**
 * A small honest database: rows, unique indexes, row locks and transactions. At READ COMMITTED a committed row is what
 * everybody sees; a transaction with a snapshot (see snapshot.ts) sees what was committed when it began. A pending row
 * only its own transaction sees. A second writer of a row, or of a unique value that an open transaction holds, waits
 * for that transaction to end.
 */
import { assert } from '../base/assert.ts'
import type { Value } from '../trace/trace-format.ts'
import type { TableModel } from './model.ts'
import { cellsAt, isAfterSnapshot, keepOldCells, type OldCells, type Snapshot } from './snapshot.ts'

export interface Row {
  readonly id: number
  /** Committed cells; null while an insert is still open. */
  cells: readonly Value[] | null
  /** Cells as the lock's holder sees them; null for a pending delete. */
  pending: readonly Value[] | null
  lock: Transaction | null
  /** How many transactions had begun when the committed cells were committed. */
  version: number
  /** What was committed before, as long as somebody's snapshot may ask for it. */
  older: OldCells | null
  /** Where the trace keeps the committed cells, −1 when it does not. */
  stored: number
}

export interface Table {
  readonly number: number
  readonly rows: Map<number, Row>
  readonly indexes: Map<Value, Row>[]
  /** By look-up column: value → rows that have it or may have had it, oldest first. A reader checks the row itself. */
  readonly lookups: Map<Value, Row[]>[]
  nextRow: number
  /** Committed rows. */
  size: number
  /** The version of its latest change. */
  version: number
  /** Somebody has written into it, committed or not, since the run began. */
  touched: boolean
}

export interface Write {
  readonly table: Table
  readonly row: Row
  /** Cells the transaction saw before this write; undefined when it had not touched the row. */
  readonly previous: readonly Value[] | null | undefined
  readonly claims: readonly Claim[]
  /** When it was written, microseconds: the row is locked since then. */
  readonly since: number
}

/** An index entry that a write has taken, and the row it was taken from: one the same transaction deleted or moved. */
interface Claim {
  readonly index: Map<Value, Row>
  readonly columns: readonly number[]
  readonly key: Value
  /** The cells that have this key. */
  readonly cells: readonly Value[]
  readonly displaced: Row | undefined
}
const NO_CLAIMS: readonly Claim[] = []

export interface Transaction {
  readonly id: number
  readonly writes: Write[]
  /** Tasks that wait for it to end: slot, generation, slot, generation, … */
  readonly waiters: number[]
  /** The transaction this one waits for. */
  waitsFor: Transaction | null
  open: boolean
  /** Above READ COMMITTED: it reads what was committed when it began. */
  readonly snapshot?: Snapshot | null
  /** Virtual time as far as this transaction knows it, microseconds. */
  at?: number
  /** The distributed transaction it is a part of; its other parts are no strangers. −1 or absent: none. */
  kin?: number
  /** How many of its writes are prepared: they outlive the handling and a crash, until somebody decides about them. */
  prepared?: number
}

export function createTables(models: readonly TableModel[]): Table[] {
  return models.map(createTable)
}

/** As at the beginning of a run; tables that the last run has not written into stay as they are. */
export function resetTables(models: readonly TableModel[], last: readonly Table[]): Table[] {
  if (last.length !== models.length) return createTables(models)
  return models.map((model, number) => {
    const table = last[number] as Table
    return table.touched ? createTable(model, number) : table
  })
}

function createTable(model: TableModel, number: number): Table {
  const table: Table = {
    number,
    rows: new Map(),
    indexes: model.uniques.map(() => new Map()),
    lookups: model.lookups.map(() => new Map()),
    nextRow: 0,
    size: model.rows.length,
    version: 0,
    touched: false,
  }
  for (const cells of model.rows) {
    const row: Row = { id: table.nextRow++, cells, pending: null, lock: null, version: 0, older: null, stored: -1 }
    table.rows.set(row.id, row)
    for (let i = 0; i < model.uniques.length; i++) {
      table.indexes[i]?.set(indexKey(model.uniques[i] as readonly number[], cells), row)
    }
    enterLookups(model, table, row, cells, null)
  }
  return table
}

/** One column: its value; several: a text that cannot be confused with another combination. */
export function indexKey(columns: readonly number[], cells: readonly Value[]): Value {
  if (columns.length === 1) return cells[columns[0] as number] as Value
  // A row is looked up and entered one after the other: the second time its key is known, and so is the text's hash.
  if (cells === lastCells && columns === lastColumns) return lastKey
  let key = ''
  const last = columns.length - 1
  for (let i = 0; i < last; i++) key += keyPart(cells[columns[i] as number] ?? null)
  key += lastPart(cells[columns[last] as number] ?? null)
  lastColumns = columns
  lastCells = cells
  lastKey = key
  return key
}
let lastColumns: readonly number[] | null = null
let lastCells: readonly Value[] | null = null
let lastKey = ''

/** Texts with their length, so that two of them cannot run together. The first column is often the same for many rows. */
function keyPart(value: Value): string {
  if (typeof value !== 'string') return `${JSON.stringify(value)}\u0000`
  if (value !== partOf) {
    partOf = value
    part = `${value.length}:${value}`
  }
  return part
}
let partOf: string | null = null
let part = ''

/** Nothing comes behind it: a text needs no more than a sign that it is one. */
function lastPart(value: Value): string {
  return typeof value === 'string' ? `:${value}` : JSON.stringify(value)
}

/** The row a unique index has under the cells' key, whoever holds it. */
export function findRow(model: TableModel, table: Table, index: number, cells: readonly Value[]): Row | undefined {
  return table.indexes[index]?.get(indexKey(model.uniques[index] as readonly number[], cells))
}

/** None of the columns differs: whatever is indexed by them stays where it is. */
function hasSameKey(columns: readonly number[], one: readonly Value[], other: readonly Value[]): boolean {
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i] as number
    if (one[column] !== other[column]) return false
  }
  return true
}

/** The row as this transaction sees it; null when it does not exist for it. */
export function seen(row: Row, tx: Transaction | null): readonly Value[] | null {
  if (row.lock !== null && tx !== null && isOwn(row.lock, tx)) return row.pending
  return isAfterSnapshot(row, tx) ? cellsAt(row, (tx as Transaction).id) : row.cells
}

/** The row as it stands now, whatever the transaction's snapshot says: what unique indexes and writers go by. */
function latest(row: Row, tx: Transaction): readonly Value[] | null {
  return row.lock !== null && isOwn(row.lock, tx) ? row.pending : row.cells
}

function isOwn(lock: Transaction, tx: Transaction): boolean {
  return lock === tx || (lock.kin !== undefined && lock.kin >= 0 && lock.kin === tx.kin)
}

/** What stands in the way of a write. */
export type Obstacle = { readonly waitFor: Transaction } | { readonly violates: Row }

/** Another open transaction holds the row. */
export function heldByOther(row: Row, tx: Transaction): Transaction | null {
  return row.lock !== null && !isOwn(row.lock, tx) ? row.lock : null
}

/** Inserts a row, or says what stands in the way. */
export function insert(model: TableModel, table: Table, tx: Transaction, cells: readonly Value[]): Obstacle | Row {
  const obstacle = uniqueObstacle(model, table, tx, cells, null)
  if (obstacle !== null) return obstacle
  const row: Row = {
    id: table.nextRow++,
    cells: null,
    pending: cells,
    lock: tx,
    version: 0,
    older: null,
    stored: -1,
  }
  table.touched = true
  table.rows.set(row.id, row)
  enterLookups(model, table, row, cells, null)
  const claims = claimKeys(model, table, row, cells, null)
  tx.writes.push({ table, row, previous: undefined, claims, since: tx.at ?? 0 })
  return row
}

/** Writes a row that nobody else holds (null deletes it), or says what stands in the way. */
export function write(
  model: TableModel,
  table: Table,
  tx: Transaction,
  row: Row,
  cells: readonly Value[] | null,
): Obstacle | null {
  assert(heldByOther(row, tx) === null, () => `row ${row.id} of ${model.name} is held by another transaction`)
  const before = latest(row, tx)
  let claims = NO_CLAIMS
  if (cells !== null && before !== null) {
    const obstacle = uniqueObstacle(model, table, tx, cells, row, before)
    if (obstacle !== null) return obstacle
    claims = claimKeys(model, table, row, cells, before)
    enterLookups(model, table, row, cells, before)
  }
  // A row that another part of the same distributed transaction has locked ends with that part.
  const owner = row.lock ?? tx
  table.touched = true
  owner.writes.push({ table, row, previous: row.lock === null ? undefined : row.pending, claims, since: tx.at ?? 0 })
  row.lock = owner
  row.pending = cells
  return null
}

/** Enters the row under its look-up values, where they are not what they were. */
function enterLookups(
  model: TableModel,
  table: Table,
  row: Row,
  cells: readonly Value[],
  before: readonly Value[] | null,
): void {
  for (let i = 0; i < model.lookups.length; i++) {
    const column = model.lookups[i] as number
    const value = cells[column] as Value
    if (before !== null && before[column] === value) continue
    const rows = (table.lookups[i] as Map<Value, Row[]>).get(value)
    if (rows === undefined) (table.lookups[i] as Map<Value, Row[]>).set(value, [row])
    else enterInOrder(rows, row)
  }
}

/** Oldest first, each row once. */
function enterInOrder(rows: Row[], row: Row): void {
  let place = rows.length
  while (place > 0 && (rows[place - 1] as Row).id > row.id) place--
  if (place > 0 && rows[place - 1] === row) return
  rows.splice(place, 0, row)
}

/** Takes the row from under the values it no longer has. */
function leaveLookups(model: TableModel, table: Table, row: Row, old: readonly Value[]): void {
  for (let i = 0; i < model.lookups.length; i++) {
    const column = model.lookups[i] as number
    if (row.cells !== null && row.cells[column] === old[column]) continue
    const values = table.lookups[i] as Map<Value, Row[]>
    const rows = values.get(old[column] as Value)
    const place = rows?.indexOf(row) ?? -1
    if (rows === undefined || place < 0) continue
    if (rows.length === 1) values.delete(old[column] as Value)
    else rows.splice(place, 1)
  }
}

/** Points the indexes at the row, where its keys are not what they were. */
function claimKeys(
  model: TableModel,
  table: Table,
  row: Row,
  cells: readonly Value[],
  before: readonly Value[] | null,
): readonly Claim[] {
  let claims = NO_CLAIMS
  for (let i = 0; i < model.uniques.length; i++) {
    const columns = model.uniques[i] as readonly number[]
    if (before !== null && hasSameKey(columns, cells, before)) continue
    const key = indexKey(columns, cells)
    const index = table.indexes[i] as Map<Value, Row>
    claims = [...claims, { index, columns, key, cells, displaced: index.get(key) }]
    index.set(key, row)
  }
  return claims
}

function uniqueObstacle(
  model: TableModel,
  table: Table,
  tx: Transaction,
  cells: readonly Value[],
  self: Row | null,
  before: readonly Value[] | null = null,
): Obstacle | null {
  for (let i = 0; i < model.uniques.length; i++) {
    const columns = model.uniques[i] as readonly number[]
    // Its own entry is there already.
    if (before !== null && hasSameKey(columns, cells, before)) continue
    const other = findRow(model, table, i, cells)
    if (other === undefined || other === self) continue
    const holder = heldByOther(other, tx)
    if (holder !== null) return { waitFor: holder }
    // An index may still point at a row that has moved away from the value or is deleted in this transaction.
    const now = latest(other, tx)
    if (now !== null && indexKey(columns, cells) === indexKey(columns, now)) return { violates: other }
  }
  return null
}

/**
 * Makes the writes visible. `onChange` is called once per row that changed, in order of first writing. `version`: how
 * many transactions have begun so far; `oldestSnapshot`: the first of the open ones that read from a snapshot.
 */
export function commit(
  models: readonly TableModel[],
  tx: Transaction,
  onChange: (table: Table, row: Row, before: readonly Value[] | null) => void,
  version = tx.id + 1,
  oldestSnapshot = Number.POSITIVE_INFINITY,
): void {
  tx.open = false
  for (const { table, row } of tx.writes) {
    if (row.lock !== tx) continue
    const before = row.cells
    const after = row.pending
    row.lock = null
    row.pending = null
    if (before !== after) {
      keepOldCells(row, version, oldestSnapshot)
      table.version = version
    }
    row.cells = after
    if (before !== null) dropStaleKeys(models[table.number] as TableModel, table, row, before)
    if (after === null) table.rows.delete(row.id)
    if (before === null) table.size++
    if (after === null) table.size--
    if (before !== after) onChange(table, row, before)
  }
  for (const { row, claims } of tx.writes) for (const claim of claims) dropPassedKey(claim, row)
}

/** Undoes the writes from place `from` on; all of them ends the transaction. */
export function rollback(tx: Transaction, from = 0): void {
  for (let i = tx.writes.length - 1; i >= from; i--) {
    const { table, row, previous, claims } = tx.writes[i] as Write
    for (const { index, key, displaced } of claims) {
      if (displaced === undefined) index.delete(key)
      else index.set(key, displaced)
    }
    if (previous !== undefined) {
      row.pending = previous
      continue
    }
    row.lock = null
    row.pending = null
    if (row.cells === null) table.rows.delete(row.id)
  }
  tx.writes.length = from
  if (from === 0) tx.open = false
}

/** Takes the index entries of cells that a row no longer has. */
function dropStaleKeys(model: TableModel, table: Table, row: Row, old: readonly Value[]): void {
  leaveLookups(model, table, row, old)
  for (let i = 0; i < model.uniques.length; i++) {
    const columns = model.uniques[i] as readonly number[]
    if (row.cells !== null && hasSameKey(columns, row.cells, old)) continue
    const key = indexKey(columns, old)
    if (row.cells !== null && indexKey(columns, row.cells) === key) continue
    const index = table.indexes[i] as Map<Value, Row>
    if (index.get(key) === row) index.delete(key)
  }
}

/** A key that the transaction gave a row for a while, and that it did not keep. */
function dropPassedKey({ index, columns, key, cells }: Claim, row: Row): void {
  // Most keys are kept.
  if (row.cells !== null && hasSameKey(columns, row.cells, cells)) return
  if (index.get(key) === row && (row.cells === null || indexKey(columns, row.cells) !== key)) index.delete(key)
}
