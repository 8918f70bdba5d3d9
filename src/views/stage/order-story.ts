/**
 * A hand-made run for the tests of this folder: an order goes to Payment and Inventory, a reply is lost, a copy is
 * turned away, Inventory crashes and the charge is undone. Times in milliseconds here, microseconds in the trace.
 */
import { Kind, Outcome, Role } from '../../trace/kinds.ts'
import { Trace } from '../../trace/trace.ts'
import { NONE, type TraceHeader, type Value } from '../../trace/trace-format.ts'
import { TraceWriter } from '../../trace/trace-writer.ts'

export const ORDER = 0
export const PAYMENT = 1
export const INVENTORY = 2
export const CLIENT = 3

export const orderHeader: TraceHeader = {
  version: 1,
  scenario: { id: 'order-story', title: 'Lost reply after the commit', variant: 'A', seed: 7 },
  services: [
    { name: 'order', title: 'Order', kind: 'service', tables: [0], protections: [] },
    { name: 'payment', title: 'Payment', kind: 'service', tables: [1, 2], protections: ['idempotency key', 'inbox'] },
    { name: 'inventory', title: 'Inventory', kind: 'service', tables: [3], protections: ['fence'] },
    { name: 'client', title: 'Client', kind: 'client', tables: [], protections: [] },
  ],
  tables: [
    { name: 'orders', service: ORDER, columns: ['id', 'status'], key: 'id', system: false },
    { name: 'accounts', service: PAYMENT, columns: ['customer', 'balance'], key: 'customer', system: false },
    { name: 'ledger', service: PAYMENT, columns: ['type', 'order', 'amount'], key: null, system: false },
    { name: 'stock', service: INVENTORY, columns: ['sku', 'available', 'reserved'], key: 'sku', system: false },
  ],
  sagas: [
    {
      name: 'place order',
      orchestrator: ORDER,
      steps: [
        step('create order', ORDER, 'reject', 'compensatable', true),
        step('charge', PAYMENT, 'refund', 'compensatable', false),
        step('reserve stock', INVENTORY, 'release', 'compensatable', false),
        step('approve', ORDER, null, 'retriable', true),
      ],
    },
  ],
  statements: [],
  properties: [],
  edges: [
    [ORDER, PAYMENT],
    [ORDER, INVENTORY],
  ],
  faults: ['drop · 1st Charged', 'crash · at 60 ms'],
  initialChanges: 2,
}

function step(
  name: string,
  service: number,
  compensation: string | null,
  kind: 'compensatable' | 'pivot' | 'retriable',
  local: boolean,
) {
  return { name, service, operation: name, compensation, kind, local }
}

interface Sending {
  type: string
  from: number
  to: number
  departs: number
  arrives: number
  role?: number
  outcome?: number
  attempt?: number
  compensation?: boolean
  logical?: number
  saga?: number
  reason?: string
}

/** Writes a trace by hand, in milliseconds. */
export class StoryWriter {
  private readonly writer = new TraceWriter()
  private readonly header: TraceHeader

  constructor(header: TraceHeader = orderHeader) {
    this.header = header
  }

  message(sending: Sending): number {
    const { writer } = this
    const body = writer.body({
      type: writer.value(sending.type),
      to: sending.to,
      role: sending.role ?? Role.command,
      outcome: sending.outcome ?? Outcome.none,
      saga: sending.saga ?? 0,
      step: NONE,
      compensation: sending.compensation === true ? 1 : 0,
      attempt: sending.attempt ?? 1,
      key: NONE,
      reason: sending.reason === undefined ? NONE : writer.value(sending.reason),
      payload: NONE,
      answers: NONE,
    })
    const logical = sending.logical ?? writer.messages.length
    return writer.message(body, sending.from, logical, sending.departs * 1000, sending.arrives * 1000)
  }

  entry(
    at: number,
    kind: number,
    service: number,
    more: { message?: number; saga?: number; cause?: number; a?: number; b?: number } = {},
  ) {
    const { message = NONE, saga = NONE, cause = NONE, a = NONE, b = NONE } = more
    return this.writer.append(at * 1000, kind, service, saga, message, cause, a, b)
  }

  text(value: Value): number {
    return this.writer.value(value)
  }

  change(table: number, row: number, before: readonly Value[] | null, after: readonly Value[] | null): number {
    const { writer } = this
    const cells = (values: readonly Value[] | null) => (values === null ? NONE : writer.row(values))
    return writer.change(table, row, cells(before), cells(after))
  }

  /** A message with the entry that sends it. */
  travel(sending: Sending): number {
    const message = this.message(sending)
    this.entry(sending.departs, Kind.sent, sending.from, { message, saga: sending.saga ?? 0 })
    return message
  }

  trace(): Trace {
    return new Trace(this.header, [this.writer.take()])
  }
}

export function orderStory(): Trace {
  const w = new StoryWriter()
  w.change(1, 0, null, ['c1', 1000])
  w.change(3, 0, null, ['s1', 5, 0])
  const placed = w.travel({ type: 'place order', from: CLIENT, to: ORDER, departs: 0, arrives: 0, role: Role.request })
  w.entry(0, Kind.delivered, ORDER, { message: placed })
  w.entry(0, Kind.received, ORDER, { message: placed })
  w.entry(0, Kind.sagaStarted, ORDER, { saga: 0, a: w.text('o1'), b: 0 })
  w.entry(5, Kind.committed, ORDER, { message: placed })
  w.entry(5, Kind.rowChanged, ORDER, { a: w.change(0, 0, null, ['o1', 'PENDING']) })
  w.entry(5, Kind.stepSucceeded, ORDER, { saga: 0, a: 0 })
  w.entry(5, Kind.stepStarted, ORDER, { saga: 0, a: 1, b: 1 })
  const charge = w.travel({ type: 'charge', from: ORDER, to: PAYMENT, departs: 5, arrives: 15 })
  w.entry(5, Kind.acknowledged, ORDER, { message: placed })
  w.entry(15, Kind.delivered, PAYMENT, { message: charge })
  w.entry(15, Kind.received, PAYMENT, { message: charge })
  w.entry(15, Kind.begun, PAYMENT, { message: charge })
  w.entry(20, Kind.committed, PAYMENT, { message: charge })
  w.entry(20, Kind.rowChanged, PAYMENT, { a: w.change(1, 0, ['c1', 1000], ['c1', 900]) })
  w.entry(20, Kind.rowChanged, PAYMENT, { a: w.change(2, 0, null, ['charge', 'o1', 100]) })
  const charged = w.travel({
    type: 'Charged',
    from: PAYMENT,
    to: ORDER,
    departs: 20,
    arrives: 30,
    role: Role.reply,
    outcome: Outcome.ok,
  })
  w.entry(20, Kind.acknowledged, PAYMENT, { message: charge })
  w.entry(25, Kind.dropped, PAYMENT, { message: charged, a: w.text('drop · 1st Charged') })
  const copy = w.message({ type: 'charge', from: ORDER, to: PAYMENT, departs: 25, arrives: 40, logical: charge })
  w.entry(25, Kind.duplicated, ORDER, { message: copy, saga: 0, a: charge })
  w.entry(40, Kind.delivered, PAYMENT, { message: copy })
  w.entry(40, Kind.received, PAYMENT, { message: copy })
  w.entry(45, Kind.deduplicated, PAYMENT, { message: copy, a: w.text('idempotency key'), b: w.text('o1/charge') })
  w.entry(45, Kind.acknowledged, PAYMENT, { message: copy })
  w.entry(50, Kind.stepSucceeded, ORDER, { saga: 0, a: 1 })
  w.entry(50, Kind.compensationRegistered, ORDER, { saga: 0, a: 1 })
  w.entry(50, Kind.stepStarted, ORDER, { saga: 0, a: 2, b: 1 })
  const reserve = w.travel({ type: 'reserve', from: ORDER, to: INVENTORY, departs: 50, arrives: 70 })
  w.entry(60, Kind.crashed, INVENTORY, { a: w.text('at a time') })
  w.entry(70, Kind.delivered, INVENTORY, { message: reserve })
  w.entry(5050, Kind.stepTimedOut, ORDER, { saga: 0, a: 2, b: 1 })
  w.entry(5050, Kind.compensationStarted, ORDER, { saga: 0, a: 2, b: w.text('reserve stock timed out') })
  w.entry(5050, Kind.stepCompensating, ORDER, { saga: 0, a: 1, b: 1 })
  const refund = w.travel({
    type: 'refund',
    from: ORDER,
    to: PAYMENT,
    departs: 5050,
    arrives: 5060,
    compensation: true,
  })
  w.entry(5060, Kind.delivered, PAYMENT, { message: refund })
  w.entry(5060, Kind.received, PAYMENT, { message: refund })
  w.entry(5065, Kind.committed, PAYMENT, { message: refund })
  w.entry(5065, Kind.rowChanged, PAYMENT, { a: w.change(1, 0, ['c1', 900], ['c1', 1000]) })
  w.entry(5065, Kind.acknowledged, PAYMENT, { message: refund })
  const refunded = w.travel({
    type: 'Refunded',
    from: PAYMENT,
    to: ORDER,
    departs: 5065,
    arrives: 5075,
    role: Role.reply,
    outcome: Outcome.ok,
    compensation: true,
  })
  w.entry(5075, Kind.delivered, ORDER, { message: refunded })
  w.entry(5075, Kind.received, ORDER, { message: refunded })
  w.entry(5075, Kind.stepCompensated, ORDER, { saga: 0, a: 1 })
  w.entry(5080, Kind.acknowledged, ORDER, { message: refunded })
  w.entry(5080, Kind.recovered, INVENTORY)
  w.entry(5080, Kind.sagaCompensated, ORDER, { saga: 0 })
  w.entry(5080, Kind.ended, NONE, { a: w.text('at rest') })
  return w.trace()
}
