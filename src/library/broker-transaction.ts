/** Read, process, write: offset, tables and messages in one transaction of the broker, and what is not part of it. */
import type { ScenarioInput } from '../scenario/schema.ts'

const chapter = 'The bus'

type ServiceInput = ScenarioInput['services'][string]

const insert = { insert: 'ledger', row: { order: 'order', amount: '100' } } as const

const billing: ServiceInput = {
  title: 'Billing',
  tables: { ledger: { columns: ['order', 'amount'] } },
  subscriptions: { OrderPlaced: 'charge' },
  operations: { charge: { do: [insert], emits: 'Invoiced' } },
}

const services = {
  shop: {
    title: 'Shop',
    tables: { orders: { columns: ['id'], key: 'id' } },
    operations: { place: { do: [{ insert: 'orders', row: { id: 'order' } }], emits: 'OrderPlaced' } },
  },
  billing,
  mail: {
    title: 'Mail',
    tables: { sent: { columns: ['order', 'atMs'] } },
    subscriptions: { Invoiced: 'send invoice' },
    operations: { 'send invoice': { do: [{ insert: 'sent', row: { order: 'order', atMs: 'now' } }] } },
  },
} satisfies ScenarioInput['services']

const crash = (point: 'before commit' | 'after send') =>
  ({ kind: 'crash', service: 'billing', on: 'OrderPlaced', point, restartMs: 2000 }) as const

const transactional = { billing: { protections: { transactional: true } } }
const readsCommitted = { mail: { reads: 'committed' } }

const psp = (key: string | undefined): ServiceInput => ({
  title: 'PSP',
  tables: { payments: { columns: ['order'] } },
  operations: { pay: { do: [{ insert: 'payments', row: { order: 'order' } }] } },
  protections: key === undefined ? {} : { idempotencyKey: {} },
})
const paying = (key: string | undefined) => ({
  ...readsCommitted,
  psp: psp(key),
  billing: {
    protections: { transactional: true },
    operations: { charge: { do: [{ call: 'pay', to: 'psp', ...(key === undefined ? {} : { key }) }, insert] } },
  },
})
const paid = {
  observables: { payments: 'psp.payments.size()' },
  properties: {
    'ONE-PAYMENT': {
      when: 'always',
      check: 'shop.orders.all(o, psp.payments.filter(p, p.order == o.id).size() <= 1)',
      title: 'One payment per order',
      broken: 'Paid twice: what was asked of somebody outside is not rolled back.',
    },
  },
} as const

export const brokerTransaction: ScenarioInput = {
  sagascope: 1,
  id: 'read-process-write',
  title: 'Read, process, write as one',
  chapter,
  text: 'Billing takes OrderPlaced, writes its ledger and publishes Invoiced, and crashes on the way. Apart, the three can come out differently: the broker hands the order out again, it is charged again and invoiced again. In one transaction of the broker they cannot, as long as everything is the broker’s: watch who reads a message before the transaction has ended, and the payment that is asked of somebody outside.',
  services,
  workload: { requests: [{ to: 'shop', message: 'place', payload: { order: 'o1' } }] },
  faults: [crash('after send')],
  observables: {
    charges: 'billing.ledger.size()',
    mails: 'mail.sent.size()',
    stale: 'refused("OrderPlaced")',
  },
  properties: {
    ONCE: {
      when: 'always',
      check: 'shop.orders.all(o, billing.ledger.filter(l, l.order == o.id).size() <= 1)',
      title: 'One charge per order',
      broken: 'Charged twice: the crash came between the commit and the acknowledgement.',
    },
    'ONE-MAIL': {
      when: 'always',
      check: 'shop.orders.all(o, mail.sent.filter(m, m.order == o.id).size() <= 1)',
      title: 'One mail per order',
      broken: 'Two mails for one order.',
    },
    LIVE: {
      when: 'eventually',
      check: 'shop.orders.all(o, billing.ledger.exists(l, l.order == o.id) && mail.sent.exists(m, m.order == o.id))',
      title: 'Every order is charged and invoiced',
      broken: 'An order was left half done.',
    },
  },
  expect: { charges: 2, mails: 2 },
  breaks: ['ONCE', 'ONE-MAIL'],
  variants: {
    apart: { title: 'commit, send and acknowledge apart', breaks: ['ONCE', 'ONE-MAIL'] },
    together: {
      title: 'one transaction',
      text: 'Rows, message and acknowledgement take effect at one moment. Wherever the crash lands, it is before all of them or behind.',
      patch: { services: transactional },
      expect: { charges: 1, mails: 1 },
    },
    'aborted read uncommitted': {
      title: 'aborted, and Mail reads uncommitted',
      text: 'The crash lands when Invoiced is written and the transaction is open. Mail does not wait for its end: it sends an invoice for a charge that never was, and another one for the charge that is.',
      patch: { services: transactional, faults: [crash('before commit')] },
      expect: { charges: 1, mails: 2 },
      breaks: ['ONE-MAIL'],
    },
    'aborted read committed': {
      title: 'aborted, and Mail reads committed',
      text: 'The first Invoiced waits at Mail until its transaction has ended, and is never seen: it was aborted.',
      patch: { services: { ...transactional, ...readsCommitted }, faults: [crash('before commit')] },
      expect: { charges: 1, mails: 1 },
    },
    payment: {
      title: 'a payment outside',
      text: 'Billing asks the PSP within its transaction. The crash aborts the ledger row and the message; the PSP has been paid, and is asked again.',
      patch: { services: paying(undefined), faults: [crash('before commit')], ...paid },
      expect: { charges: 1, mails: 1 },
      breaks: ['ONE-PAYMENT'],
    },
    'payment with key': {
      title: 'a payment outside, with a key',
      patch: { services: paying('order'), faults: [crash('before commit')], ...paid },
      expect: { charges: 1, mails: 1 },
    },
    zombie: {
      title: 'a zombie in a consumer group',
      text: 'Two processes of Billing, and the one that has the partition stands still for half a minute just before its commit. The other takes over. The zombie’s commit is turned away, and its ledger row and its message with it: here fencing protects the effect too.',
      patch: {
        services: {
          billing: {
            instances: 2,
            group: { partitions: 1, sessionMs: 10_000 },
            protections: { transactional: true },
          },
          ...readsCommitted,
        },
        faults: [{ kind: 'pause', service: 'billing', on: 'OrderPlaced', point: 'before commit', forMs: 30_000 }],
      },
      expect: { charges: 1, mails: 1, stale: 1 },
    },
    'zombie apart': {
      title: 'the same zombie, without a transaction',
      patch: {
        services: { billing: { instances: 2, group: { partitions: 1, sessionMs: 10_000 } } },
        faults: [{ kind: 'pause', service: 'billing', on: 'OrderPlaced', point: 'before commit', forMs: 30_000 }],
      },
      expect: { charges: 2, mails: 2, stale: 0 },
      breaks: ['ONCE', 'ONE-MAIL'],
    },
  },
}
