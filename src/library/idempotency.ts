/** A client asks twice: the three strategies against a lost response, and what happens without one. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { money, oneCharge, payment } from './order-world.ts'

const once = { charges: 1, balance: 900 }

const charge = payment.operations?.charge
const ledger = payment.tables?.ledger
const applyCharge = charge?.do ?? []

export const lostResponse: ScenarioInput = {
  sagascope: 1,
  id: 'lost-response',
  title: 'Lost response, client retries',
  case: 'I01',
  chapter: 'Idempotency',
  text: 'A client pays, the answer gets lost, the client asks again. Without protection it pays twice. The three strategies turn the duplicate away, each in its own place: by a key, by a constraint, by the state.',
  services: { payment },
  workload: {
    hopMs: 10,
    requests: [
      {
        to: 'payment',
        message: 'charge',
        key: 'abc123',
        payload: { order: 'o1', customer: 'c1', amount: 100 },
        timeoutMs: 2000,
        retry: { attemptsMax: 2, initialMs: 0 },
      },
    ],
  },
  faults: [{ kind: 'drop', message: 'Charged' }],
  observables: {
    charges: "payment.ledger.filter(l, l.type == 'charge').size()",
    refunds: "payment.ledger.filter(l, l.type == 'refund').size()",
    balance: 'payment.accounts["c1"].balance',
    answers: 'clients.first().answers',
  },
  properties: { 'ONE-CHARGE': oneCharge, MONEY: money(1000) },
  expect: { charges: 2, refunds: 0, balance: 800, answers: ['ok'] },
  breaks: ['ONE-CHARGE'],
  variants: {
    none: { title: 'no protection', breaks: ['ONE-CHARGE'] },
    key: {
      title: 'idempotency key',
      text: 'The key abc123 was stored with the reply, in the same transaction as the charge.',
      patch: { services: { payment: { protections: { idempotencyKey: {} } } } },
      expect: once,
    },
    unique: {
      title: 'unique constraint',
      text: 'The second insert violates UNIQUE(order, type); the handler maps that to the result that is there.',
      patch: {
        services: {
          payment: {
            tables: { ledger: { ...ledger, unique: [['order', 'type']] } },
            operations: { charge: { uniqueViolation: 'existing' } },
          },
        },
      },
      expect: once,
    },
    'unique unmapped': {
      title: 'unique constraint, error not mapped',
      text: 'Paid once, and yet the client hears an error for a payment that worked.',
      patch: { services: { payment: { tables: { ledger: { ...ledger, unique: [['order', 'type']] } } } } },
      expect: { ...once, answers: ['error UNIQUE_VIOLATION'] },
    },
    state: {
      title: 'state check',
      text: 'Is the order paid already? One request after the other, this is enough.',
      patch: {
        services: {
          payment: {
            tables: {
              payments: { columns: ['order', 'status'], key: 'order', rows: [{ order: 'o1', status: 'UNPAID' }] },
            },
            operations: {
              charge: {
                do: [
                  { read: 'payments', where: { order: 'order' }, as: 'paid' },
                  { return: "paid.status == 'PAID'" },
                  ...applyCharge,
                  { update: 'payments', where: { order: 'order' }, change: "status = 'PAID'" },
                ],
              },
            },
          },
        },
      },
      expect: once,
    },
  },
}
