/** The broker's own table about a consumer group, written in transactions of their own: who has what, and how far. */
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { commit, type Table, type Transaction, write } from './disk.ts'
import type { TableModel } from './model.ts'
import { type GroupState, groupModel, type Partition } from './partitions.ts'
import type { Simulation } from './simulation.ts'

export const partitionColumns = ['partition', 'owner', 'generation', 'committed', 'turnedAway'] as const

export function noteGroupRow(sim: Simulation, group: GroupState, number: number, cause: number): void {
  const { table: at } = groupModel(sim, group)
  const { owner, since, committed, turnedAway } = group.partitions[number] as Partition
  const table = sim.tables[at] as Table
  const row = table.rows.get(number)
  if (row === undefined) return
  const tx: Transaction = { id: sim.transactionCount++, writes: [], waiters: [], waitsFor: null, open: true }
  const name = owner === NONE ? null : (sim.model.services[owner]?.name ?? null)
  write(sim.model.tables[at] as TableModel, table, tx, row, [number, name, since, committed, turnedAway])
  commit(sim.model.tables, tx, (changed, written) => {
    if (sim.trace === null) return
    const process = owner === NONE ? groupModel(sim, group).service : owner
    sim.note(Kind.rowChanged, process, NONE, NONE, cause, sim.storeRow(changed, written, written.stored))
  })
  sim.check((touched) => touched === at, false, cause)
}
