/** A random schedule for a seed: one to so many faults from the menu, within the budget; each ends by itself. */
import type { Fault, FaultKind } from '../scenario/schema.ts'
import { crashPoints } from '../scenario/schema-fault.ts'
import type { Budget } from './budget.ts'
import { Dice } from './dice.ts'
import type { Handling, Menu } from './menu.ts'
import type { Schedule } from './schedule.ts'

/** How often a kind comes up beside the others. */
const weights: Partial<Record<FaultKind, number>> = { drop: 2, crash: 2 }
/** `after ack` strikes only where acknowledging comes first, so it is no gap of its own elsewhere. */
const gaps = crashPoints.filter((point) => point !== 'after ack')
const TIMES = [1, 1, 2, 3, 6] as const
/** So many requests are a crowd, and a fault can befall all of it. */
const CROWD_MIN = 10
const ON = { enabled: true, id: undefined } as const

export class ScheduleDealer {
  private readonly dice = new Dice()
  private readonly budget: Budget
  private readonly menu: Menu
  private readonly copies: number
  private readonly times: readonly number[]
  private readonly kinds: readonly FaultKind[]
  private readonly acknowledgesFirst: ReadonlySet<string>

  constructor(budget: Budget, menu: Menu, copies: number, acknowledgesFirst: readonly string[], requests = 1) {
    this.times = requests < CROWD_MIN ? TIMES : [...TIMES, requests]
    this.budget = budget
    this.menu = menu
    this.copies = copies
    this.acknowledgesFirst = new Set(acknowledgesFirst)
    this.kinds = budget.kinds
      .filter((kind) => isPossible(kind, menu))
      .flatMap((kind) => Array.from({ length: weights[kind] ?? 1 }, () => kind))
  }

  deal(seed: number): Schedule {
    const dice = this.dice.reset(seed)
    const { faults: most, more } = this.budget
    const begins = this.copies > 0 && more > 0 && dice.onceIn(3)
    const extra = begins ? [{ copy: dice.within(0, this.copies - 1), afterMs: dice.within(0, 3000) }] : []
    const count = most === 0 || this.kinds.length === 0 ? 0 : dice.within(1, most)
    const faults: Fault[] = []
    for (let i = 0; i < count; i++) faults.push(this.fault(dice.one(this.kinds)))
    return { seed, faults, more: extra }
  }

  private fault(kind: FaultKind): Fault {
    const { dice, menu } = this
    switch (kind) {
      case 'drop':
        return { kind, ...ON, ...this.which(), ...this.few() }
      case 'duplicate':
        return {
          kind,
          ...ON,
          ...this.which(),
          ...this.few(),
          copies: dice.within(1, 2),
          byMs: dice.onceIn(2) ? 0 : dice.span(),
        }
      case 'delay':
        return { kind, ...ON, ...this.which(), ...this.few(), byMs: dice.span() }
      case 'slow':
        return {
          kind,
          ...ON,
          ...this.handling(),
          ...this.few(),
          byMs: dice.span(),
          where: dice.one(['before transaction', 'in transaction']),
        }
      case 'crash':
        return this.crash()
      case 'pause':
        return {
          kind,
          ...ON,
          service: dice.one(menu.services),
          atMs: this.moment(),
          forMs: dice.within(10, 12_000),
          nth: 1,
          point: 'on receipt',
          afterMs: 0,
        }
      case 'partition':
        return this.partition()
      case 'fail':
        return {
          kind,
          ...ON,
          ...this.handling(),
          ...this.few(),
          point: dice.one(['before commit', 'after commit']),
          reason: 'UNAVAILABLE',
        }
      case 'refuse': {
        const { service, on } = dice.one(menu.refusals)
        return { kind, ...ON, service, on, afterMs: 0, ...this.few(), reason: 'REFUSED' }
      }
      case 'poison': {
        const untilMs = this.moment() + dice.span()
        return { kind, ...ON, ...this.handling(), nth: dice.within(1, 3), untilMs }
      }
      case 'skew': {
        const offsetMs = dice.onceIn(2) ? dice.span() : -dice.span()
        return { kind, ...ON, service: dice.one(menu.services), offsetMs, driftPpm: 0, fromMs: 0, untilMs: undefined }
      }
      case 'amnesia':
        return { kind, ...ON, atMs: this.moment(), windowMs: dice.span() }
    }
  }

  /** Some message by its name, now and then any. */
  private which() {
    const message = this.dice.onceIn(6) ? undefined : this.dice.one(this.menu.sendings).message
    return { message, from: undefined, to: undefined, probability: undefined, afterMs: 0, untilMs: undefined }
  }

  private few() {
    return { nth: this.dice.within(1, 3), times: this.dice.one(this.times), untilMs: undefined }
  }

  private handling(): Handling & { afterMs: number } {
    const { service, on } = this.dice.one(this.menu.handlings)
    return { service, on, afterMs: 0 }
  }

  private crash(): Fault {
    const { dice, menu } = this
    const restartMs = dice.within(0, 5000)
    const kind = 'crash'
    if (dice.onceIn(4)) {
      const at = { on: undefined, nth: 1, point: 'on receipt', afterMs: 0 } as const
      return { kind, ...ON, service: dice.one(menu.services), atMs: this.moment(), restartMs, ...at }
    }
    const where = this.handling()
    const point = dice.one(this.acknowledgesFirst.has(where.service) ? crashPoints : gaps)
    return { kind, ...ON, ...where, nth: dice.within(1, 3), point, restartMs, atMs: undefined }
  }

  private partition(): Fault {
    const { dice, menu } = this
    const fromMs = this.moment()
    const one = dice.one(menu.services)
    const others = menu.services.filter((service) => service !== one)
    const far = dice.onceIn(3) ? others : [dice.one(others)]
    return {
      kind: 'partition',
      ...ON,
      between: [[one], far],
      fromMs,
      untilMs: fromMs + dice.span(),
      mode: dice.one(['buffer', 'drop', 'refuse']),
      direction: dice.one(['both', 'there', 'back']),
    }
  }

  /** While the run goes as it would without faults, or while it recovers from them. */
  private moment(): number {
    return this.dice.within(0, this.dice.onceIn(2) ? Math.min(300, this.budget.withinMs) : this.budget.withinMs)
  }
}

function isPossible(kind: FaultKind, menu: Menu): boolean {
  if (kind === 'drop' || kind === 'duplicate' || kind === 'delay') return menu.sendings.length > 0
  if (kind === 'slow' || kind === 'fail' || kind === 'poison') return menu.handlings.length > 0
  if (kind === 'crash') return menu.handlings.length > 0 && menu.services.length > 0
  if (kind === 'refuse') return menu.refusals.length > 0
  if (kind === 'partition') return menu.services.length > 1
  return menu.services.length > 0
}
