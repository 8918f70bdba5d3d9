/** Two duplicates at once: who waits, who is told to come back, and who slips through between the look and the act. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { money, oneCharge, payment, type ServiceInput } from './order-world.ts'

export type Statements = NonNullable<ServiceInput['operations']>[string]['do']
type Patch = Record<string, unknown>

export const applyCharge: Statements = payment.operations?.charge?.do ?? []
const ledger = payment.tables?.ledger as NonNullable<ServiceInput['tables']>[string]
export const chargeRequest = {
  to: 'payment',
  message: 'charge',
  key: 'abc123',
  payload: { order: 'o1', customer: 'c1', amount: 100 },
} as const
export const paymentObservables = {
  charges: "payment.ledger.filter(l, l.type == 'charge').size()",
  refunds: "payment.ledger.filter(l, l.type == 'refund').size()",
  balance: 'payment.accounts["c1"].balance',
} as const
export const once = { charges: 1, balance: 900 }
export const twice = { charges: 2, balance: 800 }

/** A change to the service "payment". */
export function paymentWith(change: object): Patch {
  return { services: { payment: change } }
}
export const uniqueLedger = { ledger: { ...ledger, unique: [['order', 'type']] } }
export const unpaid = {
  payments: { columns: ['order', 'status'], key: 'order', rows: [{ order: 'o1', status: 'UNPAID' }] },
}
const setPaid: Statements[number] = { update: 'payments', where: { order: 'order' }, change: "status = 'PAID'" }

/** Look, think for 20 ms, act. */
function lookThenAct(lock: boolean): Statements {
  return [
    { read: 'payments', where: { order: 'order' }, as: 'paid', lock },
    { return: "paid.status == 'PAID'" },
    { work: 20 },
    ...applyCharge,
    setPaid,
  ]
}
function stateCheck(change: object = {}, statements = lookThenAct(false)): Patch {
  return paymentWith({ handlerMs: 0, tables: unpaid, operations: { charge: { do: statements } }, ...change })
}

const base: ScenarioInput = {
  sagascope: 1,
  id: 'same-key-twice',
  title: 'The same request, twice at once',
  case: 'I02',
  chapter: 'Idempotency',
  text: 'An impatient double click: two equal requests reach the service at the same moment. What turns a late duplicate away need not stop this one. Watch who waits, who is told to come back, and who slips through.',
  services: { payment },
  workload: {
    requests: [chargeRequest, { ...chargeRequest, retry: { attemptsMax: 2, initialMs: 1000 } }],
  },
  observables: { ...paymentObservables, conflicts: 'conflicts', statuses: 'clients.map(c, c.statuses)' },
  properties: { 'ONE-CHARGE': oneCharge, MONEY: money(1000) },
  expect: twice,
  breaks: ['ONE-CHARGE'],
}

export const sameKeyTwice: ScenarioInput = {
  ...base,
  variants: {
    none: { title: 'no protection', expect: { statuses: [[201], [201]] }, breaks: ['ONE-CHARGE'] },
    'claim first': {
      title: 'key, claimed first',
      text: 'The claim is committed before the work. The second request finds it in progress and hears 409, the rule of the IETF draft; a second later it gets the stored 201.',
      patch: paymentWith({ protections: { idempotencyKey: { mode: 'claim first' } } }),
      expect: { ...once, statuses: [[201], [409, 201]] },
    },
    'single transaction': {
      title: 'key, in the transaction of the effect',
      text: 'The second request waits on the unique index of the keys, and then gets the stored 201. No 409.',
      patch: paymentWith({ protections: { idempotencyKey: {} } }),
      expect: { ...once, statuses: [[201], [201]] },
    },
    'single transaction serializable': {
      title: 'the same at SERIALIZABLE',
      text: 'The second request waits all the same, and is then rolled back and handled again: a serialization error, not an answer.',
      patch: paymentWith({ isolation: 'serializable', protections: { idempotencyKey: {} } }),
      expect: { ...once, conflicts: 1, statuses: [[201], [201]] },
    },
    'check then insert': {
      title: 'key, looked up and then inserted',
      text: 'Two statements and no unique index: both look, both find nothing, both charge.',
      patch: paymentWith({ protections: { idempotencyKey: { mode: 'check then insert' } } }),
      expect: twice,
      breaks: ['ONE-CHARGE'],
    },
    'check then insert serializable': {
      title: 'looked up and inserted at SERIALIZABLE',
      text: 'What the second request has looked up is no longer true when it commits. It is handled again, and finds the key.',
      patch: paymentWith({ isolation: 'serializable', protections: { idempotencyKey: { mode: 'check then insert' } } }),
      expect: { ...once, conflicts: 1 },
    },
    unique: {
      title: 'unique constraint',
      text: 'The second insert waits for the first transaction, fails, and is mapped to the result that is there.',
      patch: paymentWith({ tables: uniqueLedger, operations: { charge: { uniqueViolation: 'existing' } } }),
      expect: { ...once, statuses: [[201], [201]] },
    },
    state: {
      title: 'state check',
      text: 'Is the order paid? Both look before either has paid. A check is no claim.',
      patch: stateCheck(),
      expect: twice,
      breaks: ['ONE-CHARGE'],
    },
    'state locked': {
      title: 'state check under a lock',
      text: 'SELECT … FOR UPDATE: the second look waits until the first transaction has committed.',
      patch: stateCheck({}, lookThenAct(true)),
      expect: { ...once, conflicts: 0 },
    },
    'state nothing to lock': {
      title: 'a lock on a row that is not there',
      text: 'SELECT … FOR UPDATE locks the rows it finds. The first payment of an order finds none.',
      patch: stateCheck({ tables: { payments: { ...unpaid.payments, rows: [] } } }, [
        { read: 'payments', where: { order: 'order' }, as: 'paid', lock: true },
        { return: "paid != null && paid.status == 'PAID'" },
        { work: 20 },
        ...applyCharge,
        { insert: 'payments', row: { order: 'order', status: "'PAID'" }, conflict: 'replace' },
      ]),
      expect: twice,
      breaks: ['ONE-CHARGE'],
    },
    'conditional update': {
      title: 'a conditional update',
      text: 'UPDATE … WHERE status is UNPAID takes the lock and checks in one: the second finds no such row any more.',
      patch: stateCheck({}, [
        {
          update: 'payments',
          where: { order: 'order' },
          require: "status == 'UNPAID'",
          otherwise: 'ALREADY_PAID',
          change: "status = 'PAID'",
        },
        { work: 20 },
        ...applyCharge,
      ]),
      expect: { ...once, statuses: [[201], [422]] },
    },
    'repeatable read': {
      title: 'state check at REPEATABLE READ',
      text: 'The second may not write the row it saw in an older state. It is rolled back, handled again, and finds the order paid.',
      patch: stateCheck({ isolation: 'repeatable read' }),
      expect: { ...once, conflicts: 1 },
    },
    serializable: {
      title: 'state check at SERIALIZABLE',
      patch: stateCheck({ isolation: 'serializable' }),
      expect: { ...once, conflicts: 1 },
    },
  },
}

/** The second request comes so many milliseconds after the first. */
function after(gap: number, change: object = {}): Patch {
  return { ...stateCheck(change), workload: { requests: [chargeRequest, { ...chargeRequest, atMs: gap }] } }
}
type Variants = NonNullable<ScenarioInput['variants']>
const gaps = [0, 10, 19, 21, 30]
const unlocked: Variants = Object.fromEntries(
  gaps.map((gap) => [
    `g ${gap}`,
    gap < 20
      ? { title: `${gap} ms later`, patch: after(gap), expect: twice, breaks: ['ONE-CHARGE'] }
      : { title: `${gap} ms later`, patch: after(gap), expect: once },
  ]),
)
const locked: Variants = Object.fromEntries(
  gaps.map((gap) => [
    `g ${gap} locked`,
    {
      title: `${gap} ms later, under a lock`,
      patch: after(gap, { operations: { charge: { do: lookThenAct(true) } } }),
      expect: { ...once, conflicts: 0 },
    },
  ]),
)
const serializable: Variants = Object.fromEntries(
  gaps.map((gap) => [
    `g ${gap} serializable`,
    {
      title: `${gap} ms later, at SERIALIZABLE`,
      patch: after(gap, { isolation: 'serializable' }),
      expect: { ...once, conflicts: gap < 20 ? 1 : 0 },
    },
  ]),
)

export const checkThenAct: ScenarioInput = {
  ...base,
  id: 'look-then-act',
  title: 'The window between look and act',
  case: 'I03',
  text: 'The state check reads at once and commits 20 ms later. A duplicate that comes within these 20 ms sees the order unpaid. The window closes at the commit, not at the update.',
  workload: { requests: [chargeRequest, { ...chargeRequest, atMs: 10 }] },
  variants: { ...unlocked, ...locked, ...serializable },
}
