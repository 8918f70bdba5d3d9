/**
 * The normal form of a part's state: what nobody's behaviour depends on is forgotten (numbers that only grow, slots of
 * what is over, receipts that are not the latest), and what waits is listed in an order of its own.
 */
import { Action, type ActionCode } from '../kernel/action.ts'
import type { AgendaItem } from '../kernel/agenda.ts'
import type { Table } from '../kernel/disk.ts'
import type { Model, ServiceModel, Timer } from '../kernel/model.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { NONE } from '../trace/trace-format.ts'
import type { Contents } from './prove-contents.ts'
import type { ProofModel } from './prove-model.ts'
import type { Split } from './prove-split.ts'

/** A message with what the explorer knows of it: late ones no longer hold a time-out back. */
export type Underway = Message & { late: boolean }

/** Something a part waits to do: an item of the agenda in normal form. */
export interface Pending {
  readonly kind: number
  readonly a: number
  readonly b: number
  /** Microseconds from when it was planned. */
  readonly wait: number
  readonly service: number
  /** What it waits for, a number of `Contents.key`; −1 when it just takes its time. */
  readonly key: number
  readonly isTimer: boolean
}

/** What is known of a model before its first step. */
export interface Rules {
  /** Services whose handlings nobody can watch half-way. */
  readonly atomic: ReadonlySet<number>
  /** Tables whose row numbers somebody remembers. */
  readonly numbered: ReadonlySet<number>
  /** Tables nobody looks at. */
  readonly hidden: ReadonlySet<number>
}

/** Whose state it is. */
export interface Scene {
  readonly sim: Simulation
  readonly proof: ProofModel
  readonly services: readonly number[]
  readonly split: Split
  readonly contents: Contents
  readonly rules: Rules
  /** Somebody reads from a snapshot, so versions count. */
  readonly hasSnapshots: boolean
}

/** The messages a part holds: in a queue, at work, waiting to be handed out again. */
export function heldMessages(sim: Simulation): Underway[] {
  const held: Message[] = []
  for (const one of sim.messages) {
    if (one !== null && one !== undefined && !one.lost && !sim.deadLetters.includes(one)) held.push(one)
  }
  for (const task of sim.tasks as (Task | undefined)[]) {
    if (task?.alive && task.message !== null && !held.includes(task.message)) held.push(task.message)
  }
  return held as Underway[]
}

export class Normal {
  private readonly scene: Scene
  /** Tables of the part, and whether nobody looks at them. */
  private readonly tables: readonly number[]
  private readonly countsDeliveries: boolean
  private readonly isHidden: (table: number) => boolean

  constructor(scene: Scene) {
    const { proof, services, rules } = scene
    this.scene = scene
    this.tables = proof.model.tables.flatMap(({ service }, i) => (services.includes(service) ? [i] : []))
    const { bus } = proof.model
    const hasPoison = services.some((one) => proof.model.services[one]?.faults.some(({ kind }) => kind === 'poison'))
    this.countsDeliveries = bus.deliveriesMax > 0 || hasPoison || bus.redelivery !== null
    this.isHidden = (table) => rules.hidden.has(table) && this.tables.includes(table)
  }

  ownTables(): Table[] {
    return this.tables.map((i) => this.scene.sim.tables[i] as Table)
  }

  /** Brings the state into normal form; what waits, of the items of the agenda that mean something still. */
  take(items: readonly AgendaItem[], waits: (item: AgendaItem) => number): Pending[] {
    const live = items.filter(
      ({ kind, a, b, time }) => kind !== Action.arrive && !this.isOver(kind as ActionCode, a, b, time),
    )
    this.forgetTheDead()
    this.forgetNumbers()
    const pending = this.normalPending(live, waits)
    const { proof, split, services, sim } = this.scene
    const me = services[0] as number
    for (let i = 0; i < proof.model.patterns.length; i++) {
      if (split.owns(i, me)) proof.model.patterns[i]?.tidy?.(sim, this.isHidden)
    }
    return pending
  }

  private isOver(kind: ActionCode, a: number, b: number, time: number): boolean {
    const { sim } = this.scene
    if (sim.isStale(kind, a, b, time)) return true
    if (kind === Action.resume) return !sim.tasks[a]?.alive || sim.tasks[a]?.generation !== b
    if (kind === Action.recover) return (sim.services[a] as ServiceState).epoch !== b
    if (kind === Action.requeue) return sim.messages[a]?.deliveries !== b >> 1
    return false
  }

  /** Dead tasks leave a hole; the lowest slot is used first. */
  private forgetTheDead(): void {
    const { sim } = this.scene
    const tasks = sim.tasks as (Task | undefined)[]
    for (const task of tasks) {
      if (task?.tx?.open) keepLive(task.tx.waiters, tasks)
    }
    for (const call of sim.calls.values()) {
      call.generation = tasks[call.slot]?.generation === call.generation ? 1 : 0
    }
    sim.tasks = trimmed(tasks.map((task) => (task?.alive ? task : undefined))) as Task[]
    for (const task of sim.tasks) if (task !== undefined) task.generation = 1
    // A lost message only lends its memory to the next one.
    sim.messages = trimmed(sim.messages.map((one) => (one?.lost ? undefined : (one ?? undefined)))).map(
      (one) => one ?? null,
    )
  }

  /** Counters that only ever grow, where only equality or order counts. */
  private forgetNumbers(): void {
    const { sim, proof, services, contents, hasSnapshots } = this.scene
    for (const message of heldMessages(sim)) {
      this.forgetReceipts(message)
      if (!this.countsDeliveries) message.deliveries = Math.min(1, message.deliveries)
      if (proof.model.bus.redelivery === null) message.failures = 0
    }
    for (const i of services) (sim.services[i] as ServiceState).epoch = 0
    if (!contents.hasIdentity) sim.messageCount = 0
    if (!hasSnapshots) {
      for (const table of this.ownTables()) {
        table.version = 0
        for (const row of table.rows.values()) row.version = 0
      }
    }
    for (const i of services) this.capFaultCounts(proof.model.services[i] as ServiceModel)
  }

  /** Only whether a receipt is the latest one counts. */
  private forgetReceipts(message: Underway): void {
    for (const task of this.scene.sim.tasks as (Task | undefined)[]) {
      if (task?.alive && task.message === message) task.receipt = task.receipt === message.receipt ? 1 : 0
    }
    message.receipt = Math.min(1, message.receipt)
  }

  /** A fault that has struck as often as it will, or strikes always from now on, need not be counted further. */
  private capFaultCounts({ faults }: ServiceModel): void {
    const counts = this.scene.sim.faultCounts
    for (const { number, nth, times } of faults) {
      if (number >= this.scene.proof.ownFaults) continue
      const enough = Number.isFinite(times) ? nth + times - 1 : nth - 1
      counts[number] = Math.min(counts[number] as number, enough)
    }
  }

  private normalPending(items: readonly AgendaItem[], waits: (item: AgendaItem) => number): Pending[] {
    const { sim } = this.scene
    const timers: (Timer | null)[] = []
    const keep = (slot: number) => timers.push(sim.timers[slot] as Timer) - 1
    const pending = items.map((item): Pending => {
      const { kind, a, b } = item
      const service = this.serviceOf(kind, a)
      const isTimer = kind === Action.timer || kind === Action.callTimeout
      const key = isTimer ? this.waitsFor(kind, a, b) : NONE
      const slot = kind === Action.timer ? keep(a) : a
      const number = kind === Action.resume ? 1 : kind === Action.recover ? 0 : this.receiptOf(kind, a, b)
      return { kind, a: slot, b: number, wait: isTimer ? waits(item) : 0, service, key, isTimer }
    })
    // Timers in the order in which they were set; whatever else waits can come in any order.
    pending.sort((x, y) => Number(y.isTimer) - Number(x.isTimer) || (x.isTimer ? 0 : x.kind - y.kind || x.a - y.a))
    for (const i of this.scene.services) {
      const state = sim.services[i] as ServiceState
      state.dueTimers = state.dueTimers.map(keep)
    }
    sim.timers = timers
    return pending
  }

  /** A message given back is ready again whatever number its delivery has by now. */
  private receiptOf(kind: number, a: number, b: number): number {
    return kind === Action.requeue ? (this.scene.sim.messages[a] as Message).deliveries * 2 + (b & 1) : b
  }

  private serviceOf(kind: number, a: number): number {
    const { sim } = this.scene
    if (kind === Action.timer) return (sim.timers[a] as Timer).service
    if (kind === Action.recover) return a
    if (kind === Action.requeue || kind === Action.visible) return (sim.messages[a] as Message).body.to
    return (sim.tasks[a] as Task).service
  }

  private waitsFor(kind: number, a: number, b: number): number {
    const { sim, contents, proof } = this.scene
    if (kind === Action.callTimeout) {
      for (const [id, call] of sim.calls) if (call.token === b) return contents.key(`call ${id}`)
      return NONE
    }
    const { pattern, subject, step } = sim.timers[a] as Timer
    const { name } = proof.model.patterns[pattern] as Model['patterns'][number]
    if (name === 'client') return contents.key(`request ${subject}`)
    return name === 'saga' ? contents.key(`saga ${subject} step ${step}`) : NONE
  }
}

function trimmed<T>(list: (T | undefined)[]): (T | undefined)[] {
  let length = list.length
  while (length > 0 && list[length - 1] === undefined) length--
  return list.slice(0, length)
}

/** Waiters by (slot, generation): those still there get generation 1. */
function keepLive(waiters: number[], tasks: readonly (Task | undefined)[]): void {
  const kept: number[] = []
  for (let i = 0; i < waiters.length; i += 2) {
    const task = tasks[waiters[i] as number]
    if (task?.alive && task.generation === waiters[i + 1]) kept.push(task.slot, 1)
  }
  waiters.length = 0
  waiters.push(...kept)
}
