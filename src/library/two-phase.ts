/** Two-phase commit as the yardstick: the same order flow as one distributed transaction, and what its locks cost. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { completed, firstStory, orderSaga, payment, placeOrder, properties, shipping } from './order-world.ts'

const chapter = 'Two-phase commit'

/** What isolation costs, in numbers. */
const cost = {
  messages: 'messages()',
  'longest lock': 'rowLocks.longestMs',
  'all locks': 'rowLocks.totalMs',
  blocked: 'rowLocks.blocked',
  waited: 'rowLocks.waitedMs',
  'in doubt': 'rowLocks.inDoubt',
}

type Property = NonNullable<ScenarioInput['properties']>[string]
const property = (name: string) => properties[name] as Property
/** Between the commits of two participants an onlooker sees the one without the other: atomic is not simultaneous. */
const always = { ATOM: property('ATOM'), 'ONE-CHARGE': property('ONE-CHARGE'), LIVE: property('LIVE') }
const inTheEnd = { STOCK: { ...property('STOCK'), when: 'eventually' } } as const
const kept = { ...always, MONEY: property('MONEY'), ...inTheEnd }
const noEffect = { charges: 0, refunds: 0, balance: 1000, available: 5, reserved: 0, shipped: 0, order: null }

const twoPhase = { sagas: { order: { style: 'two-phase' } } } as const
const asSaga = { sagas: { order: { style: 'orchestrated' } } } as const

export const twoPhaseCommit: ScenarioInput = {
  ...firstStory,
  id: 'two-phase-commit',
  title: 'All at once: two-phase commit',
  case: 'S01',
  chapter,
  text: 'The order of the first story as one distributed transaction. Every service does its work, keeps it prepared and votes; its rows stay locked until the coordinator has decided. Nobody ever sees half an order, and nobody else gets at the rows meanwhile. Compare the messages and the locks with the saga.',
  sagas: { order: { ...(firstStory.sagas?.order as object), style: 'two-phase' } as never },
  properties: kept,
  observables: { ...orderSaga.observables, ...cost, decision: 'saga("o1").decision' },
  expect: { ...completed, messages: 12, 'longest lock': 90, blocked: 0, 'in doubt': 0, decision: 'commit' },
  variants: {
    saga: {
      title: 'the same as a saga',
      text: 'Half the messages, and no lock outlives its own small transaction. The price: everybody can see the order half done.',
      patch: asSaga,
      expect: { messages: 6, 'longest lock': 0, decision: null },
    },
    refused: {
      title: 'a vote is no',
      text: 'One no, and nothing has ever happened: no refund, no second line in the ledger, not even a rejected order.',
      patch: { faults: [{ kind: 'refuse', service: 'inventory', on: 'reserve', reason: 'OUT_OF_STOCK' }] },
      expect: {
        ...noEffect,
        saga: 'Aborted',
        log: ['create', 'charge', 'reserve!'],
        messages: 5,
        'longest lock': 60,
        decision: 'abort',
      },
    },
    'refused saga': {
      title: 'the same no, to a saga',
      text: 'The charge was there for everybody to see, and then a refund: the ledger keeps both.',
      patch: {
        ...asSaga,
        faults: [{ kind: 'refuse', service: 'inventory', on: 'reserve', reason: 'OUT_OF_STOCK' }],
      },
      expect: {
        charges: 1,
        refunds: 1,
        balance: 1000,
        available: 5,
        reserved: 0,
        shipped: 0,
        order: 'REJECTED',
        saga: 'Compensated',
        log: ['create', 'charge', 'reserve!', '~reserve', '~charge', '~create'],
        messages: 8,
        'longest lock': 0,
        decision: null,
      },
    },
    unprepared: {
      title: 'a participant crashes before it has voted',
      text: 'Its work is gone with its memory, and the broker hands the command out again. The others wait, locked.',
      patch: { faults: [{ kind: 'crash', service: 'inventory', on: 'reserve', point: 'before commit' }] },
      expect: { 'longest lock': 1095 },
    },
    prepared: {
      title: 'a participant crashes after it has voted',
      text: 'What is prepared is on disk, with its locks. Back again it is still in doubt, and asks.',
      patch: { faults: [{ kind: 'crash', service: 'inventory', on: 'reserve', point: 'after send' }] },
      expect: { messages: 16, 'longest lock': 1005 },
    },
    'commit lost': {
      title: 'the decision is lost on its way',
      text: 'Payment has voted and hears nothing. It may not guess: it asks, after five seconds.',
      patch: { faults: [{ kind: 'drop', message: 'Commit', to: 'payment' }] },
      expect: { messages: 14, 'longest lock': 5030 },
    },
    'no log': {
      title: 'a coordinator without a log',
      text: 'It decides to commit, tells it, and forgets it in a crash. Payment, which has not heard, asks; of what is not in the log, the answer is abort. The log is what makes the promise.',
      patch: {
        sagas: { order: { durable: false } },
        faults: [
          { kind: 'drop', message: 'Commit', to: 'payment' },
          { kind: 'crash', service: 'order', on: 'Committed', restartMs: 500 },
        ],
      },
      expect: {
        charges: 0,
        balance: 1000,
        saga: 'Running',
        messages: 13,
        'longest lock': 5030,
      },
      breaks: ['ATOM', 'LIVE'],
    },
  },
}

/** Somebody who has nothing to do with the order, and wants the same row. */
const deposit = {
  do: [{ update: 'accounts', where: { customer: 'customer' }, change: 'balance += amount' }],
}
const deposits = {
  to: 'payment',
  message: 'deposit',
  atMs: 1000,
  copies: 3,
  everyMs: 1000,
  payload: { customer: 'c1', amount: 10, from: 'guest-#' },
}
const betweenThePhases = {
  kind: 'crash',
  service: 'order',
  on: 'Shipped',
  point: 'before commit',
  restartMs: 30_000,
} as const

export const blockedByDoubt: ScenarioInput = {
  ...twoPhaseCommit,
  id: 'in-doubt',
  title: 'In doubt: the coordinator is gone',
  case: 'S08',
  text: 'All have voted yes, and before the coordinator can log its decision it crashes. Payment, Inventory and Shipping may neither commit nor roll back: they hold their locks, and whoever wants one of these rows waits with them. Three people want to pay money into the account.',
  services: {
    ...orderSaga.services,
    payment: { ...payment, operations: { ...payment.operations, deposit } },
  },
  workload: { requests: [placeOrder, deposits] },
  faults: [betweenThePhases],
  properties: { ...always, ...inTheEnd },
  observables: { ...orderSaga.observables, ...cost, answered: "clients.filter(c, c.answer == 'ok').size()" },
  expect: {},
  breaks: [],
  variants: {
    returns: {
      title: 'until it is back, after 30 s',
      text: 'The last vote is handed out again, the decision is made, and everybody goes on: half a minute late.',
      expect: {
        ...completed,
        balance: 930,
        blocked: 3,
        'longest lock': 30_095,
        waited: 84_330,
        answered: 3,
        'in doubt': 0,
      },
    },
    never: {
      title: 'for ever',
      text: 'Nobody else may decide. The rows stay locked until somebody brings the coordinator back, or takes a guess.',
      patch: { faults: [{ ...betweenThePhases, restartMs: 'never' }] },
      expect: { balance: 1000, order: null, saga: 'Running', blocked: 3, answered: 0, 'in doubt': 4 },
      breaks: ['LIVE'],
    },
    decided: {
      title: 'for ever, just after it has decided',
      text: 'The decision is in the log, and the order says APPROVED. Nobody has told the others.',
      patch: { faults: [{ ...betweenThePhases, point: 'after commit', restartMs: 'never' }] },
      expect: { balance: 1000, order: 'APPROVED', saga: 'Running', blocked: 3, answered: 0, 'in doubt': 3 },
      breaks: ['ATOM', 'LIVE'],
    },
    saga: {
      title: 'the same crash, with a saga',
      text: 'The saga stands still as long. Nobody else does: the account is free, and the deposits are answered at once.',
      patch: asSaga,
      expect: { ...completed, balance: 930, blocked: 0, 'longest lock': 0, waited: 0, answered: 3, 'in doubt': 0 },
    },
  },
}

export const behindTheLocks: ScenarioInput = {
  ...twoPhaseCommit,
  id: 'behind-the-locks',
  title: 'The second order waits',
  case: 'S01',
  text: 'Nothing fails. Shipping takes two seconds to vote, and the second order wants the same account: it waits behind the locks of the first, then does all of its own. With a saga both are under way at once.',
  services: {
    ...orderSaga.services,
    shipping: { ...shipping, operations: { ship: { ...shipping.operations?.ship, handlerMs: 2000 } as never } },
  },
  workload: { requests: [placeOrder, { ...placeOrder, atMs: 50, payload: { ...placeOrder.payload, order: 'o2' } }] },
  sagas: { order: { ...(orderSaga.sagas?.order as object), style: 'two-phase' } as never },
  faults: [],
  observables: {
    ...cost,
    'second order': 'order.orders["o2"].state',
    'done after': "entries.filter(e, e.kind == 'sagaCompleted').last().ms",
    balance: 'payment.accounts["c1"].balance',
  },
  expect: { 'second order': 'APPROVED', balance: 800 },
  breaks: [],
  variants: {
    'two-phase': {
      title: 'two-phase commit',
      patch: twoPhase,
      expect: { messages: 24, blocked: 1, 'longest lock': 4120, 'done after': 4215 },
    },
    saga: {
      title: 'saga',
      patch: asSaga,
      expect: { messages: 12, blocked: 0, 'longest lock': 0, 'done after': 2140 },
    },
  },
}
