/**
 * One part of a model on a stage of its own: a simulation that holds this part's services, tables and patterns' memory
 * and nothing else. A state is put on it, one thing happens, and the state it leads to is taken off in normal form,
 * with the messages it has sent. Time stands still: what waits keeps only how long it waits.
 */
import { Action } from '../kernel/action.ts'
import type { AgendaItem } from '../kernel/agenda.ts'
import { stateFields } from '../kernel/checkpoint.ts'
import type { Table } from '../kernel/disk.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { NONE } from '../trace/trace-format.ts'
import type { Contents } from './prove-contents.ts'
import { copyAtRest, copyState } from './prove-copy.ts'
import { Memories, ownPlaces } from './prove-guard.ts'
import { DISARMED, type ProofModel } from './prove-model.ts'
import { heldMessages, Normal, type Pending, type Rules, type Underway } from './prove-normal.ts'
import { share } from './prove-share.ts'
import type { Split } from './prove-split.ts'

/** Counters and clocks that nobody's behaviour depends on here, and what is made anew from the rest. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['now', 'seed', 'end', 'actions', 'conflicts', 'metrics', 'transactionCount'],
  ...['propertyStates', 'violationPositions', 'violationTimes', 'arrivals', 'drawCounts', 'activePartitions'],
  ...['latest', 'latestCount', 'cycle', 'locks', 'load'],
  ...['freeMessages', 'freeTasks', 'freeTimers', 'faultCounts'],
])
/** Where only the part's own places count. */
const GUARDED: ReadonlySet<string> = new Set(['services', 'tables', 'patterns'])
const KEPT = stateFields.filter((field) => !LEFT_OUT.has(field))
const PLAIN = KEPT.filter((field) => !GUARDED.has(field))
/** What is a tree of plain data while nobody is at work and no message is held. */
export const TREES: readonly string[] = KEPT.filter((field) => !['tables', 'tasks', 'messages'].includes(field))

/** The kept fields by name, foreign services, tables and patterns null. */
export interface Saved {
  readonly services: readonly (ServiceState | null)[]
  readonly tables: readonly (Table | null)[]
  readonly patterns: readonly unknown[]
  readonly tasks: readonly (Task | undefined)[]
  readonly messages: readonly (Message | null)[]
  readonly calls: Simulation['calls']
  readonly pending: readonly Pending[]
  /** How often the scenario's own faults have met what they strike. */
  readonly ownCounts: readonly number[]
  /** Nobody is at work and no message is held. */
  readonly isAtRest: boolean
  readonly [field: string]: unknown
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
  private readonly contents: Contents
  private readonly hasSnapshots: boolean
  private readonly rules: Rules
  private readonly faultCounts: Int32Array
  private readonly memories: Memories
  private readonly serviceStates: (ServiceState | null)[]
  private readonly tables: (Table | null)[]
  private readonly ownTables: readonly number[]
  private readonly normal: Normal
  /** The state that was put on the stage. */
  private before: Saved | null = null
  /** Numbers of the late messages it holds: the answers to them are late too. */
  private lateIds = new Set<number>()

  constructor(proof: ProofModel, services: readonly number[], split: Split, contents: Contents, rules: Rules) {
    const { model } = proof
    const me = services[0] as number
    this.proof = proof
    this.rules = rules
    this.services = services
    this.contents = contents
    this.memories = new Memories(split, me)
    this.sim = new Simulation(this.memories.watched(model), { trace: null, checking: 'never' })
    this.memories.begin(this.sim.patterns)
    this.faultCounts = new Int32Array(this.sim.faultCounts.length)
    this.hasSnapshots = services.some((one) => model.services[one]?.isolation !== 'read committed')
    this.ownTables = model.tables.flatMap(({ service }, i) => (services.includes(service) ? [i] : []))
    this.serviceStates = ownPlaces(
      this.sim.services.length,
      (i) => services.includes(i),
      (i) => split.useService(i, me),
    )
    this.tables = ownPlaces(
      model.tables.length,
      (i) => this.ownTables.includes(i),
      (i) => split.useTable(i, me),
    )
    const { sim, hasSnapshots } = this
    this.normal = new Normal({ sim, proof, services, split, contents, rules, hasSnapshots })
  }

  /** The state at the beginning: every request of the clients is on its way already, as messages may take any time. */
  begin(): Settled {
    const { sim } = this
    const saved: Record<string, unknown> = Object.fromEntries(KEPT.map((field) => [field, sim[field]]))
    saved.services = sim.services.map((state, i) => (this.services.includes(i) ? state : null))
    saved.tables = sim.tables.map((table, i) => (this.ownTables.includes(i) ? table : null))
    saved.patterns = sim.patterns.map(() => null)
    const apart = this.services[0] as number
    // Numbers given in different parts never meet.
    if (this.contents.hasIdentity) Object.assign(saved, { messageCount: apart * 2 ** 18, callCount: apart * 2 ** 14 })
    const requests = sim.agenda.items().filter(({ kind }) => kind === Action.request)
    requests.sort((one, other) => one.time - other.time || one.sequence - other.sequence)
    const ownCounts = new Array<number>(this.proof.ownFaults).fill(0)
    this.put({ ...saved, pending: [], ownCounts } as unknown as Saved)
    if (this.services.includes(this.proof.model.client)) for (const { kind, a, b } of requests) this.happen(kind, a, b)
    return this.settle()
  }

  /** Puts a state on the stage. */
  put(saved: Saved): void {
    const { sim, faultCounts } = this
    const copy = (saved.isAtRest ? copyAtRest(saved) : copyState(saved)) as Record<string, unknown> & Saved
    this.before = saved
    for (const field of PLAIN) (sim as unknown as Record<string, unknown>)[field] = copy[field]
    sim.faultCounts = faultCounts
    faultCounts.fill(DISARMED, this.proof.ownFaults)
    for (let i = 0; i < this.proof.ownFaults; i++) faultCounts[i] = saved.ownCounts[i] as number
    for (const i of this.services) this.serviceStates[i] = copy.services[i] as ServiceState
    for (const i of this.ownTables) this.tables[i] = copy.tables[i] as Table
    this.memories.put(copy.patterns)
    sim.services = this.serviceStates as Simulation['services']
    sim.tables = this.tables as Simulation['tables']
    sim.patterns = this.memories.list
    sim.now = 0
    sim.end = null
    sim.transactionCount = this.hasSnapshots ? (copy.transactionCount as number) : 0
    sim.freeMessages = freeSlots(sim.messages)
    sim.freeTasks = freeSlots(sim.tasks)
    sim.freeTimers = []
    sim.agenda.clear()
    // The agenda numbers them from 0 on.
    for (const { kind, a, b } of saved.pending) sim.agenda.push(0, kind, a, b)
    this.lateIds.clear()
    for (const one of heldMessages(sim)) if (one.late) this.lateIds.add(one.id)
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
    for (const message of heldMessages(this.sim)) if (message.body.to === service) message.late = true
  }

  /** Takes the state off the stage, in normal form. */
  settle(): Settled {
    const { sim, before } = this
    const items = sim.agenda.items()
    const sends: Settled['sends'][number][] = []
    for (const { kind, a } of items) if (kind === Action.arrive) sends.push(this.takeSent(a))
    const waits = before?.pending ?? []
    const pending = this.normal.take(items, ({ sequence, time }) => waits[sequence]?.wait ?? time)
    const saved: Record<string, unknown> = {}
    for (const field of PLAIN) saved[field] = (sim as unknown as Record<string, unknown>)[field]
    saved.services = ownOnly(this.serviceStates, this.services)
    saved.tables = ownOnly(this.tables, this.ownTables)
    saved.patterns = this.memories.own()
    saved.pending = Object.freeze(pending)
    saved.ownCounts = Object.freeze(Array.from(this.faultCounts.subarray(0, this.proof.ownFaults)))
    saved.transactionCount = this.hasSnapshots ? sim.transactionCount : 0
    this.freezeCells()
    const held = heldMessages(sim)
    saved.isAtRest = held.length === 0 && sim.tasks.length === 0 && sim.messages.every((one) => one === null)
    if (saved.isAtRest && before?.isAtRest) for (const field of TREES) saved[field] = share(saved[field], before[field])
    const holds = new Set<number>()
    for (const one of held) if (!one.late) for (const key of this.keysOf(one)) holds.add(key)
    return { saved: saved as unknown as Saved, sends, holds: [...holds] }
  }

  /** Cells are never changed, only replaced. */
  private freezeCells(): void {
    for (const i of this.ownTables)
      for (const { cells } of (this.tables[i] as Table).rows.values()) Object.freeze(cells)
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
}

/** A list with null in every place that is not the part's own. */
function ownOnly<T>(list: readonly (T | null)[], own: readonly number[]): (T | null)[] {
  const only: (T | null)[] = new Array(list.length).fill(null)
  for (const i of own) only[i] = list[i] as T
  return only
}

/** Free places, the lowest last: it is taken first. */
function freeSlots(list: readonly unknown[]): number[] {
  const free: number[] = []
  for (let i = list.length - 1; i >= 0; i--) if (list[i] === null || list[i] === undefined) free.push(i)
  return free
}
