/** For tests of the time views: a trace written by hand, one line per entry. Times in milliseconds. */
import { TimeFold } from '../../session/time-fold.ts'
import { Kind, type KindName, Role, type RoleCode } from '../../trace/kinds.ts'
import { Trace } from '../../trace/trace.ts'
import { NONE, type TraceHeader } from '../../trace/trace-format.ts'
import { TraceWriter } from '../../trace/trace-writer.ts'
import { TraceIndex } from './trace-index.ts'

export const CLIENT = 0
export const ORDER = 1
export const PAYMENT = 2

const step = (name: string, compensation: string | null) =>
  ({ name, service: PAYMENT, operation: name, compensation, kind: 'compensatable', local: false }) as const

const header: TraceHeader = {
  version: 1,
  scenario: { id: 'by-hand', title: 'By hand', variant: null, seed: 1 },
  services: [
    { name: 'client', title: 'Client', kind: 'client', tables: [], protections: [] },
    { name: 'order', title: 'Order', kind: 'service', tables: [], protections: [] },
    { name: 'payment', title: 'Payment', kind: 'service', tables: [], protections: [] },
  ],
  tables: [],
  sagas: [{ name: 'order', orchestrator: ORDER, steps: [step('create', 'reject'), step('charge', 'refund')] }],
  statements: [],
  properties: [{ name: 'all or nothing', when: 'eventually', check: 'true', broken: 'Broken.' }],
  edges: [[ORDER, PAYMENT]],
  faults: ['drop, 1st Charged'],
  initialChanges: 0,
}

interface Fact {
  readonly service?: number
  readonly saga?: number
  readonly message?: number
  readonly cause?: number
  readonly a?: number
  readonly b?: number
}

interface Sending {
  readonly saga?: number
  readonly role?: RoleCode
  readonly compensation?: boolean
  /** Another message this one is a copy of. */
  readonly copyOf?: number
  /** Milliseconds on its way; Infinity for ever. */
  readonly hop?: number
}

export class HandTrace {
  private readonly writer = new TraceWriter()
  private made: Trace | undefined

  /** Writes an entry and returns its position. */
  at(ms: number, kind: KindName, fact: Fact = {}): number {
    const { service = NONE, saga = NONE, message = NONE, cause = NONE, a = NONE, b = NONE } = fact
    return this.writer.append(ms * 1000, Kind[kind], service, saga, message, cause, a, b)
  }

  /** Writes a message and the entry of its sending, and returns the message. */
  send(ms: number, type: string, from: number, to: number, how: Sending = {}): number {
    const { writer } = this
    const id = writer.messages.length
    const { saga = NONE, role = Role.command, compensation = false, copyOf = id, hop = 10 } = how
    const numbers = { to, role, outcome: 0, saga, step: NONE, compensation: Number(compensation), attempt: 1 }
    const values = { type: this.text(type), key: NONE, reason: NONE, payload: NONE, answers: NONE }
    writer.message(writer.body({ ...numbers, ...values }), from, copyOf, ms * 1000, (ms + hop) * 1000)
    this.at(ms, copyOf === id ? 'sent' : 'duplicated', { service: from, saga, message: id, a: copyOf })
    return id
  }

  /** A message is taken, worked on in a transaction of `forMs`, committed and acknowledged. */
  handle(ms: number, message: number, service: number, forMs: number, saga: number = NONE): void {
    const fact = { service, message, saga }
    this.at(ms, 'received', fact)
    this.at(ms, 'begun', fact)
    this.at(ms + forMs, 'committed', fact)
    this.at(ms + forMs, 'acknowledged', fact)
  }

  text(text: string): number {
    return this.writer.value(text)
  }

  /** The trace of what was written so far; nothing can be added after that. */
  trace(): Trace {
    this.made ??= new Trace(header, [this.writer.take()])
    return this.made
  }
}

/** Trace, fold and complete index of what was written. */
export function indexed(by: HandTrace) {
  const trace = by.trace()
  const fold = new TimeFold(trace)
  const index = new TraceIndex(trace)
  index.extend(fold)
  return { trace, fold, index }
}

/**
 * The lost reply: the charge commits, its reply is lost, the step has no answer for five seconds, the saga turns back
 * and rejects the order, and the money is gone.
 */
export function lostReply(): HandTrace {
  const by = new HandTrace()
  by.at(0, 'sagaStarted', { service: ORDER, saga: 0, a: by.text('o1'), b: 0 })
  by.at(0, 'stepStarted', { service: ORDER, saga: 0, a: 0, b: 1 })
  by.at(5, 'stepSucceeded', { service: ORDER, saga: 0, a: 0 })
  by.at(5, 'stepStarted', { service: ORDER, saga: 0, a: 1, b: 1 })
  const charge = by.send(5, 'charge', ORDER, PAYMENT, { saga: 0 })
  by.at(15, 'delivered', { service: PAYMENT, saga: 0, message: charge })
  by.handle(15, charge, PAYMENT, 5, 0)
  const reply = by.send(20, 'Charged', PAYMENT, ORDER, { saga: 0, role: Role.reply })
  by.at(25, 'dropped', { service: PAYMENT, saga: 0, message: reply, a: by.text('drop, 1st Charged') })
  by.at(5005, 'stepTimedOut', { service: ORDER, saga: 0, a: 1, b: 1 })
  const back = by.at(5005, 'compensationStarted', { service: ORDER, saga: 0, a: 1, b: by.text('no answer') })
  const undoing = by.at(5010, 'stepCompensating', { service: ORDER, saga: 0, a: 0, b: 1, cause: back })
  by.at(5020, 'stepCompensated', { service: ORDER, saga: 0, a: 0, cause: undoing })
  by.at(5020, 'sagaCompensated', { service: ORDER, saga: 0, cause: undoing })
  by.at(5031, 'violated', { a: 0 })
  by.at(5031, 'ended', { a: by.text('at rest') })
  return by
}
