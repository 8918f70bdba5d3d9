/**
 * One part of a model on a stage of its own: a simulation that holds this part's services, tables and patterns' memory
 * and nothing else. A state is put on it, one thing happens, and the state it leads to is taken off in normal form,
 * with the messages it has sent. Time stands still: what waits keeps only how long it waits.
 */
import { Action, type ActionCode } from '../kernel/action.ts'
import type { AgendaItem } from '../kernel/agenda.ts'
import { stateFields } from '../kernel/checkpoint.ts'
import type { Table } from '../kernel/disk.ts'
import type { Model, ServiceModel, Timer } from '../kernel/model.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { NONE } from '../trace/trace-format.ts'
import type { Contents } from './prove-contents.ts'
import { copyState } from './prove-copy.ts'
import { DISARMED, type ProofModel } from './prove-model.ts'
import type { Split } from './prove-split.ts'

/** Counters and clocks that nobody's behaviour depends on here, and what is made anew from the rest. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['now', 'seed', 'end', 'actions', 'conflicts', 'metrics', 'transactionCount'],
  ...['propertyStates', 'violationPositions', 'violationTimes', 'arrivals', 'drawCounts', 'activePartitions'],
  ...['latest', 'latestCount', 'cycle', 'locks', 'load'],
  ...['freeMessages', 'freeTasks', 'freeTimers', 'faultCounts'],
])
const KEPT = stateFields.filter((field) => !LEFT_OUT.has(field))

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

/** The kept fields by name, foreign services, tables and patterns null. */
export interface Saved {
  readonly services: (ServiceState | null)[]
  readonly tables: (Table | null)[]
  readonly patterns: unknown[]
  readonly tasks: (Task | undefined)[]
  readonly messages: (Message | null)[]
  readonly calls: Simulation['calls']
  readonly pending: readonly Pending[]
  /** How often the scenario's own faults have met what they strike. */
  readonly ownCounts: readonly number[]
  readonly [field: string]: unknown
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

export interface Settled {
  readonly saved: Saved
  /** Message contents in the order of their sending; what answers a late message is late. */
  readonly sends: readonly { readonly content: number; readonly isLate: boolean }[]
  /** What the messages held in time are: numbers of `Contents.key`. */
  readonly holds: readonly number[]
}

/** Where nobody goes by the numbers of messages, those that are held have numbers of their own by their slots. */
const HELD = 1_000_000

export class Stage {
  readonly sim: Simulation
  readonly services: readonly number[]
  private readonly proof: ProofModel
  private readonly split: Split
  private readonly contents: Contents
  private readonly initial: readonly unknown[]
  private readonly hasSnapshots: boolean
  private readonly rules: Rules
  private readonly faultCounts: Int32Array
  private inHook = false
  /** Numbers of the late messages it holds: the answers to them are late too. */
  private lateIds = new Set<number>()
  /** By sequence on the agenda: how long what was waiting before has to wait. */
  private waits = new Map<number, number>()

  constructor(proof: ProofModel, services: readonly number[], split: Split, contents: Contents, rules: Rules) {
    this.proof = proof
    this.rules = rules
    this.services = services
    this.split = split
    this.contents = contents
    this.sim = new Simulation(this.watched(proof.model), { trace: null, checking: 'never' })
    this.initial = copyState(this.sim.patterns)
    this.faultCounts = new Int32Array(this.sim.faultCounts.length)
    this.hasSnapshots = services.some((one) => proof.model.services[one]?.isolation !== 'read committed')
  }

  /** The state at the beginning: every request of the clients is on its way already, as messages may take any time. */
  begin(): Settled {
    const { sim } = this
    const own = (service: number) => this.services.includes(service)
    const saved: Record<string, unknown> = Object.fromEntries(KEPT.map((field) => [field, sim[field]]))
    saved.services = sim.services.map((state, i) => (own(i) ? state : null))
    saved.tables = sim.tables.map((table) =>
      own(this.proof.model.tables[table.number]?.service ?? NONE) ? table : null,
    )
    saved.patterns = sim.patterns.map(() => null)
    const apart = this.services[0] as number
    // Numbers given in different parts never meet.
    if (this.contents.hasIdentity) Object.assign(saved, { messageCount: apart * 2 ** 18, callCount: apart * 2 ** 14 })
    const requests = sim.agenda.items().filter(({ kind }) => kind === Action.request)
    requests.sort((one, other) => one.time - other.time || one.sequence - other.sequence)
    const ownCounts = new Array<number>(this.proof.ownFaults).fill(0)
    this.put({ ...saved, pending: [], ownCounts } as unknown as Saved)
    if (own(this.proof.model.client)) for (const { kind, a, b } of requests) this.happen(kind, a, b)
    return this.settle()
  }

  /** Puts a state on the stage. */
  put(saved: Saved): void {
    const { sim, split } = this
    const { pending, ownCounts, ...state } = saved
    const copy = copyState(state) as Record<string, unknown>
    const me = this.services[0] as number
    const patterns = (copy.patterns as unknown[]).map((state, i) =>
      state !== null ? state : split.owns(i, me) ? copyState(this.initial[i]) : null,
    )
    Object.assign(sim, copy)
    sim.faultCounts = this.faultCounts
    for (let i = 0; i < this.faultCounts.length; i++) {
      this.faultCounts[i] = i < this.proof.ownFaults ? (ownCounts[i] as number) : DISARMED
    }
    sim.services = guarded(copy.services as ServiceState[], (i) => split.useService(i, me))
    sim.tables = guarded(copy.tables as Simulation['tables'], (i) => split.useTable(i, me))
    sim.patterns = this.guardedPatterns(patterns, me)
    sim.now = 0
    sim.end = null
    sim.transactionCount = this.hasSnapshots ? (copy.transactionCount as number) : 0
    sim.freeMessages = freeSlots(sim.messages)
    sim.freeTasks = freeSlots(sim.tasks)
    sim.freeTimers = []
    sim.agenda.clear()
    for (const { kind, a, b } of pending) sim.agenda.push(0, kind, a, b)
    this.waits = new Map(sim.agenda.items().map(({ sequence }, i) => [sequence, pending[i]?.wait ?? 0]))
    this.lateIds = new Set(this.held().flatMap((one) => (one.late ? [one.id] : [])))
  }

  /** A message reaches the part. */
  deliver(content: number, isLate: boolean): void {
    const { sim } = this
    const { from, body, logical, ...known } = this.contents.list[content] as Contents['list'][number]
    const slot = sim.freeMessages.pop() ?? sim.messages.length
    const id = this.contents.hasIdentity ? known.id : HELD + slot
    const message: Underway = {
      ...{ id, slot, from, body, logical, deliveries: 0, visibleAt: -1, failures: 0, departs: 0, queuedAt: 0 },
      receipt: 0,
      epoch: 0,
      lost: false,
      position: NONE,
      late: isLate,
    }
    sim.messages[slot] = message
    if (isLate) this.lateIds.add(message.id)
    this.happen(Action.arrive, slot, 0)
    this.finish((task) => task.message === message)
  }

  /** Something the part waits to do happens. */
  perform(index: number): void {
    const item = this.sim.agenda.items()[index]
    if (item === undefined) return
    const timer = item.kind === Action.timer ? this.sim.timers[item.a] : undefined
    this.sim.take(item)
    if (timer !== undefined) this.finish((task) => task.timer === timer)
  }

  /**
   * A handling that nobody can watch half-way runs to its end at once: what it does before its time has passed (take
   * the message, claim its keys, load its saga) can as well be done just before the rest.
   */
  private finish(isIts: (task: Task) => boolean): void {
    const { sim } = this
    const task = sim.tasks.find((one) => one?.alive && isIts(one))
    if (task === undefined || !this.rules.atomic.has(task.service)) return
    const { generation, slot } = task
    for (;;) {
      if (!task.alive || task.generation !== generation) return
      const next = sim.agenda.items().find(({ kind, a, b }) => kind === Action.resume && a === slot && b === generation)
      if (next === undefined) return
      // Time stands still.
      sim.agenda.remove(next.sequence)
      this.happen(next.kind, next.a, next.b)
    }
  }

  private happen(kind: number, a: number, b: number): void {
    this.sim.agenda.push(0, kind, a, b)
    this.sim.take(this.sim.agenda.items().at(-1) as AgendaItem)
  }

  /** What a crash left in the broker's hands has no time to keep. */
  delayHeld(service: number): void {
    for (const message of this.held()) if (message.body.to === service) message.late = true
  }

  /** The messages the part holds: in a queue, at work, waiting to be handed out again. */
  held(): Underway[] {
    const { sim } = this
    const held = new Set(sim.messages.filter((one) => one !== null && !one.lost && !sim.deadLetters.includes(one)))
    for (const task of sim.tasks) if (task?.alive && task.message !== null) held.add(task.message)
    return [...held] as Underway[]
  }

  /** Takes the state off the stage, in normal form. */
  settle(): Settled {
    const { sim } = this
    const items = sim.agenda.items()
    const sends = items.filter(({ kind }) => kind === Action.arrive).map(({ a }) => this.takeSent(a))
    const live = items.filter(
      ({ kind, a, b, time }) => kind !== Action.arrive && !this.isOver(kind as ActionCode, a, b, time),
    )
    this.forgetTheDead()
    this.forgetNumbers()
    const pending = this.normalPending(live)
    this.tidy()
    const me = this.services[0] as number
    const saved: Record<string, unknown> = { pending }
    for (const field of KEPT) saved[field] = sim[field]
    const own = (service: number) => this.services.includes(service)
    saved.services = this.proof.model.services.map((_, i) => (own(i) ? sim.services[i] : null))
    saved.tables = this.proof.model.tables.map((table, i) => (own(table.service) ? sim.tables[i] : null))
    this.inHook = true
    saved.patterns = this.proof.model.patterns.map((_, i) => (this.split.owns(i, me) ? sim.patterns[i] : null))
    this.inHook = false
    saved.ownCounts = Array.from(sim.faultCounts.subarray(0, this.proof.ownFaults))
    if (this.hasSnapshots) saved.transactionCount = sim.transactionCount
    // Cells are never changed, only replaced.
    for (const table of this.ownTables()) for (const { cells } of table.rows.values()) Object.freeze(cells)
    const holds = this.held().flatMap((one) => (one.late ? [] : this.keysOf(one)))
    return { saved: saved as unknown as Saved, sends, holds: [...new Set(holds)] }
  }

  private keysOf(message: Message): readonly number[] {
    return this.contents.list[this.contents.of(message)]?.keys ?? []
  }

  private takeSent(slot: number): Settled['sends'][number] {
    const { sim, contents } = this
    const message = sim.messages[slot] as Message
    sim.messages[slot] = null
    const content = contents.of(message)
    return { content, isLate: this.isAnswer(message) && this.lateIds.has(message.body.answers) }
  }

  private isAnswer({ body }: Message): boolean {
    return (this.proof.model.answerTo[body.type] as number) >= 0
  }

  private isOver(kind: ActionCode, a: number, b: number, time: number): boolean {
    const { sim } = this
    if (sim.isStale(kind, a, b, time)) return true
    if (kind === Action.resume) return !sim.tasks[a]?.alive || sim.tasks[a]?.generation !== b
    if (kind === Action.recover) return (sim.services[a] as ServiceState).epoch !== b
    if (kind === Action.requeue) return sim.messages[a]?.deliveries !== b >> 1
    return false
  }

  /** Dead tasks leave a hole; the lowest slot is used first. */
  private forgetTheDead(): void {
    const { sim } = this
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
    const { sim, proof } = this
    const { bus } = proof.model
    const hasPoison = this.services.some((one) =>
      proof.model.services[one]?.faults.some(({ kind }) => kind === 'poison'),
    )
    const countsDeliveries = bus.deliveriesMax > 0 || hasPoison || bus.redelivery !== null
    for (const message of this.held()) {
      this.forgetReceipts(message)
      if (!countsDeliveries) message.deliveries = Math.min(1, message.deliveries)
      if (bus.redelivery === null) message.failures = 0
    }
    for (const i of this.services) (sim.services[i] as ServiceState).epoch = 0
    if (!this.contents.hasIdentity) sim.messageCount = 0
    if (!this.hasSnapshots) {
      for (const table of this.ownTables()) {
        table.version = 0
        for (const row of table.rows.values()) row.version = 0
      }
    }
    for (const i of this.services) this.capFaultCounts(proof.model.services[i] as ServiceModel)
  }

  private tidy(): void {
    const { sim, proof, split } = this
    const isHidden = (table: number) =>
      this.rules.hidden.has(table) && this.services.includes(proof.model.tables[table]?.service ?? NONE)
    proof.model.patterns.forEach((pattern, i) => {
      if (split.owns(i, this.services[0] as number)) pattern.tidy?.(sim, isHidden)
    })
  }

  private ownTables(): Simulation['tables'] {
    return this.proof.model.tables.flatMap((table, i) =>
      this.services.includes(table.service) ? [this.sim.tables[i] as Simulation['tables'][number]] : [],
    )
  }

  /** Only whether a receipt is the latest one counts. */
  private forgetReceipts(message: Underway): void {
    for (const task of this.sim.tasks as (Task | undefined)[]) {
      if (task?.alive && task.message === message) task.receipt = task.receipt === message.receipt ? 1 : 0
    }
    message.receipt = Math.min(1, message.receipt)
  }

  /** A fault that has struck as often as it will, or strikes always from now on, need not be counted further. */
  private capFaultCounts({ faults }: ServiceModel): void {
    const counts = this.sim.faultCounts
    for (const { number, nth, times } of faults) {
      if (number >= this.proof.ownFaults) continue
      const enough = Number.isFinite(times) ? nth + times - 1 : nth - 1
      counts[number] = Math.min(counts[number] as number, enough)
    }
  }

  private normalPending(items: readonly AgendaItem[]): Pending[] {
    const { sim } = this
    const timers: (Timer | null)[] = []
    const keep = (slot: number) => timers.push(sim.timers[slot] as Timer) - 1
    const pending = items.map(({ kind, a, b, time, sequence }): Pending => {
      const service = this.serviceOf(kind, a)
      const isTimer = kind === Action.timer || kind === Action.callTimeout
      const key = isTimer ? this.waitsFor(kind, a, b) : NONE
      const slot = kind === Action.timer ? keep(a) : a
      const number = kind === Action.resume ? 1 : kind === Action.recover ? 0 : this.receiptOf(kind, a, b)
      return { kind, a: slot, b: number, wait: isTimer ? (this.waits.get(sequence) ?? time) : 0, service, key, isTimer }
    })
    // Timers in the order in which they were set; whatever else waits can come in any order.
    pending.sort((x, y) => Number(y.isTimer) - Number(x.isTimer) || (x.isTimer ? 0 : x.kind - y.kind || x.a - y.a))
    for (const i of this.services) {
      const state = sim.services[i] as ServiceState
      state.dueTimers = state.dueTimers.map(keep)
    }
    sim.timers = timers
    return pending
  }

  /** A message given back is ready again whatever number its delivery has by now. */
  private receiptOf(kind: number, a: number, b: number): number {
    return kind === Action.requeue ? (this.sim.messages[a] as Message).deliveries * 2 + (b & 1) : b
  }

  private serviceOf(kind: number, a: number): number {
    const { sim } = this
    if (kind === Action.timer) return (sim.timers[a] as Timer).service
    if (kind === Action.recover) return a
    if (kind === Action.requeue || kind === Action.visible) return (sim.messages[a] as Message).body.to
    return (sim.tasks[a] as Task).service
  }

  private waitsFor(kind: number, a: number, b: number): number {
    const { sim, contents, proof } = this
    if (kind === Action.callTimeout) {
      for (const [id, call] of sim.calls) if (call.token === b) return contents.key(`call ${id}`)
      return NONE
    }
    const { pattern, subject, step } = sim.timers[a] as Timer
    const { name } = proof.model.patterns[pattern] as Model['patterns'][number]
    if (name === 'client') return contents.key(`request ${subject}`)
    return name === 'saga' ? contents.key(`saga ${subject} step ${step}`) : NONE
  }

  /** The model with its patterns watched: what they do at a crash or a recovery is about their own service. */
  private watched(model: Model): Model {
    const aside = <T extends unknown[]>(hook: ((...given: T) => void) | undefined, owner: object) =>
      hook === undefined
        ? {}
        : (...given: T) => {
            this.inHook = true
            try {
              hook.apply(owner, given)
            } finally {
              this.inHook = false
            }
          }
    return {
      ...model,
      patterns: model.patterns.map((pattern) => ({
        ...pattern,
        ...(pattern.onCrash === undefined
          ? {}
          : { onCrash: aside(pattern.onCrash, pattern) as typeof pattern.onCrash }),
        ...(pattern.onRecover === undefined
          ? {}
          : { onRecover: aside(pattern.onRecover, pattern) as typeof pattern.onRecover }),
      })),
    }
  }

  private guardedPatterns(states: unknown[], me: number): unknown[] {
    return new Proxy(states, {
      get: (target, name) => {
        const i = typeof name === 'string' ? Number(name) : Number.NaN
        if (!Number.isInteger(i)) return Reflect.get(target, name)
        if (!this.inHook) this.split.claim(i, me)
        if (target[i] === null && this.split.owns(i, me)) target[i] = copyState(this.initial[i])
        return target[i] ?? this.initial[i]
      },
    })
  }
}

function guarded<T>(list: T[], use: (index: number) => void): T[] {
  return new Proxy(list, {
    get: (target, name) => {
      const i = typeof name === 'string' ? Number(name) : Number.NaN
      if (Number.isInteger(i)) use(i)
      return Reflect.get(target, name)
    },
  })
}

function trimmed<T>(list: (T | undefined)[]): (T | undefined)[] {
  let length = list.length
  while (length > 0 && list[length - 1] === undefined) length--
  return list.slice(0, length)
}

/** Free places, the lowest last: it is taken first. */
function freeSlots(list: readonly unknown[]): number[] {
  const free: number[] = []
  for (let i = list.length - 1; i >= 0; i--) if (list[i] === null || list[i] === undefined) free.push(i)
  return free
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
