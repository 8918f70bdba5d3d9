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
import { createIndex, dropRow, hasSameKey, isSameKey, rowAt, setRow, type UniqueIndex } from './unique-index.ts'

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
  readonly indexes: UniqueIndex[]
  /** By look-up column: value → rows that have it or may have had it, oldest first. A reader checks the row itself. */
  readonly lookups: Map<Value, Row[]>[]
  nextRow: number
  /** Committed rows. */
  size: number
  /** The version of its latest change. */
  version: number
  /** The columns of each index. */
  readonly uniques: TableModel['uniques']
  /** Somebody has written into it, committed or not, since the run began. */
  touched: boolean
  /** Every committed change, in order, where somebody may ask what there was; null where nobody can. */
  readonly past: PastRow[] | null
}

/** What a row was from then on; null cells: it was gone. */
export interface PastRow {
  readonly row: number
  /** The table's version with this change, and the virtual time, microseconds. */
  readonly version: number
  readonly at: number
  readonly cells: readonly Value[] | null
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
  readonly index: UniqueIndex
  readonly columns: readonly number[]
  /** The cells that have the key. */
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
    indexes: model.uniques.map(createIndex),
    lookups: model.lookups.map(() => new Map()),
    nextRow: 0,
    size: model.rows.length,
    version: 0,
    uniques: model.uniques,
    touched: false,
    past: model.keepsPast ? [] : null,
  }
  for (const cells of model.rows) {
    const row: Row = { id: table.nextRow++, cells, pending: null, lock: null, version: 0, older: null, stored: -1 }
    table.rows.set(row.id, row)
    table.past?.push({ row: row.id, version: 0, at: 0, cells })
    for (let i = 0; i < model.uniques.length; i++) {
      setRow(table.indexes[i] as UniqueIndex, model.uniques[i] as readonly number[], cells, row)
    }
    enterLookups(model, table, row, cells, null)
  }
  return table
}

/** The row a unique index has under the cells' key, whoever holds it. */
export function findRow(model: TableModel, table: Table, index: number, cells: readonly Value[]): Row | undefined {
  return rowAt(table.indexes[index] as UniqueIndex, model.uniques[index] as readonly number[], cells)
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
  // Nobody had these keys: what the row holds says which to give back, and no list of them is needed.
  const claims = isTaken ? claimKeys(model, table, row, cells, null, true) : enterKeys(table, row, cells)
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
    claims = claimKeys(model, table, row, cells, before, isTaken)
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
  if ((rows[place - 1] as Row).id < row.id) {
    rows.push(row)
    return
  }
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

function enterKeys({ uniques, indexes }: Table, row: Row, cells: readonly Value[]): readonly Claim[] {
  for (let i = 0; i < uniques.length; i++) {
    setRow(indexes[i] as UniqueIndex, uniques[i] as readonly number[], cells, row)
  }
  return NO_CLAIMS
}

/** Takes the index entries of these cells that the row has and is not to keep. */
function leaveKeys(
  { uniques, indexes }: Table,
  row: Row,
  cells: readonly Value[],
  kept: readonly Value[] | null,
): void {
  for (let i = 0; i < uniques.length; i++) {
    const columns = uniques[i] as readonly number[]
    // Most keys are kept.
    if (kept !== null && isSameKey(columns, kept, cells)) continue
    dropRow(indexes[i] as UniqueIndex, columns, cells, row)
  }
}

/** Points the indexes at the row, where its keys are not what they were; `isAnyTaken`: some point at another row now. */
function claimKeys(
  model: TableModel,
  table: Table,
  row: Row,
  cells: readonly Value[],
  before: readonly Value[] | null,
  isAnyTaken: boolean,
): readonly Claim[] {
  let claims = NO_CLAIMS
  for (let i = 0; i < model.uniques.length; i++) {
    const columns = model.uniques[i] as readonly number[]
    if (before !== null && hasSameKey(columns, cells, before)) continue
    const index = table.indexes[i] as UniqueIndex
    const claim = { index, columns, cells, displaced: isAnyTaken ? rowAt(index, columns, cells) : undefined }
    claims = claims.length === 0 ? [claim] : [...claims, claim]
    setRow(index, columns, cells, row)
  }
  return claims
}

/** The last look for obstacles has met an entry that was no obstacle: a write would take it over. */
let isTaken = false

function uniqueObstacle(
  model: TableModel,
  table: Table,
  tx: Transaction,
  cells: readonly Value[],
  self: Row | null,
  before: readonly Value[] | null = null,
): Obstacle | null {
  isTaken = false
  for (let i = 0; i < model.uniques.length; i++) {
    const columns = model.uniques[i] as readonly number[]
    // Its own entry is there already.
    if (before !== null && hasSameKey(columns, cells, before)) continue
    const other = findRow(model, table, i, cells)
    if (other === undefined) continue
    isTaken = true
    if (other === self) continue
    const holder = heldByOther(other, tx)
    if (holder !== null) return { waitFor: holder }
    // An index may still point at a row that has moved away from the value or is deleted in this transaction.
    const now = latest(other, tx)
    if (now !== null && isSameKey(columns, cells, now)) return { violates: other }
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
    if (before !== null) {
      leaveLookups(models[table.number] as TableModel, table, row, before)
      leaveKeys(table, row, before, after)
    }
    if (after === null) table.rows.delete(row.id)
    if (before === null) table.size++
    if (after === null) table.size--
    if (before !== after && table.past !== null) table.past.push({ row: row.id, version, at: tx.at ?? 0, cells: after })
    if (before !== after) onChange(table, row, before)
  }
  // Keys that the transaction gave a row for a while, and that it did not keep.
  for (const { table, row, previous } of tx.writes) {
    if (previous !== undefined && previous !== null) leaveKeys(table, row, previous, row.cells)
  }
}

/** Undoes the writes from place `from` on; all of them ends the transaction. */
export function rollback(tx: Transaction, from = 0): void {
  for (let i = tx.writes.length - 1; i >= from; i--) {
    const { table, row, previous, claims } = tx.writes[i] as Write
    for (const { index, columns, cells, displaced } of claims) {
      if (displaced === undefined) dropRow(index, columns, cells, row)
      else setRow(index, columns, cells, displaced)
    }
    if (previous !== undefined) {
      row.pending = previous
      continue
    }
    if (row.cells === null && claims.length === 0) leaveKeys(table, row, row.pending as readonly Value[], null)
    row.lock = null
    row.pending = null
    if (row.cells === null) table.rows.delete(row.id)
  }
  tx.writes.length = from
  if (from === 0) tx.open = false
}
