/** Where the sources contradict each other about sagas: the same mishap under the rule of each. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { orderSaga, placeOrder, sagaWith } from './order-world.ts'

const under = (rule: string) => ({ sagas: { order: { rule } } })
const steps = orderSaga.sagas?.order?.steps ?? []
const impatient = steps.map((step) =>
  step.name === 'charge' ? { ...step, timeoutMs: 5000, retry: { attemptsMax: 1 } } : step,
)
const keptMoney = { charges: 1, refunds: 0, balance: 900, order: 'REJECTED', saga: 'Compensated' }

export const owedSince: ScenarioInput = {
  ...orderSaga,
  id: 'owed-since',
  title: 'Whose rule: since when is it owed?',
  case: 'S05',
  text: 'Payment has charged, and its reply is lost. After five seconds the saga turns back. Does it owe a refund? In 1987 log and commit were one system, and a step that was not logged had not happened. Between services that is no longer so, and the sources differ.',
  sagas: sagaWith({ steps: impatient }),
  faults: [{ kind: 'drop', message: 'Charged' }],
  expect: {},
  breaks: ['ATOM'],
  variants: {
    gms: { title: 'the paper of 1987: when it has ended', patch: under('gms'), expect: keptMoney, breaks: ['ATOM'] },
    masstransit: {
      title: 'MassTransit: when it has completed with a log',
      patch: under('masstransit'),
      expect: keptMoney,
      breaks: ['ATOM'],
    },
    conductor: {
      title: 'Conductor: exactly the work that completed',
      patch: under('conductor'),
      expect: keptMoney,
      breaks: ['ATOM'],
    },
    temporal: {
      title: 'Temporal: from before the call',
      text: 'Registered before the call, the refund is asked for although nobody knows whether there was a charge. It must be safe when there was none.',
      patch: under('temporal'),
      expect: { charges: 1, refunds: 1, balance: 1000, order: 'REJECTED', saga: 'Compensated' },
    },
  },
}

export const cannotBeUndone: ScenarioInput = {
  ...orderSaga,
  id: 'cannot-be-undone',
  title: 'Whose rule: the compensation fails',
  case: 'S11',
  text: 'Out of stock, and the bank refuses the refund, every time. The paper calls the system stuck; others park the refund and undo the rest. None of them may say that all is well.',
  faults: [
    { kind: 'refuse', service: 'inventory', on: 'reserve', reason: 'OUT_OF_STOCK' },
    { kind: 'refuse', service: 'payment', on: 'refund', reason: 'ACCOUNT_CLOSED', times: 'always' },
  ],
  sagas: sagaWith({ steps: steps.map((step) => ({ ...step, compensationRetry: { attemptsMax: 3 } })) }),
  observables: { ...orderSaga.observables, alerts: 'saga("o1").alerts', owed: 'saga("o1").owed' },
  expect: { charges: 1, refunds: 0, saga: 'NeedsIntervention', alerts: 1 },
  breaks: ['ATOM', 'LIVE'],
  variants: {
    gms: {
      title: 'the paper of 1987: stuck',
      text: 'Nothing behind the failed compensation is undone: the order is still PENDING.',
      patch: under('gms'),
      expect: { order: 'PENDING', owed: ['create', 'charge'] },
      breaks: ['ATOM', 'LIVE'],
    },
    temporal: {
      title: 'Temporal: go on with the rest, and tell somebody',
      patch: under('temporal'),
      expect: { order: 'REJECTED', owed: ['charge'] },
      breaks: ['ATOM'],
    },
  },
}

export const startedAgain: ScenarioInput = {
  ...orderSaga,
  id: 'started-again',
  title: 'Whose rule: a start for a saga that has ended',
  case: 'S16',
  text: 'The same order arrives a second time, when its saga has long ended. Whether anybody remembers it is a matter of the system: ids can be used again, or they cannot.',
  workload: { requests: [placeOrder, { ...placeOrder, atMs: 5000 }] },
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
  expect: {},
  breaks: [],
  variants: {
    kept: { title: 'ended sagas are kept', expect: { sagas: 1, charges: 1, shipped: 1 } },
    temporal: {
      title: 'Temporal’s default: the id may be used again',
      patch: { ...under('temporal') },
      expect: { sagas: 2, charges: 2, shipped: 2 },
      breaks: ['ONE-CHARGE', 'ATOM'],
    },
    nservicebus: {
      title: 'NServiceBus: an ended saga is gone',
      patch: under('nservicebus'),
      expect: { sagas: 2, charges: 2, shipped: 2 },
      breaks: ['ONE-CHARGE', 'ATOM'],
    },
  },
}
