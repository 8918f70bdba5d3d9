/** One change, two places: the row and the event. What a crash between them leaves, and what a relay makes of it. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { payment, placeOrder } from './order-world.ts'

type ServiceInput = ScenarioInput['services'][string]
type Statements = NonNullable<ServiceInput['operations']>[string]['do']

const chapter = 'The bus'
const insertOrder: Statements[number] = {
  insert: 'orders',
  row: { id: 'order', customer: 'customer', state: "'PENDING'" },
}

function orderService(statements: Statements, change: Partial<ServiceInput> = {}): ServiceInput {
  return {
    tables: { orders: { columns: ['id', 'customer', 'state'], key: 'id' } },
    operations: { place: { do: statements } },
    ...change,
  }
}
const commitThenPublish: Statements = [insertOrder, { publish: 'OrderPlaced' }]
const publishThenCommit: Statements = [{ publish: 'OrderPlaced', when: 'at once' }, insertOrder]
const subscriber: ServiceInput = {
  ...payment,
  operations: { charge: { do: payment.operations?.charge?.do ?? [] } },
  subscriptions: { OrderPlaced: 'charge' },
}
const crashAfterCommit = {
  kind: 'crash',
  service: 'order',
  on: 'place',
  point: 'after commit',
  restartMs: 1000,
} as const

export const dualWrite: ScenarioInput = {
  sagascope: 1,
  id: 'dual-write',
  title: 'Dual write',
  case: 'B02',
  chapter,
  text: 'A row in the database and an event on the bus: two writes, no transaction over both. Whatever comes first, a crash between them leaves a record nobody hears of, or news of something that never happened.',
  services: { order: orderService(commitThenPublish, { acknowledge: 'first' }), payment: subscriber },
  workload: { requests: [{ ...placeOrder, message: 'place' }] },
  faults: [crashAfterCommit],
  observables: {
    orders: 'order.orders.size()',
    events: 'published("OrderPlaced")',
    charges: "payment.ledger.filter(l, l.type == 'charge').size()",
    notFound: 'refused("OrderPlaced")',
  },
  properties: {
    'ONE-OF-EACH': {
      when: 'eventually',
      check: 'order.orders.size() == 1 && payment.ledger.size() == 1',
      broken: 'The two writes disagree: the order and the payment do not come in pairs.',
    },
  },
  expect: {},
  breaks: ['ONE-OF-EACH'],
  variants: {
    A: {
      title: 'commit, crash; called over HTTP',
      text: 'A zombie: the order is there, and nobody was told. Over HTTP nothing is delivered again.',
      expect: { orders: 1, events: 0, charges: 0 },
      breaks: ['ONE-OF-EACH'],
    },
    B: {
      title: 'commit, crash; message-driven',
      text: 'The message is delivered again, the order id is made anew: two orders, one event.',
      patch: {
        services: {
          order: orderService(
            [
              { insert: 'orders', row: { id: 'newId', customer: 'customer', state: "'PENDING'" } },
              { publish: 'OrderPlaced' },
            ],
            { acknowledge: 'after' },
          ),
        },
      },
      expect: { orders: 2, events: 1 },
      breaks: ['ONE-OF-EACH'],
    },
    C: {
      title: 'publish, crash, rollback',
      text: 'A ghost: the event is out, the transaction is not. The customer pays for an order that does not exist.',
      patch: {
        services: { order: orderService(publishThenCommit, { acknowledge: 'first' }) },
        faults: [{ kind: 'crash', service: 'order', on: 'place', point: 'before commit', restartMs: 1000 }],
      },
      expect: { orders: 0, events: 1, charges: 1 },
      breaks: ['ONE-OF-EACH'],
    },
    D: {
      title: 'outbox',
      text: 'The event is a row of the same transaction. After the restart the relay publishes it.',
      patch: { services: { order: { protections: { outbox: true } } } },
      expect: { orders: 1, events: 1, charges: 1 },
    },
    E: {
      title: 'publish before the commit, a fast consumer',
      text: 'The consumer looks the order up before it is committed, and does not find it.',
      patch: {
        services: {
          order: orderService([{ publish: 'OrderPlaced', when: 'at once' }, { work: 50 }, insertOrder]),
          payment: {
            operations: {
              charge: { do: [{ check: 'order.orders.exists(o, o.id == order)', otherwise: 'NOT_FOUND' }] },
            },
          },
        },
        faults: [],
      },
      expect: { orders: 1, events: 1, notFound: 1 },
      breaks: ['ONE-OF-EACH'],
    },
  },
}

const crashRelay = (nth: number, point: 'on receipt' | 'after send') =>
  ({ kind: 'crash', service: 'order', on: 'relay', nth, point, restartMs: 1000 }) as const
const hundred = {
  requests: [{ ...placeOrder, message: 'place', copies: 100, payload: { ...placeOrder.payload, order: 'o#' } }],
}
const richCustomer = { accounts: { rows: [{ customer: 'c1', balance: 100_000 }] } }

export const relayCrash: ScenarioInput = {
  ...dualWrite,
  id: 'relay-crash',
  title: 'The relay crashes',
  case: 'B03',
  text: 'The outbox is safe, but its relay can crash between publishing a row and marking it. At least once, never exactly once: the other side needs an inbox.',
  services: { order: orderService(commitThenPublish, { protections: { outbox: true } }), payment: subscriber },
  faults: [crashRelay(1, 'after send')],
  observables: {
    published: 'sent("OrderPlaced")',
    unique: "entries.filter(e, e.kind == 'sent' && e.message == 'OrderPlaced').map(e, e.id).distinct().size()",
    effects: "payment.ledger.filter(l, l.type == 'charge').size()",
  },
  variants: {
    A: {
      title: 'after publishing, before marking',
      expect: { published: 2, unique: 1, effects: 2 },
      breaks: ['ONE-OF-EACH'],
    },
    'A inbox': {
      title: '… with an inbox at the consumer',
      patch: { services: { payment: { protections: { inbox: {} } } } },
      expect: { published: 2, unique: 1, effects: 1 },
    },
    B: {
      title: 'a batch of 100, marked at its end',
      text: 'The relay crashes after 60 of 100: all hundred are published once more.',
      patch: {
        services: {
          order: { protections: { outbox: { mark: 'batch', everyMs: 1000 } } },
          payment: { tables: richCustomer, protections: { inbox: {} } },
        },
        workload: hundred,
        faults: [crashRelay(60, 'after send')],
        properties: { 'ONE-OF-EACH': null },
      },
      expect: { published: 160, unique: 100, effects: 100 },
    },
    C: {
      title: 'marked before publishing',
      patch: {
        services: { order: { protections: { outbox: { mark: 'before publishing' } } } },
        faults: [crashRelay(1, 'on receipt')],
      },
      expect: { published: 0, effects: 0 },
      breaks: ['ONE-OF-EACH'],
    },
  },
}

const layer = (next: string, change: object = {}): ServiceInput => ({
  handlerMs: 0,
  concurrency: 1000,
  operations: {
    ask: { do: [{ call: 'ask', to: next, retry: { initialMs: 100, factor: 1, attemptsMax: 4 }, ...change }] },
  },
})
const noRetry = { retry: { attemptsMax: 1 } }
const bottom: ServiceInput = { handlerMs: 0, concurrency: 1000, operations: { ask: { do: [] } } }

export const amplification: ScenarioInput = {
  sagascope: 1,
  id: 'retry-amplification',
  title: 'Retries multiply',
  case: 'B11',
  chapter: 'Resilience',
  text: 'The bottom service is down. Every layer above it tries four times, and does not know that the others do too: 64 calls for one request.',
  bus: { hopMs: 1, order: 'none' },
  services: { top: layer('middle'), middle: layer('lower'), lower: layer('bottom'), bottom },
  workload: { requests: [{ to: 'top', message: 'ask' }] },
  faults: [{ kind: 'fail', service: 'bottom', on: 'ask', times: 'always' }],
  observables: {
    calls: "entries.filter(e, e.kind == 'received' && e.service == 'bottom').size()",
    trips: "entries.filter(e, e.kind == 'circuit').size()",
  },
  properties: {
    MODEST: {
      when: 'eventually',
      check: "entries.filter(e, e.kind == 'received' && e.service == 'bottom').size() <= 110",
      broken: 'Amplified: the service that is down gets many times the load.',
    },
  },
  expect: {},
  variants: {
    three: { title: 'three layers, four attempts each', expect: { calls: 64 } },
    five: {
      title: 'five layers, three attempts each',
      patch: {
        services: {
          top: layer('second', { retry: { initialMs: 100, factor: 1, attemptsMax: 3 } }),
          second: layer('third', { retry: { initialMs: 100, factor: 1, attemptsMax: 3 } }),
          third: layer('middle', { retry: { initialMs: 100, factor: 1, attemptsMax: 3 } }),
          middle: layer('lower', { retry: { initialMs: 100, factor: 1, attemptsMax: 3 } }),
          lower: layer('bottom', { retry: { initialMs: 100, factor: 1, attemptsMax: 3 } }),
        },
      },
      expect: { calls: 243 },
      breaks: ['MODEST'],
    },
    'one layer': {
      title: 'retries in one layer only',
      patch: { services: { top: layer('middle', noRetry), middle: layer('lower', noRetry) } },
      expect: { calls: 4 },
    },
    budget: {
      title: 'a retry budget of 10 %, a hundred requests',
      patch: {
        workload: { requests: [{ to: 'top', message: 'ask', copies: 100, everyMs: 1000 }] },
        services: {
          top: layer('middle', noRetry),
          middle: layer('lower', noRetry),
          lower: layer('bottom', { budget: 0.1 }),
        },
      },
      expect: { calls: 110 },
    },
    'three budgets': {
      title: 'the same budget in every layer',
      text: 'Each layer adds its tenth to what the one above has added: 1.1 × 1.1 × 1.1.',
      patch: {
        workload: { requests: [{ to: 'top', message: 'ask', copies: 100, everyMs: 1000 }] },
        services: {
          top: layer('middle', { budget: 0.1 }),
          middle: layer('lower', { budget: 0.1 }),
          lower: layer('bottom', { budget: 0.1 }),
        },
      },
      expect: { calls: 133 },
      breaks: ['MODEST'],
    },
    breaker: {
      title: 'a circuit breaker',
      text: 'After five failures the circuit opens, and the service that is down is left alone for 30 s.',
      patch: {
        services: {
          top: layer('middle', noRetry),
          middle: layer('lower', noRetry),
          lower: layer('bottom', { breaker: { failures: 3 } }),
        },
      },
      expect: { calls: 3, trips: 1 },
    },
  },
}
