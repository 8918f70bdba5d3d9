/**
 * Projections at work: told of commits, they subscribe, keep their place through crashes, are rebuilt in place or beside
 * the old read model, and wake those who wait for a position.
 */

import { commit, insert, type Table, type Transaction, write } from '../kernel/disk.ts'
import type { Env } from '../kernel/evaluation.ts'
import { emptyEnv } from '../kernel/evaluation.ts'
import type { PatternModel, TableModel, Timer } from '../kernel/model.ts'
import { hangUp } from '../kernel/redelivery.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import { wakeReached } from './await-position.ts'
import { resendParked } from './parking.ts'
import {
  type ProjectionModel,
  type ProjectionRun,
  type ProjectionState,
  projectionState,
  type Session,
  SUBSCRIPTION_GROUPS,
} from './projection-model.ts'
import { endSession, poll, push, schedulePoll, subscribe, Timers } from './subscription.ts'

export function projectionPattern(models: readonly ProjectionModel[]): PatternModel {
  if (models.length === 0) return { name: 'projections', init: () => null }
  const env = emptyEnv()
  const at = (sim: Simulation) => {
    env.sim = sim
    return env
  }
  return {
    name: 'projections',
    init: () => blankState(models),
    onStart: (sim) => {
      for (const model of models) start(sim, model, at(sim))
    },
    isStale: (sim, timer) => isStale(sim, timer),
    onTimer: (sim, timer) => onTimer(sim, models, timer, at(sim)),
    onCommitted: (sim, tx, cause) => onCommitted(sim, models, tx, cause, at(sim)),
    onCrash: (sim, service) => onCrash(sim, service),
    onRecover: (sim, service, cause) => onRecover(sim, models, service, cause),
  }
}

function blankState(models: readonly ProjectionModel[]): ProjectionState {
  return {
    runs: models.map(() => ({
      sessions: [],
      seenUpTo: 0,
      seenBeyond: new Set(),
      applied: 0,
      repeated: 0,
      skipped: 0,
      parked: 0,
      dropped: 0,
      stopped: false,
      replayUntil: 0,
      turn: 0,
      waiters: [],
    })),
    sessions: [],
    handlings: [],
    rebuilds: new Map(),
    heads: new Map(),
    streams: new Map(),
    causes: [],
  }
}

/** Events that are there from the start are events like any others. */
function start(sim: Simulation, model: ProjectionModel, env: Env): void {
  const { nextRow } = sim.tables[model.store.events] as Table
  const { heads } = projectionState(sim)
  heads.set(model.store.service, nextRow)
  if (model.persistent) {
    for (let position = 1; position <= nextRow; position++) push(sim, model, position, env)
    return
  }
  for (const service of model.instances) subscribe(sim, model, service, false, 0, NONE)
}

function isStale(sim: Simulation, timer: Timer): boolean {
  if (timer.step === Timers.parked) return false
  const session = projectionState(sim).sessions[timer.subject]
  if (session === undefined || session.ended) return true
  return timer.step === Timers.watch && session.watched !== timer.token
}

function onTimer(sim: Simulation, models: readonly ProjectionModel[], timer: Timer, env: Env): void {
  if (timer.step === Timers.parked) {
    resendParked(sim, models[timer.token] as ProjectionModel, timer)
    return
  }
  const session = projectionState(sim).sessions[timer.subject] as Session
  const model = models[session.projection] as ProjectionModel
  if (timer.step === Timers.poll) {
    session.polling = false
    poll(sim, model, session, env)
  } else resubscribe(sim, model, session, timer.cause)
}

/** The stream of events broke off: the same instance asks for it again from where it is. */
export function resubscribe(sim: Simulation, model: ProjectionModel, session: Session, cause: number): void {
  endSession(sim, session)
  subscribe(sim, model, session.service, session.isNext, session.applied, cause)
}

function onCommitted(
  sim: Simulation,
  models: readonly ProjectionModel[],
  tx: Transaction,
  cause: number,
  env: Env,
): void {
  const state = projectionState(sim)
  for (const model of models) {
    const pushed: number[] = []
    for (const { table, row } of tx.writes) {
      if (table.number !== model.store.events || row.cells === null) continue
      const position = row.id + 1
      if (sim.trace !== null) state.causes[position] = cause
      state.heads.set(model.store.service, Math.max(position, state.heads.get(model.store.service) ?? 0))
      pushed.push(position)
    }
    if (pushed.length === 0) continue
    if (model.persistent) for (const position of pushed) push(sim, model, position, env)
    else wakeSessions(sim, model, cause)
  }
  const rebuilds = state.rebuilds.get(tx.id)
  if (rebuilds === undefined) return
  state.rebuilds.delete(tx.id)
  for (const { projection, mode } of rebuilds) startRebuild(sim, models[projection] as ProjectionModel, mode, cause)
}

function wakeSessions(sim: Simulation, model: ProjectionModel, cause: number): void {
  const state = projectionState(sim)
  for (const id of (state.runs[model.number] as ProjectionRun).sessions) {
    schedulePoll(sim, model, state.sessions[id] as Session, cause)
  }
}

function onCrash(sim: Simulation, service: number): void {
  const state = projectionState(sim)
  for (const session of state.sessions) {
    if (session.service === service && !session.ended) endSession(sim, session)
  }
  hangUp(sim, service, SUBSCRIPTION_GROUPS, sim.value('connection closed'))
}

/** Memory is gone: it goes on from the position that is stored. */
function onRecover(sim: Simulation, models: readonly ProjectionModel[], service: number, cause: number): void {
  for (const model of models) {
    if (model.persistent || !model.instances.includes(service)) continue
    subscribe(sim, model, service, false, storedPosition(sim, model, model.live.name), cause)
    if (model.next === null || service !== model.instances[0]) continue
    const next = positionRow(sim, model, model.next.name)
    if (next !== undefined) subscribe(sim, model, service, true, next[1] as number, cause)
  }
}

function positionRow(sim: Simulation, model: ProjectionModel, name: string): readonly Value[] | undefined {
  return (sim.tables[model.tables.positions] as Table).indexes[0]?.rows.get(name)?.cells ?? undefined
}

export function storedPosition(sim: Simulation, model: ProjectionModel, name: string): number {
  return (positionRow(sim, model, name)?.[1] as number | undefined) ?? 0
}

/** Everything known so far is read again. In place, the read model is empty meanwhile; blue/green, the old one serves. */
function startRebuild(sim: Simulation, model: ProjectionModel, mode: 'in place' | 'blue/green', cause: number): void {
  const state = projectionState(sim)
  const run = state.runs[model.number] as ProjectionRun
  const home = model.instances[0] as number
  const position = sim.note(Kind.rebuildStarted, home, NONE, NONE, cause, model.number, sim.value(mode))
  run.replayUntil = Math.max(run.replayUntil, state.heads.get(model.store.service) ?? 0)
  run.stopped = false
  const isNext = mode === 'blue/green'
  for (const id of run.sessions) {
    const session = state.sessions[id] as Session
    if (session.isNext || !isNext) endSession(sim, session)
  }
  if (isNext) subscribe(sim, model, home, true, 0, position)
  else for (const service of model.instances) subscribe(sim, model, service, false, 0, position)
}

/** The new read model has caught up: it takes the place of the old one, in one transaction. */
export function swapWhenCaughtUp(sim: Simulation, model: ProjectionModel, session: Session, cause: number): void {
  const state = projectionState(sim)
  const head = state.heads.get(model.store.service) ?? 0
  if (!session.isNext || session.queue.length > 0 || session.read < head || model.next === null) return
  const tx: Transaction = {
    id: sim.transactionCount++,
    writes: [],
    waiters: [],
    waitsFor: null,
    open: true,
    at: sim.now,
  }
  model.live.tables.forEach((live, i) => moveRows(sim, tx, model.next?.tables[i] as number, live))
  setPosition(sim, tx, model, model.live.name, session.applied)
  removePosition(sim, tx, model, model.next.name)
  commitAlone(sim, tx, cause)
  const home = model.instances[0] as number
  sim.note(Kind.rebuildFinished, home, NONE, NONE, cause, model.number, session.applied)
  for (const id of [...(state.runs[model.number] as ProjectionRun).sessions]) {
    endSession(sim, state.sessions[id] as Session)
  }
  for (const service of model.instances) subscribe(sim, model, service, false, session.applied, cause)
  wakeReached(sim, model, session.applied)
}

function moveRows(sim: Simulation, tx: Transaction, from: number, to: number): void {
  const source = sim.tables[from] as Table
  const target = sim.tables[to] as Table
  for (const row of [...target.rows.values()]) write(sim.model.tables[to] as TableModel, target, tx, row, null)
  for (const row of [...source.rows.values()]) {
    if (row.cells === null) continue
    insert(sim.model.tables[to] as TableModel, target, tx, row.cells)
    write(sim.model.tables[from] as TableModel, source, tx, row, null)
  }
}

/** Writes a position in an open transaction. */
export function setPosition(
  sim: Simulation,
  tx: Transaction,
  model: ProjectionModel,
  name: string,
  position: number,
): void {
  const table = sim.tables[model.tables.positions] as Table
  const tableModel = sim.model.tables[model.tables.positions] as TableModel
  const outcome = insert(tableModel, table, tx, [name, position])
  if ('violates' in outcome) write(tableModel, table, tx, outcome.violates, [name, position])
}

function removePosition(sim: Simulation, tx: Transaction, model: ProjectionModel, name: string): void {
  const table = sim.tables[model.tables.positions] as Table
  const row = table.indexes[0]?.rows.get(name)
  if (row !== undefined) write(sim.model.tables[model.tables.positions] as TableModel, table, tx, row, null)
}

/** Commits a transaction that no handler has opened. */
export function commitAlone(sim: Simulation, tx: Transaction, cause: number): void {
  commit(sim.model.tables, tx, (table, row) => {
    if (sim.trace === null) return
    const { service } = sim.model.tables[table.number] as TableModel
    sim.note(Kind.rowChanged, service, NONE, NONE, cause, sim.storeRow(table, row, row.stored))
  })
}

/** An event's first application counts as such, every further one as a repetition. */
export function countApplied(sim: Simulation, model: ProjectionModel, position: number): void {
  const run = projectionState(sim).runs[model.number] as ProjectionRun
  run.applied++
  if (position <= run.seenUpTo || run.seenBeyond.has(position)) {
    run.repeated++
    return
  }
  if (position !== run.seenUpTo + 1) {
    run.seenBeyond.add(position)
    return
  }
  run.seenUpTo = position
  while (run.seenBeyond.size > 0 && run.seenBeyond.delete(run.seenUpTo + 1)) run.seenUpTo++
}
