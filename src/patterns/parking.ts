/** Events a projection could not apply: put aside with the reason, alone or with all that follow in their stream. */
import { insert, type Table, type Transaction, write } from '../kernel/disk.ts'
import type { TableModel, Timer } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import { PROJECTION_PATTERN } from './pattern-numbers.ts'
import { type EventPayload, type ProjectionModel, STREAM_GROUPS } from './projection-model.ts'
import { sendPayload, Timers } from './subscription.ts'

const POSITION = 2
const STREAM = 3
const EVENT = 5
const ATTEMPTS = 6
/** Retries of parked events keep out of the way of everything else. */
const PARKED_GROUP = STREAM_GROUPS - 1

const keyOf = (model: ProjectionModel, position: number) => `${model.name}/${position}`

export function isParkedEvent(sim: Simulation, model: ProjectionModel, position: number): boolean {
  if (model.tables.parked < 0) return false
  return rowOf(sim, model, position) !== undefined
}

function rowOf(sim: Simulation, model: ProjectionModel, position: number) {
  return (sim.tables[model.tables.parked] as Table).indexes[0]?.rows.get(keyOf(model, position))
}

/** Does something of the same stream lie there already, from before this event? */
export function hasParkedBefore(sim: Simulation, model: ProjectionModel, event: EventPayload): boolean {
  const { rows } = sim.tables[model.tables.parked] as Table
  const { stream, position } = event.event as { stream: string; position: number }
  for (const { cells } of rows.values()) {
    if (cells !== null && cells[STREAM] === stream && (cells[POSITION] as number) < position) return true
  }
  return false
}

/** Puts an event aside in the open transaction; one that lies there already has failed once more. */
export function parkEvent(sim: Simulation, task: Task, model: ProjectionModel, event: EventPayload, why: string): void {
  const { position, stream } = event.event as { position: number; stream: string }
  const table = sim.tables[model.tables.parked] as Table
  const tableModel = sim.model.tables[model.tables.parked] as TableModel
  const tx = task.tx as Transaction
  const known = rowOf(sim, model, position)
  const attempts = ((known?.cells?.[ATTEMPTS] as number | undefined) ?? 0) + 1
  const cells: Value[] = [keyOf(model, position), model.name, position, stream, why, event, attempts]
  if (known === undefined) insert(tableModel, table, tx, cells)
  else write(tableModel, table, tx, known, cells)
  if (model.parkedRetry === 0 || attempts > model.parkedRetriesMax) return
  const timer = { pattern: PROJECTION_PATTERN, service: task.service, subject: position, step: Timers.parked }
  sim.setTimer({ ...timer, token: model.number, durable: true, cause: task.cause }, sim.now + model.parkedRetry)
}

export function unpark(sim: Simulation, task: Task, model: ProjectionModel, position: number): void {
  const row = rowOf(sim, model, position)
  if (row === undefined) return
  const tableModel = sim.model.tables[model.tables.parked] as TableModel
  write(tableModel, sim.tables[model.tables.parked] as Table, task.tx as Transaction, row, null)
}

/** Its time has come to be tried again. */
export function resendParked(sim: Simulation, model: ProjectionModel, timer: Timer): void {
  const cells = rowOf(sim, model, timer.subject)?.cells ?? null
  if (cells === null) return
  const event = cells[EVENT] as EventPayload
  const type = model.live.messageTypes.get(String(event.event.type))
  if (type === undefined) return
  sendPayload(sim, timer.service, timer.service, type, PARKED_GROUP, event, 0, timer.cause, NONE)
}
