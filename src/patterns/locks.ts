/**
 * Semantic locks: rows that outlive a transaction and say "a saga is at work here". Whoever meets one is refused or
 * waits for its release; holders that wait for each other in a circle are a deadlock. A lock can have a time to live,
 * and each holder gets a higher token (a fencing token) than the one before.
 */

import { Action } from '../kernel/action.ts'
import { clockOf, untilClock } from '../kernel/clock.ts'
import { heldByOther, insert, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import { waitFor } from '../kernel/handler.ts'
import { countBlocked } from '../kernel/lock-times.ts'
import { Next, type NextCode, type PatternModel, type Step, type TableModel } from '../kernel/model.ts'
import { note, refuseTask } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { Kind } from '../trace/kinds.ts'
import type { Value } from '../trace/trace-format.ts'
import { LOCK_PATTERN } from './pattern-numbers.ts'

export const lockColumns = ['name', 'holder', 'token', 'until'] as const
const HOLDER = 1
const TOKEN = 2
const UNTIL = 3

export interface LockModel {
  readonly table: number
  readonly name: (sim: Simulation, task: Task) => string
  readonly holder: (sim: Simulation, task: Task) => string
  readonly wait: boolean
  /** Microseconds; 0 = wait for ever. */
  readonly timeout: number
  /** Microseconds; Infinity = until released. */
  readonly timeToLive: number
  readonly detectDeadlock: boolean
}

interface Waiter {
  readonly slot: number
  readonly token: number
  readonly holder: string
}

interface LockState {
  /** By table and lock name, in order of their coming. */
  readonly waiters: Map<string, Waiter[]>
  /** Holder → the lock it waits for. */
  readonly waitingFor: Map<string, { readonly table: number; readonly name: string }>
  /** The latest token of each lock. */
  readonly tokens: Map<string, number>
  waits: number
  deadlocks: number
}

export const lockPattern: PatternModel = {
  name: 'locks',
  init: (): LockState => ({ waiters: new Map(), waitingFor: new Map(), tokens: new Map(), waits: 0, deadlocks: 0 }),
  onReleased: (sim, locks) => {
    for (const key of locks) {
      for (const { slot, token } of lockState(sim).waiters.get(key) ?? []) {
        sim.agenda.push(sim.now, Action.lockWake, slot, token)
      }
    }
  },
}

export function lockState(sim: Simulation): LockState {
  return sim.patterns[LOCK_PATTERN] as LockState
}

/** Takes the lock for the holder, or refuses, or waits and tries again. */
export function lockStep(model: LockModel): Step {
  return (sim, task) => {
    const name = model.name(sim, task)
    const holder = model.holder(sim, task)
    stopWaiting(sim, task, model.table, name, holder)
    const tx = task.tx as Transaction
    const table = sim.tables[model.table] as Table
    const row = table.indexes[0]?.rows.get(name)
    const other = row === undefined ? null : heldByOther(row, tx)
    if (other !== null) return waitFor(sim, task, other, `lock ${name}`)
    const cells = row === undefined ? null : seen(row, tx)
    // The lease is written and judged by the clock of the service that keeps it.
    const now = clockOf(sim, task.service)
    const until = model.timeToLive === Number.POSITIVE_INFINITY ? null : (now + model.timeToLive) / 1000
    if (row === undefined || cells === null) {
      insert(tableModel(sim, model), table, tx, [name, holder, nextToken(sim, model.table, name), until])
      return Next.go
    }
    if (cells[HOLDER] === holder) {
      // Taken again by the one who has it: a renewal.
      if (until !== null) write(tableModel(sim, model), table, tx, row, [name, holder, cells[TOKEN] as number, until])
      return Next.go
    }
    const end = cells[UNTIL] as number | null
    if (end !== null && now >= end * 1000) {
      write(tableModel(sim, model), table, tx, row, [name, holder, nextToken(sim, model.table, name), until])
      return Next.go
    }
    return meetHeldLock(sim, task, model, name, holder, cells)
  }
}

/** Like a sequence of the database: never given back, so that no holder has the token of another one. */
function nextToken(sim: Simulation, table: number, name: string): number {
  const { tokens } = lockState(sim)
  const token = (tokens.get(`${table}/${name}`) ?? 0) + 1
  tokens.set(`${table}/${name}`, token)
  return token
}

/** The lock's row as its taker sees it: name, holder, token, until. */
export function lockRow(sim: Simulation, task: Task, model: LockModel): readonly Value[] | null {
  const row = (sim.tables[model.table] as Table).indexes[0]?.rows.get(model.name(sim, task))
  return row === undefined ? null : seen(row, task.tx)
}

function meetHeldLock(
  sim: Simulation,
  task: Task,
  model: LockModel,
  name: string,
  holder: string,
  cells: readonly Value[],
): NextCode {
  if (!model.wait) return refuseTask(sim, task, 'LOCKED') as NextCode
  if (task.lockDeadline >= 0 && sim.now >= task.lockDeadline) return refuseTask(sim, task, 'LOCK_TIMEOUT') as NextCode
  const state = lockState(sim)
  if (isDeadlock(sim, holder, cells[HOLDER] as string)) {
    state.deadlocks++
    if (model.detectDeadlock) return refuseTask(sim, task, 'DEADLOCK') as NextCode
  }
  const token = ++state.waits
  task.lockToken = token
  const key = `${model.table}/${name}`
  state.waiters.set(key, [...(state.waiters.get(key) ?? []), { slot: task.slot, token, holder }])
  state.waitingFor.set(holder, { table: model.table, name })
  if (model.timeout > 0 && task.lockDeadline < 0) task.lockDeadline = sim.now + model.timeout
  if (task.lockDeadline >= 0) sim.agenda.push(task.lockDeadline, Action.lockWake, task.slot, token)
  const end = cells[UNTIL] as number | null
  if (end !== null) {
    const wait = untilClock(sim, task.service, end * 1000)
    sim.agenda.push(sim.now + wait, Action.lockWake, task.slot, token)
  }
  countBlocked(sim, task)
  task.cause = note(sim, task, Kind.waiting, sim.value(`lock ${name}, held by ${cells[HOLDER]}`), sim.value(holder))
  return Next.wait
}

/** Does the one who holds the lock wait, perhaps through others, for the one who wants it? */
function isDeadlock(sim: Simulation, wanting: string, holding: string): boolean {
  const { waitingFor } = lockState(sim)
  const seenHolders = new Set<string>()
  for (let holder: string | undefined = holding; holder !== undefined && !seenHolders.has(holder); ) {
    seenHolders.add(holder)
    const wanted = waitingFor.get(holder)
    if (wanted === undefined) return false
    const row = (sim.tables[wanted.table] as Table).indexes[0]?.rows.get(wanted.name)
    holder = (row?.cells?.[HOLDER] as string | undefined) ?? undefined
    if (holder === wanting) return true
  }
  return false
}

function stopWaiting(sim: Simulation, task: Task, table: number, name: string, holder: string): void {
  if (task.lockToken === 0) return
  const state = lockState(sim)
  const key = `${table}/${name}`
  const others = (state.waiters.get(key) ?? []).filter((waiter) => waiter.token !== task.lockToken)
  if (others.length === 0) state.waiters.delete(key)
  else state.waiters.set(key, others)
  state.waitingFor.delete(holder)
  task.lockToken = 0
}

/** Gives the lock back, if the holder has it. Those who wait are told when this commits. */
export function unlockStep(model: Pick<LockModel, 'table' | 'name' | 'holder'>): Step {
  return (sim, task) => {
    const name = model.name(sim, task)
    const tx = task.tx as Transaction
    const table = sim.tables[model.table] as Table
    const row = table.indexes[0]?.rows.get(name)
    if (row === undefined) return Next.go
    if (row.lock !== null && row.lock !== tx) return waitFor(sim, task, row.lock, `lock ${name}`)
    if (seen(row, tx)?.[HOLDER] !== model.holder(sim, task)) return Next.go
    write(tableModel(sim, model), table, tx, row, null)
    task.released.push(`${model.table}/${name}`)
    return Next.go
  }
}

function tableModel(sim: Simulation, model: Pick<LockModel, 'table'>): TableModel {
  return sim.model.tables[model.table] as TableModel
}
