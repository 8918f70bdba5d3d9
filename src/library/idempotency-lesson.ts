/** The lesson's own three examples, as they stand: a key in the payload, UNIQUE KEY(transferId), `order.status`. */
import type { ScenarioInput } from '../scenario/schema.ts'

const chapter = 'Idempotency'
const accounts = { columns: ['id', 'balance'], key: 'id', rows: [{ id: 'a1', balance: 1000 }] }
const take = {
  update: 'accounts',
  where: { id: "'a1'" },
  require: 'balance >= amount',
  otherwise: 'NO_MONEY',
  change: 'balance -= amount',
}
/** The first answer gets lost, the client asks once more. */
const asksTwice = { timeoutMs: 2000, retry: { attemptsMax: 2, initialMs: 0 } }

export const lessonKey: ScenarioInput = {
  sagascope: 1,
  id: 'lesson-key',
  title: 'A key in the request',
  chapter,
  text: 'The lesson’s first strategy. The client puts a key of its own into the payload: {"amount": 100, "idempotencyKey": "abc123"}. The answer gets lost, the same payload comes again, and the service knows it.',
  services: {
    payment: {
      tables: { accounts, payments: { columns: ['amount', 'atMs'] } },
      operations: {
        pay: { reply: 'Paid', do: [take, { insert: 'payments', row: { amount: 'amount', atMs: 'now' } }] },
      },
      protections: { idempotencyKey: { field: 'idempotencyKey', required: true } },
    },
  },
  workload: {
    hopMs: 10,
    requests: [{ to: 'payment', message: 'pay', payload: { amount: 100, idempotencyKey: 'abc123' }, ...asksTwice }],
  },
  faults: [{ kind: 'drop', message: 'Paid' }],
  observables: {
    payments: 'payment.payments.size()',
    balance: 'payment.accounts["a1"].balance',
    statuses: 'clients.first().statuses',
  },
  properties: {
    ONCE: { when: 'always', check: 'payment.payments.size() <= 1', broken: 'Paid twice: one request, two payments.' },
  },
  expect: { payments: 1, balance: 900, statuses: [201] },
  variants: {
    key: { title: 'as the lesson has it' },
    none: {
      title: 'the service ignores the key',
      patch: { services: { payment: { protections: { idempotencyKey: null } } } },
      expect: { payments: 2, balance: 800 },
      breaks: ['ONCE'],
    },
    missing: {
      title: 'a request without a key',
      text: 'The service insists: 400, and nothing has happened. So says the IETF draft.',
      patch: {
        workload: {
          requests: [{ to: 'payment', message: 'pay', payload: { amount: 100, idempotencyKey: null }, ...asksTwice }],
        },
      },
      expect: { payments: 0, balance: 1000, statuses: [400] },
    },
  },
}

export const lessonUnique: ScenarioInput = {
  sagascope: 1,
  id: 'lesson-unique',
  title: 'UNIQUE KEY(transferId)',
  chapter,
  text: 'The lesson’s second strategy. INSERT INTO transfers (transferId, amount), with UNIQUE KEY(transferId): the database turns the second insert away, and the money that moved with it comes back, for both are one transaction.',
  services: {
    bank: {
      tables: {
        accounts,
        transfers: { columns: ['transferId', 'amount'], unique: [['transferId']] },
      },
      operations: {
        transfer: {
          reply: 'Transferred',
          uniqueViolation: 'existing',
          do: [take, { insert: 'transfers', row: { transferId: 'transferId', amount: 'amount' } }],
        },
      },
    },
  },
  workload: {
    hopMs: 10,
    requests: [{ to: 'bank', message: 'transfer', payload: { transferId: 't1', amount: 100 }, ...asksTwice }],
  },
  faults: [{ kind: 'drop', message: 'Transferred' }],
  observables: {
    transfers: 'bank.transfers.size()',
    balance: 'bank.accounts["a1"].balance',
    answers: 'clients.first().answers',
  },
  properties: {
    ONCE: {
      when: 'always',
      check: 'bank.transfers.all(t, bank.transfers.filter(u, u.transferId == t.transferId).size() == 1)',
      broken: 'Transferred twice: one transfer id, two transfers.',
    },
  },
  expect: { transfers: 1, balance: 900, answers: ['ok'] },
  variants: {
    unique: { title: 'as the lesson has it' },
    unmapped: {
      title: 'the error is not mapped',
      text: 'The money moved once, and the client hears of an error.',
      patch: { services: { bank: { operations: { transfer: { uniqueViolation: 'fail' } } } } },
      expect: { transfers: 1, balance: 900, answers: ['error UNIQUE_VIOLATION'] },
    },
    none: {
      title: 'without the constraint',
      patch: { services: { bank: { tables: { transfers: { unique: [] } } } } },
      expect: { transfers: 2, balance: 800 },
      breaks: ['ONCE'],
    },
  },
}

/** `if order.status == "charged": return`, and then the work. */
const charge = (lock: boolean) => [
  { read: 'orders', where: { id: 'orderId' }, as: 'order', lock },
  { return: 'order.status == "charged"' },
  { work: 20 },
  take,
  { update: 'orders', where: { id: 'orderId' }, change: 'status = "charged"' },
]
const request = { to: 'payment', message: 'charge', payload: { orderId: 'o1', amount: 100 } }
const atOnce = { workload: { requests: [request, { ...request, atMs: 10 }] }, faults: [] }

export const lessonState: ScenarioInput = {
  sagascope: 1,
  id: 'lesson-state',
  title: 'if order.status == "charged": return',
  chapter,
  text: 'The lesson’s third strategy. The order knows that it has been charged: look, and return. One duplicate after the other this is enough; two at the same time both look before either has charged.',
  services: {
    payment: {
      handlerMs: 0,
      tables: { accounts, orders: { columns: ['id', 'status'], key: 'id', rows: [{ id: 'o1', status: 'new' }] } },
      operations: { charge: { reply: 'Charged', do: charge(false) } },
    },
  },
  workload: { hopMs: 10, requests: [{ ...request, ...asksTwice }] },
  faults: [{ kind: 'drop', message: 'Charged' }],
  observables: {
    balance: 'payment.accounts["a1"].balance',
    status: 'payment.orders["o1"].status',
    turnedAway: 'deduplicated("charge")',
  },
  properties: {
    ONCE: {
      when: 'always',
      check: 'payment.accounts["a1"].balance >= 900',
      broken: 'Charged twice: the account has paid for one order two times.',
    },
  },
  expect: { balance: 900, status: 'charged', turnedAway: 1 },
  variants: {
    state: { title: 'one after the other, as the lesson has it' },
    'at once': {
      title: 'two at the same time',
      text: 'The second looks 10 ms after the first, and sees an order that is not charged.',
      patch: atOnce,
      expect: { balance: 800, turnedAway: 0 },
      breaks: ['ONCE'],
    },
    'at once locked': {
      title: 'two at the same time, the row locked',
      patch: { ...atOnce, services: { payment: { operations: { charge: { do: charge(true) } } } } },
      expect: { balance: 900, turnedAway: 1 },
    },
    none: {
      title: 'without the check',
      patch: { services: { payment: { operations: { charge: { do: [take] } } } } },
      expect: { balance: 800, status: 'new', turnedAway: 0 },
      breaks: ['ONCE'],
    },
  },
}
