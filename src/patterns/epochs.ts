/**
 * The receiver's side of a lease: a message carries the epoch its sender believed in, and one that is older than the
 * newest seen from that service comes from a zombie. It is refused and not answered: nobody waits for a zombie.
 */
import { insert, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import { waitFor } from '../kernel/handler.ts'
import { serviceOf } from '../kernel/instances.ts'
import { Metric } from '../kernel/metrics.ts'
import { Next, type NextCode, type Program, type Step, type TableModel } from '../kernel/model.ts'
import { note } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { Kind } from '../trace/kinds.ts'

export const epochColumns = ['sender', 'epoch'] as const
const EPOCH = 1

/** Remembers the newest epoch in the transaction of the effect, and turns away what is older. */
export function checkEpoch(number: number): Step {
  return (sim, task) => {
    const { from, epoch } = task.message as Message
    if (epoch === 0) return Next.go
    const tx = task.tx as Transaction
    const table = sim.tables[number] as Table
    const model = sim.model.tables[number] as TableModel
    const sender = sim.model.services[serviceOf(sim, from)]?.name ?? ''
    const row = table.indexes[0]?.rows.get(sender)
    if (row?.lock && row.lock !== tx) return waitFor(sim, task, row.lock, `the newest epoch of ${sender}`)
    const known = row === undefined ? null : seen(row, tx)
    if (row === undefined || known === null) insert(model, table, tx, [sender, epoch])
    else if (epoch < (known[EPOCH] as number)) return refuseStale(sim, task)
    else if (epoch > (known[EPOCH] as number)) write(model, table, tx, row, [sender, epoch])
    return Next.go
  }
}

function refuseStale(sim: Simulation, task: Task): NextCode {
  sim.count((task.message as Message).body.type, Metric.refused)
  task.cause = note(sim, task, Kind.refused, sim.value('STALE_EPOCH'))
  task.answer = false
  task.pc = (sim.model.programs[task.program] as Program).onDuplicate
  return Next.jump
}
