/** What an operation looks at, written down for those who ask afterwards whether it was true. */
import { Kind } from '../trace/kinds.ts'
import type { Value } from '../trace/trace-format.ts'
import { heldByOther, type Row, seen, type Table, type Transaction } from './disk.ts'
import { type Env, pastRows } from './evaluation.ts'
import { note } from './service.ts'
import type { Simulation } from './simulation.ts'
import { isAfterSnapshot, noteScan } from './snapshot.ts'
import type { Task } from './task.ts'

/** Only committed cells of the present are a look at what others did: not its own writes, not an older snapshot. */
export function noteRead(sim: Simulation, task: Task, table: number, row: Row): void {
  if (sim.trace === null || task.saga < 0) return
  const tx = task.tx as Transaction
  const isItsOwn = row.lock !== null && heldByOther(row, tx) === null && row.pending !== row.cells
  if (isItsOwn || isAfterSnapshot(row, tx)) return
  task.cause = note(sim, task, Kind.rowRead, table, row.id)
}

/** The row with this primary key, as the environment's transaction sees it; null when there is none. */
export function rowByKey(env: Env, number: number, column: number, key: unknown): readonly Value[] | null {
  const table = env.sim.tables[number] as Table
  if (env.past && table.past !== null) {
    return pastRows(env.past, table.past, number).find((cells) => cells[column] === key) ?? null
  }
  noteScan(env.tx, table)
  for (const row of table.rows.values()) {
    const cells = seen(row, env.tx)
    if (cells === null || cells[column] !== key) continue
    if (env.reader) noteRead(env.sim, env.reader, number, row)
    return cells
  }
  return null
}
