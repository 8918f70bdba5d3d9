/** What a constraint and a check cannot protect: the call that is already made, the mail that is sent, the history. */
import type { ScenarioInput } from '../scenario/schema.ts'
import {
  applyCharge,
  chargeRequest,
  paymentObservables,
  paymentWith,
  type Statements,
  uniqueLedger,
  unpaid,
} from './idempotency-race.ts'
import { oneCharge, payment, type ServiceInput } from './order-world.ts'

const chapter = 'Idempotency'
const external = (title: string, table: string, operation: string): ServiceInput => ({
  title,
  tables: { [table]: { columns: ['order', 'atMs'] } },
  operations: { [operation]: { do: [{ insert: table, row: { order: 'order', atMs: 'now' } }] } },
})
const callThenInsert: Statements = [{ call: 'take', to: 'psp' }, ...applyCharge]
const claimFirst = { idempotencyKey: { mode: 'claim first', lockTimeoutMs: 90_000 } }
const dies = (point: 'before commit' | 'after commit') => [
  { kind: 'crash', service: 'payment', on: 'charge', point, restartMs: 1000 },
]
const mailInside: Statements = [...applyCharge, { call: 'mail', to: 'mail' }]
const mailAfter: Statements = [...applyCharge, { send: 'mail', to: 'mail' }]
/** Asked only where a mail is part of the story. */
const mailed = {
  properties: {
    MAILED: {
      when: 'eventually',
      check: 'mail.sent.size() >= 1',
      broken: 'Never mailed: the payment is there, and nobody heard of it.',
    },
  },
}
const oneRequest = { requests: [chargeRequest] }
const charging = (statements: Statements, change: object = {}) =>
  paymentWith({ operations: { charge: { do: statements } }, ...change })

export const sideEffect: ScenarioInput = {
  sagascope: 1,
  id: 'side-effect-outside',
  title: 'The side effect outside the transaction',
  case: 'I11',
  chapter,
  text: 'The handler calls the card processor and then inserts the payment. Two duplicates at once: the unique constraint turns one row away. The card was charged twice all the same, for a rollback does not travel.',
  services: {
    payment: {
      ...payment,
      tables: { ...payment.tables, ...uniqueLedger },
      operations: {
        ...payment.operations,
        charge: { ...payment.operations?.charge, do: callThenInsert, uniqueViolation: 'existing' },
      },
    },
    psp: external('PSP', 'charges', 'take'),
    mail: external('Mail', 'sent', 'mail'),
  },
  workload: { requests: [chargeRequest, chargeRequest] },
  observables: {
    rows: "payment.ledger.filter(l, l.type == 'charge').size()",
    pspCharges: 'psp.charges.size()',
    emails: 'mail.sent.size()',
    statuses: 'clients.map(c, c.statuses)',
  },
  properties: {
    'ONE-CHARGE': oneCharge,
    'ONE-PSP-CHARGE': {
      when: 'always',
      check: 'psp.charges.size() <= 1',
      broken: 'The card was charged twice: the row was protected, the side effect was not.',
    },
    'ONE-MAIL': { when: 'always', check: 'mail.sent.size() <= 1', broken: 'Two mails for one payment.' },
    DONE: {
      when: 'eventually',
      check: "payment.ledger.exists(l, l.type == 'charge')",
      broken: 'Never done: the request was claimed, and nobody works on it.',
    },
  },
  expect: {},
  breaks: ['ONE-PSP-CHARGE'],
  variants: {
    A: {
      title: 'call, then insert',
      expect: { rows: 1, pspCharges: 2, statuses: [[201], [201]] },
      breaks: ['ONE-PSP-CHARGE'],
    },
    B: {
      title: 'claim and commit first, then call',
      text: 'The second request finds the claim before it has called anybody: 409.',
      patch: paymentWith({ protections: claimFirst }),
      expect: { rows: 1, pspCharges: 1, statuses: [[201], [409]] },
    },
    C: {
      title: 'claimed, then a crash before the call',
      text: 'The claim is on disk, the work is not done, the client is gone.',
      patch: {
        ...paymentWith({ acknowledge: 'first', protections: claimFirst }),
        workload: oneRequest,
        faults: [{ kind: 'crash', service: 'payment', atMs: 2, restartMs: 1000 }],
      },
      expect: { rows: 0, pspCharges: 0, statuses: [[]] },
      breaks: ['DONE'],
    },
    'C completer': {
      title: '… with a completer',
      text: 'It finds the claim after 300 s, and does what was asked for.',
      patch: {
        ...paymentWith({
          acknowledge: 'first',
          protections: { idempotencyKey: { ...claimFirst.idempotencyKey, completerMs: 300_000 } },
        }),
        workload: oneRequest,
        faults: [{ kind: 'crash', service: 'payment', atMs: 2, restartMs: 1000 }],
      },
      expect: { rows: 1, pspCharges: 1 },
    },
    'mail inside': {
      title: 'a mail inside a transaction that rolls back once',
      text: 'The mail is out when the transaction dies. The message is handled again, and so is the mail.',
      patch: { ...charging(mailInside), workload: oneRequest, faults: dies('before commit') },
      expect: { rows: 1, emails: 2 },
      breaks: ['ONE-MAIL'],
    },
    'mail after': {
      title: 'a mail after the commit, a crash between',
      text: 'Committed, and then nothing: over HTTP nobody asks again.',
      patch: {
        ...mailed,
        ...charging(mailAfter, { acknowledge: 'first' }),
        workload: oneRequest,
        faults: dies('after commit'),
      },
      expect: { rows: 1, emails: 0 },
      breaks: ['MAILED'],
    },
    'mail after inbox': {
      title: '… delivered again, and turned away by an inbox',
      text: 'The inbox knows that the message was handled. It does not know that the mail was not sent.',
      patch: {
        ...mailed,
        ...charging(mailAfter, { protections: { inbox: {} } }),
        workload: oneRequest,
        faults: dies('after commit'),
      },
      expect: { rows: 1, emails: 0 },
      breaks: ['MAILED'],
    },
    outbox: {
      title: 'the mail through an outbox',
      text: 'The wish to send it is a row of the same transaction. After the restart it leaves: at least once.',
      patch: {
        ...mailed,
        ...charging(mailAfter, { protections: { outbox: true, inbox: {} } }),
        workload: oneRequest,
        faults: dies('after commit'),
      },
      expect: { rows: 1, emails: 1 },
    },
  },
}

const setStatus = (status: string): Statements[number] => ({
  update: 'payments',
  where: { order: 'order' },
  change: `status = '${status}'`,
})
const checkedCharge: Statements = [
  { read: 'payments', where: { order: 'order' }, as: 'paid' },
  { return: "paid.status == 'PAID'" },
  ...applyCharge,
  setStatus('PAID'),
]
const refund = { ...payment.operations?.refund, do: [...(payment.operations?.refund?.do ?? []), setStatus('UNPAID')] }

export const forgottenHistory: ScenarioInput = {
  sagascope: 1,
  id: 'state-forgets',
  title: 'The state forgets history',
  case: 'I13',
  chapter,
  text: 'Charged, refunded, and the order is unpaid again. Then a late duplicate of the charge arrives. The state check looks at what is, not at what was: it charges once more.',
  services: {
    payment: {
      ...payment,
      tables: { ...payment.tables, ...unpaid },
      operations: { charge: { ...payment.operations?.charge, do: checkedCharge }, refund },
    },
  },
  workload: {
    requests: [
      chargeRequest,
      { ...chargeRequest, message: 'refund', key: 'def456', atMs: 1000 },
      { ...chargeRequest, atMs: 2000 },
    ],
  },
  observables: paymentObservables,
  properties: {
    REFUNDED: {
      when: 'always',
      check: "payment.ledger.all(l, payment.ledger.filter(x, x.order == l.order && x.type == 'charge').size() <= 1)",
      broken: 'Charged again: an order that was refunded has been charged a second time.',
    },
  },
  expect: {},
  breaks: ['REFUNDED'],
  variants: {
    state: { title: 'state check', expect: { charges: 2, refunds: 1, balance: 900 }, breaks: ['REFUNDED'] },
    key: {
      title: 'idempotency key',
      text: 'The key remembers the request, whatever has become of the order.',
      patch: paymentWith({ protections: { idempotencyKey: {} } }),
      expect: { charges: 1, refunds: 1, balance: 1000 },
    },
    unique: {
      title: 'unique constraint on the ledger',
      text: 'The ledger is history: one charge per order, refunded or not.',
      patch: paymentWith({ tables: uniqueLedger, operations: { charge: { uniqueViolation: 'existing' } } }),
      expect: { charges: 1, refunds: 1, balance: 1000 },
    },
  },
}
