/**
 * The shared world of the lesson: an order travels Order → Payment → Inventory → Shipping. Customer c1 has 1000, SKU s1
 * has 5, order o1 wants one for 100. Data only; every other order scenario is this one with a few fields changed.
 */
import type { ScenarioInput } from '../scenario/schema.ts'

export type ServiceInput = ScenarioInput['services'][string]
export type StepInput = NonNullable<ScenarioInput['sagas']>[string]['steps'][number]

export const order: ServiceInput = {
  tables: { orders: { columns: ['id', 'customer', 'state'], key: 'id' } },
  operations: {
    create: { do: [{ insert: 'orders', row: { id: 'order', customer: 'customer', state: "'PENDING'" } }] },
    approve: { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'APPROVED'" }] },
    reject: { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'REJECTED'" }] },
  },
}

const charge = {
  reply: 'Charged',
  refusal: 'ChargeRefused',
  do: [
    {
      update: 'accounts',
      where: { customer: 'customer' },
      require: 'balance >= amount',
      otherwise: 'INSUFFICIENT_FUNDS',
      change: 'balance -= amount',
    },
    { insert: 'ledger', row: { order: 'order', type: "'charge'", amount: 'amount', atMs: 'now' } },
  ],
}
const giveBack = [
  { update: 'accounts', where: { customer: 'customer' }, change: 'balance += amount' },
  { insert: 'ledger', row: { order: 'order', type: "'refund'", amount: 'amount', atMs: 'now' } },
]

export const payment: ServiceInput = {
  tables: {
    accounts: { columns: ['customer', 'balance'], key: 'customer', rows: [{ customer: 'c1', balance: 1000 }] },
    ledger: { columns: ['order', 'type', 'amount', 'atMs'] },
  },
  operations: {
    charge,
    refund: {
      reply: 'Refunded',
      do: [
        {
          if: "ledger.exists(l, l.order == order && l.type == 'charge') && !ledger.exists(l, l.order == order && l.type == 'refund')",
          do: giveBack,
        },
      ],
    },
  },
}

/** A refund that asks nothing: the mistake. */
export const bareRefund: NonNullable<ServiceInput['operations']>[string] = { reply: 'Refunded', do: giveBack }

export const inventory: ServiceInput = {
  tables: {
    stock: { columns: ['sku', 'available'], key: 'sku', rows: [{ sku: 's1', available: 5 }] },
    reservations: { columns: ['order', 'sku', 'quantity', 'status'] },
  },
  operations: {
    reserve: {
      reply: 'Reserved',
      refusal: 'ReserveRefused',
      do: [
        {
          update: 'stock',
          where: { sku: 'sku' },
          require: 'available >= quantity',
          otherwise: 'OUT_OF_STOCK',
          change: 'available -= quantity',
        },
        { insert: 'reservations', row: { order: 'order', sku: 'sku', quantity: 'quantity', status: "'ACTIVE'" } },
      ],
    },
    release: {
      reply: 'Released',
      do: [
        { read: 'reservations', where: { order: 'order', status: "'ACTIVE'" }, as: 'held' },
        {
          if: 'held != null',
          do: [
            {
              update: 'reservations',
              where: { order: 'order', status: "'ACTIVE'" },
              change: "status = 'RELEASED'",
              limit: 1,
            },
            { update: 'stock', where: { sku: 'sku' }, change: 'available += held.quantity' },
          ],
        },
      ],
    },
  },
}

export const shipping: ServiceInput = {
  tables: { shipments: { columns: ['order', 'sku', 'quantity'] } },
  operations: {
    ship: {
      reply: 'Shipped',
      refusal: 'ShipRefused',
      do: [
        { insert: 'shipments', row: { order: 'order', sku: 'sku', quantity: 'quantity' } },
        {
          update: 'inventory.reservations',
          where: { order: 'order', status: "'ACTIVE'" },
          change: "status = 'SHIPPED'",
          limit: 1,
        },
      ],
    },
  },
}

export const steps = {
  create: { name: 'create', service: 'order', operation: 'create', compensation: 'reject' },
  charge: { name: 'charge', service: 'payment', operation: 'charge', compensation: 'refund' },
  reserve: { name: 'reserve', service: 'inventory', operation: 'reserve', compensation: 'release' },
  ship: { name: 'ship', service: 'shipping', operation: 'ship', kind: 'pivot' },
  approve: { name: 'approve', service: 'order', operation: 'approve', kind: 'retriable' },
} satisfies Record<string, StepInput>

export const placeOrder = {
  to: 'order',
  message: 'PlaceOrder',
  payload: { order: 'o1', customer: 'c1', sku: 's1', quantity: 1, amount: 100 },
}

export const observables = {
  charges: "payment.ledger.filter(l, l.type == 'charge').size()",
  refunds: "payment.ledger.filter(l, l.type == 'refund').size()",
  balance: 'payment.accounts["c1"].balance',
  available: 'inventory.stock["s1"].available',
  reserved: "inventory.reservations.filter(r, r.status == 'ACTIVE').map(r, r.quantity).sum()",
  shipped: 'shipping.shipments.map(s, s.quantity).sum()',
  order: 'order.orders["o1"].state',
  saga: 'saga("o1").status',
  log: 'saga("o1").log',
  sagas: 'sagas.size()',
  messages: 'messages()',
} as const

const charged = (of: string) => `payment.ledger.filter(x, x.order == ${of} && x.type == 'charge').size()`
const refunded = (of: string) => `payment.ledger.filter(x, x.order == ${of} && x.type == 'refund').size()`
const total = (type: string) => `payment.ledger.filter(l, l.type == '${type}').map(l, l.amount).sum()`
const activeReservations = "inventory.reservations.filter(r, r.status == 'ACTIVE')"

type Properties = NonNullable<ScenarioInput['properties']>

/** MONEY: the ledger explains the balance, and no order gets back more than it paid. */
export function money(start: number): Properties[string] {
  return {
    when: 'always',
    check: `payment.accounts.map(a, a.balance).sum() == ${start} - ${total('charge')} + ${total('refund')} && payment.ledger.all(l, ${refunded('l.order')} <= ${charged('l.order')})`,
    title: 'Money adds up',
    broken: 'Money out of nothing: refunds and charges no longer explain the balance.',
  }
}

/** STOCK: available, reserved and shipped make what there was. */
export function stock(start: number): Properties[string] {
  return {
    when: 'always',
    check: `inventory.stock.map(s, s.available).sum() + ${activeReservations}.map(r, r.quantity).sum() + shipping.shipments.map(s, s.quantity).sum() == ${start} && inventory.stock.all(s, s.available >= 0)`,
    title: 'Stock is conserved',
    broken: `Stock does not add up: available, reserved and shipped no longer make ${start}.`,
  }
}

export const oneCharge: Properties[string] = {
  when: 'always',
  check: `payment.ledger.all(l, ${charged('l.order')} - ${refunded('l.order')} <= 1)`,
  title: 'One charge per order',
  broken: 'Charged twice: one order has been paid more than once.',
}

export const live: Properties[string] = {
  when: 'eventually',
  check: "sagas.all(s, s.ended) && order.orders.all(o, o.state != 'PENDING')",
  title: 'Every saga ends',
  broken: 'Stuck: a saga never ended, and nobody will move it.',
}

const shippedFor = 'shipping.shipments.filter(s, s.order == o.id).size()'
const all = `o.state == 'APPROVED' && ${charged('o.id')} - ${refunded('o.id')} == 1 && ${shippedFor} == 1`
const nothing = `o.state in ['REJECTED', 'CANCELLED'] && ${charged('o.id')} == ${refunded('o.id')} && ${activeReservations}.filter(r, r.order == o.id).size() == 0 && ${shippedFor} == 0`

/** What must hold, in the catalogue's words. */
export const properties: Properties = {
  ATOM: {
    when: 'eventually',
    check: `order.orders.all(o, (${all}) || (${nothing}))`,
    title: 'All or nothing',
    broken: 'Neither all nor nothing: the order, the money and the goods disagree at the end.',
  },
  MONEY: money(1000),
  'ONE-CHARGE': oneCharge,
  STOCK: stock(5),
  LIVE: live,
}

/** How the order saga ends when it goes forward. */
export const completed = {
  charges: 1,
  refunds: 0,
  balance: 900,
  available: 4,
  reserved: 0,
  shipped: 1,
  order: 'APPROVED',
  saga: 'Completed',
  log: ['create', 'charge', 'reserve', 'ship', 'approve'],
}

/** The order saga in the shared world, with the catalogue's defaults: what the other stories change. */
export const orderSaga: ScenarioInput = {
  sagascope: 1,
  id: 'order-world',
  title: 'Happy path',
  case: 'S01',
  chapter: 'Sagas',
  text: 'An order is charged, reserved, shipped and approved: one local transaction per service, no lock across them. Shipping is the pivot, the point of no return. Drag Crash onto Payment and watch what is undone.',
  services: { order, payment, inventory, shipping },
  sagas: { order: { orchestrator: 'order', start: 'PlaceOrder', id: 'order', steps: Object.values(steps) } },
  workload: { requests: [placeOrder] },
  observables,
  properties,
  expect: { ...completed, messages: 6 },
}

type SagaInput = NonNullable<ScenarioInput['sagas']>[string]

/** The order saga with some of its fields changed. */
export function sagaWith(change: Partial<SagaInput>): Record<string, SagaInput> {
  return { order: { ...(orderSaga.sagas?.order as SagaInput), ...change } }
}

/** The order saga's services with other rows in one table. */
export function withRows(
  service: string,
  table: string,
  rows: NonNullable<NonNullable<ServiceInput['tables']>[string]['rows']>,
): ScenarioInput['services'] {
  const definition = orderSaga.services[service] as ServiceInput
  const old = definition.tables?.[table] as NonNullable<ServiceInput['tables']>[string]
  return {
    ...orderSaga.services,
    [service]: { ...definition, tables: { ...definition.tables, [table]: { ...old, rows } } },
  }
}

const patient = new Set(['charge', 'reserve'])

/** The story a visitor meets first: S01, with the time-outs and the caution that make breaking it instructive. */
export const firstStory: ScenarioInput = {
  ...orderSaga,
  id: 'order-saga',
  sagas: sagaWith({
    register: 'before',
    steps: Object.values(steps).map((step) => (patient.has(step.name) ? { ...step, timeoutMs: 5000 } : step)),
  }),
}
