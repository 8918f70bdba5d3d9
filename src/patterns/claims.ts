/**
 * Several instances of a projection, one of which may work: a claim, kept as a row, renewed by whoever works and free
 * for the others when its time is over. Each new owner gets a higher token; an update under an old one is refused.
 */
import { commit, insert, type Table, type Transaction, write } from '../kernel/disk.ts'
import type { TableModel } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import type { ProjectionModel, Session } from './projection-model.ts'
import { setTimer, Timers } from './subscription.ts'

const OWNER = 1
const TOKEN = 2
const UNTIL = 3

/** Takes or renews the claim; when somebody else has it, looks again when it ends. */
export function holdsClaim(sim: Simulation, model: ProjectionModel, session: Session): boolean {
  const table = sim.tables[model.tables.claims] as Table
  const row = table.indexes[0]?.get(model.name)
  const cells = row?.cells ?? null
  const owner = sim.model.services[session.service]?.name ?? ''
  const isFree = cells === null || sim.now >= (cells[UNTIL] as number) * 1000
  if (!isFree && cells?.[OWNER] !== owner) {
    session.token = 0
    if (!session.polling) {
      session.polling = true
      setTimer(sim, session.service, session.id, Timers.poll, (cells?.[UNTIL] as number) * 1000, NONE)
    }
    return false
  }
  const isNew = cells === null || cells[OWNER] !== owner || session.token === 0
  const token = ((cells?.[TOKEN] as number | undefined) ?? 0) + (isNew ? 1 : 0)
  store(sim, model, [model.name, owner, token, (sim.now + model.claimTime) / 1000])
  session.token = token
  if (isNew) sim.note(Kind.claimTaken, session.service, NONE, NONE, NONE, model.number, token)
  return true
}

/** The token of whoever has the claim now. */
export function currentToken(sim: Simulation, model: ProjectionModel): number {
  return ((sim.tables[model.tables.claims] as Table).indexes[0]?.get(model.name)?.cells?.[TOKEN] as number) ?? 0
}

/** In a transaction of its own. */
function store(sim: Simulation, { tables }: ProjectionModel, cells: readonly Value[]): void {
  const table = sim.tables[tables.claims] as Table
  const model = sim.model.tables[tables.claims] as TableModel
  const tx: Transaction = { id: sim.transactionCount++, writes: [], waiters: [], waitsFor: null, open: true }
  const outcome = insert(model, table, tx, cells)
  if ('violates' in outcome) write(model, table, tx, outcome.violates, cells)
  commit(sim.model.tables, tx, (changedTable, row) => {
    if (sim.trace === null) return
    sim.note(Kind.rowChanged, model.service, NONE, NONE, NONE, sim.storeRow(changedTable, row, row.stored))
  })
}
