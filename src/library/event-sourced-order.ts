/** The order flow joined up: the saga's services append to one store, and two read models follow. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { firstStory, placeOrder, type ServiceInput, steps } from './order-world.ts'

type Statements = NonNullable<ServiceInput['operations']>[string]['do']
const inStore = { store: 'store' } as const

const store: ServiceInput = {
  title: 'Event store',
  store: {
    aggregates: {
      order: {
        state: { state: 'NONE' },
        evolve: {
          OrderPlaced: "state = 'PENDING'",
          OrderApproved: "state = 'APPROVED'",
          OrderRejected: "state = 'REJECTED'",
        },
      },
      account: {
        state: { balance: 0 },
        evolve: { Deposited: 'balance += amount', Charged: 'balance -= amount', Refunded: 'balance += amount' },
      },
      item: {
        state: { available: 0, reserved: 0, shipped: 0 },
        evolve: {
          Stocked: 'available += quantity',
          Reserved: ['available -= quantity', 'reserved += quantity'],
          Released: ['available += quantity', 'reserved -= quantity'],
          Shipped: ['reserved -= quantity', 'shipped += quantity'],
        },
      },
    },
    events: [
      { stream: 'account-c1', type: 'Deposited', data: { amount: 1000 } },
      { stream: 'item-s1', type: 'Stocked', data: { quantity: 5 } },
    ],
  },
}

/** Load, decide, append; whoever was slower loads and decides again. */
function deciding(
  aggregate: string,
  id: string,
  event: string,
  fields: Record<string, string>,
  before: Statements = [],
): Statements {
  return [
    { load: aggregate, id, as: 'current', ...inStore },
    ...before,
    { append: event, to: 'current', with: fields, onConflict: 'reload' },
  ]
}
const happened = (type: string) => `store.events.exists(e, e.type == '${type}' && e.data.order == order)`
const undoing = (
  aggregate: string,
  id: string,
  done: string,
  undone: string,
  fields: Record<string, string>,
): Statements => [{ if: `${happened(done)} && !${happened(undone)}`, do: deciding(aggregate, id, undone, fields) }]
const money = { order: 'order', amount: 'amount' }
const goods = { order: 'order', sku: 'sku', quantity: 'quantity' }

const services: Record<string, ServiceInput> = {
  order: {
    operations: {
      create: {
        do: deciding('order', 'order', 'OrderPlaced', { order: 'order', customer: 'customer', amount: 'amount' }),
      },
      approve: { do: deciding('order', 'order', 'OrderApproved', { order: 'order' }) },
      reject: { do: deciding('order', 'order', 'OrderRejected', { order: 'order' }) },
    },
  },
  payment: {
    operations: {
      charge: {
        reply: 'Charged',
        refusal: 'ChargeRefused',
        do: deciding('account', 'customer', 'Charged', money, [
          { check: 'current.balance >= amount', otherwise: 'INSUFFICIENT_FUNDS' },
        ]),
      },
      refund: { reply: 'Refunded', do: undoing('account', 'customer', 'Charged', 'Refunded', money) },
    },
  },
  inventory: {
    operations: {
      reserve: {
        reply: 'Reserved',
        refusal: 'ReserveRefused',
        do: deciding('item', 'sku', 'Reserved', goods, [
          { check: 'current.available >= quantity', otherwise: 'OUT_OF_STOCK' },
        ]),
      },
      release: { reply: 'Released', do: undoing('item', 'sku', 'Reserved', 'Released', goods) },
    },
  },
  shipping: {
    operations: {
      ship: { reply: 'Shipped', refusal: 'ShipRefused', do: deciding('item', 'sku', 'Shipped', goods) },
    },
  },
  store,
  customers: {
    title: 'My orders',
    tables: { orders: { columns: ['id', 'customer', 'state', 'paid'], key: 'id' } },
    projections: {
      'order list': {
        from: 'store',
        on: {
          OrderPlaced: [{ insert: 'orders', row: { id: 'order', customer: 'customer', state: "'PENDING'", paid: 0 } }],
          Charged: [{ update: 'orders', where: { id: 'order' }, change: 'paid += amount' }],
          Refunded: [{ update: 'orders', where: { id: 'order' }, change: 'paid -= amount' }],
          OrderApproved: [{ update: 'orders', where: { id: 'order' }, change: "state = 'APPROVED'" }],
          OrderRejected: [{ update: 'orders', where: { id: 'order' }, change: "state = 'REJECTED'" }],
        },
      },
    },
  },
  warehouse: {
    title: 'Pick list',
    tables: { picks: { columns: ['order', 'sku', 'quantity', 'status'], key: 'order' } },
    projections: {
      'pick list': {
        from: 'store',
        lagMs: 100,
        on: {
          Reserved: [
            { insert: 'picks', row: { order: 'order', sku: 'sku', quantity: 'quantity', status: "'TO PICK'" } },
          ],
          Released: [{ delete: 'picks', where: { order: 'order' } }],
          Shipped: [{ update: 'picks', where: { order: 'order' }, change: "status = 'SHIPPED'" }],
        },
      },
    },
  },
}
const account = 'state("account", "c1")'
const item = 'state("item", "s1")'
const count = (type: string) => `store.events.filter(e, e.type == '${type}').size()`

export const eventSourcedOrder: ScenarioInput = {
  sagascope: 1,
  id: 'event-sourced-order',
  title: 'The order saga, event-sourced',
  case: 'W0',
  chapter: 'CQRS and projections',
  text: 'The same order, but no service keeps a row: each loads an aggregate, decides and appends an event. The customer’s order list and the warehouse’s pick list follow the store, each in its own time. Watch the events leave the store, and the pick list come later than the truth.',
  services,
  sagas: {
    order: {
      ...(firstStory.sagas?.order as NonNullable<ScenarioInput['sagas']>[string]),
      steps: Object.values(steps),
    },
  },
  stage: {
    positions: {
      client: { x: 50, y: -130 },
      order: { x: 0, y: 0 },
      payment: { x: 470, y: -90 },
      inventory: { x: 470, y: 80 },
      shipping: { x: 470, y: 250 },
      store: { x: 800, y: 60 },
      customers: { x: 1140, y: -60 },
      warehouse: { x: 1140, y: 200 },
    },
  },
  workload: { requests: [placeOrder] },
  observables: {
    order: 'state("order", "o1").state',
    balance: `${account}.balance`,
    available: `${item}.available`,
    reserved: `${item}.reserved`,
    shipped: `${item}.shipped`,
    charges: count('Charged'),
    refunds: count('Refunded'),
    saga: 'saga("o1").status',
    'order list': 'customers.orders.map(o, o.state)',
    'pick list': 'warehouse.picks.map(p, p.status)',
  },
  properties: {
    PROJ: {
      when: 'eventually',
      check:
        'projection("order list").lag == 0 && projection("pick list").lag == 0 && customers.orders.all(o, o.state == "APPROVED" || o.state == "REJECTED")',
      title: 'Both read models have caught up',
    },
    STOCK: {
      when: 'always',
      check: `${item}.available + ${item}.reserved + ${item}.shipped == 5 && ${item}.available >= 0`,
      title: 'Stock is conserved',
    },
    MONEY: {
      when: 'always',
      check: `${account}.balance == 1000 - sum(store.events.filter(e, e.type == 'Charged').map(e, e.data.amount)) + sum(store.events.filter(e, e.type == 'Refunded').map(e, e.data.amount))`,
      title: 'Money adds up',
    },
  },
  expect: {
    order: 'APPROVED',
    balance: 900,
    available: 4,
    reserved: 0,
    shipped: 1,
    charges: 1,
    refunds: 0,
    saga: 'Completed',
    'order list': ['APPROVED'],
    'pick list': ['SHIPPED'],
  },
  variants: {
    'out of stock': {
      title: 'out of stock: compensating events',
      patch: {
        services: { store: { store: { events: [store.store?.events?.[0]] } } },
        properties: { STOCK: { check: `${item}.available == 0` } },
      },
      expect: {
        order: 'REJECTED',
        balance: 1000,
        available: 0,
        shipped: 0,
        refunds: 1,
        saga: 'Compensated',
        'order list': ['REJECTED'],
        'pick list': [],
      },
    },
    'pick list crashes': {
      title: 'the pick list crashes on the way',
      patch: { faults: [{ kind: 'crash', service: 'warehouse', on: 'pick list', point: 'before commit' }] },
    },
  },
}
