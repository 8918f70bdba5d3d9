/** A key is a contract with small print: bound to a payload, for a while, and made before the first attempt. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { chargeRequest, once, paymentObservables, paymentWith, twice, uniqueLedger } from './idempotency-race.ts'
import { money, oneCharge, payment } from './order-world.ts'

const hour = 3_600_000
const minute = 60_000
const byUnique = { tables: uniqueLedger, operations: { charge: { uniqueViolation: 'existing' } } }
const common = {
  sagascope: 1,
  chapter: 'Idempotency',
  services: { payment },
  observables: { ...paymentObservables, statuses: 'clients.map(c, c.statuses)' },
  properties: { 'ONE-CHARGE': oneCharge, MONEY: money(1000) },
  expect: twice,
  breaks: ['ONE-CHARGE'],
} as const satisfies Partial<ScenarioInput>

const withKey = (key: object) => paymentWith({ protections: { idempotencyKey: key } })

export const otherPayload: ScenarioInput = {
  ...common,
  id: 'key-reused',
  title: 'Same key, other payload',
  case: 'I04',
  text: 'A client asks for 100, and later, by mistake with the same key, for 250. A fingerprint of the payload is stored with the key, so the mistake is seen. Which answer it gets is a matter of taste: the sources disagree.',
  workload: {
    requests: [chargeRequest, { ...chargeRequest, atMs: 1000, payload: { ...chargeRequest.payload, amount: 250 } }],
  },
  observables: { ...common.observables, amount: 'payment.ledger.map(l, l.amount).sum()' },
  properties: {
    ...common.properties,
    HONEST: {
      when: 'eventually',
      check: "clients.all(c, c.answer != 'ok' || payment.ledger.exists(l, l.amount == c.payload.amount))",
      broken: 'Told the wrong thing: a client believes in a payment that was never made.',
    },
  },
  expect: { charges: 2, amount: 350, balance: 650 },
  variants: {
    none: { title: 'no key', breaks: ['ONE-CHARGE'] },
    ietf: {
      title: '422: the IETF draft',
      text: 'The draft of the HTTP working group: 422 Unprocessable Content.',
      patch: withKey({ rule: 'ietf' }),
      expect: { ...once, amount: 100, statuses: [[201], [422]] },
    },
    brandur: {
      title: '409: Brandur’s article',
      text: 'Brandur’s article on idempotency keys: 409 Conflict, the same answer as for a request in progress.',
      patch: withKey({ rule: 'brandur' }),
      expect: { ...once, amount: 100, statuses: [[201], [409]] },
    },
    stripe: {
      title: 'an error, as Stripe does',
      text: 'Stripe answers with an error when the parameters differ; here it is 400.',
      patch: withKey({ rule: 'stripe-v1' }),
      expect: { ...once, amount: 100, statuses: [[201], [400]] },
    },
    qonto: {
      title: 'no fingerprint: the stored reply, as Qonto documents',
      text: 'The reply for 100 answers the request for 250. The client believes that 250 was paid.',
      patch: withKey({ rule: 'qonto' }),
      expect: { ...once, amount: 100, statuses: [[201], [201]] },
      breaks: ['HONEST'],
    },
  },
}

const again = (...times: number[]) => ({ requests: [0, ...times].map((atMs) => ({ ...chargeRequest, atMs })) })
const forADay = { retentionMs: 24 * hour }
const forFiveMinutes = { retentionMs: 5 * minute }

export const retryAfterWindow: ScenarioInput = {
  ...common,
  id: 'retry-after-window',
  title: 'The retry after the window',
  case: 'I06',
  text: 'Keys are kept for 24 hours from their first use. A batch that is replayed a second too late is a new payment: the protection has an end, and the client cannot see it.',
  endMs: 400 * 24 * hour,
  services: { payment: { ...payment, protections: { idempotencyKey: forADay } } },
  workload: again(24 * hour + 1000),
  variants: {
    'in time': { title: 'after 23:59:59', patch: { workload: again(24 * hour - 1000) }, expect: once },
    late: { title: 'after 24 h and 1 s', breaks: ['ONE-CHARGE'] },
    'not extended': {
      title: 'a replay after 23 h does not extend it',
      text: 'The retention counts from the creation of the key. The replay at 23 h gets the stored reply and moves nothing.',
      patch: { workload: again(23 * hour, 24 * hour + 1000) },
      expect: twice,
      breaks: ['ONE-CHARGE'],
    },
    'clock jumps ahead': {
      title: 'in time, but the clock of the store jumps ahead',
      text: 'The retry comes after 23:59:59, well inside the window. An hour before, the clock of the payment service was set two hours ahead: by its own time the key is old, and it charges again.',
      patch: {
        workload: again(24 * hour - 1000),
        faults: [{ kind: 'skew', service: 'payment', offsetMs: 2 * hour, fromMs: 23 * hour }],
      },
      expect: twice,
      breaks: ['ONE-CHARGE'],
    },
    'clock falls behind': {
      title: 'too late, but the clock of the store falls behind',
      patch: { faults: [{ kind: 'skew', service: 'payment', offsetMs: -2 * hour, fromMs: 23 * hour }] },
      expect: once,
    },
    unique: {
      title: 'unique constraint, a year later',
      text: 'UNIQUE(order, type) lives as long as the row it protects.',
      patch: {
        ...paymentWith({ ...byUnique, protections: { idempotencyKey: null } }),
        workload: again(365 * 24 * hour),
      },
      expect: once,
    },
    'sqs in time': {
      title: 'a window of five minutes, as SQS FIFO has it: after 4:59',
      patch: { ...withKey(forFiveMinutes), workload: again(5 * minute - 1000) },
      expect: once,
    },
    'sqs late': {
      title: 'after 5:01',
      patch: { ...withKey(forFiveMinutes), workload: again(5 * minute + 1000) },
      expect: twice,
      breaks: ['ONE-CHARGE'],
    },
  },
}

const threeAttempts = { ...chargeRequest, timeoutMs: 2000, retry: { attemptsMax: 3, initialMs: 0 } }

export const freshKeys: ScenarioInput = {
  ...common,
  id: 'fresh-keys',
  title: 'A new key for every attempt',
  case: 'I07',
  text: 'Two answers get lost, the client asks three times. Its library makes a new key for each attempt: three keys, three payments. A key is made once, before the first attempt.',
  services: { payment: { ...payment, protections: { idempotencyKey: {} } } },
  workload: { hopMs: 10, requests: [{ ...threeAttempts, keys: 'fresh' }] },
  faults: [{ kind: 'drop', message: 'Charged', times: 2 }],
  observables: { ...common.observables, keys: 'payment.idempotency_keys.size()' },
  expect: { charges: 3, refunds: 0, balance: 700, keys: 3 },
  variants: {
    fresh: { title: 'a fresh key each time', breaks: ['ONE-CHARGE'] },
    same: {
      title: 'one key, made before the first attempt',
      patch: { workload: { requests: [threeAttempts] } },
      expect: { ...once, keys: 1 },
    },
    unique: {
      title: 'fresh keys, and a unique constraint',
      text: 'The constraint knows the order, not the attempt. It does not need the client to be careful.',
      patch: paymentWith(byUnique),
      expect: { ...once, keys: 3 },
    },
  },
}

export const storedErrors: ScenarioInput = {
  ...common,
  id: 'stored-errors',
  title: 'Are errors kept under the key?',
  chapter: 'Idempotency',
  text: 'The first attempt ends in an error that had nothing to do with the payment, and nothing was done. The client asks again with the same key. Either the error is the answer for good, or the work is done now: the sources disagree.',
  services: { payment: { ...payment, protections: { idempotencyKey: {} } } },
  workload: { hopMs: 10, requests: [{ ...chargeRequest, retry: { attemptsMax: 4, initialMs: 1000 } }] },
  faults: [{ kind: 'fail', service: 'payment', on: 'charge' }],
  expect: {},
  breaks: [],
  variants: {
    forgotten: {
      title: 'errors are forgotten, as in Stripe v2',
      text: 'Work that succeeded is not repeated, work that failed is tried again.',
      patch: withKey({ rule: 'stripe-v2' }),
      expect: { ...once, statuses: [[500, 201]] },
    },
    stored: {
      title: 'everything is stored, as in Stripe v1',
      text: 'The first status is kept under the key, a 500 too. Every retry hears it again; only a new key helps.',
      patch: withKey({ rule: 'stripe-v1' }),
      expect: { charges: 0, balance: 1000, statuses: [[500, 500, 500, 500]] },
    },
    brandur: {
      title: 'everything is stored, as in the code that goes with Brandur’s article',
      text: 'The article says that the client retries until it succeeds; the published code stores the error as the answer.',
      patch: withKey({ rule: 'brandur' }),
      expect: { charges: 0, balance: 1000, statuses: [[500, 500, 500, 500]] },
    },
    'fresh key': {
      title: '… and a new key for the retry',
      patch: {
        ...withKey({ rule: 'stripe-v1' }),
        workload: {
          requests: [{ ...chargeRequest, keys: 'fresh', retry: { attemptsMax: 4, initialMs: 1000 } }],
        },
      },
      expect: { ...once, statuses: [[500, 201]] },
    },
  },
}
