/**
 * The safe configuration: every protection of the lesson at once, none of them more than once. Whatever finite schedule
 * of drops, copies, delays, crashes and partitions befalls it, the order ends done or undone, and nothing is lost.
 */
import type { ScenarioInput } from '../scenario/schema.ts'
import { completed, orderSaga, type ServiceInput, type StepInput, steps } from './order-world.ts'

/** Waits a second and asks again, without end. */
const forEver = { initialMs: 1000, factor: 1 } as const
const undoForEver = { compensationTimeoutMs: 2000, compensationRetry: forEver }
/** Three attempts, then back: an unknown compensatable step is undone, because its compensation is owed already. */
const thenBack = { timeoutMs: 2000, retry: { initialMs: 500, factor: 2, attemptsMax: 3 }, ...undoForEver }

const safeSteps: StepInput[] = [
  { ...steps.create, retry: forEver, compensationRetry: forEver },
  { ...steps.charge, ...thenBack },
  { ...steps.reserve, ...thenBack },
  // The pivot: refused, it turns back; unknown or failing, it can only be asked again.
  { ...steps.ship, timeoutMs: 2000, retry: forEver, onTimeout: 'ask again', onFailure: 'ask again' },
  { ...steps.approve, retry: forEver },
]

const withProtections = (name: string, protections: ServiceInput['protections']): ServiceInput => ({
  ...(orderSaga.services[name] as ServiceInput),
  ...(protections === undefined ? {} : { protections }),
})

const allDone = { ...completed, sagas: 1 }
const byInbox = { protections: { idempotencyKey: null, inbox: { by: 'business key' } } }

export const safeConfiguration: ScenarioInput = {
  ...orderSaga,
  id: 'safe-configuration',
  title: 'Safe configuration',
  case: '§3',
  text: 'All protections together, and a bad day: the start arrives twice, replies are lost, the orchestrator and Payment crash. Take any one protection away and look for the schedule that breaks what is left.',
  bus: { order: 'none' },
  services: {
    order: { ...withProtections('order', { outbox: true }), onError: 'redeliver' },
    payment: withProtections('payment', { idempotencyKey: {}, fence: {} }),
    inventory: withProtections('inventory', { idempotencyKey: {}, fence: {} }),
    shipping: withProtections('shipping', { idempotencyKey: {} }),
  },
  sagas: { order: { orchestrator: 'order', start: 'PlaceOrder', id: 'order', register: 'before', steps: safeSteps } },
  faults: [
    { kind: 'duplicate', message: 'PlaceOrder', byMs: 300 },
    { kind: 'drop', message: 'Charged' },
    { kind: 'crash', service: 'payment', on: 'charge', nth: 2, point: 'after commit', restartMs: 700 },
    { kind: 'crash', service: 'order', on: 'Reserved', point: 'after commit', restartMs: 1500 },
    { kind: 'drop', message: 'Shipped' },
  ],
  expect: allDone,
  variants: {
    key: { title: 'idempotency keys', expect: allDone },
    inbox: {
      title: 'inboxes by business key',
      text: 'The inbox by (saga, step, direction) does the work of the key: it also catches what is asked for again.',
      patch: { services: { payment: byInbox, inventory: byInbox, shipping: byInbox } },
      expect: allDone,
    },
    late: {
      title: 'all charges arrive a minute late',
      text: 'Three attempts stay unanswered, the saga turns back, and a minute later three charges arrive: the tombstone refuses them.',
      patch: { faults: [{ kind: 'delay', message: 'charge', times: 3, byMs: 60_000 }] },
      expect: {
        charges: 0,
        balance: 1000,
        available: 5,
        shipped: 0,
        order: 'REJECTED',
        saga: 'Compensated',
        log: ['create', '~charge', '~create'],
      },
    },
  },
}
