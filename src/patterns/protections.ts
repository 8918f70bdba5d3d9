/**
 * What the protections of one service share: their tables, and how a duplicate leaves the handler. Each protection is
 * a pair of steps woven around the operation, inside its transaction: a claim before, a record after.
 */
import { insert, type Row, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import { giveWay } from '../kernel/give-way.ts'
import { waitFor } from '../kernel/handler.ts'
import { Metric } from '../kernel/metrics.ts'
import { Next, type NextCode, type Payload, type Program, type TableModel } from '../kernel/model.ts'
import { note } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { isAfterSnapshot } from '../kernel/snapshot.ts'
import type { Task } from '../kernel/task.ts'
import { Kind, Outcome } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'

export type ClaimResult =
  | { readonly claimed: Row }
  | { readonly existing: Row; readonly cells: readonly Value[] }
  | { readonly next: NextCode }

/** Inserts a row with a unique key in the task's transaction, finds the one that is there, or waits for its owner. */
export function claim(sim: Simulation, task: Task, table: number, cells: readonly Value[], what: string): ClaimResult {
  const tx = task.tx as Transaction
  const outcome = insert(model(sim, table), sim.tables[table] as Table, tx, cells)
  if ('waitFor' in outcome) return { next: waitFor(sim, task, outcome.waitFor, what) }
  if ('violates' in outcome) {
    if (isAfterSnapshot(outcome.violates, tx)) return { next: giveWay(sim, task) }
    return { existing: outcome.violates, cells: seen(outcome.violates, tx) as readonly Value[] }
  }
  return { claimed: outcome }
}

/** Writes a row that this transaction owns or that nobody holds; waits for its holder otherwise. */
export function rewrite(
  sim: Simulation,
  task: Task,
  table: number,
  row: Row,
  cells: readonly Value[] | null,
  what: string,
): NextCode {
  const tx = task.tx as Transaction
  if (row.lock !== null && row.lock !== tx) return waitFor(sim, task, row.lock, what)
  if (isAfterSnapshot(row, tx)) return giveWay(sim, task)
  write(model(sim, table), sim.tables[table] as Table, tx, row, cells)
  return Next.go
}

/** The row was used: it is the last to go when room is needed. */
export function touch(sim: Simulation, table: number, row: Row): void {
  const { rows } = sim.tables[table] as Table
  if (rows.delete(row.id)) rows.set(row.id, row)
}

function model(sim: Simulation, table: number): TableModel {
  return sim.model.tables[table] as TableModel
}

/** A duplicate: the stored reply stands, the operation does not run. `place`: the row that has it, see emitted.ts. */
export function turnAway(
  sim: Simulation,
  task: Task,
  by: string,
  key: string,
  reply: string | null,
  place: number = NONE,
): NextCode {
  readReply(task, reply)
  task.storedIn = place
  if (task.message !== null) sim.count(task.message.body.type, Metric.deduplicated)
  task.cause = note(sim, task, Kind.deduplicated, sim.value(by), sim.value(key))
  task.pc = (sim.model.programs[task.program] as Program).onDuplicate
  return Next.jump
}

/** The handling has something to keep but nothing to do. */
export function skipOperation(sim: Simulation, task: Task): NextCode {
  task.outcome = Outcome.ok
  task.pc = (sim.model.programs[task.program] as Program).onSkip
  return Next.jump
}

/** A reply as it is stored: `ok`, `ok {"price":100}`, `refused REASON`, or `error REASON`. */
export function replyText(task: Task): string {
  if (task.outcome === Outcome.ok) return task.returned === null ? 'ok' : `ok ${JSON.stringify(task.returned)}`
  return `${task.outcome === Outcome.refused ? 'refused' : 'error'} ${task.reason ?? ''}`
}

export function readReply(task: Task, stored: string | null): void {
  const [, word, reason] = /^(refused|error) (.*)$/.exec(stored ?? '') ?? []
  task.outcome = word === undefined ? Outcome.ok : word === 'refused' ? Outcome.refused : Outcome.failed
  task.reason = reason ?? null
  task.returned = stored?.startsWith('ok {') ? (JSON.parse(stored.slice(3)) as Payload) : null
}
