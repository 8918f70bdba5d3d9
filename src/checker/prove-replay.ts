/**
 * A path of a proof, shown on the stage: one simulation with a trace walks it, taking from its agenda what the path
 * says instead of what is earliest. Times only ever grow: what the path takes before its time waits for it, and what
 * comes later than planned is late.
 */
import { Action, type ActionCode } from '../kernel/action.ts'
import type { AgendaItem } from '../kernel/agenda.ts'
import { copyMessage, loseMessage } from '../kernel/bus.ts'
import { crash } from '../kernel/service.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { NONE } from '../trace/trace-format.ts'
import type { TraceWriter } from '../trace/trace-writer.ts'
import type { Explorer } from './prove-explorer.ts'
import { DISARMED, GAPS, type ProofModel } from './prove-model.ts'
import type { Move } from './prove-moves.ts'
import type { Pending } from './prove-normal.ts'
import type { Arm, LocalState, Part } from './prove-part.ts'

/** A message under way, as the path knows it and as the agenda does. */
interface Flight {
  word: number
  item: AgendaItem
}

export class Replay {
  readonly sim: Simulation
  /** By message: how much later than planned it arrived, microseconds. */
  readonly delayed = new Map<number, number>()
  private readonly explorer: Explorer
  private readonly proof: ProofModel
  private readonly atomic: ReadonlySet<number>
  /** By part: where it stands. */
  private readonly locals: number[]
  private readonly flights: Flight[] = []
  private seen = 0

  constructor(proof: ProofModel, explorer: Explorer, atomic: ReadonlySet<number>, trace: TraceWriter) {
    this.proof = proof
    this.explorer = explorer
    this.atomic = atomic
    this.sim = new Simulation(proof.model, { trace, checking: 'every commit' })
    this.disarm()
    this.locals = explorer.parts.map((part) => part.begin().next)
    const requests = this.items().filter(({ kind }) => kind === Action.request)
    requests.sort((one, other) => one.time - other.time || one.sequence - other.sequence)
    const words = explorer.parts.flatMap((part) => part.begin().sends)
    requests.forEach((item, i) => {
      this.flights.push({ word: words[i] as number, item })
    })
    this.seen = this.newest()
  }

  /** Walks one step of the path. */
  step(move: Move): void {
    if (move.is === 'part') this.happen(move)
    else if (move.is === 'drop') this.drop(move.word)
    else if (move.is === 'duplicate') this.duplicate(move)
  }

  /** Whatever is left happens in its own time. */
  finish(): void {
    for (;;) {
      const overdue = this.items()
        .filter(({ time }) => time < this.sim.now)
        .sort((one, other) => one.time - other.time || one.sequence - other.sequence)[0]
      if (overdue === undefined) break
      this.take(overdue)
    }
    this.sim.run()
  }

  private happen({ part, happening, outcome }: Move & { is: 'part' }): void {
    const { sim } = this
    const one = this.explorer.parts[part] as Part
    const local = one.states[this.locals[part] as number] as LocalState
    let task: Task | undefined
    if (happening.is === 'delivery') {
      const item = this.arrival(happening.content)
      const message = sim.messages[item.a] as Message
      this.armBegun(outcome.arm)
      const waiting = sim.tasks[sim.calls.get(message.body.answers)?.slot ?? NONE]
      if (waiting !== undefined) this.armTask(waiting, outcome.arm)
      this.take(item)
      task = sim.tasks.find((one) => one.alive && one.message === message)
    } else if (happening.is === 'pending') {
      const pending = local.pending[happening.index] as Pending
      const item = this.itemOf(one, local, pending)
      const timer = item.kind === Action.timer ? sim.timers[item.a] : null
      this.armBegun(outcome.arm)
      if (isTask(item.kind)) this.armTask(sim.tasks[item.a] as Task, outcome.arm)
      this.take(item)
      if (timer !== null) task = sim.tasks.find((one) => one.alive && one.timer === timer)
    } else {
      const restart = this.proof.model.services[happening.service]?.restartTime ?? 0
      crash(sim, happening.service, 'between two steps', { restart, number: NONE }, NONE)
    }
    if (task !== undefined && this.atomic.has(task.service)) this.finishTask(task)
    this.disarm()
    this.locals[part] = outcome.next
    const sent = this.items().filter(({ kind, sequence }) => kind === Action.arrive && sequence > this.seen)
    this.seen = this.newest()
    sent.forEach((item, i) => {
      this.flights.push({ word: outcome.sends[i] as number, item })
    })
  }

  private finishTask(task: Task): void {
    const { generation, slot } = task
    while (task.alive && task.generation === generation) {
      const next = this.items().find(({ kind, a, b }) => kind === Action.resume && a === slot && b === generation)
      if (next === undefined) return
      this.take(next)
    }
  }

  /** The arrival of the oldest message with this content; a request that has not been sent is sent now. */
  private arrival(content: number): AgendaItem {
    const at = this.flights.findIndex(({ word }) => word >> 1 === content)
    const [flight] = this.flights.splice(at, 1)
    if (flight === undefined) throw new Error('a path names a message that is not under way')
    return this.sent(flight)
  }

  private sent({ item }: Flight): AgendaItem {
    if (item.kind !== Action.request) return item
    this.take(item)
    const sent = this.items().find(({ kind, sequence }) => kind === Action.arrive && sequence > this.seen)
    this.seen = this.newest()
    return sent as AgendaItem
  }

  private drop(word: number): void {
    const { sim } = this
    const { time, sequence, a } = this.arrival(word >> 1)
    const message = sim.messages[a] as Message
    sim.agenda.remove(sequence)
    sim.now = Math.max(sim.now, Math.floor((message.departs + time) / 2))
    loseMessage(sim, message, NONE)
  }

  /** The copy stands behind its original. */
  private duplicate({ word, original, copy }: Move & { is: 'duplicate' }): void {
    const { sim } = this
    const at = this.flights.findIndex((flight) => flight.word >> 1 === word >> 1)
    const flight = this.flights[at] as Flight
    flight.item = this.sent(flight)
    flight.word = original
    copyMessage(sim, sim.messages[flight.item.a] as Message, flight.item.time, { copies: 1, by: 0, number: NONE })
    const item = this.items().find(({ sequence }) => sequence > this.seen) as AgendaItem
    this.seen = this.newest()
    this.flights.splice(at + 1, 0, { word: copy, item })
  }

  private take(item: AgendaItem): void {
    const { sim } = this
    if (item.kind === Action.arrive) {
      const message = sim.messages[item.a] as Message
      if (item.time < sim.now) {
        sim.trace?.arrivesAt(message.id, sim.now)
        this.delayed.set(message.id, sim.now - item.time)
      }
    }
    if (item.kind !== Action.arrive && sim.isStale(item.kind as ActionCode, item.a, item.b, item.time))
      sim.agenda.remove(item.sequence)
    else sim.take(item)
  }

  /** The item of the agenda that stands for what a part waits to do. */
  private itemOf(part: Part, local: LocalState, pending: Pending): AgendaItem {
    const items = this.itemsOf(part)
    if (pending.isTimer) {
      const place = local.pending.filter(({ isTimer }) => isTimer).indexOf(pending)
      return items.filter(({ kind }) => isTimer(kind))[place] as AgendaItem
    }
    const alike = items.filter(({ kind }) => kind === pending.kind)
    if (pending.kind === Action.recover) return alike.find(({ a }) => a === pending.a) as AgendaItem
    if (isTask(pending.kind)) {
      const place = local.saved.services[pending.service]?.active.indexOf(pending.a) ?? NONE
      const slot = (this.sim.services[pending.service] as ServiceState).active[place]
      return alike.find(({ a }) => a === slot) as AgendaItem
    }
    const place = local.pending.filter(({ kind }) => kind === pending.kind).indexOf(pending)
    return alike[place] as AgendaItem
  }

  /** What a part waits to do, in the order in which it was planned; what means nothing any more is forgotten. */
  private itemsOf(part: Part): AgendaItem[] {
    const { sim } = this
    return this.items().filter((item) => {
      const { kind, a, b, time, sequence } = item
      if (kind === Action.arrive || kind === Action.request || !part.services.includes(this.serviceOf(item)))
        return false
      if (kind === Action.resume && !(sim.tasks[a]?.alive && sim.tasks[a]?.generation === b)) return false
      if (!sim.isStale(kind as ActionCode, a, b, time)) return true
      sim.agenda.remove(sequence)
      return false
    })
  }

  private serviceOf({ kind, a }: AgendaItem): number {
    const { sim } = this
    if (kind === Action.timer) return sim.timers[a]?.service ?? NONE
    if (kind === Action.recover) return a
    if (isTask(kind)) return sim.tasks[a]?.service ?? NONE
    return sim.messages[a]?.body.to ?? NONE
  }

  private armTask(task: Task, arm: Arm | null): void {
    if (arm === null || arm.nth > 0) return
    task.crashPoint = arm.point
    task.crashRestart = this.proof.model.services[arm.service]?.restartTime ?? 0
  }

  private armBegun(arm: Arm | null): void {
    if (arm === null || arm.nth === 0) return
    const first = this.proof.firstCrash[arm.service] as number
    this.sim.faultCounts[first + (arm.isRelay ? GAPS : 0) + arm.point] = 1 - arm.nth
  }

  private disarm(): void {
    const { faultCounts } = this.sim
    for (let i = this.proof.ownFaults; i < faultCounts.length; i++) faultCounts[i] = DISARMED
  }

  private items(): AgendaItem[] {
    return this.sim.agenda.items()
  }

  private newest(): number {
    return this.items().at(-1)?.sequence ?? this.seen
  }
}

function isTimer(kind: number): boolean {
  return kind === Action.timer || kind === Action.callTimeout
}

function isTask(kind: number): boolean {
  return kind === Action.resume || kind === Action.lockWake || kind === Action.callTimeout
}
