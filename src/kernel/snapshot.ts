/**
 * Transactions above READ COMMITTED. REPEATABLE READ: a transaction reads what was committed when it began, and may not
 * write a row that somebody has changed since. SERIALIZABLE: besides, nothing it has read may have changed by the time
 * it commits, unless it writes nothing. Who comes too late is rolled back and handled again. A row that is deleted is
 * gone for every snapshot; at SERIALIZABLE that counts as a change of what was read.
 */
import type { Value } from '../trace/trace-format.ts'
import type { Row, Table, Transaction } from './disk.ts'
import { rowUnder, type UniqueIndex } from './unique-index.ts'

export const isolationLevels = ['read committed', 'repeatable read', 'serializable'] as const
export type IsolationLevel = (typeof isolationLevels)[number]

export interface OldCells {
  readonly version: number
  readonly cells: readonly Value[] | null
  readonly older: OldCells | null
}

/** What a transaction above READ COMMITTED has read; null when it need not stay true. */
export interface Snapshot {
  readonly reads: Read[] | null
}

/** A whole table was looked through, or one row of a unique index asked for (null: it was not there). */
interface Read {
  readonly table: Table
  readonly index: number
  /** The values of the index’s columns. */
  readonly key: readonly Value[]
  readonly row: Row | null
}
const WHOLE_TABLE = -1

export function takeSnapshot(level: IsolationLevel): Snapshot | null {
  if (level === 'read committed') return null
  return { reads: level === 'serializable' ? [] : null }
}

/** The row has changed since the transaction's snapshot. */
export function isAfterSnapshot(row: Row, tx: Transaction | null): boolean {
  return tx !== null && tx.snapshot !== null && tx.snapshot !== undefined && row.version > tx.id
}

/** The cells that were committed when so many transactions had begun. */
export function cellsAt(row: Row, version: number): readonly Value[] | null {
  let old = row.older
  while (old !== null && old.version > version) old = old.older
  return old === null ? null : old.cells
}

/** Before a commit changes the row: what open snapshots may still ask for is kept. */
export function keepOldCells(row: Row, version: number, oldestSnapshot: number): void {
  row.older = oldestSnapshot < version ? { version: row.version, cells: row.cells, older: row.older } : null
  row.version = version
}

export function noteScan(tx: Transaction | null, table: Table): void {
  const reads = tx?.snapshot?.reads
  if (reads === null || reads === undefined) return
  if (reads.some((read) => read.table === table && read.index === WHOLE_TABLE)) return
  reads.push({ table, index: WHOLE_TABLE, key: [], row: null })
}

export function noteKey(
  tx: Transaction | null,
  table: Table,
  index: number,
  key: readonly Value[],
  row: Row | null,
): void {
  tx?.snapshot?.reads?.push({ table, index, key, row })
}

/** Does somebody's commit stand between what this transaction has read and what is true now? */
export function hasReadTheOutdated(tx: Transaction): boolean {
  const reads = tx.snapshot?.reads
  if (reads === null || reads === undefined || tx.writes.length === 0) return false
  return reads.some((read) => {
    if (read.index === WHOLE_TABLE) return read.table.version > tx.id
    if (read.row !== null) return read.row.version > tx.id
    const now = rowUnder(read.table.indexes[read.index] as UniqueIndex, read.key)
    return now !== undefined && now.lock !== tx && now.cells !== null && now.version > tx.id
  })
}
