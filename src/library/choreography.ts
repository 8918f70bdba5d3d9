/** Choreography: the same order flow, and nobody in charge. */
import type { ScenarioInput } from '../scenario/schema.ts'
import {
  completed,
  inventory,
  live,
  order,
  orderSaga,
  payment,
  placeOrder,
  sagaWith,
  stock,
  withRows,
} from './order-world.ts'

type ServiceInput = ScenarioInput['services'][string]

const events: Record<string, { event: string; refusedEvent?: string; undoneEvent?: string }> = {
  create: { event: 'OrderPlaced', undoneEvent: 'OrderRejected' },
  charge: { event: 'PaymentCharged', refusedEvent: 'PaymentRejected', undoneEvent: 'PaymentRefunded' },
  reserve: { event: 'StockReserved', refusedEvent: 'StockRejected', undoneEvent: 'StockReleased' },
  ship: { event: 'ShipmentCreated', refusedEvent: 'ShipmentRejected' },
  approve: { event: 'OrderApproved' },
}
const choreographed = sagaWith({
  style: 'choreographed',
  steps: (orderSaga.sagas?.order?.steps ?? []).map((step) => ({ ...step, ...events[step.name] })),
})

const observables = {
  ...orderSaga.observables,
  events: "entries.filter(e, e.kind == 'published').size()",
  published: "entries.filter(e, e.kind == 'published').map(e, e.message)",
}

export const byEvents: ScenarioInput = {
  ...orderSaga,
  id: 'choreography',
  title: 'The same order, by events',
  case: 'C01',
  chapter: 'Choreography',
  text: 'Each service reacts to the event of the one before. Nobody holds the saga: what the stage shows of it is put together from events and their order id. Switch to the orchestrated style and compare.',
  sagas: choreographed,
  observables,
  expect: {},
  variants: {
    events: {
      title: 'choreographed',
      expect: {
        ...completed,
        events: 5,
        published: ['OrderPlaced', 'PaymentCharged', 'StockReserved', 'ShipmentCreated', 'OrderApproved'],
      },
    },
    commands: {
      title: 'orchestrated',
      patch: { sagas: { order: { style: 'orchestrated' } } },
      expect: { ...completed, events: 0, messages: 6 },
    },
  },
}

export const compensatedByEvents: ScenarioInput = {
  ...byEvents,
  id: 'choreography-out-of-stock',
  title: 'Compensation by events',
  case: 'C02',
  text: 'Inventory publishes StockRejected. Payment and Order both subscribe to it, so the refund and the rejection have no order between them.',
  services: withRows('inventory', 'stock', [{ sku: 's1', available: 0 }]),
  properties: { ...orderSaga.properties, STOCK: stock(0) },
  observables: {
    ...observables,
    sorted:
      "['OrderPlaced', 'PaymentCharged', 'StockRejected', 'PaymentRefunded', 'OrderRejected'].all(x, entries.exists_one(e, e.kind == 'published' && e.message == x))",
  },
  expect: { charges: 1, refunds: 1, balance: 1000, order: 'REJECTED', saga: 'Compensated', events: 5, sorted: true },
  variants: {},
}

const watchdog: ServiceInput = {
  ...order,
  operations: {
    ...order.operations,
    create: { do: [...(order.operations?.create?.do ?? []), { send: 'timeOut', afterMs: 900_000 }] },
    timeOut: {
      do: [
        {
          if: "orders[order].state == 'PENDING'",
          do: [
            { update: 'orders', where: { id: 'order' }, change: "state = 'REJECTED'" },
            { publish: 'OrderRejected' },
          ],
        },
      ],
    },
  },
}

export const silentStall: ScenarioInput = {
  ...byEvents,
  id: 'silent-stall',
  title: 'A silent stall',
  case: 'C03',
  text: 'Payment charges, crashes before it publishes, and has acknowledged already. No error is shown anywhere, and nobody owns a time-out: the order stays PENDING for ever.',
  services: { ...orderSaga.services, payment: { ...payment, acknowledge: 'first' } },
  faults: [{ kind: 'crash', service: 'payment', on: 'OrderPlaced', point: 'after commit', restartMs: 1000 }],
  endMs: 1_200_000,
  expect: { charges: 1, refunds: 0, balance: 900, order: 'PENDING' },
  breaks: ['ATOM', 'LIVE'],
  variants: {
    A: { title: 'no outbox', breaks: ['ATOM', 'LIVE'] },
    B: {
      title: 'outbox',
      text: 'The event was stored with the charge, and the relay publishes it after the restart.',
      patch: { services: { payment: { protections: { outbox: true } } } },
      expect: completed,
    },
    C: {
      title: 'a watchdog in Order',
      text: 'After 15 minutes Order gives up and publishes OrderRejected; Payment refunds.',
      patch: {
        services: { order: watchdog, payment: { subscriptions: { OrderRejected: 'refund' } } },
      },
      expect: { refunds: 1, balance: 1000, order: 'REJECTED' },
      // The reconstructed saga sees its step undone, but no refusal: to it the saga still runs.
      breaks: ['LIVE'],
    },
  },
}

const light = (operation: string, event: string): ServiceInput => ({
  tables: { light: { columns: ['id', 'on'], key: 'id', rows: [{ id: 1, on: false }] } },
  operations: { [operation]: { do: [], emits: event } },
})
const onlyOnChange = (operation: string, event: string) => ({
  operations: {
    [operation]: {
      emits: null,
      do: [{ if: '!light[1].on', do: [{ update: 'light', change: 'on = true' }, { publish: event }] }],
    },
  },
})

export const circle: ScenarioInput = {
  sagascope: 1,
  id: 'circle',
  title: 'Events in a circle',
  case: 'C05',
  chapter: 'Choreography',
  text: 'Two services each react to the other’s event. Nothing is wrong with either; together they never stop.',
  endMs: 3000,
  services: {
    left: { ...light('swing', 'Tick'), subscriptions: { Tock: 'swing' } },
    right: { ...light('swing back', 'Tock'), subscriptions: { Tick: 'swing back' } },
  },
  workload: { requests: [{ to: 'left', message: 'swing', payload: { id: 1 } }] },
  observables: { events: 'bus.published', parked: 'bus.dlq' },
  properties: {
    QUIET: { when: 'eventually', check: 'now < 3000', broken: 'Never quiet: the events go round for ever.' },
  },
  expect: { events: 200, parked: 0 },
  breaks: ['QUIET'],
  variants: {
    A: { title: 'no guard', breaks: ['QUIET'] },
    'A two listen': {
      title: 'no guard, and a second listener',
      text: 'Two react to every Tick, and each of their Tocks makes another Tick: twice as many every round.',
      patch: {
        endMs: 150,
        bus: { order: 'none' },
        services: { echo: { ...light('swing back', 'Tock'), subscriptions: { Tick: 'swing back' } } },
        properties: { QUIET: { check: 'now < 150' } },
      },
      expect: { events: 93 },
      breaks: ['QUIET'],
    },
    B: { title: 'hop limit of 10', patch: { bus: { hopLimit: 10 } }, expect: { events: 10, parked: 1 } },
    C: {
      title: 'publish only on a real change',
      patch: { services: { left: onlyOnChange('swing', 'Tick'), right: onlyOnChange('swing back', 'Tock') } },
      expect: { events: 2 },
    },
  },
}

const rejectAlways = {
  do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'REJECTED'" }, { publish: 'OrderRejected' }],
}
const rejectOnce = {
  do: [
    { read: 'orders', where: { id: 'order' }, as: 'mine', lock: true },
    { if: "mine.state == 'PENDING'", do: rejectAlways.do },
  ],
}

export const twoFailures: ScenarioInput = {
  sagascope: 1,
  id: 'two-failures',
  title: 'Two failures at once',
  case: 'C07',
  chapter: 'Choreography',
  text: 'Payment and Inventory work side by side and both refuse. Each refusal rejects the order. And what if a success arrives after the rejection?',
  services: {
    order: {
      ...order,
      operations: {
        create: { ...order.operations?.create, do: order.operations?.create?.do ?? [], emits: 'OrderPlaced' },
        reject: rejectAlways,
        'mark paid': { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'PAID'" }] },
      },
      subscriptions: { PaymentRejected: 'reject', StockRejected: 'reject', PaymentCharged: 'mark paid' },
    },
    payment: {
      ...payment,
      operations: {
        ...payment.operations,
        charge: {
          do: payment.operations?.charge?.do ?? [],
          emits: 'PaymentCharged',
          emitsOnRefusal: 'PaymentRejected',
        },
        refund: { do: payment.operations?.refund?.do ?? [], emits: 'PaymentRefunded' },
      },
      subscriptions: { OrderPlaced: 'charge', RefundNeeded: 'refund' },
    },
    inventory: {
      ...inventory,
      operations: {
        reserve: {
          do: inventory.operations?.reserve?.do ?? [],
          emits: 'StockReserved',
          emitsOnRefusal: 'StockRejected',
        },
      },
      subscriptions: { OrderPlaced: 'reserve' },
      tables: {
        ...inventory.tables,
        stock: { columns: ['sku', 'available'], key: 'sku', rows: [{ sku: 's1', available: 0 }] },
      },
    },
  },
  workload: { requests: [{ ...placeOrder, message: 'create' }] },
  faults: [{ kind: 'refuse', service: 'payment', on: 'OrderPlaced', reason: 'INSUFFICIENT_FUNDS' }],
  observables: {
    rejections: 'published("OrderRejected")',
    charges: "payment.ledger.filter(l, l.type == 'charge').size()",
    refunds: "payment.ledger.filter(l, l.type == 'refund').size()",
    balance: 'payment.accounts["c1"].balance',
    order: 'order.orders["o1"].state',
  },
  properties: {
    LIVE: {
      ...live,
      check: "order.orders.all(o, o.state == 'REJECTED')",
      broken: 'Regressed: a rejected order came back to life.',
    },
  },
  expect: { order: 'REJECTED' },
  variants: {
    A: { title: 'no guard', expect: { rejections: 2 } },
    B: {
      title: 'state check with a lock',
      patch: { services: { order: { operations: { reject: rejectOnce } } } },
      expect: { rejections: 1 },
    },
    'C none': {
      title: 'a late success, no guard',
      text: 'PaymentCharged reaches Order after the rejection, and the order is PAID again.',
      patch: { bus: { order: 'none' }, faults: [{ kind: 'delay', message: 'PaymentCharged', byMs: 1000 }] },
      expect: { order: 'PAID', charges: 1, refunds: 0, balance: 900 },
      breaks: ['LIVE'],
    },
    'C guard': {
      title: 'a late success, guarded',
      patch: {
        bus: { order: 'none' },
        faults: [{ kind: 'delay', message: 'PaymentCharged', byMs: 1000 }],
        services: {
          order: {
            operations: {
              'mark paid': {
                do: [
                  { read: 'orders', where: { id: 'order' }, as: 'mine', lock: true },
                  {
                    if: "mine.state == 'REJECTED'",
                    do: [{ publish: 'RefundNeeded' }],
                    else: [{ update: 'orders', where: { id: 'order' }, change: "state = 'PAID'" }],
                  },
                ],
              },
            },
          },
        },
      },
      expect: { charges: 1, refunds: 1, balance: 1000 },
    },
  },
}
