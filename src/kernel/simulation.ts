/**
 * The deterministic engine: a discrete-event simulation of services that exchange messages. Same model and seed, same
 * trace, byte for byte. Knows virtual time, the agenda, messages, tasks, tables and faults; must not know any pattern,
 * any scenario text, a clock, a page.
 */
import { assertNever } from '../base/assert.ts'
import { Kind, type KindCode } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import type { TraceWriter } from '../trace/trace-writer.ts'
import { Action, type ActionCode } from './action.ts'
import { Agenda, type AgendaItem } from './agenda.ts'
import type { Branch } from './branches.ts'
import { arrive, loseMessage } from './bus.ts'
import { clockOf } from './clock.ts'
import { createRing, findCycle } from './cycle.ts'
import { type Row, resetTables, type Table } from './disk.ts'
import { siblings } from './instances.ts'
import { createLoad, type LoadState } from './load.ts'
import { type LockTimes, noLockTimes } from './lock-times.ts'
import { lookAround } from './look-around.ts'
import { METRIC_COUNT, type MetricCode } from './metrics.ts'
import type { Model, PatternModel, PauseFault, Scaling, ServiceModel, Timer } from './model.ts'
import type { GroupState } from './partitions.ts'
import { forgetRecent, hiddenUntil, makeVisible, replayDeadLetters, requeueSlot } from './redelivery.ts'
import { crashReplica, recoverReplica, scale } from './replicas.ts'
import { crash, fireTimer, pause, recover, resume, timeOutCall, unpause, wakeForLock } from './service.ts'
import { createServiceState, resetServiceState, type ServiceState } from './service-state.ts'
import type { Message, Task } from './task.ts'
import type { Produced } from './unsettled.ts'

export type EndReason = 'at rest' | 'time limit' | 'entry limit' | 'cancelled'
/** The number of entries is looked at every 64 actions. */
const LIMIT_MASK = 63

/** When properties of the kind "always" are looked at. */
export type Checking = 'every commit' | 'at the end' | 'never'

export interface SimulationOptions {
  readonly seed?: number
  readonly trace?: TraceWriter | null
  /** Instead of a trace: only what a look now and then finds at the services. */
  readonly samples?: TraceWriter | null
  readonly checking?: Checking
}

export class Simulation {
  readonly model: Model
  seed: number
  now = 0
  readonly agenda = new Agenda()
  readonly trace: TraceWriter | null
  readonly samples: TraceWriter | null
  readonly checking: Checking
  /** Patterns that want to hear of every commit. */
  readonly commitListeners: readonly PatternModel[]
  /** And those that plan requests. */
  readonly arrivalListeners: readonly PatternModel[]
  services: ServiceState[] = []
  /** By service: what a process without a queue does with a message. */
  readonly receivers: ServiceModel['receive'][]
  tables: Table[] = []
  messages: (Message | null)[] = []
  freeMessages: number[] = []
  tasks: Task[] = []
  freeTasks: number[] = []
  timers: (Timer | null)[] = []
  freeTimers: number[] = []
  patterns: unknown[] = []
  messageCount = 0
  transactionCount = 0
  actions = 0
  /** Transactions rolled back because somebody else was first: optimistic concurrency control. */
  conflicts = 0
  /** How long rows were locked, and who had to wait. */
  locks: LockTimes = noLockTimes()
  /** Prepared parts of distributed transactions, by service and saga. */
  branches = new Map<string, Branch>()
  /** And of those that were decided: committed or not. */
  settledBranches = new Map<string, boolean>()
  end: EndReason | null = null
  /** Per message type and metric. */
  metrics: Int32Array
  /** Per fault number: how often its pattern has matched so far. */
  faultCounts: Int32Array
  /** Per property: 0 open, 1 seen to hold (sometimes), 2 violated. */
  propertyStates: Uint8Array
  violationPositions: Int32Array
  violationTimes: Float64Array
  /** (receiver, group) → latest arrival, where a message was delayed on a bus with order. */
  arrivals = new Map<number, number>()
  drawCounts = new Map<number, number>()
  activePartitions: number[] = []
  /** Parked messages, oldest first, and the sequences that are parked with them. */
  deadLetters: Message[] = []
  /** Synchronous calls under way: message id → the handler that waits. */
  calls = new Map<number, { slot: number; generation: number; token: number }>()
  callCount = 0
  /** Generated ids so far. */
  idCount = 0
  /** What callers remember of those they call, by (caller, callee). */
  lines = new Map<number, unknown>()
  parkedSequences = new Set<string>()
  /** The last things that went over the bus, and how many did: for naming a circle. */
  latest = createRing()
  latestCount = 0
  /** The epoch under which what runs now sends; 0 for none. */
  epoch = 0
  /** The circle a run was in when a limit ended it; null when it ended by itself or nothing repeats. */
  cycle: string | null = null
  /** Message id → the fault that makes every handling of it fail. */
  poisoned = new Map<number, number>()
  /** How often each effect became true, where the model asks for it: see effects.ts. */
  effects = new Map<number, number>()
  /** Messages written in a transaction of the broker, by the id all their copies share; and those that wait for its end. */
  produced = new Map<number, Produced>()
  unsettled: Message[] = []
  /** Consumer groups, by their number; none in most models. */
  groups: GroupState[] = []
  /** What is measured of a run under load; null where nothing is. */
  load: LoadState | null = null
  private readonly faultCount: number

  constructor(model: Model, options: SimulationOptions = {}) {
    this.model = model
    this.seed = options.seed ?? model.seed
    this.trace = options.trace ?? null
    this.samples = options.samples ?? null
    this.checking = options.checking ?? 'every commit'
    this.receivers = model.services.map((service) => service.receive)
    this.commitListeners = model.patterns.filter((pattern) => pattern.onCommitted !== undefined)
    this.arrivalListeners = model.patterns.filter((pattern) => pattern.onArrival !== undefined)
    this.faultCount = model.header.faults.length
    this.metrics = new Int32Array(model.messageTypes.length * METRIC_COUNT)
    this.faultCounts = new Int32Array(this.faultCount)
    this.propertyStates = new Uint8Array(model.properties.length)
    this.violationPositions = new Int32Array(model.properties.length)
    this.violationTimes = new Float64Array(model.properties.length)
    this.reset(this.seed)
  }

  /** Back to time 0 with another seed, keeping the memory of the last run. */
  reset(seed: number): void {
    const { model } = this
    this.seed = seed
    this.now = 0
    this.agenda.clear()
    if (this.services.length === 0) this.services = model.services.map(createServiceState)
    else this.services.forEach((service, i) => resetServiceState(service, model.services[i] as ServiceModel))
    this.tables = resetTables(model.tables, this.tables)
    if (this.messages.length > 0) this.messages = []
    if (this.freeMessages.length > 0) this.freeMessages = []
    // Dead tasks keep their memory for the next run. The lowest slot is used first, as in a new simulation.
    if (this.freeTasks.length > 0) this.freeTasks = []
    for (let slot = this.tasks.length - 1; slot >= 0; slot--) {
      ;(this.tasks[slot] as Task).alive = false
      this.freeTasks.push(slot)
    }
    if (this.timers.length > 0) this.timers = []
    if (this.freeTimers.length > 0) this.freeTimers = []
    this.messageCount = 0
    this.transactionCount = 0
    this.actions = 0
    this.conflicts = 0
    this.locks = noLockTimes()
    if (this.branches.size > 0) this.branches.clear()
    if (this.settledBranches.size > 0) this.settledBranches.clear()
    this.end = null
    this.metrics.fill(0)
    this.faultCounts.fill(0)
    this.propertyStates.fill(0)
    this.violationPositions.fill(NONE)
    this.violationTimes.fill(NONE)
    // To clear a map costs as much as to make one, also where nothing is in it.
    if (this.arrivals.size > 0) this.arrivals.clear()
    if (this.drawCounts.size > 0) this.drawCounts.clear()
    if (this.activePartitions.length > 0) this.activePartitions = []
    if (this.deadLetters.length > 0) this.deadLetters = []
    if (this.calls.size > 0) this.calls.clear()
    this.callCount = 0
    this.idCount = 0
    if (this.lines.size > 0) this.lines.clear()
    if (this.parkedSequences.size > 0) this.parkedSequences.clear()
    this.latestCount = 0
    this.epoch = 0
    this.cycle = null
    if (this.poisoned.size > 0) this.poisoned.clear()
    if (this.produced.size > 0) this.produced.clear()
    if (this.unsettled.length > 0) this.unsettled = []
    if (this.effects.size > 0) this.effects.clear()
    this.load = model.load === null ? null : createLoad(model.load, model.messageTypes.length)
    this.prepareTrace()
    this.patterns = model.patterns.map((pattern) => pattern.init(this))
    this.schedule()
  }

  /** Takes up to `actionsMax` actions; false when the run has ended. */
  advance(actionsMax: number): boolean {
    if (this.end !== null) return false
    const { agenda, model } = this
    const { endTime } = model
    for (let i = 0; i < actionsMax; i++) {
      if (agenda.size === 0) return this.finish('at rest')
      if (agenda.nextTime > endTime) {
        agenda.pop()
        if (!this.isStale(agenda.kind as ActionCode, agenda.a, agenda.b, agenda.time)) return this.finish('time limit')
        continue
      }
      if ((this.actions & LIMIT_MASK) === 0 && this.isFull()) return this.finish('entry limit')
      this.pick()
    }
    return true
  }

  private isFull(): boolean {
    const { entriesMax } = this.model
    // Without a trace the actions stand in for its entries, so that a circle that costs no time ends too.
    return this.actions >= entriesMax * 4 || (this.trace !== null && this.trace.entries.length >= entriesMax)
  }

  /** Runs to the end; for runs known to be short. */
  run(): this {
    while (this.advance(1_000_000));
    return this
  }

  cancel(): void {
    if (this.end === null) this.finish('cancelled')
  }

  get quiescent(): boolean {
    return this.end === 'at rest'
  }

  /** Writes a fact into the trace and returns its position, −1 without a trace. */
  note(
    kind: KindCode,
    service: number,
    saga: number,
    message: number,
    cause: number,
    a: number = NONE,
    b: number = NONE,
  ): number {
    return this.trace === null ? NONE : this.trace.append(this.now, kind, service, saga, message, cause, a, b)
  }

  value(value: Value): number {
    return this.trace === null ? NONE : this.trace.value(value)
  }

  count(type: number, metric: MetricCode, by = 1): void {
    const place = type * METRIC_COUNT + metric
    this.metrics[place] = (this.metrics[place] as number) + by
  }

  setTimer(timer: Timer, at: number): void {
    const slot = this.freeTimers.pop() ?? this.timers.length
    this.timers[slot] = timer
    this.agenda.push(at, Action.timer, slot, 0)
  }

  setCallTimeout(slot: number, token: number, at: number): void {
    this.agenda.push(at, Action.callTimeout, slot, token)
  }

  /** Looks at the properties after a commit that touched the given tables. */
  check(touches: (table: number) => boolean, sagas: boolean, cause: number): void {
    const { properties } = this.model
    for (let i = 0; i < properties.length; i++) {
      const property = properties[i] as Model['properties'][number]
      if (property.when === 'eventually' || this.propertyStates[i] !== 0) continue
      let concerned = sagas && property.looksAtSagas
      for (let table = 0; !concerned && table < property.looksAt.length; table++) {
        concerned = property.looksAt[table] === 1 && touches(table)
      }
      if (!concerned) continue
      const holds = property.holds(this)
      if (property.when === 'sometimes' && holds) this.propertyStates[i] = 1
      if (property.when === 'always' && !holds) this.violate(i, cause)
    }
  }

  /** The picker of a timed run: the earliest comes first. */
  private pick(): void {
    const { agenda } = this
    agenda.pop()
    const kind = agenda.kind as ActionCode
    // Most of what happens is an arrival, and an arrival is never stale.
    if (kind !== Action.arrive && this.isStale(kind, agenda.a, agenda.b, agenda.time)) return
    if (agenda.time < this.now)
      throw new Error(`action at ${agenda.time} lies before now ${this.now} (seed ${this.seed})`)
    this.now = agenda.time
    this.perform(kind, agenda.a, agenda.b)
  }

  /** Another picker's choice: whatever stands on the agenda may come next, later than planned but never before now. */
  take(item: AgendaItem): void {
    this.agenda.remove(item.sequence)
    this.now = Math.max(this.now, item.time)
    this.perform(item.kind as ActionCode, item.a, item.b)
  }

  private perform(kind: ActionCode, a: number, b: number): void {
    this.actions++
    if (this.load !== null && this.now >= this.load.curves.sampleAt) lookAround(this, this.load)
    switch (kind) {
      case Action.arrive:
        return arrive(this, this.messages[a] as Message)
      case Action.resume:
        return resume(this, a, b)
      case Action.timer:
        return fireTimer(this, a)
      case Action.lose:
        return loseMessage(this, this.messages[a] as Message, b)
      case Action.visible:
        return makeVisible(this, a, b)
      case Action.recover:
        return recover(this, a, b)
      case Action.recoverReplica:
        return recoverReplica(this, a, b)
      case Action.crash:
        return this.crashAtTime(a)
      case Action.partition:
        this.activePartitions.push(a)
        this.note(Kind.partitioned, NONE, NONE, NONE, NONE, this.model.partitions[a]?.number)
        return
      case Action.heal:
        this.activePartitions = this.activePartitions.filter((active) => active !== a)
        this.note(Kind.healed, NONE, NONE, NONE, NONE, this.model.partitions[a]?.number)
        return
      case Action.callTimeout:
        return timeOutCall(this, a, b)
      case Action.lockWake:
        return wakeForLock(this, a, b)
      case Action.pause:
        return pause(this, this.model.pauses[a] as PauseFault)
      case Action.unpause:
        return unpause(this, a)
      case Action.skew:
        return this.noteClock(a)
      case Action.scale: {
        const { service, replicas } = this.model.scalings[a] as Scaling
        return scale(this, service, replicas)
      }
      case Action.arrival:
        for (const pattern of this.arrivalListeners) pattern.onArrival?.(this, a, b)
        return
      case Action.requeue:
        return requeueSlot(this, a, b)
      case Action.amnesia: {
        const fault = this.model.amnesias[a]
        if (fault !== undefined) forgetRecent(this, fault)
        return
      }
      case Action.replay:
        return replayDeadLetters(this, a)
      case Action.request:
        return this.model.patterns[a]?.onTimer?.(this, {
          pattern: a,
          service: this.model.client,
          subject: b,
          step: 0,
          token: 0,
          durable: true,
          cause: NONE,
        })
      default:
        return assertNever(kind)
    }
  }

  /** What means nothing any more does not move time: the run was at rest before it. A stale timer is forgotten here. */
  isStale(kind: ActionCode, a: number, b: number, time: number): boolean {
    if (kind === Action.callTimeout) return this.tasks[a]?.call?.token !== b
    if (kind === Action.lockWake) return this.tasks[a]?.lockToken !== b
    if (kind === Action.visible) return hiddenUntil(this, a, b, time) === null
    if (kind !== Action.timer) return false
    const timer = this.timers[a]
    if (timer === null || timer === undefined) return true
    if (!this.model.patterns[timer.pattern]?.isStale?.(this, timer)) return false
    this.timers[a] = null
    this.freeTimers.push(a)
    return true
  }

  private noteClock(service: number): void {
    const offset = clockOf(this, service) - this.now
    const at = this.model.skews.filter(
      (skew) => skew.service === service && this.now >= skew.from && this.now < skew.until,
    )
    const drift = at.reduce((sum, skew) => sum + skew.drift, 0)
    this.note(Kind.clockSet, service, NONE, NONE, NONE, this.value(offset / 1000), drift)
    if (siblings(this, service).length === 0) return
    for (const pattern of this.model.patterns) pattern.onStanding?.(this, service, NONE)
  }

  private crashAtTime(index: number): void {
    const fault = this.model.crashes[index]
    if (fault === undefined || !(this.services[fault.service] as ServiceState).up) return
    if (fault.replica >= 0) crashReplica(this, fault.service, fault.replica, fault, NONE)
    else crash(this, fault.service, 'at a given time', fault, NONE)
  }

  private schedule(): void {
    const { model, agenda } = this
    model.partitions.forEach((partition, i) => {
      agenda.push(partition.from, Action.partition, i, 0)
      if (Number.isFinite(partition.until)) agenda.push(partition.until, Action.heal, i, 0)
    })
    model.crashes.forEach((fault, i) => {
      agenda.push(fault.at, Action.crash, i, 0)
    })
    model.pauses.forEach((fault, i) => {
      agenda.push(fault.at, Action.pause, i, 0)
    })
    model.skews.forEach(({ from, until, service }) => {
      agenda.push(from, Action.skew, service, 0)
      if (Number.isFinite(until)) agenda.push(until, Action.skew, service, 0)
    })
    model.amnesias.forEach((fault, i) => {
      agenda.push(fault.at, Action.amnesia, i, 0)
    })
    model.scalings.forEach(({ at }, i) => {
      agenda.push(at, Action.scale, i, 0)
    })
    for (const { at, service } of model.replays) agenda.push(at, Action.replay, service, 0)
    const client = model.patterns.findIndex((pattern) => pattern.name === 'client')
    model.requests.forEach((request, i) => {
      agenda.push(request.at, Action.request, client, i)
    })
    for (const pattern of model.patterns) pattern.onStart?.(this)
  }

  /** The initial rows become the first changes; every name of the model gets its value id before anything else. */
  private prepareTrace(): void {
    const trace = this.trace ?? this.samples
    if (trace === null) return
    trace.reset(this.model.messageTypes)
    for (const table of this.tables) {
      for (const row of table.rows.values()) storeRowIn(trace, table, row, NONE)
    }
    if (this.samples !== null && this.load !== null) this.load.curves.sampleAt = 0
  }

  /** Stores a row's committed cells and returns the number of the change. */
  storeRow(table: Table, row: Row, before: number): number {
    return storeRowIn(this.trace as TraceWriter, table, row, before)
  }

  private finish(reason: EndReason): false {
    if (reason === 'time limit') this.now = this.model.endTime
    this.end = reason
    if (reason === 'time limit' || reason === 'entry limit') this.cycle = findCycle(this)
    if (this.checking !== 'never' && reason !== 'cancelled') this.checkAtEnd()
    const circle = this.cycle === null ? NONE : this.value(this.cycle)
    this.note(Kind.ended, NONE, NONE, NONE, NONE, this.value(reason), circle)
    const { samples } = this
    samples?.append(this.now, Kind.ended, NONE, NONE, NONE, NONE, samples.value(reason), NONE)
    return false
  }

  private checkAtEnd(): void {
    this.model.properties.forEach((property, i) => {
      const state = this.propertyStates[i]
      if (state !== 0) return
      if (!property.holds(this)) this.violate(i, this.trace === null ? NONE : this.trace.entries.length - 1)
    })
  }

  private violate(property: number, cause: number): void {
    this.propertyStates[property] = 2
    this.violationTimes[property] = this.now
    this.violationPositions[property] = this.note(Kind.violated, NONE, NONE, NONE, cause, property)
  }
}

function storeRowIn(trace: TraceWriter, table: Table, row: Row, before: number): number {
  const after = row.cells === null ? NONE : trace.row(row.cells)
  row.stored = after
  return trace.change(table.number, row.id, before, after)
}
