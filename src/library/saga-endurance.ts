/** Sagas that must go on: a crashed orchestrator, a step after the pivot that fails, a pivot nobody knows about. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { completed, orderSaga } from './order-world.ts'

const stuck = {
  available: 5,
  shipped: 0,
  order: 'PENDING',
  saga: 'Running',
  reserveSent: 0,
  reservations: 0,
}
const resumed = { ...completed, reserveSent: 1, reservations: 1 }

export const orchestratorCrash: ScenarioInput = {
  ...orderSaga,
  id: 'orchestrator-crash',
  title: 'The orchestrator crashes',
  case: 'S08',
  text: 'The reply to the charge has arrived, the next command has not left, and Order goes down for a second. Everything hangs on what was on disk at that moment.',
  faults: [{ kind: 'crash', service: 'order', on: 'Charged', point: 'after commit', restartMs: 1000 }],
  observables: {
    ...orderSaga.observables,
    reserveSent: 'sent("reserve")',
    reservations: 'inventory.reservations.size()',
  },
  expect: { ...resumed, ...stuck, log: ['create', 'charge'] },
  breaks: ['ATOM', 'LIVE'],
  variants: {
    A: {
      title: 'saga log and outbox',
      text: 'The log and the next command were committed together; the relay sends it after the restart.',
      patch: { services: { order: { protections: { outbox: true } } } },
      expect: resumed,
    },
    'A without outbox': {
      title: 'saga log, no outbox',
      text: 'The log says the command was sent. It was not, and the redelivered reply is no longer awaited.',
      breaks: ['ATOM', 'LIVE'],
    },
    B: {
      title: 'saga state in memory',
      text: 'The instance died with the process. The redelivered reply finds no saga; the order stays PENDING for ever.',
      patch: {
        sagas: { order: { durable: false } },
        faults: [{ kind: 'crash', service: 'order', on: 'Charged', point: 'before commit', restartMs: 1000 }],
      },
      expect: { log: ['create'] },
      breaks: ['ATOM', 'LIVE'],
    },
    C: {
      title: 'send first, then save; idempotent Inventory',
      patch: {
        sagas: { order: { persist: 'after sending' } },
        services: { inventory: { protections: { idempotencyKey: {} } } },
        faults: [{ kind: 'crash', service: 'order', on: 'Charged', point: 'before commit', restartMs: 1000 }],
      },
      expect: { ...resumed, reserveSent: 2 },
    },
    'C without key': {
      title: 'send first, then save; no key',
      text: 'The command left twice and was done twice: two units taken for one order. The sum still adds up.',
      patch: {
        sagas: { order: { persist: 'after sending' } },
        faults: [{ kind: 'crash', service: 'order', on: 'Charged', point: 'before commit', restartMs: 1000 }],
      },
      expect: { ...resumed, available: 3, reserved: 1, reserveSent: 2, reservations: 2 },
    },
    D: {
      title: 'no save-points: back',
      text: 'The default of 1987. The log knows that the charge has ended, there is no save-point to go on from, and the saga turns back.',
      patch: { sagas: { order: { onRestart: 'turn back' } } },
      expect: {
        refunds: 1,
        balance: 1000,
        order: 'REJECTED',
        saga: 'Compensated',
        log: ['create', 'charge', '~charge', '~create'],
      },
    },
    E: {
      title: 'a save-point after each step: forward',
      patch: { sagas: { order: { onRestart: 'ask again' } } },
      expect: { ...resumed, log: ['create', 'charge', 'reserve', 'ship', 'approve'] },
    },
  },
}

const approveRetries = { steps: { approve: { retry: 'temporal' } } }

export const afterPivot: ScenarioInput = {
  ...orderSaga,
  id: 'after-the-pivot',
  title: 'After the pivot: only forward',
  case: 'S13',
  text: 'The goods have left. Approving the order fails for a minute, and there is no way back any more: the step is asked again at 0, 1, 3, 7, 15, 31 and 63 s.',
  faults: [{ kind: 'fail', service: 'order', on: 'approve', times: 'always', untilMs: 60_000 }],
  sagas: {
    order: {
      ...(orderSaga.sagas?.order as NonNullable<ScenarioInput['sagas']>[string]),
      steps: (orderSaga.sagas?.order?.steps ?? []).map((step) =>
        step.name === 'approve' ? { ...step, retry: approveRetries.steps.approve.retry as 'temporal' } : step,
      ),
    },
  },
  observables: {
    ...orderSaga.observables,
    attempts: "entries.filter(e, e.kind == 'stepStarted').size() - 4",
    compensations: "entries.filter(e, e.kind == 'stepCompensating').size()",
  },
  expect: { ...completed, attempts: 7, compensations: 0 },
}

export const pivotUnknown: ScenarioInput = {
  ...orderSaga,
  id: 'pivot-unknown',
  title: 'Pivot, outcome unknown',
  case: 'S26',
  text: 'Shipping has shipped, and its reply is lost. Turning back now would give the goods away: an unknown pivot may only be asked again.',
  faults: [{ kind: 'drop', message: 'Shipped' }],
  sagas: {
    order: {
      ...(orderSaga.sagas?.order as NonNullable<ScenarioInput['sagas']>[string]),
      steps: (orderSaga.sagas?.order?.steps ?? []).map((step) =>
        step.name === 'ship' ? { ...step, timeoutMs: 5000 } : step,
      ),
    },
  },
  expect: { ...completed, shipped: 2 },
  breaks: ['ATOM', 'STOCK'],
  variants: {
    A: {
      title: 'turn back',
      text: 'The money goes back, the goods do not: free goods.',
      patch: { sagas: { order: { steps: { ship: { onTimeout: 'compensate' } } } } },
      expect: {
        refunds: 1,
        balance: 1000,
        available: 4,
        shipped: 1,
        order: 'REJECTED',
        saga: 'Compensated',
        log: ['create', 'charge', 'reserve', '~reserve', '~charge', '~create'],
      },
      breaks: ['ATOM'],
    },
    B: {
      title: 'ask again with the same key',
      patch: { services: { shipping: { protections: { idempotencyKey: {} } } } },
      expect: { shipped: 1 },
    },
    C: {
      title: 'ask again without a key',
      text: 'Asked again without a key, Shipping ships again.',
      breaks: ['ATOM', 'STOCK'],
    },
    D: {
      title: 'a definitive no',
      text: 'Only a definitive refusal of the pivot turns the saga back.',
      patch: { faults: [{ kind: 'refuse', service: 'shipping', on: 'ship', reason: 'ADDRESS_UNDELIVERABLE' }] },
      expect: {
        refunds: 1,
        balance: 1000,
        available: 5,
        shipped: 0,
        order: 'REJECTED',
        saga: 'Compensated',
        log: ['create', 'charge', 'reserve', 'ship!', '~reserve', '~charge', '~create'],
      },
    },
  },
}
