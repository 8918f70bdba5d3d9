/**
 * For tests of this room: the lost reply, made by hand. Payment commits the charge, its reply is lost, the saga times
 * out and turns back without owing a refund, and at rest the money is gone for a rejected order.
 */
import type { RunSummary } from '../../session/session-types.ts'
import { Kind, Outcome, Role } from '../../trace/kinds.ts'
import { Trace } from '../../trace/trace.ts'
import { NONE, type TraceHeader, type Value } from '../../trace/trace-format.ts'
import { TraceWriter } from '../../trace/trace-writer.ts'

export const CLIENT = 0
export const ORDER = 1
export const PAYMENT = 2
export const ORDERS = 0
export const ACCOUNTS = 1
export const LEDGER = 2
export const INBOX = 3

export const header: TraceHeader = {
  version: 1,
  scenario: { id: 'lost-reply', title: 'Lost reply after the commit', variant: 'A', seed: 7 },
  services: [
    { name: 'client', title: 'Client', kind: 'client', tables: [], protections: [] },
    { name: 'order', title: 'Order', kind: 'service', tables: [ORDERS], protections: [] },
    { name: 'payment', title: 'Payment', kind: 'service', tables: [ACCOUNTS, LEDGER, INBOX], protections: ['inbox'] },
  ],
  tables: [
    { name: 'orders', service: ORDER, columns: ['id', 'status'], key: 'id', system: false },
    { name: 'accounts', service: PAYMENT, columns: ['id', 'balance'], key: 'id', system: false },
    { name: 'ledger', service: PAYMENT, columns: ['order', 'type', 'amount'], key: null, system: false },
    { name: 'inbox', service: PAYMENT, columns: ['message'], key: 'message', system: true },
  ],
  sagas: [
    {
      name: 'order',
      orchestrator: ORDER,
      steps: [
        step('create', ORDER, 'create', 'reject', true),
        step('charge', PAYMENT, 'charge', 'refund', false),
        { ...step('ship', PAYMENT, 'ship', null, false), kind: 'pivot' },
      ],
    },
  ],
  statements: [{ service: PAYMENT, operation: 'charge', text: 'balance -= amount' }],
  properties: [
    {
      name: 'all or nothing',
      when: 'eventually',
      check: 'a',
      broken: 'Money kept: The order is rejected, yet 100 stays charged.',
    },
    { name: 'one charge per order', when: 'always', check: 'b', broken: '' },
  ],
  edges: [[ORDER, PAYMENT]],
  faults: ['drop, 1st Charged'],
  initialChanges: 1,
}

function step(name: string, service: number, operation: string, compensation: string | null, local: boolean) {
  return { name, service, operation, compensation, kind: 'compensatable', local } as const
}

interface Sent {
  type: string
  from: number
  to: number
  role: number
  answers?: number
  payload?: Value
  departs: number
}

/** Positions a test wants to name. */
export interface LostReply {
  readonly trace: Trace
  readonly at: {
    readonly sagaStarted: number
    readonly chargeCommitted: number
    readonly balanceChanged: number
    readonly dropped: number
    readonly timedOut: number
    readonly turnedBack: number
    readonly violated: number
  }
  readonly charge: number
  readonly reply: number
  readonly summary: RunSummary
}

export function lostReply(): LostReply {
  const writer = new TraceWriter()
  const text = (value: Value) => writer.value(value)
  writer.change(ACCOUNTS, 0, NONE, writer.row(['c1', 1000]))

  const send = (message: Sent): number => {
    const body = writer.body({
      type: text(message.type),
      to: message.to,
      role: message.role,
      outcome: message.role === Role.reply ? Outcome.ok : Outcome.none,
      saga: 0,
      step: 1,
      compensation: 0,
      attempt: 1,
      key: message.role === Role.command ? text('o1:charge') : NONE,
      reason: NONE,
      payload: message.payload === undefined ? NONE : text(message.payload),
      answers: message.answers ?? NONE,
    })
    return writer.message(body, message.from, writer.messages.length, message.departs, message.departs + 10_000)
  }
  const add = (time: number, kind: number, service: number, message: number, cause: number, a = NONE, b = NONE) =>
    writer.append(time, kind, service, 0, message, cause, a, b)
  const change = (table: number, row: number, before: number, after: readonly Value[]) =>
    writer.change(table, row, before, writer.row(after))

  const sagaStarted = add(0, Kind.sagaStarted, ORDER, NONE, NONE, text('o1'), 0)
  const pending = writer.row(['o1', 'PENDING'])
  const created = add(0, Kind.rowChanged, ORDER, NONE, sagaStarted, writer.change(ORDERS, 0, NONE, pending))
  const createDone = add(0, Kind.stepSucceeded, ORDER, NONE, created, 0)
  add(0, Kind.compensationRegistered, ORDER, NONE, createDone, 0)
  const chargeStarted = add(0, Kind.stepStarted, ORDER, NONE, createDone, 1, 1)
  const charge = send({
    type: 'charge',
    from: ORDER,
    to: PAYMENT,
    role: Role.command,
    payload: { order: 'o1', amount: 100 },
    departs: 0,
  })
  const sent = add(0, Kind.sent, ORDER, charge, chargeStarted)
  const delivered = add(10_000, Kind.delivered, PAYMENT, charge, sent)
  const received = add(10_000, Kind.received, PAYMENT, charge, delivered, 1)
  const begun = add(10_000, Kind.begun, PAYMENT, charge, received)
  const executed = add(12_000, Kind.executed, PAYMENT, charge, begun, 0, 1)
  const chargeCommitted = add(15_000, Kind.committed, PAYMENT, charge, executed)
  const account = change(ACCOUNTS, 0, 0, ['c1', 900])
  const balanceChanged = add(15_000, Kind.rowChanged, PAYMENT, charge, chargeCommitted, account)
  add(15_000, Kind.rowChanged, PAYMENT, charge, chargeCommitted, change(LEDGER, 0, NONE, ['o1', 'charge', 100]))
  const reply = send({ type: 'Charged', from: PAYMENT, to: ORDER, role: Role.reply, answers: charge, departs: 15_000 })
  const replied = add(15_000, Kind.sent, PAYMENT, reply, chargeCommitted)
  add(15_000, Kind.acknowledged, PAYMENT, charge, replied)
  const dropped = add(20_000, Kind.dropped, PAYMENT, reply, replied, text('a fault'))
  const timedOut = add(5_000_000, Kind.stepTimedOut, ORDER, NONE, chargeStarted, 1, 1)
  const turnedBack = add(5_000_000, Kind.compensationStarted, ORDER, NONE, timedOut, 1, text('charge timed out'))
  const undoing = add(5_000_000, Kind.stepCompensating, ORDER, NONE, turnedBack, 0, 1)
  const rejected = change(ORDERS, 0, pending, ['o1', 'REJECTED'])
  const rejecting = add(5_000_000, Kind.rowChanged, ORDER, NONE, undoing, rejected)
  const undone = add(5_000_000, Kind.stepCompensated, ORDER, NONE, rejecting, 0)
  const compensated = add(5_000_000, Kind.sagaCompensated, ORDER, NONE, undone)
  const violated = writer.append(5_000_000, Kind.violated, NONE, NONE, NONE, compensated, 0, NONE)
  writer.append(5_000_000, Kind.ended, NONE, NONE, NONE, NONE, text('at rest'), NONE)
  const trace = new Trace(header, [writer.take()])

  const open = {
    name: 'one charge per order',
    when: 'always',
    holds: true,
    position: -1,
    time: -1,
    expectedToBreak: false,
  } as const
  const broken = {
    name: 'all or nothing',
    when: 'eventually',
    holds: false,
    position: violated,
    time: 5_000_000,
    expectedToBreak: true,
  } as const
  return {
    trace,
    at: { sagaStarted, chargeCommitted, balanceChanged, dropped, timedOut, turnedBack, violated },
    charge,
    reply,
    summary: {
      quiescent: true,
      reason: 'at rest',
      cycle: null,
      observables: [
        { name: 'balance', value: 900, expected: 900 },
        { name: 'refunds', value: 0 },
      ],
      properties: [broken, open],
      asExpected: true,
      entries: trace.length,
      hash: 'aa',
    },
  }
}
