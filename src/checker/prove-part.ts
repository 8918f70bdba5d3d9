/**
 * One part's states and what can happen in each, worked out once with the kernel and remembered: a state is a number, a
 * happening leads to a list of outcomes, and from then on the explorer only adds up numbers.
 */
import { Action } from '../kernel/action.ts'
import { crash } from '../kernel/service.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import type { Task } from '../kernel/task.ts'
import { NONE } from '../trace/trace-format.ts'
import { Canon } from './prove-canon.ts'
import type { Contents } from './prove-contents.ts'
import { highOf, lowOf } from './prove-hash.ts'
import { DISARMED, GAPS, type ProofModel, RELAY_GAPS } from './prove-model.ts'
import type { Pending, Rules } from './prove-normal.ts'
import type { Split } from './prove-split.ts'
import { type Saved, type Settled, Stage, TREES } from './prove-stage.ts'

/** How a crash is armed: nowhere, in the handler that goes on, or in the n-th one that begins. */
export interface Arm {
  readonly service: number
  readonly point: number
  /** 0: the handler that goes on now; otherwise the so-manieth that begins (or row that is relayed) in this step. */
  readonly nth: number
  readonly isRelay: boolean
}

/** What can happen to a part. */
export type Happening =
  | { readonly is: 'delivery'; readonly content: number; readonly isLate: boolean }
  | { readonly is: 'pending'; readonly index: number }
  | { readonly is: 'crash'; readonly service: number }

export interface Outcome {
  readonly next: number
  /** Message words (content × 2 + late), in the order of their sending. */
  readonly sends: readonly number[]
  /** What it adds to the hash of the state: the local state it leads to and what it sends. */
  readonly low: number
  readonly high: number
  readonly arm: Arm | null
  /** The service that crashed, −1 for none: what is on its way to it loses time. */
  readonly crashed: number
}

export interface LocalState {
  readonly saved: Saved
  readonly pending: readonly Pending[]
  /** Those of `pending` that the clocks allow (timers of one clock fire in the order in which they fall due), as happenings. */
  readonly due: readonly number[]
  /** What each of them waits for, −1 for nothing. */
  readonly dueKeys: readonly number[]
  /** What it adds to the hash of a state. */
  readonly low: number
  readonly high: number
  readonly holds: readonly number[]
  /** Services that are up and have something to lose; null until somebody asks. */
  crashable: readonly number[] | null
  readonly memo: Map<number, readonly Outcome[]>
}

/** What a part is made of. */
interface Making {
  readonly number: number
  readonly services: readonly number[]
  readonly split: Split
  readonly contents: Contents
  readonly rules: Rules
}

export class Part {
  readonly number: number
  readonly services: readonly number[]
  readonly states: LocalState[] = []
  /** How often the kernel was asked. */
  steps = 0
  private readonly proof: ProofModel
  private readonly contents: Contents
  private readonly stage: Stage
  private readonly canon: Canon
  private readonly numbers = new Map<string, number>()
  private first: Outcome | null = null

  constructor(proof: ProofModel, { number, services, split, contents, rules }: Making) {
    this.proof = proof
    this.number = number
    this.services = services
    this.contents = contents
    this.stage = new Stage(proof, services, split, contents, rules)
    this.canon = new Canon(contents, rules.numbered)
  }

  /** The state at the beginning, with the messages its clients have sent. */
  begin(): Outcome {
    this.first ??= this.keep(this.stage.begin(), null, NONE)
    return this.first
  }

  /** What a happening leads to: without a crash, and with one at each gap it passes. */
  outcomes(local: number, happening: number, withCrashes: boolean): readonly Outcome[] {
    const { memo } = this.states[local] as LocalState
    const key = happening * 2 + (withCrashes ? 1 : 0)
    let known = memo.get(key)
    if (known === undefined) {
      const what = happeningOf(happening)
      known = withCrashes ? this.crashing(local, what) : [this.run(local, what, null).outcome as Outcome]
      memo.set(key, known)
    }
    return known
  }

  /** The services that a crash between two steps can take something from. */
  crashable(local: number): readonly number[] {
    const state = this.states[local] as LocalState
    state.crashable ??= this.services.filter((service) => this.losesSomething(local, service))
    return state.crashable
  }

  /** A crash that is healed at once and leaves no trace is no more than a delay. */
  private losesSomething(local: number, service: number): boolean {
    const { saved } = this.states[local] as LocalState
    if (this.proof.model.services[service]?.isClient || !saved.services[service]?.up) return false
    const [down] = this.outcomes(local, crashOf(service), false)
    if (down === undefined) return false
    const { pending } = this.states[down.next] as LocalState
    const index = pending.findIndex(({ kind, a }) => kind === Action.recover && a === service)
    if (index < 0) return true
    const [up] = this.outcomes(down.next, pendingOf(index), false)
    return up === undefined || up.next !== local || up.sends.length > 0
  }

  private crashing(local: number, happening: Happening): Outcome[] {
    if (happening.is === 'crash') return []
    const calm = this.run(local, happening, null)
    const found: Outcome[] = []
    const seen = new Set<string>()
    for (const arm of this.armsFor(local, happening, calm.begun, calm.relayed)) {
      const { outcome } = this.run(local, happening, arm)
      if (outcome === null) continue
      const text = `${outcome.next}|${outcome.sends.join()}`
      if (!seen.has(text)) found.push(outcome)
      seen.add(text)
    }
    return found
  }

  private armsFor(local: number, happening: Happening, begun: Counts, relayed: Counts): Arm[] {
    const arms: Arm[] = []
    const waking = this.wokenBy(local, happening)
    for (const service of this.services) {
      if (waking === service)
        for (let point = 1; point < GAPS; point++) arms.push({ service, point, nth: 0, isRelay: false })
      for (let nth = 1; nth <= (begun.get(service) ?? 0); nth++) {
        for (let point = 0; point < GAPS; point++) arms.push({ service, point, nth, isRelay: false })
      }
      for (let nth = 1; nth <= (relayed.get(service) ?? 0); nth++) {
        for (let point = 0; point < RELAY_GAPS; point++) arms.push({ service, point, nth, isRelay: true })
      }
    }
    return arms
  }

  /** The service whose handler goes on, −1 for none. */
  private wokenBy(local: number, happening: Happening): number {
    const { pending, saved } = this.states[local] as LocalState
    if (happening.is === 'pending') {
      const item = pending[happening.index] as Pending
      return isWake(item) ? item.service : NONE
    }
    if (happening.is === 'crash') return NONE
    const { body } = this.contents.list[happening.content] as Contents['list'][number]
    const call = saved.calls.get(body.answers)
    return call === undefined ? NONE : (saved.tasks[call.slot]?.service ?? NONE)
  }

  /** One step of the kernel; no outcome when an armed crash has not struck. */
  private run(
    local: number,
    happening: Happening,
    arm: Arm | null,
  ): { outcome: Outcome | null; begun: Counts; relayed: Counts } {
    const { stage } = this
    const { sim } = stage
    this.steps++
    stage.put((this.states[local] as LocalState).saved)
    if (arm !== null) this.arm(local, happening, arm)
    const wasUp = this.services.filter((service) => (sim.services[service] as ServiceState).up)
    if (happening.is === 'delivery') stage.deliver(happening.content, happening.isLate)
    else if (happening.is === 'pending') stage.perform(happening.index)
    else
      crash(
        sim,
        happening.service,
        'between two steps',
        { restart: this.restartOf(happening.service), number: NONE },
        NONE,
      )
    const crashed = wasUp.filter((service) => !(sim.services[service] as ServiceState).up)
    for (const service of crashed) stage.delayHeld(service)
    const begun = this.countsAt(0)
    const relayed = this.countsAt(GAPS)
    if (arm !== null && !crashed.includes(arm.service)) return { outcome: null, begun, relayed }
    return { outcome: this.keep(stage.settle(), arm, crashed[0] ?? NONE), begun, relayed }
  }

  private restartOf(service: number): number {
    return this.proof.model.services[service]?.restartTime ?? 0
  }

  private arm(local: number, happening: Happening, { service, point, nth, isRelay }: Arm): void {
    const { sim } = this.stage
    if (nth === 0) {
      const task = this.taskOf(local, happening)
      if (task === undefined) return
      task.crashPoint = point
      task.crashRestart = this.restartOf(service)
      return
    }
    const first = this.proof.firstCrash[service] as number
    sim.faultCounts[first + (isRelay ? GAPS : 0) + point] = 1 - nth
  }

  private taskOf(local: number, happening: Happening): Task | undefined {
    const { tasks, calls } = this.stage.sim
    if (happening.is === 'pending')
      return tasks[((this.states[local] as LocalState).pending[happening.index] as Pending).a]
    if (happening.is === 'crash') return undefined
    const { body } = this.contents.list[happening.content] as Contents['list'][number]
    return tasks[calls.get(body.answers)?.slot ?? NONE]
  }

  /** How many handlings began (or rows were relayed), by service: every one is counted by a fault that strikes in no run. */
  private countsAt(offset: number): Counts {
    const { faultCounts } = this.stage.sim
    const counts: Counts = new Map()
    for (const service of this.services) {
      // Two gaps tell the same; the one that is armed starts elsewhere.
      const first = (this.proof.firstCrash[service] as number) + offset
      const count = Math.min(...[first, first + 1].map((i) => (faultCounts[i] as number) - DISARMED))
      if (count > 0) counts.set(service, count)
    }
    return counts
  }

  private keep({ saved, sends, holds }: Settled, arm: Arm | null, crashed: number): Outcome {
    const text = this.textOf(saved)
    let next = this.numbers.get(text)
    if (next === undefined) {
      next = this.states.length
      this.numbers.set(text, next)
      this.addState(next, saved, holds)
    }
    const { contents } = this
    const words = sends.map(({ content, isLate }) => content * 2 + (isLate ? 1 : 0))
    let { low, high } = this.states[next] as LocalState
    for (const word of words) {
      low = (low + (contents.lows[word] as number)) | 0
      high = (high + (contents.highs[word] as number)) | 0
    }
    return { next, sends: words, low, high, arm, crashed }
  }

  private textOf(saved: Saved): string {
    const { tables, tasks, messages, pending } = saved
    const waiting = pending.map(pendingText).join(';')
    if (saved.isAtRest) {
      const text = this.canon.atRest(saved as Record<string, unknown>, tables, TREES)
      return `${text}${saved.ownCounts.join()}|${saved.transactionCount}|${waiting}`
    }
    const rest = TREES.map((field) => saved[field])
    return this.canon.of({
      tables,
      tasks,
      messages,
      rest: [rest, saved.ownCounts, saved.transactionCount, waiting],
    })
  }

  private addState(number: number, saved: Saved, holds: readonly number[]): void {
    const { pending } = saved
    const due = pending.flatMap((item, i) => (item.isTimer && isBehind(pending, item, i) ? [] : [i]))
    this.states.push({
      saved,
      pending,
      due: due.map(pendingOf),
      dueKeys: due.map((i) => (pending[i] as Pending).key),
      low: lowOf(this.number, number),
      high: highOf(this.number, number),
      holds,
      crashable: null,
      memo: new Map(),
    })
  }
}

type Counts = Map<number, number>

/** What can happen, as a number: the explorer asks for nothing else. */
export function pendingOf(index: number): number {
  return index * 4
}

export function crashOf(service: number): number {
  return service * 4 + 1
}

/** The delivery of a message word (content × 2 + late). */
export function deliveryOf(word: number): number {
  return (word >> 1) * 4 + 2 + (word & 1)
}

export function happeningOf(number: number): Happening {
  const of = number >> 2
  if ((number & 3) === 0) return { is: 'pending', index: of }
  if ((number & 3) === 1) return { is: 'crash', service: of }
  return { is: 'delivery', content: of, isLate: (number & 1) === 1 }
}

function isWake({ kind }: Pending): boolean {
  return kind === Action.resume || kind === Action.callTimeout || kind === Action.lockWake
}

function pendingText({ kind, a, b, wait, service, isTimer }: Pending): string {
  return `${kind},${a},${b},${isTimer ? wait : ''},${service}`
}

/** Another timer of the same clock was set before and waits no longer: it fires first. */
function isBehind(pending: readonly Pending[], item: Pending, place: number): boolean {
  for (let i = 0; i < place; i++) {
    const before = pending[i] as Pending
    if (before.isTimer && before.service === item.service && before.wait <= item.wait) return true
  }
  return false
}
