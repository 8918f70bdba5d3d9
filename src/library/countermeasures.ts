/** Countermeasures that carry a value from one step to the next: a quoted price, a lock's token, the risk of an order. */
import type { ScenarioInput } from '../scenario/schema.ts'

const chapter = 'Isolation'
const anomalies = "anomalies.map(a, a.name + ': ' + a.saga + ' and ' + a.other + ' at ' + a.row)"
const live = { when: 'eventually', check: 'sagas.all(s, s.ended)', title: 'Every saga ends' } as const

type Statements = NonNullable<ScenarioInput['services'][string]['operations']>[string]['do']

const bill = (price: string): Statements => [{ insert: 'bills', row: { order: 'order', price, atMs: 'now' } }]

export const quotedPrice: ScenarioInput = {
  sagascope: 1,
  id: 'quoted-price',
  title: 'The price changes between two steps',
  case: 'S20',
  chapter,
  text: 'The customer is shown 100 and says yes. While the goods are being packed somebody raises the price to 120. Nothing fails; the question is which price the bill says, and whether anybody noticed.',
  services: {
    shop: {
      tables: { orders: { columns: ['id', 'state'], key: 'id' }, bills: { columns: ['order', 'price', 'atMs'] } },
      operations: {
        open: { do: [{ insert: 'orders', row: { id: 'order', state: "'PENDING'" } }] },
        reject: { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'REJECTED'" }] },
        pack: { do: [{ work: 200 }] },
        approve: { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'APPROVED'" }] },
      },
    },
    catalogue: {
      tables: {
        prices: { columns: ['sku', 'price', 'version'], key: 'sku', rows: [{ sku: 's1', price: 100, version: 1 }] },
        bills: { columns: ['order', 'price', 'atMs'] },
      },
      operations: {
        quote: {
          do: [{ read: 'prices', where: { sku: 'sku' }, as: 'found' }],
          returns: { price: 'found.price', version: 'found.version' },
        },
        bill: { do: bill('price') },
        'cancel bill': { do: [{ delete: 'bills', where: { order: 'order' } }] },
        raise: { do: [{ update: 'prices', where: { sku: 'sku' }, change: ['price += 20', 'version += 1'] }] },
      },
    },
  },
  sagas: {
    order: {
      orchestrator: 'shop',
      start: 'PlaceOrder',
      id: 'order',
      steps: [
        { name: 'open', service: 'shop', operation: 'open', compensation: 'reject' },
        { name: 'quote', service: 'catalogue', operation: 'quote' },
        { name: 'pack', service: 'shop', operation: 'pack' },
        { name: 'bill', service: 'catalogue', operation: 'bill', compensation: 'cancel bill' },
        { name: 'approve', service: 'shop', operation: 'approve', kind: 'retriable' },
      ],
    },
  },
  workload: {
    requests: [
      { to: 'shop', message: 'PlaceOrder', payload: { order: 'o1', sku: 's1' } },
      { to: 'catalogue', message: 'raise', atMs: 100, payload: { sku: 's1' } },
    ],
  },
  observables: {
    billed: 'catalogue.bills.map(b, b.price).sum()',
    price: 'catalogue.prices["s1"].price',
    order: 'shop.orders["o1"].state',
    saga: 'saga("o1").status',
    anomalies,
  },
  properties: {
    LIVE: live,
    QUOTED: {
      when: 'eventually',
      check: 'catalogue.bills.all(b, b.price == 100)',
      title: 'The bill says what the customer was shown',
      broken: 'Another price: the customer said yes to 100.',
    },
  },
  expect: { price: 120 },
  variants: {
    kept: {
      title: 'the order keeps its price',
      text: 'The step that quotes returns the price, and the saga carries it to the bill: what was promised is a fact of the order.',
      expect: { billed: 100, order: 'APPROVED', anomalies: [] },
    },
    again: {
      title: 'the bill looks it up again',
      text: 'A fuzzy read: the same saga looks twice and sees two prices. Nobody was told.',
      patch: {
        services: {
          catalogue: {
            operations: {
              bill: { do: [{ read: 'prices', where: { sku: 'sku' }, as: 'now_' }, ...bill('now_.price')] },
            },
          },
        },
      },
      expect: { billed: 120, order: 'APPROVED', anomalies: ['fuzzy read: order o1 and raise at catalogue.prices s1'] },
      breaks: ['QUOTED'],
    },
    reread: {
      title: 'reread value',
      text: 'The bill carries the version it was quoted from, and is refused when that is no longer the latest: the saga turns back and the customer is asked again.',
      patch: {
        services: {
          catalogue: {
            operations: {
              bill: {
                do: [{ check: 'prices[sku].version == version', otherwise: 'PRICE_CHANGED' }, ...bill('price')],
              },
            },
          },
        },
      },
      expect: {
        billed: 0,
        order: 'REJECTED',
        saga: 'Compensated',
        anomalies: ['fuzzy read: order o1 and raise at catalogue.prices s1'],
      },
    },
    'two-phase': {
      title: 'lock it, and let the price wait',
      text: 'One transaction over both, with the price locked from the quote on. Whoever wants to raise it waits until the order is done.',
      patch: {
        sagas: { order: { style: 'two-phase' } },
        services: {
          catalogue: {
            operations: {
              quote: { do: [{ read: 'prices', where: { sku: 'sku' }, as: 'found', lock: true }] },
              bill: { do: [{ read: 'prices', where: { sku: 'sku' }, as: 'now_' }, ...bill('now_.price')] },
            },
          },
        },
      },
      expect: { billed: 100, order: 'APPROVED', anomalies: [] },
    },
  },
}

const write = (guard: object) => ({
  do: [
    {
      update: 'files',
      where: { name: 'file' },
      ...guard,
      change: ['text = order', 'writtenBy = token'],
    },
  ] as Statements,
})

export const fencingToken: ScenarioInput = {
  sagascope: 1,
  id: 'fencing-token',
  title: 'A lock that expired, and its token',
  case: 'S22',
  chapter,
  text: 'Order A takes a lock for a second and is then held up for three. The lock expires, B takes it and writes. A wakes up and does not know: it writes too. A lock alone cannot stop it; the number on the lock can, if whoever is written to looks at it.',
  services: {
    desk: { operations: { think: { do: [{ work: 10 }] } } },
    locker: {
      operations: {
        take: {
          do: [{ lock: 'file', holder: 'order', timeToLiveMs: 1000, whenHeld: 'wait' }],
          returns: { token: 'locks[file].token' },
        },
        'give back': { do: [{ unlock: 'file', holder: 'order' }] },
      },
    },
    store: {
      tables: {
        files: { columns: ['name', 'text', 'writtenBy'], key: 'name', rows: [{ name: 'f1', text: '', writtenBy: 0 }] },
      },
      operations: {
        look: { do: [{ read: 'files', where: { name: 'file' }, as: 'found' }] },
        write: write({}),
      },
    },
  },
  sagas: {
    edit: {
      orchestrator: 'desk',
      start: 'Edit',
      id: 'order',
      steps: [
        { name: 'take', service: 'locker', operation: 'take', compensation: 'give back' },
        { name: 'look', service: 'store', operation: 'look' },
        { name: 'think', service: 'desk', operation: 'think' },
        { name: 'write', service: 'store', operation: 'write' },
        { name: 'give back', service: 'locker', operation: 'give back', kind: 'retriable' },
      ],
    },
  },
  workload: {
    requests: [
      { to: 'desk', message: 'Edit', payload: { order: 'A', file: 'f1' } },
      { to: 'desk', message: 'Edit', atMs: 100, payload: { order: 'B', file: 'f1' } },
    ],
  },
  faults: [{ kind: 'delay', message: 'write', byMs: 3000 }],
  observables: {
    text: 'store.files["f1"].text',
    A: 'saga("A").status',
    B: 'saga("B").status',
    tokens: 'sagas.map(s, s.data.token)',
    anomalies: "anomalies.map(a, a.name + ': ' + a.saga + ' and ' + a.other)",
  },
  properties: {
    LIVE: live,
    LAST: {
      when: 'eventually',
      check: 'store.files["f1"].text == \'B\'',
      title: 'The last holder of the lock has the last word',
      broken: 'Overwritten: somebody who had lost the lock had the last word.',
    },
  },
  expect: { tokens: [1, 2], B: 'Completed' },
  breaks: ['LAST'],
  variants: {
    unchecked: {
      title: 'nobody looks at the token',
      expect: { text: 'A', A: 'Completed', anomalies: ['lost update: edit A and edit B'] },
      breaks: ['LAST'],
    },
    checked: {
      title: 'the store looks at the token',
      text: 'A write with a lower number than the last one is refused: A finds out that it had lost the lock, and turns back.',
      patch: {
        services: {
          store: { operations: { write: write({ require: 'token > writtenBy', otherwise: 'STALE_TOKEN' }) } },
        },
      },
      expect: { text: 'B', A: 'Compensated' },
    },
  },
}

const steps = [
  { name: 'charge', service: 'payment', operation: 'charge', compensation: 'refund' },
  { name: 'ship', service: 'shipping', operation: 'ship', kind: 'pivot' as const },
]
const saga = (start: string, style: 'orchestrated' | 'two-phase') => ({
  orchestrator: 'shop',
  start,
  id: 'order',
  style,
  steps,
})
const order = (id: string, atMs: number, amount: number, address = 'here') => ({
  to: 'shop',
  message: 'order',
  atMs,
  payload: { order: id, customer: 'c1', amount, address },
})

export const byValue: ScenarioInput = {
  sagascope: 1,
  id: 'by-value',
  title: 'By value: the risk decides',
  case: 'S17',
  chapter,
  text: 'A large order and two small ones share one account, and the large one cannot be delivered. As a saga it leaves its mark on the account for half a second: a small order is refused for want of money that comes back at once. Locked, nobody sees it, and everybody waits. Choose by what is at stake.',
  services: {
    shop: {
      tables: { orders: { columns: ['id', 'amount'], key: 'id' } },
      operations: {
        order: {
          do: [
            { insert: 'orders', row: { id: 'order', amount: 'amount' } },
            { if: 'amount >= 500', do: [{ send: 'PlaceLarge' }], else: [{ send: 'PlaceSmall' }] },
          ],
        },
      },
    },
    payment: {
      tables: {
        accounts: { columns: ['customer', 'balance'], key: 'customer', rows: [{ customer: 'c1', balance: 1000 }] },
      },
      operations: {
        charge: {
          do: [
            {
              update: 'accounts',
              where: { customer: 'customer' },
              require: 'balance >= amount',
              otherwise: 'INSUFFICIENT_FUNDS',
              change: 'balance -= amount',
            },
          ],
        },
        refund: { do: [{ update: 'accounts', where: { customer: 'customer' }, change: 'balance += amount' }] },
      },
    },
    shipping: {
      operations: {
        ship: { handlerMs: 500, do: [{ check: "address != 'nowhere'", otherwise: 'ADDRESS_UNDELIVERABLE' }] },
      },
    },
  },
  sagas: { large: saga('PlaceLarge', 'orchestrated'), small: saga('PlaceSmall', 'orchestrated') },
  workload: { requests: [order('large', 0, 950, 'nowhere'), order('first', 100, 80), order('second', 2000, 80)] },
  observables: {
    first: 'saga("first").status',
    second: 'saga("second").status',
    balance: 'payment.accounts["c1"].balance',
    blocked: 'rowLocks.blocked',
    'longest lock': 'rowLocks.longestMs',
    messages: 'messages()',
    anomalies,
  },
  properties: {
    LIVE: live,
    SERVED: {
      when: 'eventually',
      check: "sagas.filter(s, s.saga == 'small').all(s, s.status == 'Completed')",
      title: 'Who can pay is served',
      broken: 'Turned away: a small order was refused because of money that was never spent.',
    },
  },
  expect: { second: 'Completed' },
  breaks: ['SERVED'],
  variants: {
    sagas: {
      title: 'all are sagas',
      expect: {
        first: 'Compensated',
        balance: 920,
        blocked: 0,
        'longest lock': 0,
        messages: 18,
        anomalies: ['dirty read: small first and large large at payment.accounts c1'],
      },
      breaks: ['SERVED'],
    },
    'two-phase': {
      title: 'all are two-phase commits',
      patch: { sagas: { large: { style: 'two-phase' }, small: { style: 'two-phase' } } },
      expect: { first: 'Completed', balance: 840, blocked: 1, messages: 27, anomalies: [] },
    },
    'by value': {
      title: 'only the large one is locked',
      text: 'From 500 on an order is worth its locks. The small ones stay sagas: half the messages, and no lock of theirs that anybody would notice.',
      patch: { sagas: { large: { style: 'two-phase' } } },
      expect: { first: 'Completed', balance: 840, blocked: 1, messages: 19, anomalies: [] },
    },
  },
}
