/** Compensations themselves: their order, their repetition, their failure, and what came after the pivot. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { bareRefund, completed, money, orderSaga, sagaWith, stock, withRows } from './order-world.ts'
import { outOfStock } from './saga-recovery.ts'

const undeliverable = { kind: 'refuse', service: 'shipping', on: 'ship', reason: 'ADDRESS_UNDELIVERABLE' } as const
const undone = {
  charges: 1,
  refunds: 1,
  balance: 1000,
  available: 5,
  reserved: 0,
  shipped: 0,
  order: 'REJECTED',
  saga: 'Compensated',
}

export const compensationOrder: ScenarioInput = {
  ...orderSaga,
  id: 'compensation-order',
  title: 'Order of compensations',
  case: 'S04',
  text: 'Shipping refuses the address. Three steps must be undone: strictly backwards, two at once, or the order first. The end is the same; what a customer sees on the way is not.',
  faults: [undeliverable],
  properties: {
    ...orderSaga.properties,
    'NO-DIRTY-REJECT': {
      when: 'always',
      check:
        "order.orders.all(o, o.state != 'REJECTED' || payment.ledger.filter(l, l.order == o.id && l.type == 'charge').size() == payment.ledger.filter(l, l.order == o.id && l.type == 'refund').size())",
      broken: 'A dirty window: the order says REJECTED while the money is still taken.',
    },
  },
  expect: { ...undone, messages: 10 },
  variants: {
    A: {
      title: 'strictly backwards',
      expect: { log: ['create', 'charge', 'reserve', 'ship!', '~reserve', '~charge', '~create'] },
    },
    B: {
      title: 'release and refund at once',
      patch: { sagas: { order: { compensations: [['charge', 'reserve'], ['create']] } } },
    },
    C: {
      title: 'the order first',
      text: 'For a moment the customer sees a rejected order and a taken payment.',
      patch: { sagas: { order: { compensations: [['create'], ['reserve'], ['charge']] } } },
      expect: { log: ['create', 'charge', 'reserve', 'ship!', '~create', '~reserve', '~charge'] },
      breaks: ['NO-DIRTY-REJECT'],
    },
  },
}

const bareRelease = {
  reply: 'Released',
  do: [{ update: 'stock', where: { sku: 'sku' }, change: 'available += quantity' }],
}

export const crashCompensating: ScenarioInput = {
  ...orderSaga,
  id: 'crash-while-compensating',
  title: 'Crash while compensating',
  case: 'S09',
  text: 'The goods are released, and the orchestrator crashes before it writes that down. After the restart it sends the release again: a compensation must be safe to repeat.',
  services: { ...orderSaga.services, order: { ...orderSaga.services.order, acknowledge: 'first' } },
  sagas: sagaWith({ onRestart: 'ask again' }),
  faults: [undeliverable, { kind: 'crash', service: 'order', on: 'Released', point: 'before commit', restartMs: 1000 }],
  observables: { ...orderSaga.observables, releaseSent: 'sent("release")' },
  expect: { ...undone, releaseSent: 2 },
  variants: {
    A: { title: 'resumed, release is idempotent' },
    B: {
      title: 'resumed, bare release',
      text: 'The second release gives back what is no longer held: six units of five.',
      patch: { services: { inventory: { operations: { release: bareRelease } } } },
      // The bare release takes no reservation away, so one stays active.
      expect: { available: 6, reserved: 1 },
      breaks: ['STOCK', 'ATOM'],
    },
    C: {
      title: 'it was written down',
      patch: {
        faults: [
          undeliverable,
          { kind: 'crash', service: 'order', on: 'Released', point: 'after send', restartMs: 1000 },
        ],
      },
      expect: { releaseSent: 1 },
    },
  },
}

export const repeatedCompensation: ScenarioInput = {
  ...outOfStock,
  id: 'compensation-repeated',
  title: 'Compensation delivered twice, or failing',
  case: 'S10',
  text: 'The refund is delivered twice, or throws three times before it works. Compensations are messages like any other: they need a key or a state check, and a retry policy.',
  faults: [{ kind: 'duplicate', message: 'refund' }],
  observables: { ...orderSaga.observables, refundsSent: 'sent("refund")', failures: 'failed("refund")' },
  expect: { charges: 1, refunds: 1, balance: 1000, order: 'REJECTED', saga: 'Compensated' },
  variants: {
    'i none': {
      title: 'twice, bare refund',
      patch: { services: { payment: { operations: { refund: bareRefund } } } },
      expect: { refunds: 2, balance: 1100 },
      breaks: ['MONEY', 'ATOM'],
    },
    'i key': {
      title: 'twice, with key',
      patch: {
        services: { payment: { operations: { refund: bareRefund }, protections: { idempotencyKey: {} } } },
      },
    },
    'i guarded': { title: 'twice, guarded refund' },
    ii: {
      title: 'throws three times',
      patch: {
        faults: [{ kind: 'fail', service: 'payment', on: 'refund', times: 3 }],
        sagas: { order: { steps: { charge: { compensationRetry: 'temporal' } } } },
      },
      expect: { refundsSent: 4, failures: 3 },
    },
  },
}

const refusesRefunds = {
  kind: 'refuse',
  service: 'payment',
  on: 'refund',
  times: 'always',
  reason: 'ACCOUNT_CLOSED',
} as const
const fiveAttempts = { initialMs: 1000, factor: 2, attemptsMax: 5 }

export const failedCompensation: ScenarioInput = {
  ...outOfStock,
  id: 'compensation-fails',
  title: 'Compensation fails for good',
  case: 'S11',
  text: 'Payment refuses every refund. Nobody can compute this away: a person is needed. What must never happen is that the saga says Compensated while a refund is owed.',
  faults: [refusesRefunds],
  observables: {
    ...orderSaga.observables,
    refundsSent: 'sent("refund")',
    alerts: 'saga("o1").alerts',
    owed: 'saga("o1").owed',
  },
  properties: {
    ...outOfStock.properties,
    'NOTHING-HIDDEN': {
      when: 'eventually',
      check:
        "sagas.all(s, s.status != 'Compensated' || payment.ledger.filter(l, l.type == 'charge').size() == payment.ledger.filter(l, l.type == 'refund').size())",
      broken: 'A hidden debt: the saga says Compensated, and a refund is owed.',
    },
  },
  expect: { charges: 1, refunds: 0, balance: 900 },
  breaks: ['ATOM', 'LIVE'],
  variants: {
    A: {
      title: 'retry for ever',
      patch: { sagas: { order: { steps: { charge: { compensationRetry: 'temporal' } } } } },
      expect: { refundsSent: 12, saga: 'Compensating', order: 'PENDING', alerts: 0, owed: ['create', 'charge'] },
      breaks: ['ATOM', 'LIVE'],
    },
    B: {
      title: 'park it, go on, alert',
      patch: {
        sagas: { order: { steps: { charge: { compensationRetry: fiveAttempts, onCompensationFailure: 'park' } } } },
      },
      expect: { refundsSent: 5, saga: 'NeedsIntervention', order: 'REJECTED', alerts: 1, owed: ['charge'] },
      breaks: ['ATOM'],
    },
    C: {
      title: 'stop at the failure',
      patch: { sagas: { order: { steps: { charge: { compensationRetry: fiveAttempts } } } } },
      expect: { refundsSent: 5, saga: 'NeedsIntervention', order: 'PENDING', alerts: 1 },
      breaks: ['ATOM', 'LIVE'],
    },
    D: {
      title: 'a person mends and resumes',
      text: 'At 60 s the account is open again, and a person resumes the saga.',
      patch: {
        sagas: { order: { resume: 'ResumeOrder', steps: { charge: { compensationRetry: fiveAttempts } } } },
        faults: [{ ...refusesRefunds, untilMs: 50_000 }],
        workload: {
          requests: [
            ...(orderSaga.workload?.requests ?? []),
            { to: 'order', message: 'ResumeOrder', atMs: 60_000, payload: { order: 'o1' } },
          ],
        },
      },
      expect: { refunds: 1, balance: 1000, saga: 'Compensated', order: 'REJECTED', alerts: 1, owed: [] },
    },
    E: {
      title: 'swallowed',
      text: 'Five attempts, then forgotten: the saga says Compensated, and nobody will ever look.',
      patch: {
        sagas: { order: { steps: { charge: { compensationRetry: fiveAttempts, onCompensationFailure: 'ignore' } } } },
      },
      expect: { saga: 'Compensated', order: 'REJECTED', alerts: 0 },
      breaks: ['ATOM', 'NOTHING-HIDDEN'],
    },
  },
}

const steps = orderSaga.sagas?.order?.steps ?? []
const named = (name: string) => steps.find((step) => step.name === name) as (typeof steps)[number]

export const wrongPivot: ScenarioInput = {
  ...orderSaga,
  id: 'wrong-pivot',
  title: 'Pivot in the wrong place',
  case: 'S12',
  text: 'If a step that can be refused comes after the pivot, the saga can end half way with no way back: the goods have left, and the customer cannot pay. Watch what is still owed when it stops.',
  services: withRows('payment', 'accounts', [{ customer: 'c1', balance: 50 }]),
  properties: { ...orderSaga.properties, MONEY: money(50) },
  expect: { charges: 0, shipped: 0, order: 'REJECTED' },
  variants: {
    A: {
      title: 'charge after shipping',
      patch: {
        sagas: {
          order: { steps: [named('create'), named('reserve'), named('ship'), named('charge'), named('approve')] },
        },
      },
      expect: { shipped: 1 },
      breaks: ['ATOM'],
    },
    B: { title: 'shipping last' },
    C: {
      title: 'turning back after the pivot',
      text: 'The order of the steps is right, but approving fails and the orchestrator compensates all the same: free goods.',
      patch: {
        services: withRows('payment', 'accounts', [{ customer: 'c1', balance: 1000 }]),
        properties: { MONEY: money(1000) },
        faults: [{ kind: 'fail', service: 'order', on: 'approve', times: 'always' }],
        sagas: { order: { steps: { approve: { onFailure: 'compensate' } } } },
      },
      expect: { charges: 1, refunds: 1, balance: 1000, shipped: 1 },
      breaks: ['ATOM'],
    },
  },
}

const unreachable = {
  kind: 'partition',
  between: [['order'], ['inventory']],
  fromMs: 30,
  untilMs: 20_030,
  mode: 'refuse',
} as const

export const outage: ScenarioInput = {
  ...orderSaga,
  id: 'outage',
  title: 'Forward or backward',
  case: 'S14',
  text: 'Inventory is unreachable for 20 s, and every call fails at once. Four attempts give up after 7 s and turn back; a policy without end gets through at 31 s. Both are right: this choice is business.',
  faults: [{ ...unreachable, between: [['order'], ['inventory']] }],
  observables: { ...orderSaga.observables, reserveSent: 'sent("reserve")' },
  expect: {},
  variants: {
    A: {
      title: 'Step Functions: four attempts',
      patch: { sagas: { order: { steps: { reserve: { retry: 'step functions' } } } } },
      expect: { ...undone, reserveSent: 4 },
    },
    B: {
      title: 'Temporal: without end',
      patch: { sagas: { order: { steps: { reserve: { retry: 'temporal' } } } } },
      expect: { ...completed, reserveSent: 6 },
    },
  },
}

export const parallelSteps: ScenarioInput = {
  ...orderSaga,
  id: 'parallel-steps',
  title: 'Parallel steps',
  case: 'S15',
  text: 'Charge and reserve run side by side. Inventory says no at once; the charge is stuck in the network for 2 s. Turning back now or waiting for it: what becomes of the charge that is still under way?',
  bus: { order: 'none' },
  services: withRows('inventory', 'stock', [{ sku: 's1', available: 0 }]),
  sagas: sagaWith({
    steps: [
      named('create'),
      { ...named('charge'), after: ['create'] },
      { ...named('reserve'), after: ['create'] },
      { ...named('ship'), after: ['charge', 'reserve'] },
      named('approve'),
    ],
  }),
  faults: [{ kind: 'delay', message: 'charge', byMs: 2000 }],
  properties: { ...orderSaga.properties, STOCK: stock(0) },
  expect: { order: 'REJECTED', saga: 'Compensated', charges: 1, refunds: 0, balance: 900 },
  breaks: ['ATOM'],
  variants: {
    A: {
      title: 'compensate what is known, at once',
      text: 'The charge comes two seconds after the saga has ended, and stands for ever.',
      breaks: ['ATOM'],
    },
    B: {
      title: 'wait until the branches have settled',
      patch: { sagas: { order: { onRefusal: 'settle' } } },
      expect: { refunds: 1, balance: 1000 },
    },
    C: {
      title: 'register before, with fence',
      patch: {
        sagas: { order: { register: 'before' } },
        services: { payment: { protections: { fence: {} } } },
      },
      expect: { charges: 0, refunds: 0, balance: 1000 },
    },
    D: {
      title: 'the transaction is already open',
      text: 'The charge has begun and dawdles inside its transaction. The refund meets its fence row, waits, and then really refunds.',
      patch: {
        sagas: { order: { register: 'before' } },
        services: { payment: { protections: { fence: {} } } },
        faults: [{ kind: 'slow', service: 'payment', on: 'charge', byMs: 2000 }],
      },
      expect: { refunds: 1, balance: 1000 },
    },
  },
}

export const duplicateStart: ScenarioInput = {
  ...orderSaga,
  id: 'duplicate-start',
  title: 'Started twice',
  case: 'S16',
  text: 'The same order is placed twice: a double click, a redelivered message. Is it one saga or two?',
  services: {
    ...orderSaga.services,
    order: {
      ...orderSaga.services.order,
      operations: {
        ...orderSaga.services.order?.operations,
        create: {
          do: [
            {
              insert: 'orders',
              row: { id: 'order', customer: 'customer', state: "'PENDING'" },
              conflict: 'replace',
            },
          ],
        },
      },
    },
  },
  faults: [{ kind: 'duplicate', message: 'PlaceOrder' }],
  observables: { ...orderSaga.observables, conflicts: 'conflicts' },
  expect: { ...completed, sagas: 1 },
  variants: {
    A: {
      title: 'an instance per message',
      patch: { sagas: { order: { unique: false } } },
      expect: { sagas: 2, charges: 2, balance: 800, available: 3, shipped: 2 },
      breaks: ['ONE-CHARGE', 'ATOM'],
    },
    B: { title: 'the order id is the instance id', expect: { conflicts: 0 } },
    C: {
      title: 'both at the same instant',
      patch: { bus: { order: 'none' } },
      expect: { conflicts: 1 },
    },
    D: {
      title: 'a second one after the end, id free again',
      text: 'The instance has ended and its id may be used again: a second saga charges a second time.',
      patch: {
        sagas: { order: { ended: 'remove' } },
        faults: [{ kind: 'duplicate', message: 'PlaceOrder', byMs: 5000 }],
      },
      expect: { sagas: 2, charges: 2, balance: 800, available: 3, shipped: 2 },
      breaks: ['ONE-CHARGE', 'ATOM'],
    },
    'D kept': {
      title: 'a second one after the end, id kept',
      patch: { faults: [{ kind: 'duplicate', message: 'PlaceOrder', byMs: 5000 }] },
    },
    'D after retention': {
      title: 'a second one after the retention',
      patch: {
        sagas: { order: { endedKeptMs: 1000 } },
        faults: [{ kind: 'duplicate', message: 'PlaceOrder', byMs: 5000 }],
      },
      expect: { sagas: 2, charges: 2, balance: 800, available: 3, shipped: 2 },
      breaks: ['ONE-CHARGE', 'ATOM'],
    },
  },
}

export const duplicateReply: ScenarioInput = {
  ...orderSaga,
  id: 'duplicate-reply',
  title: 'A reply twice',
  case: 'S25',
  text: '"Charged" arrives twice. An orchestrator that simply reacts to replies does everything after it twice.',
  faults: [{ kind: 'duplicate', message: 'Charged' }],
  observables: {
    ...orderSaga.observables,
    reserveSent: 'sent("reserve")',
    reservations: 'inventory.reservations.size()',
    ignored: 'ignored("Charged")',
  },
  expect: {},
  variants: {
    A: {
      title: 'no state guard',
      patch: { sagas: { order: { guard: false } } },
      expect: { charges: 1, reserveSent: 2, reservations: 2, available: 3, reserved: 0, shipped: 2 },
      breaks: ['ATOM'],
    },
    B: { title: 'state guard', expect: { charges: 1, reserveSent: 1, reservations: 1, shipped: 1, ignored: 1 } },
  },
}
