/** Sagas have no isolation: what two of them do to each other in runs without any fault, and the countermeasures. */
import type { ScenarioInput } from '../scenario/schema.ts'
import {
  completed,
  inventory,
  order,
  orderSaga,
  placeOrder,
  sagaWith,
  shipping,
  stock,
  withRows,
} from './order-world.ts'

type Step = NonNullable<ScenarioInput['sagas']>[string]['steps'][number]

const chapter = 'Isolation'
/** What met what, and where: found in the trace, not written by anybody. */
const anomalyLines = "anomalies.map(a, a.name + ': ' + a.saga + ' and ' + a.other + ' at ' + a.row)"
const lostUpdate = ['lost update: order o1 and cancel o1 at order.orders o1']
const steps = orderSaga.sagas?.order?.steps ?? []
const named = (name: string) => steps.find((step) => step.name === name) as Step
const local = (name: string, compensation?: string): Step => ({
  name,
  service: 'order',
  operation: name,
  ...(compensation === undefined ? {} : { compensation }),
})

/** C1 only from a state this saga has made. */
const rejectOwn = {
  do: [
    {
      update: 'orders',
      where: { id: 'order' },
      require: "state in ['PENDING', 'SHIPPING']",
      change: "state = 'REJECTED'",
    },
  ],
}

export const createAndCancel: ScenarioInput = {
  ...orderSaga,
  id: 'create-and-cancel',
  title: 'Create meets Cancel',
  case: 'S18',
  chapter,
  text: 'The order is charged and reserved and being packed. Just then the customer cancels: a second saga refunds and releases. Nothing fails, nobody crashes, and the first saga ships all the same: a lost update.',
  services: {
    ...orderSaga.services,
    order: {
      ...order,
      operations: {
        ...order.operations,
        reject: rejectOwn,
        pack: { do: [{ work: 500 }] },
        look: { do: [{ check: "orders[order].state == 'PENDING'", otherwise: 'ORDER_CHANGED' }] },
        claim: {
          do: [
            {
              update: 'orders',
              where: { id: 'order' },
              require: "state == 'PENDING'",
              otherwise: 'ORDER_CHANGED',
              change: "state = 'SHIPPING'",
            },
          ],
        },
        cancel: { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'CANCELLED'" }] },
      },
    },
  },
  sagas: {
    ...sagaWith({
      steps: [named('create'), named('charge'), named('reserve'), local('pack'), named('ship'), named('approve')],
    }),
    cancel: {
      orchestrator: 'order',
      start: 'CancelOrder',
      id: 'order',
      steps: [
        local('cancel'),
        { name: 'refund', service: 'payment', operation: 'refund' },
        { name: 'release', service: 'inventory', operation: 'release' },
      ],
    },
  },
  workload: { requests: [placeOrder, { ...placeOrder, message: 'CancelOrder', atMs: 300 }] },
  observables: {
    ...orderSaga.observables,
    cancelled: "sagas.filter(s, s.saga == 'cancel').first().status",
    anomalies: anomalyLines,
  },
  expect: {},
  breaks: ['ATOM', 'STOCK'],
  variants: {
    A: {
      title: 'no countermeasure',
      expect: {
        order: 'APPROVED',
        charges: 1,
        refunds: 1,
        balance: 1000,
        shipped: 1,
        available: 5,
        cancelled: 'Completed',
        anomalies: lostUpdate,
      },
      breaks: ['ATOM', 'STOCK'],
    },
    B: {
      title: 'semantic lock',
      text: 'PENDING is the lock: while a saga works on the order, Cancel is refused.',
      patch: {
        services: {
          order: {
            operations: {
              cancel: {
                do: [
                  {
                    update: 'orders',
                    where: { id: 'order' },
                    require: "state != 'PENDING'",
                    otherwise: 'LOCKED',
                    change: "state = 'CANCELLED'",
                  },
                ],
              },
            },
          },
        },
      },
      expect: {
        ...completed,
        log: ['create', 'charge', 'reserve', 'pack', 'ship', 'approve'],
        cancelled: 'Compensated',
        anomalies: [],
      },
    },
    C: {
      title: 'reread as a conditional write',
      text: 'Before the pivot the saga turns PENDING into SHIPPING, if it is still PENDING. It is not, and the saga turns back.',
      patch: {
        sagas: {
          order: {
            steps: [
              named('create'),
              named('charge'),
              named('reserve'),
              local('pack'),
              local('claim'),
              named('ship'),
              named('approve'),
            ],
          },
        },
      },
      expect: {
        order: 'CANCELLED',
        charges: 1,
        refunds: 1,
        balance: 1000,
        shipped: 0,
        available: 5,
        saga: 'Compensated',
        anomalies: [],
      },
    },
    D: {
      title: 'a plain reread',
      text: 'The saga looks, sees PENDING, and then packs. Cancel slips in between the look and the shipping.',
      patch: {
        sagas: {
          order: {
            steps: [
              named('create'),
              named('charge'),
              named('reserve'),
              local('look'),
              local('pack'),
              named('ship'),
              named('approve'),
            ],
          },
        },
      },
      expect: { order: 'APPROVED', refunds: 1, shipped: 1, available: 5, anomalies: lostUpdate },
      breaks: ['ATOM', 'STOCK'],
    },
    E: {
      title: 'reread after the pivot',
      text: 'Approving notices that the order was cancelled. The goods have left.',
      patch: {
        services: {
          order: {
            operations: {
              approve: {
                do: [
                  {
                    update: 'orders',
                    where: { id: 'order' },
                    require: "state == 'PENDING'",
                    otherwise: 'ORDER_CHANGED',
                    change: "state = 'APPROVED'",
                  },
                ],
              },
            },
          },
        },
      },
      expect: { order: 'CANCELLED', refunds: 1, shipped: 1, saga: 'NeedsIntervention' },
      breaks: ['ATOM', 'STOCK'],
    },
  },
}

const credit = {
  tables: { accounts: { columns: ['customer', 'credit'], key: 'customer', rows: [{ customer: 'c1', credit: 0 }] } },
  operations: {
    'give credit': { do: [{ update: 'accounts', where: { customer: 'customer' }, change: 'credit += amount' }] },
    'take credit': {
      do: [
        {
          update: 'accounts',
          where: { customer: 'customer' },
          require: 'credit >= amount',
          otherwise: 'NO_CREDIT',
          change: 'credit -= amount',
        },
      ],
    },
    'take back': { do: [{ update: 'accounts', where: { customer: 'customer' }, change: 'credit -= amount' }] },
  },
}
const giveCredit = { name: 'give credit', service: 'credit', operation: 'give credit' }

export const dirtyRead: ScenarioInput = {
  sagascope: 1,
  id: 'dirty-read',
  title: 'A dirty read between sagas',
  case: 'S19',
  chapter,
  text: 'Cancelling order A gives its credit back, and order B spends it. Then the delivery of A turns out to be under way, the cancellation is undone, and the credit is taken back: it is gone.',
  services: {
    order: {
      tables: { orders: { columns: ['id', 'state'], key: 'id', rows: [{ id: 'oA', state: 'APPROVED' }] } },
      operations: {
        open: { do: [{ insert: 'orders', row: { id: 'order', state: "'PENDING'" } }] },
        approve: { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'APPROVED'" }] },
        reject: { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'REJECTED'" }] },
      },
    },
    credit,
    delivery: {
      operations: { 'cancel delivery': { do: [{ check: 'false', otherwise: 'UNDER_WAY' }], handlerMs: 500 } },
    },
  },
  sagas: {
    cancel: {
      orchestrator: 'order',
      start: 'CancelOrder',
      id: 'order',
      steps: [
        { ...giveCredit, compensation: 'take back' },
        { name: 'cancel delivery', service: 'delivery', operation: 'cancel delivery', kind: 'pivot' },
      ],
    },
    create: {
      orchestrator: 'order',
      start: 'CreateOrder',
      id: 'order',
      steps: [
        { name: 'open', service: 'order', operation: 'open', compensation: 'reject' },
        { name: 'take credit', service: 'credit', operation: 'take credit', compensation: 'give credit' },
        { name: 'approve', service: 'order', operation: 'approve', kind: 'retriable' },
      ],
    },
  },
  workload: {
    requests: [
      { to: 'order', message: 'CancelOrder', payload: { order: 'oA', customer: 'c1', amount: 100 } },
      { to: 'order', message: 'CreateOrder', atMs: 200, payload: { order: 'oB', customer: 'c1', amount: 100 } },
    ],
  },
  observables: {
    credit: 'credit.accounts["c1"].credit',
    second: 'order.orders["oB"].state',
    cancellation: 'saga("oA").status',
    anomalies: anomalyLines,
  },
  properties: {
    LIMIT: {
      when: 'always',
      check: 'credit.accounts.all(a, a.credit >= 0)',
      broken: 'The limit is broken: somebody spent credit that was taken back.',
    },
    LIVE: { when: 'eventually', check: 'sagas.all(s, s.ended)', broken: 'Stuck: a saga never ended.' },
  },
  expect: { cancellation: 'Compensated' },
  breaks: ['LIMIT'],
  variants: {
    i: {
      title: 'credit first',
      expect: {
        credit: -100,
        second: 'APPROVED',
        anomalies: ['dirty read: create oB and cancel oA at credit.accounts c1'],
      },
      breaks: ['LIMIT'],
    },
    'i pessimistic view': {
      title: 'credit in the last step',
      text: 'The step that others could act upon comes last, after the pivot: nobody can spend what may be taken back.',
      patch: {
        sagas: {
          cancel: {
            steps: [
              { name: 'cancel delivery', service: 'delivery', operation: 'cancel delivery', kind: 'pivot' },
              { ...giveCredit, kind: 'retriable' },
            ],
          },
        },
      },
      expect: { credit: 0, second: 'REJECTED', anomalies: [] },
    },
  },
}

export const lastItem: ScenarioInput = {
  ...orderSaga,
  id: 'last-item',
  title: 'The last item',
  case: 'S19',
  chapter,
  text: 'One unit, two orders. A reserves it, B is rejected; then A fails at shipping and gives it back. Two rejected orders and one unit on the shelf: no bug, and yet no shop would like it.',
  services: withRows('inventory', 'stock', [{ sku: 's1', available: 1 }]),
  workload: { requests: [placeOrder, { ...placeOrder, payload: { ...placeOrder.payload, order: 'o2' }, atMs: 20 }] },
  faults: [{ kind: 'refuse', service: 'shipping', on: 'ship', reason: 'ADDRESS_UNDELIVERABLE' }],
  properties: { ...orderSaga.properties, STOCK: stock(1) },
  observables: {
    rejected: "order.orders.filter(o, o.state == 'REJECTED').size()",
    available: 'inventory.stock["s1"].available',
    balance: 'payment.accounts["c1"].balance',
    anomalies: anomalyLines,
  },
  expect: {
    rejected: 2,
    available: 1,
    balance: 1000,
    anomalies: [
      'dirty read: order o2 and order o1 at inventory.stock s1',
      'dirty read: order o2 and order o1 at payment.accounts c1',
    ],
  },
}

const reserveWithImage = {
  ...inventory.operations?.reserve,
  do: [
    { read: 'stock', where: { sku: 'sku' }, as: 'before' },
    ...(inventory.operations?.reserve?.do ?? []).slice(0, 1),
    {
      insert: 'reservations',
      row: { order: 'order', sku: 'sku', quantity: 'quantity', status: "'ACTIVE'", image: 'before.available' },
    },
  ],
}
const releaseByImage = {
  reply: 'Released',
  do: [
    { read: 'reservations', where: { order: 'order', status: "'ACTIVE'" }, as: 'held' },
    { update: 'reservations', where: { order: 'order' }, change: "status = 'RELEASED'" },
    { update: 'stock', where: { sku: 'sku' }, change: 'available = held.image' },
  ],
}

export const beforeImage: ScenarioInput = {
  ...orderSaga,
  id: 'before-image',
  title: 'A compensation is no rollback',
  case: 'S23',
  chapter,
  text: 'Order A takes two, order B takes one, A is undone. Writing back what A saw at the beginning destroys what B has done since. A compensation adds the opposite; it does not turn back time.',
  services: {
    ...orderSaga.services,
    inventory: {
      tables: {
        ...inventory.tables,
        reservations: { columns: ['order', 'sku', 'quantity', 'status', 'image'] },
      },
      operations: { ...inventory.operations, reserve: reserveWithImage },
    },
    shipping: { ...shipping, handlerMs: 200 },
  },
  workload: {
    requests: [
      { ...placeOrder, payload: { ...placeOrder.payload, quantity: 2 } },
      { ...placeOrder, atMs: 60, payload: { ...placeOrder.payload, order: 'o2' } },
    ],
  },
  faults: [
    { kind: 'refuse', service: 'shipping', on: 'ship', reason: 'ADDRESS_UNDELIVERABLE' },
    { kind: 'drop', message: 'ship', nth: 2 },
  ],
  observables: {
    available: 'inventory.stock["s1"].available',
    reserved: orderSaga.observables?.reserved ?? '',
    'lost updates': "anomalies.filter(a, a.name == 'lost update').map(a, a.saga + ' over ' + a.other)",
  },
  expect: { reserved: 1, 'lost updates': [] },
  breaks: ['ATOM', 'LIVE'],
  variants: {
    A: {
      title: 'write the before-image back',
      patch: { services: { inventory: { operations: { release: releaseByImage } } } },
      expect: { available: 5, 'lost updates': ['order o1 over order o2'] },
      breaks: ['STOCK', 'ATOM', 'LIVE'],
    },
    B: { title: 'add the opposite', expect: { available: 4 }, breaks: ['ATOM', 'LIVE'] },
  },
}

const price = (name: string, change: string) => ({ [name]: { do: [{ update: 'prices', change }] } })

export const multiplied: ScenarioInput = {
  sagascope: 1,
  id: 'not-commutative',
  title: 'Times and plus do not commute',
  case: 'S23',
  chapter,
  text: 'A raises the price by 10 %, B adds 10, A is undone by dividing. The price is 109.09…, not 110: multiplying and adding do not commute.',
  services: {
    shop: {
      tables: { prices: { columns: ['sku', 'price'], key: 'sku', rows: [{ sku: 's1', price: 100 }] } },
      operations: {
        ...price('raise', 'price *= 1.1'),
        ...price('undo raise', 'price = row.price / 1.1'),
        ...price('add ten', 'price += 10'),
      },
    },
  },
  workload: {
    requests: [
      { to: 'shop', message: 'raise' },
      { to: 'shop', message: 'add ten', atMs: 100 },
      { to: 'shop', message: 'undo raise', atMs: 200 },
    ],
  },
  observables: { price: 'int(shop.prices["s1"].price * 100) / 100.0' },
  properties: {
    UNDONE: {
      when: 'eventually',
      check: 'shop.prices["s1"].price == 110',
      broken: 'Not undone: the price is not 110.',
    },
  },
  expect: { price: 109.09 },
  breaks: ['UNDONE'],
}
