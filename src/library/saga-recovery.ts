/** Sagas that turn back: refusals, lost replies, compensations that overtake, late successes. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { bareRefund, money, orderSaga, stock } from './order-world.ts'

const turnedBack = { refunds: 1, balance: 1000, order: 'REJECTED', saga: 'Compensated' }
const noGoods = { available: 5, reserved: 0, shipped: 0 }

export const outOfStock: ScenarioInput = {
  ...orderSaga,
  id: 'out-of-stock',
  title: 'Out of stock, midway',
  case: 'S02',
  text: 'Inventory says no after Payment has charged. The saga turns back: it does not roll back, it refunds. Look at the ledger afterwards: two entries, not none.',
  services: {
    ...orderSaga.services,
    inventory: {
      ...orderSaga.services.inventory,
      tables: {
        ...orderSaga.services.inventory?.tables,
        stock: { columns: ['sku', 'available'], key: 'sku', rows: [{ sku: 's1', available: 0 }] },
      },
    },
  },
  properties: { ...orderSaga.properties, STOCK: stock(0) },
  expect: {
    charges: 1,
    ...turnedBack,
    available: 0,
    reserved: 0,
    shipped: 0,
    log: ['create', 'charge', 'reserve!', '~charge', '~create'],
  },
  variants: {
    A: { title: 'a definitive no', expect: { messages: 6 } },
    B: {
      title: 'retried like an error, four times',
      text: 'The refusal is treated as transient: Step Functions asks four times, at 0, 1, 3 and 7 s, and turns back only then.',
      patch: { sagas: { order: { steps: { reserve: { retryRefusals: true, retry: 'step functions' } } } } },
      expect: { log: ['create', 'charge', '~charge', '~create'], messages: 12 },
    },
    C: {
      title: 'retried like an error, for ever',
      text: 'The refusal is treated as transient under a policy without end: the order stays PENDING, the money stays taken.',
      patch: { sagas: { order: { steps: { reserve: { retryRefusals: true, retry: 'temporal' } } } } },
      expect: {
        refunds: 0,
        balance: 900,
        order: 'PENDING',
        saga: 'Running',
        log: ['create', 'charge'],
      },
      breaks: ['ATOM', 'LIVE'],
    },
  },
}

export const noMoney: ScenarioInput = {
  ...orderSaga,
  id: 'no-money',
  title: 'Nothing to compensate',
  case: 'S03',
  text: 'The very first participant refuses. Was there anything to undo? A compensation registered before the command is sent must be safe when the step never happened.',
  services: {
    ...orderSaga.services,
    payment: {
      ...orderSaga.services.payment,
      tables: {
        ...orderSaga.services.payment?.tables,
        accounts: { columns: ['customer', 'balance'], key: 'customer', rows: [{ customer: 'c1', balance: 50 }] },
      },
    },
  },
  properties: { ...orderSaga.properties, MONEY: money(50) },
  expect: { charges: 0, refunds: 0, balance: 50, ...noGoods, order: 'REJECTED', saga: 'Compensated', messages: 2 },
  variants: {
    A: { title: 'registered after success' },
    B: {
      title: 'registered before, guarded refund',
      patch: { sagas: { order: { register: 'before' } } },
      expect: { messages: 4 },
    },
    C: {
      title: 'registered before, bare refund',
      text: 'The refund asks nothing and pays back what was never taken.',
      patch: {
        sagas: { order: { register: 'before' } },
        services: { payment: { operations: { refund: bareRefund } } },
      },
      expect: { refunds: 1, balance: 150, messages: 4 },
      breaks: ['MONEY', 'ATOM'],
    },
  },
}

const dropReply = { kind: 'drop', message: 'Charged' } as const

export const lostReply: ScenarioInput = {
  ...orderSaga,
  id: 'lost-reply',
  title: 'Lost reply after the commit',
  case: 'S05',
  text: 'Payment commits the charge, and its reply is lost. After 5 s the orchestrator knows nothing: did it happen? Variant A compensates only what reported success. Compare what each variant makes of the same silence.',
  sagas: {
    order: {
      ...(orderSaga.sagas?.order as NonNullable<ScenarioInput['sagas']>[string]),
      steps: (orderSaga.sagas?.order?.steps ?? []).map((step) =>
        step.name === 'charge' ? { ...step, timeoutMs: 5000 } : step,
      ),
    },
  },
  faults: [dropReply],
  expect: { charges: 1, refunds: 0, balance: 900, ...noGoods, order: 'REJECTED', saga: 'Compensated' },
  breaks: ['ATOM'],
  variants: {
    A: { title: 'compensate what reported success', breaks: ['ATOM'] },
    B: {
      title: 'register before',
      text: 'The compensation is owed from before the command is sent, so the silence is refunded.',
      patch: { sagas: { order: { register: 'before' } } },
      expect: turnedBack,
    },
    C: {
      title: 'the command was lost',
      text: 'To the orchestrator this looks exactly like B. The refund finds nothing to undo and leaves a tombstone.',
      patch: {
        sagas: { order: { register: 'before' } },
        services: { payment: { protections: { fence: {} } } },
        faults: [{ kind: 'drop', message: 'charge' }],
        observables: { tombstones: "payment.fence.filter(f, f.status == 'SUSPENDED').size()" },
      },
      expect: { charges: 0, refunds: 0, balance: 1000, tombstones: 1 },
    },
    D: {
      title: 'ask again with the same key',
      text: 'One more attempt with the same idempotency key before giving up: the stored reply comes back, and the order goes forward.',
      patch: {
        sagas: { order: { steps: { charge: { retry: { attemptsMax: 2, initialMs: 0 } } } } },
        services: { payment: { protections: { idempotencyKey: {} } } },
      },
      expect: { available: 4, shipped: 1, order: 'APPROVED', saga: 'Completed' },
    },
  },
}

/** Somebody asks for the refund again, long after the charge has come. */
const repeatedRefund = (key: string) => ({
  services: { payment: { protections: { idempotencyKey: {} } } },
  workload: {
    requests: [
      ...(lostReply.workload?.requests ?? []),
      {
        to: 'payment',
        message: 'refund',
        atMs: 10_000,
        key,
        payload: lostReply.workload?.requests?.[0]?.payload ?? {},
      },
    ],
  },
  observables: { replayed: 'deduplicated("refund")' },
})

export const overtaking: ScenarioInput = {
  ...lostReply,
  id: 'compensation-overtakes',
  title: 'Compensation overtakes',
  case: 'S06',
  text: 'The charge is stuck in the network for 8 s. The refund, sent at 5 s, arrives first. What should a compensation do when there is nothing to compensate yet?',
  bus: { order: 'none' },
  sagas: { order: { ...(lostReply.sagas?.order as NonNullable<ScenarioInput['sagas']>[string]), register: 'before' } },
  faults: [{ kind: 'delay', message: 'charge', byMs: 8000 }],
  expect: { charges: 1, refunds: 0, balance: 900, ...noGoods, order: 'REJECTED', saga: 'Compensated' },
  breaks: ['ATOM'],
  variants: {
    A: {
      title: 'refund whatever happens',
      text: 'For three seconds the customer owns 1100.',
      patch: { services: { payment: { operations: { refund: bareRefund } } } },
      expect: { refunds: 1, balance: 1000 },
      breaks: ['MONEY'],
    },
    B: {
      title: 'nothing to refund, so do nothing',
      text: 'The refund is a no-op, and the late charge then stands for ever: hanging.',
      breaks: ['ATOM'],
    },
    C: {
      title: 'leave a tombstone',
      text: 'The fence: the refund records that it was here, and the late charge is refused.',
      patch: {
        services: { payment: { protections: { fence: {} } } },
        observables: { refusedCharges: 'refused("charge")' },
      },
      expect: { charges: 0, refunds: 0, balance: 1000, refusedCharges: 1 },
    },
    D: {
      title: 'a tombstone for two seconds',
      text: 'The tombstone expires before the late charge comes.',
      patch: { services: { payment: { protections: { fence: { lifetimeMs: 2000 } } } } },
      breaks: ['ATOM'],
    },
    E: {
      title: 'nothing to refund, remembered under the key',
      text: 'At ten seconds an operator asks for the refund once more, with the same key. The stored answer says that it was done, and it will say so for ever.',
      patch: repeatedRefund('o1:charge:undo'),
      expect: { replayed: 1 },
      breaks: ['ATOM'],
    },
    'E fresh key': {
      title: 'the operator takes a key of his own',
      patch: repeatedRefund('operator-1'),
      expect: { refunds: 1, balance: 1000, replayed: 0 },
    },
    open: {
      title: 'the charge has begun, its transaction is open',
      text: 'The charge came in time and dawdles within its transaction, its fence row written. The refund waits for that row, and then there is something to refund.',
      patch: {
        services: { payment: { protections: { fence: {} } } },
        faults: [{ kind: 'slow', service: 'payment', on: 'charge', byMs: 5980, where: 'in transaction' }],
      },
      expect: { refunds: 1, balance: 1000 },
    },
  },
}

/** No order at Payment, and the charge loses its time before or in its transaction. */
const dawdling = (where: 'before transaction' | 'in transaction', protections: object) => ({
  bus: { order: 'none' },
  services: { payment: { protections } },
  faults: [{ kind: 'slow', service: 'payment', on: 'charge', byMs: 5980, where }],
})

export const lateSuccess: ScenarioInput = {
  ...lostReply,
  id: 'late-success',
  title: 'Late success',
  case: 'S07',
  text: 'Payment is slow: it commits at 6 s, one second after the orchestrator has given up and turned back. Then "Charged" arrives. A time-out does not prove that nothing happened.',
  sagas: { order: { ...(lostReply.sagas?.order as NonNullable<ScenarioInput['sagas']>[string]), register: 'before' } },
  faults: [{ kind: 'slow', service: 'payment', on: 'charge', byMs: 5980 }],
  observables: { ...orderSaga.observables, reserveSent: 'sent("reserve")' },
  expect: { charges: 1, refunds: 1, balance: 1000, ...noGoods, order: 'REJECTED', saga: 'Compensated', reserveSent: 0 },
  breaks: [],
  variants: {
    A: {
      title: 'no state guard',
      text: 'The late reply starts the next step although the saga is turning back; when "Reserved" comes, the saga is gone, and one unit stays reserved for nobody.',
      patch: { sagas: { order: { guard: false, ended: 'remove' } } },
      expect: { available: 4, reserved: 1, reserveSent: 1 },
      breaks: ['ATOM'],
    },
    B: {
      title: 'state guard',
      text: 'A reply that is no longer awaited is recorded, not acted on.',
    },
    C: {
      title: 'the refund overtakes, and there is no fence',
      text: 'Nothing keeps the order here, and the charge waits before its transaction. The refund finds nothing to do, and then the charge is made.',
      patch: dawdling('before transaction', {}),
      expect: { refunds: 0, balance: 900 },
      breaks: ['ATOM'],
    },
    'C fence': {
      title: 'the refund overtakes, and leaves a tombstone',
      patch: dawdling('before transaction', { fence: {} }),
      expect: { charges: 0, refunds: 0 },
    },
    'C open': {
      title: 'the refund overtakes, and the transaction is open already',
      text: 'The fence row of the charge is written and not committed. The refund waits for it, and then refunds.',
      patch: dawdling('in transaction', { fence: {} }),
    },
    D: {
      title: 'ask again with the same key',
      patch: {
        sagas: { order: { steps: { charge: { onTimeout: 'ask again' } } } },
        services: { payment: { protections: { idempotencyKey: {} } } },
      },
      expect: {
        refunds: 0,
        balance: 900,
        available: 4,
        shipped: 1,
        order: 'APPROVED',
        saga: 'Completed',
        reserveSent: 1,
      },
    },
    E: {
      title: 'ask again without a key',
      text: 'Without a key the second attempt is a second charge.',
      patch: { sagas: { order: { steps: { charge: { onTimeout: 'ask again' } } } } },
      expect: {
        charges: 2,
        refunds: 0,
        balance: 800,
        available: 4,
        shipped: 1,
        order: 'APPROVED',
        saga: 'Completed',
        reserveSent: 1,
      },
      breaks: ['ONE-CHARGE', 'ATOM'],
    },
  },
}
