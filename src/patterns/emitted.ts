/**
 * The event of an operation, when a stored answer stands for it: what has gone out is not published again; what a crash
 * may have swallowed is, under the message id it had if it had one, so that an inbox further on recognises it. An outbox
 * needs none of this: what is stored there goes out anyway.
 */
import { publish, send, sendOrPublish } from '../kernel/bus.ts'
import type { Row, Table } from '../kernel/disk.ts'
import { haveSent, sendStep } from '../kernel/handler.ts'
import { Next, type PatternModel, type Step } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Outgoing, Task } from '../kernel/task.ts'
import { NONE } from '../trace/trace-format.ts'
import { EMITTED_PATTERN } from './pattern-numbers.ts'

/** The tables of a service's protections, −1 for those it does not have. */
export interface ProtectionTables {
  readonly inbox: number
  readonly key: number
  readonly fence: number
}

/** By row of a protection: the message ids of the copies of its event. `isOut`: the service outlived sending them. */
type Emitted = Map<number, { readonly ids: readonly number[]; readonly isOut: boolean }>

export const emittedPattern: PatternModel = { name: 'emitted', init: (): Emitted => new Map() }

/** A row of a protection, as one number. */
export function placeOf(sim: Simulation, table: number, row: Row): number {
  return row.id * sim.model.tables.length + table
}

export function tableOf(sim: Simulation, place: number): number {
  return place % sim.model.tables.length
}

/** Sends what the task wishes to send, its event only as far as it is not out yet. */
export function sendWithStoredIds(tables: ProtectionTables): Step {
  return (sim, task) => {
    if (task.emitted === 0) return sendStep(sim, task)
    const emitted = sim.patterns[EMITTED_PATTERN] as Emitted
    const before = task.storedIn < 0 ? undefined : emitted.get(task.storedIn)
    const first = task.publications.length
    const ids: number[] = []
    task.sends.forEach((out, i) => {
      if (i < first || i >= first + task.emitted) sendOrPublish(sim, task.service, out, task.cause)
      else if (!before?.isOut) ids.push(emit(sim, task, out, before?.ids[i - first]))
    })
    const next = haveSent(sim, task)
    if (before?.isOut) return next
    const { size } = emitted
    for (const place of placesOf(sim, task, tables)) emitted.set(place, { ids, isOut: next !== Next.done })
    if (Math.floor(emitted.size / SWEEP) > Math.floor(size / SWEEP)) sweep(sim, emitted)
    return next
  }
}
const SWEEP = 4096

/** An event counts as published once, however often it is sent. */
function emit(sim: Simulation, task: Task, out: Outgoing, id: number | undefined): number {
  if (id === undefined) publish(sim, task.service, out, task.cause)
  return out.to === NONE ? NONE : send(sim, task.service, out, task.cause, id ?? NONE).logical
}

function placesOf(sim: Simulation, task: Task, tables: ProtectionTables): number[] {
  if (task.storedIn >= 0) return [task.storedIn]
  const rows: [number, Row | null][] = [
    [tables.inbox, task.inboxRow],
    [tables.key, task.keyRow],
    [tables.fence, task.fenceRow],
  ]
  return rows.flatMap(([table, row]) => (row === null ? [] : placeOf(sim, table, row)))
}

/** Forgets the ids of rows that are gone. */
function sweep(sim: Simulation, emitted: Emitted): void {
  const { length } = sim.model.tables
  for (const place of [...emitted.keys()]) {
    const table = sim.tables[place % length] as Table
    if (!table.rows.has(Math.floor(place / length))) emitted.delete(place)
  }
}
