/**
 * Several instances of a projection, one of which may work: a claim, kept as a row, renewed by whoever works and free
 * for the others when its time is over. Each new owner gets a higher token; an update under an old one is refused.
 */
import { commit, insert, type Table, type Transaction, write } from '../kernel/disk.ts'
import type { TableModel } from '../kernel/model.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import { storedPosition } from './projection.ts'
import { type ProjectionModel, projectionState, type Session } from './projection-model.ts'
import { setTimer, Timers } from './subscription.ts'

const OWNER = 1
const TOKEN = 2
const UNTIL = 3

/** Takes or renews the claim; when somebody else has it, looks again when it ends and there is still work to do. */
export function holdsClaim(sim: Simulation, model: ProjectionModel, session: Session): boolean {
  const cells = (sim.tables[model.tables.claims] as Table).indexes[0]?.rows.get(model.name)?.cells ?? null
  const owner = sim.model.services[session.service]?.name ?? ''
  const isOthers = cells !== null && cells[OWNER] !== owner
  if (isOthers && !isAbandoned(sim, model, cells)) {
    session.token = 0
    lookAgain(sim, model, session)
    return false
  }
  const isNew = isOthers || cells === null || session.token === 0
  const token = ((cells?.[TOKEN] as number | undefined) ?? 0) + (isNew ? 1 : 0)
  store(sim, model, [model.name, owner, token, (sim.now + model.claimTime) / 1000])
  session.token = token
  if (!isNew) return true
  sim.note(Kind.claimTaken, session.service, NONE, NONE, NONE, model.number, token)
  // The one before has stored how far it came.
  session.read = storedPosition(sim, model, model.live.name)
  session.applied = session.read
  session.queue = []
  return true
}

/** The claim has run out and its owner is silent. One that is alive has renewed it all the while: that is written here. */
function isAbandoned(sim: Simulation, model: ProjectionModel, cells: readonly Value[]): boolean {
  if (sim.now < (cells[UNTIL] as number) * 1000) return false
  const owner = sim.services[sim.model.services.findIndex(({ name }) => name === cells[OWNER])] as ServiceState
  if (!owner.up || sim.now < owner.pausedUntil) return true
  store(sim, model, [...cells.slice(0, UNTIL), (sim.now + model.claimTime) / 1000])
  return false
}

function lookAgain(sim: Simulation, model: ProjectionModel, session: Session): void {
  const head = projectionState(sim).heads.get(model.store.service) ?? 0
  if (session.polling || storedPosition(sim, model, model.live.name) >= head) return
  session.polling = true
  const row = (sim.tables[model.tables.claims] as Table).indexes[0]?.rows.get(model.name)
  const until = (row?.cells?.[UNTIL] as number | undefined) ?? sim.now / 1000
  setTimer(sim, session.service, session.id, Timers.poll, until * 1000, NONE)
}

/** The token of whoever has the claim now. */
export function currentToken(sim: Simulation, model: ProjectionModel): number {
  return ((sim.tables[model.tables.claims] as Table).indexes[0]?.rows.get(model.name)?.cells?.[TOKEN] as number) ?? 0
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
