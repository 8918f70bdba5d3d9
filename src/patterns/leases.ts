/**
 * A lease among the processes of one service: one of them may act, as long as it keeps renewing. Who stops renewing
 * loses it when it expires, to another with a higher epoch. Nobody tells the one that stood still: it goes on with what
 * it was doing, as a zombie, until it looks.
 *
 * Renewals that go well leave no trace and cost no event: when a lease can be taken follows from when it was last
 * renewed, and is worked out anew whenever a process stops, comes back, or a clock changes.
 */
import { clockOf, untilClock } from '../kernel/clock.ts'
import { commit, type Row, type Table, type Transaction, write } from '../kernel/disk.ts'
import { isAble, siblings } from '../kernel/instances.ts'
import type { PatternModel, TableModel, Timer } from '../kernel/model.ts'
import { lead } from '../kernel/service.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { LEASE_PATTERN } from './pattern-numbers.ts'

export const leaseColumns = ['holder', 'epoch', 'since'] as const

export interface LeaseModel {
  /** The first process of the service. */
  readonly service: number
  readonly table: number
  /** Microseconds. */
  readonly timeToLive: number
  readonly renew: number
  /** By which clock it is judged: each process by its own, or all by the disk's. */
  readonly clock: 'own' | 'disk'
}

interface Lease {
  holder: number
  epoch: number
  /** When it was taken; it is renewed every so often from then on. */
  since: number
  /** When the holder stopped renewing; −1 while it goes on. */
  stopped: number
  /** Counts plans: an older one is void. */
  plan: number
}

const TAKE = 0
const LEARN = 1
const LOOK = 2

export function leasePattern(models: readonly LeaseModel[]): PatternModel {
  const find = (process: number, sim: Simulation) =>
    models.findIndex(({ service }) => service === process || siblings(sim, service).includes(process))
  return {
    name: 'leases',
    init: (sim): Lease[] => models.map((model) => firstLease(sim, model)),
    isStale: (sim, timer) => timer.step !== LEARN && leases(sim)[timer.subject]?.plan !== timer.token,
    onTimer: (sim, timer) => {
      const model = models[timer.subject] as LeaseModel
      const lease = leases(sim)[timer.subject] as Lease
      if (timer.step === LEARN) learn(sim, lease, timer.service, timer.token)
      else if (timer.token !== lease.plan) return
      else if (timer.step === TAKE) take(sim, timer.subject, model, timer.service, 'it had expired')
      else plan(sim, timer.subject, model)
    },
    onStanding: (sim, process) => {
      const number = find(process, sim)
      if (number >= 0) stand(sim, number, models[number] as LeaseModel, process)
    },
  }
}

function leases(sim: Simulation): Lease[] {
  return sim.patterns[LEASE_PATTERN] as Lease[]
}

/** At the start the first process has it. */
function firstLease(sim: Simulation, { service }: LeaseModel): Lease {
  for (const process of siblings(sim, service)) {
    const state = sim.services[process] as ServiceState
    state.takes = process === service
    state.leaseEpoch = process === service ? 1 : 0
  }
  ;(sim.services[service] as ServiceState).diskEpoch = 1
  sim.note(Kind.leaseTaken, service, NONE, NONE, NONE, 1, sim.value('it is the first'))
  return { holder: service, epoch: 1, since: 0, stopped: NONE, plan: 0 }
}

/** A process has stopped or is back. */
function stand(sim: Simulation, number: number, model: LeaseModel, process: number): void {
  const lease = leases(sim)[number] as Lease
  const state = sim.services[process] as ServiceState
  const runs = state.up && sim.now >= state.pausedUntil
  if (!state.up) {
    state.takes = false
    state.leaseEpoch = 0
  }
  if (process !== lease.holder) {
    if (runs) learn(sim, lease, process, state.leaseEpoch)
  } else if (!runs) {
    if (lease.stopped === NONE) lease.stopped = sim.now
  } else if (lease.stopped !== NONE) {
    // Nobody has taken it meanwhile: a memory that is intact goes on, unless the time was over.
    const isOver = !state.takes || clock(sim, model, process) >= expiry(sim, model, lease)
    lease.stopped = NONE
    if (isOver) return take(sim, number, model, process, 'it was its own')
  }
  plan(sim, number, model)
}

/** Looks at the lease's row, as it does at every renewal: somebody else’s by now? */
function learn(sim: Simulation, lease: Lease, process: number, epoch: number): void {
  const state = sim.services[process] as ServiceState
  if (process === lease.holder || !state.takes || state.leaseEpoch !== epoch || epoch === 0) return
  state.takes = false
  state.leaseEpoch = 0
  sim.note(Kind.leaseLost, process, NONE, NONE, NONE, epoch)
}

function clock(sim: Simulation, model: LeaseModel, process: number): number {
  return model.clock === 'own' ? clockOf(sim, process) : sim.now
}

function lastRenewal({ renew }: LeaseModel, { since, stopped }: Lease, now: number): number {
  const until = stopped === NONE ? now : stopped
  return since + Math.floor((until - since) / renew) * renew
}

/** Until when the holder wrote that it holds the lease, by the clock it is judged by. */
function expiry(sim: Simulation, model: LeaseModel, lease: Lease): number {
  return clock(sim, model, lease.holder) - (sim.now - lastRenewal(model, lease, sim.now)) + model.timeToLive
}

/** When will somebody find that the lease has expired? */
function plan(sim: Simulation, number: number, model: LeaseModel): void {
  const lease = leases(sim)[number] as Lease
  lease.plan++
  let first = NONE
  let soonest = Number.POSITIVE_INFINITY
  for (const process of siblings(sim, model.service)) {
    const state = sim.services[process] as ServiceState
    if (process === lease.holder || !state.up || sim.now < state.pausedUntil) continue
    const wait = untilExpired(sim, model, lease, process)
    if (wait >= soonest) continue
    soonest = wait
    first = process
  }
  if (first !== NONE) setTimer(sim, number, TAKE, first, lease.plan, sim.now + soonest)
  else planLook(sim, number, model, lease)
}

/** Microseconds until this process finds the lease expired; Infinity while renewals come in time. */
function untilExpired(sim: Simulation, model: LeaseModel, lease: Lease, process: number): number {
  const end = expiry(sim, model, lease)
  if (lease.stopped !== NONE) {
    return model.clock === 'own' ? untilClock(sim, process, end) : Math.max(0, end - sim.now)
  }
  // The holder goes on renewing: only a clock that is further ahead than a lease is old at its renewal sees it expire.
  const ahead = clock(sim, model, process) - clock(sim, model, lease.holder)
  if (ahead <= model.timeToLive - model.renew) return Number.POSITIVE_INFINITY
  const at = lastRenewal(model, lease, sim.now) + Math.max(0, model.timeToLive - ahead)
  return Math.max(0, at - sim.now)
}

/** Clocks that drift apart can make it expire later: look again then. */
function planLook(sim: Simulation, number: number, model: LeaseModel, lease: Lease): void {
  if (model.clock === 'disk' || lease.stopped !== NONE) return
  const rate = (process: number) =>
    sim.model.skews.reduce(
      (sum, { service, from, until, drift }) =>
        service === process && sim.now >= from && sim.now < until ? sum + drift : sum,
      0,
    )
  let soonest = Number.POSITIVE_INFINITY
  for (const process of siblings(sim, model.service)) {
    if (process === lease.holder || !(sim.services[process] as ServiceState).up) continue
    const faster = rate(process) - rate(lease.holder)
    const ahead = clockOf(sim, process) - clockOf(sim, lease.holder)
    if (faster <= 0) continue
    const missing = model.timeToLive - model.renew - ahead
    soonest = Math.min(soonest, Math.floor((Math.max(0, missing) * 1_000_000) / faster) + 1)
  }
  if (Number.isFinite(soonest)) setTimer(sim, number, LOOK, model.service, lease.plan, sim.now + soonest)
}

function take(sim: Simulation, number: number, model: LeaseModel, process: number, why: string): void {
  const lease = leases(sim)[number] as Lease
  const before = lease.holder
  const left = sim.services[before] as ServiceState
  if (process !== before && left.up && sim.now >= left.pausedUntil) {
    // It runs, and finds out when it wants to renew.
    const next = lastRenewal(model, lease, sim.now) + model.renew
    setTimer(sim, number, LEARN, before, left.leaseEpoch, Math.max(sim.now, next))
  }
  lease.holder = process
  lease.epoch++
  lease.since = sim.now
  lease.stopped = NONE
  const state = sim.services[process] as ServiceState
  state.takes = true
  state.leaseEpoch = lease.epoch
  ;(sim.services[model.service] as ServiceState).diskEpoch = lease.epoch
  const position = sim.note(Kind.leaseTaken, process, NONE, NONE, NONE, lease.epoch, sim.value(why))
  writeRow(sim, model, lease, position)
  plan(sim, number, model)
  if (isAble(sim, process)) lead(sim, process, position)
}

/** In a transaction of its own. */
function writeRow(sim: Simulation, { table }: LeaseModel, lease: Lease, cause: number): void {
  const tx: Transaction = { id: sim.transactionCount++, writes: [], waiters: [], waitsFor: null, open: true }
  const rows = sim.tables[table] as Table
  const [row] = [...rows.rows.values()] as [Row]
  const cells = [sim.model.services[lease.holder]?.name ?? '', lease.epoch, lease.since / 1000]
  write(sim.model.tables[table] as TableModel, rows, tx, row, cells)
  commit(sim.model.tables, tx, (changedTable, changed) => {
    if (sim.trace === null) return
    sim.note(Kind.rowChanged, lease.holder, NONE, NONE, cause, sim.storeRow(changedTable, changed, changed.stored))
  })
}

function setTimer(sim: Simulation, subject: number, step: number, service: number, token: number, at: number): void {
  const timer: Timer = { pattern: LEASE_PATTERN, service, subject, step, token, durable: false, cause: NONE, own: true }
  sim.setTimer(timer, at)
}
