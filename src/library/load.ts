/** Load: queues that fill, replicas that empty them, clients and proxies that ask again. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { orderSaga, placeOrder, withRows } from './order-world.ts'

type Arrival = NonNullable<NonNullable<ScenarioInput['workload']>['arrivals']>[number]

const reads: Arrival = {
  name: 'reads',
  to: 'catalogue',
  message: 'look up',
  rate: 50,
  spacing: 'exponential',
  count: 800,
}

export const queueUnderLoad: ScenarioInput = {
  sagascope: 1,
  id: 'queue-load',
  title: 'A queue at 50, 80 and 95 %',
  chapter: 'Load',
  text: 'One handler needs 10 ms on average and requests come at random. Open Curves: at half load the queue is almost always empty; at 95 % it is long for seconds, although nothing is broken and nothing is slower than before. Add a replica and run again.',
  bus: { order: 'none' },
  services: {
    catalogue: { handlerMs: { exponential: 10 }, concurrency: 1, operations: { 'look up': { do: [] } } },
  },
  workload: { arrivals: [reads] },
  observables: {
    answered: 'arrivals("look up").answered',
    'theory ms': '10 * 50 / (100 - 50)',
    'waiting ms': 'int(wait("catalogue").mean)',
    'longest queue': 'queue("catalogue").max',
    'p99 ms': 'int(latency("look up").p99)',
  },
  variants: {
    half: {
      title: '50 %',
      expect: { answered: 800, 'theory ms': 10, 'waiting ms': 11, 'longest queue': 8, 'p99 ms': 97 },
    },
    most: {
      title: '80 %',
      expect: { answered: 800, 'theory ms': 40, 'waiting ms': 41, 'longest queue': 18, 'p99 ms': 206 },
      patch: {
        workload: { arrivals: { reads: { rate: 80 } } },
        observables: { 'theory ms': '10 * 80 / (100 - 80)' },
      },
    },
    edge: {
      title: '95 %',
      expect: { answered: 800, 'theory ms': 190, 'waiting ms': 139, 'longest queue': 35, 'p99 ms': 344 },
      patch: {
        workload: { arrivals: { reads: { rate: 95 } } },
        observables: { 'theory ms': '10 * 95 / (100 - 95)' },
      },
    },
    scaled: {
      title: 'too much, then a second replica',
      expect: { answered: 800, 'waiting ms': 340, 'longest queue': 114, 'p99 ms': 937 },
      text: 'At 130 % the queue grows as long as the load lasts: there is no steady state. After three seconds a second replica comes, and what has piled up takes as long to work off as the spare capacity needs for it.',
      patch: {
        services: { catalogue: { scaling: [{ atMs: 3000, replicas: 2 }] } },
        workload: { arrivals: { reads: { rate: 130 } } },
        observables: { 'theory ms': null },
      },
    },
  },
  stage: { speed: 10 },
}

const charge = (row: Record<string, string>) => ({ do: [{ insert: 'ledger', row }] })

export const proxyRetries: ScenarioInput = {
  sagascope: 1,
  id: 'proxy-retries',
  title: 'A proxy that retries on its own',
  chapter: 'Load',
  text: 'The client asks once and waits. The proxy in front of the service loses patience after 100 ms and sends the request again, so whatever takes longer is done up to three times: the client knows nothing of it and pays for it.',
  services: {
    payment: {
      handlerMs: { exponential: 60 },
      tables: { ledger: { columns: ['order', 'amount'] } },
      operations: { charge: charge({ order: 'order', amount: 'amount' }) },
    },
  },
  workload: {
    hopMs: 5,
    arrivals: [
      {
        name: 'orders',
        to: 'payment',
        message: 'charge',
        rate: 20,
        spacing: 'exponential',
        count: 200,
        payload: { order: 'o#', amount: { between: [10, 100] } },
        key: 'k#',
        proxy: { timeoutMs: 100, attemptsMax: 3 },
      },
    ],
  },
  bus: { order: 'none' },
  observables: {
    orders: 'arrivals("charge").requests',
    'sent again by the proxy': 'arrivals("charge").proxied',
    'sent again by clients': 'arrivals("charge").retries',
    charges: 'payment.ledger.size()',
    'charged twice or more':
      'payment.ledger.map(l, l.order).distinct().filter(o, payment.ledger.filter(l, l.order == o).size() > 1).size()',
  },
  properties: {
    ONCE: {
      when: 'eventually',
      check: 'arrivals("charge").slipped == 0',
      title: 'Charged once',
      broken: 'Charged again: a request was sent again while the first one was still at work, and both were done.',
    },
  },
  breaks: ['ONCE'],
  variants: {
    none: {
      title: 'without a key',
      expect: {
        orders: 200,
        'sent again by the proxy': 49,
        'sent again by clients': 0,
        charges: 249,
        'charged twice or more': 41,
      },
      breaks: ['ONCE'],
    },
    key: {
      title: 'with an idempotency key',
      expect: {
        orders: 200,
        'sent again by the proxy': 49,
        'sent again by clients': 0,
        charges: 200,
        'charged twice or more': 0,
      },
      patch: { services: { payment: { protections: { idempotencyKey: {} } } } },
    },
    both: {
      title: 'and an impatient client too',
      expect: {
        orders: 200,
        'sent again by the proxy': 41,
        'sent again by clients': 19,
        charges: 260,
        'charged twice or more': 41,
      },
      text: 'Now the client asks again after 150 ms, and the proxy repeats each of its attempts: two layers of retries multiply.',
      patch: {
        workload: { arrivals: { orders: { timeoutMs: 150, retry: { attemptsMax: 3, initialMs: 0 } } } },
      },
      breaks: ['ONCE'],
    },
  },
}

export const doubleClick: ScenarioInput = {
  sagascope: 1,
  id: 'double-click',
  title: 'The impatient double click',
  chapter: 'Load',
  text: 'One visitor in five clicks “Pay” twice. A key that the page makes for each click tells the two clicks apart, and so both are paid; a key that belongs to the order, or a unique constraint on it, does not.',
  services: {
    payment: {
      handlerMs: 20,
      tables: { payments: { columns: ['order', 'amount'] } },
      operations: { pay: { do: [{ insert: 'payments', row: { order: 'order', amount: 'amount' } }] } },
      protections: { idempotencyKey: {} },
    },
  },
  workload: {
    arrivals: [
      {
        name: 'visitors',
        to: 'payment',
        message: 'pay',
        rate: 10,
        spacing: 'exponential',
        count: 100,
        payload: { order: 'o#', amount: 30 },
        key: 'k#',
        repeats: [{ share: 0.2, afterMs: [80, 300], keys: 'fresh' }],
      },
    ],
  },
  observables: {
    orders: 'arrivals("pay").requests',
    'double clicks': 'arrivals("pay").repeats',
    payments: 'payment.payments.size()',
  },
  properties: {
    'ONE-PAYMENT': {
      when: 'eventually',
      check: 'payment.payments.map(p, p.order).distinct().size() == payment.payments.size()',
      title: 'One payment for an order',
      broken: 'Paid twice: two clicks on one button were two requests to the service.',
    },
  },
  breaks: ['ONE-PAYMENT'],
  variants: {
    click: {
      title: 'a key for each click',
      expect: { orders: 100, 'double clicks': 23, payments: 123 },
      breaks: ['ONE-PAYMENT'],
    },
    order: {
      title: 'a key for each order',
      expect: { orders: 100, 'double clicks': 23, payments: 100 },
      patch: { workload: { arrivals: { visitors: { repeats: [{ share: 0.2, afterMs: [80, 300] }] } } } },
    },
    unique: {
      title: 'a unique constraint',
      expect: { orders: 100, 'double clicks': 23, payments: 100 },
      patch: {
        services: {
          payment: {
            tables: { payments: { unique: [['order']] } },
            operations: { pay: { uniqueViolation: 'existing' } },
          },
        },
      },
    },
  },
}

export const nextDayBatch: ScenarioInput = {
  sagascope: 1,
  id: 'next-day-batch',
  title: 'The batch that is replayed the next day',
  chapter: 'Load',
  text: 'A hundred invoices are paid in one batch. The next day somebody runs the same file again. A store that keeps keys for 24 hours has forgotten just about all of them; one that keeps them for seven days turns the whole batch away.',
  endMs: 172_800_000,
  services: {
    payment: {
      tables: { ledger: { columns: ['invoice', 'amount'] } },
      operations: { pay: charge({ invoice: 'invoice', amount: 'amount' }) },
      protections: { idempotencyKey: { retentionMs: 86_400_000 } },
    },
  },
  workload: {
    arrivals: [
      {
        name: 'invoices',
        to: 'payment',
        message: 'pay',
        rate: 20,
        spacing: 'bursts',
        burst: 20,
        count: 100,
        payload: { invoice: 'i#', amount: { between: [50, 500] } },
        key: 'pay i#',
        repeats: [{ afterMs: 86_410_000 }],
      },
    ],
  },
  observables: {
    invoices: 'arrivals("pay").requests',
    again: 'arrivals("pay").repeats',
    'paid twice': 'arrivals("pay").slipped',
    'turned away': 'store("payment").hits',
  },
  properties: {
    ONCE: {
      when: 'eventually',
      check: 'arrivals("pay").slipped == 0',
      title: 'Paid once',
      broken: 'Paid twice: the key had expired when the batch came again.',
    },
  },
  breaks: ['ONCE'],
  variants: {
    day: {
      title: 'keys are kept for a day',
      expect: { invoices: 100, again: 100, 'paid twice': 100, 'turned away': 0 },
      breaks: ['ONCE'],
    },
    week: {
      title: 'keys are kept for a week',
      expect: { invoices: 100, again: 100, 'paid twice': 0, 'turned away': 100 },
      patch: { services: { payment: { protections: { idempotencyKey: { retentionMs: 604_800_000 } } } } },
    },
  },
}

export const sagaCrowd: ScenarioInput = {
  ...orderSaga,
  id: 'saga-crowd',
  title: 'A crowd of orders, and too few goods',
  case: '',
  chapter: 'Load',
  text: 'Two hundred orders come within a fifth of a second, and there are goods for a hundred and fifty. All of them are under way at once; the last fifty are refused and give the money back. Under Curves, 10 k makes it ten thousand sagas at once.',
  services: {
    ...orderSaga.services,
    ...withRows('payment', 'accounts', [{ customer: 'c1', balance: 100_000_000 }]),
    inventory: withRows('inventory', 'stock', [{ sku: 's1', available: 150 }]).inventory as never,
  },
  workload: {
    arrivals: [
      {
        name: 'orders',
        to: placeOrder.to,
        message: placeOrder.message,
        rate: 1000,
        count: 200,
        payload: { ...placeOrder.payload, order: 'o#' },
      },
    ],
  },
  observables: {
    completed: 'sagas.filter(s, s.status == "Completed").size()',
    compensated: 'sagas.filter(s, s.status == "Compensated").size()',
    left: 'inventory.stock["s1"].available',
    balance: 'payment.accounts["c1"].balance',
  },
  properties: {
    STOCK: { when: 'always', check: 'inventory.stock.all(s, s.available >= 0)', title: 'Nothing is sold twice' },
  },
  breaks: [],
  variants: {},
  expect: { completed: 150, compensated: 50, left: 0, balance: 99_985_000 },
}
