/**
 * Prepared transactions: one service's part (a branch) of a transaction that spans several. Once prepared, its effect
 * is written and its rows are locked, and both outlive the handling and a crash of the service, until somebody decides:
 * commit or roll back. Operations of one saga at one service work in the same branch, one after the other. Knows no
 * protocol.
 */
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { Action } from './action.ts'
import { rollback, type Transaction } from './disk.ts'
import { begin, commitTask, wakeWaiters } from './handler.ts'
import { countReleased } from './lock-times.ts'
import { Next, type NextCode, type Payload } from './model.ts'
import { note } from './service.ts'
import type { Simulation } from './simulation.ts'
import type { Outgoing, Task } from './task.ts'

export interface Branch {
  readonly service: number
  readonly saga: number
  readonly tx: Transaction
  /** The steps that have been prepared in it, and what their operations gave back. */
  readonly steps: Map<number, Payload | null>
  /** What its operations want to publish or send once it commits. */
  readonly outgoing: Outgoing[]
  /** Semantic locks given back in it. */
  readonly released: string[]
  /** The handling that works in it (its slot), −1 for none; and those that wait for their turn: slot, generation, … */
  worker: number
  readonly queue: number[]
  /** When it was first prepared, microseconds; −1 until then. */
  since: number
  /** Who will decide, −1 until it is prepared. */
  coordinator: number
  /** How many times a question was planned: only the latest one counts. */
  questions: number
}

export function branchOf(sim: Simulation, service: number, saga: number): Branch | undefined {
  return sim.branches.size === 0 ? undefined : sim.branches.get(`${service}/${saga}`)
}

/** The task works in the saga's branch at its service: the one that is there, when it is free, or a new one. */
export function joinBranch(sim: Simulation, task: Task): NextCode {
  const known = branchOf(sim, task.service, task.saga)
  if (known !== undefined && isBusy(sim, task, known)) return Next.wait
  if (known === undefined) openBranch(sim, task)
  else {
    task.branch = known
    task.tx = known.tx
    known.tx.at = sim.now
    known.worker = task.slot
    task.phasePc = task.pc + 1
    task.phasePublications = task.publications.length
    task.cause = note(sim, task, Kind.begun)
  }
  task.savepoint = task.tx?.writes.length ?? 0
  return Next.go
}

/** Somebody else works in it: the task waits for its turn, and looks again then. */
export function isBusy(sim: Simulation, task: Task, branch: Branch): boolean {
  if (branch.worker === NONE || branch.worker === task.slot) return false
  branch.queue.push(task.slot, task.generation)
  task.cause = note(sim, task, Kind.waiting, sim.value('other work of the same transaction'))
  return true
}

function openBranch(sim: Simulation, task: Task): void {
  begin(sim, task)
  const { service, saga } = task
  const tx = task.tx as Transaction
  tx.kin = saga
  task.branch = {
    service,
    saga,
    tx,
    steps: new Map(),
    outgoing: [],
    released: [],
    worker: task.slot,
    queue: [],
    since: NONE,
    coordinator: NONE,
    questions: 0,
  }
  sim.branches.set(`${service}/${saga}`, task.branch)
}

/** The task's handling works in the saga's branch for a while; its own transaction stays open beside it. */
export function enterBranch(sim: Simulation, task: Task): NextCode {
  const { phasePc, phasePublications, tx } = task
  if (task.branch === null) {
    const next = joinBranch(sim, task)
    if (next !== Next.go) return next
  }
  task.ownTx = tx
  task.tx = (task.branch as unknown as Branch).tx
  task.tx.at = sim.now
  task.savepoint = task.tx.writes.length
  task.phasePc = phasePc
  task.phasePublications = phasePublications
  return Next.go
}

/** Back to the handling's own transaction; the branch stays open until the handling commits. */
export function exitBranch(sim: Simulation, task: Task): void {
  if (task.ownTx === null) return
  task.tx = task.ownTx
  task.tx.at = sim.now
  task.ownTx = null
}

/** The handling is given up: what it did in the branch is undone, as far as it was not prepared before. */
export function leaveBranch(sim: Simulation, task: Task): void {
  const { branch } = task
  if (branch === null) return
  if (task.ownTx === null && task.tx === branch.tx) task.tx = null
  exitBranch(sim, task)
  eachFreeBranch(sim, task, ({ tx }) => {
    const from = tx.prepared ?? 0
    countReleased(sim, tx, from)
    rollback(tx, from)
    wakeWaiters(sim, tx)
  })
  if (branch.since === NONE) sim.branches.delete(`${branch.service}/${branch.saga}`)
  handOver(sim, task, branch)
}

/** What was written in the branch so far is prepared. `steps`: what was done in it. */
export function prepareBranch(sim: Simulation, task: Task, coordinator: number, steps: readonly number[]): void {
  const branch = task.branch as Branch
  eachFreeBranch(sim, task, ({ tx }) => {
    tx.prepared = tx.writes.length
  })
  for (const step of steps) branch.steps.set(step, task.returned)
  branch.coordinator = coordinator
  if (branch.since === NONE) branch.since = sim.now
  const rows = new Set(branch.tx.writes.map(({ row }) => row)).size
  task.cause = note(sim, task, Kind.prepared, rows)
  if (task.tx === branch.tx) task.tx = null
  handOver(sim, task, branch)
}

/** Decided: the branch commits in the task's name. */
export function commitBranch(sim: Simulation, task: Task, branch: Branch): void {
  settle(sim, branch, true)
  task.tx = branch.tx
  branch.tx.at = sim.now
  task.released.push(...branch.released)
  commitTask(sim, task, () => noteResolved(sim, task, branch, 'committed'))
}

/** Decided: nothing of the branch stays. */
export function rollBackBranch(sim: Simulation, task: Task, branch: Branch): void {
  settle(sim, branch, false)
  countReleased(sim, branch.tx)
  rollback(branch.tx)
  wakeWaiters(sim, branch.tx)
  noteResolved(sim, task, branch, 'rolled back')
}

/** A participant remembers what became of it, so that a late command cannot begin anew what is over. */
export function settledAs(sim: Simulation, service: number, saga: number): boolean | undefined {
  return sim.settledBranches.size === 0 ? undefined : sim.settledBranches.get(`${service}/${saga}`)
}

/** Nothing was prepared here, and nothing will be. */
export function settleUnprepared(sim: Simulation, service: number, saga: number): void {
  const key = `${service}/${saga}`
  if (!sim.settledBranches.has(key)) sim.settledBranches.set(key, false)
}

function settle(sim: Simulation, branch: Branch, committed: boolean): void {
  const key = `${branch.service}/${branch.saga}`
  sim.branches.delete(key)
  sim.settledBranches.set(key, committed)
  wakeQueue(sim, branch)
}

function noteResolved(sim: Simulation, task: Task, branch: Branch, how: string): void {
  task.cause = note(sim, task, Kind.resolved, sim.value(how), (sim.now - branch.since) / 1000)
}

/** The task's branch, and those of the same saga that nobody works in: an operation may touch their rows. */
function eachFreeBranch(sim: Simulation, task: Task, change: (branch: Branch) => void): void {
  for (const branch of sim.branches.values()) {
    if (branch.saga === task.branch?.saga && (branch.worker === NONE || branch.worker === task.slot)) change(branch)
  }
}

function handOver(sim: Simulation, task: Task, branch: Branch): void {
  task.branch = null
  branch.worker = NONE
  wakeQueue(sim, branch)
}

function wakeQueue(sim: Simulation, { queue }: Branch): void {
  for (let i = 0; i < queue.length; i += 2) {
    sim.agenda.push(sim.now, Action.resume, queue[i] as number, queue[i + 1] as number)
  }
  queue.length = 0
}
