/** Choreography under at-least-once delivery: an event that comes twice, and one that nobody listens to. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { byEvents } from './choreography.ts'
import { completed, stock, withRows } from './order-world.ts'

const inbox = { protections: { inbox: {} } }

export const eventTwice: ScenarioInput = {
  ...byEvents,
  id: 'event-twice',
  title: 'An event comes twice',
  case: undefined,
  text: 'The bus delivers OrderPlaced twice. Payment charges twice and says so twice, and everybody behind it does everything twice: one duplicate at the beginning becomes one in each service. An inbox in the first one stops it.',
  faults: [{ kind: 'duplicate', message: 'OrderPlaced' }],
  expect: {},
  breaks: ['ATOM', 'ONE-CHARGE'],
  variants: {
    none: {
      title: 'no inbox',
      expect: { charges: 2, balance: 800, available: 3, shipped: 2, order: 'APPROVED', events: 9 },
      breaks: ['ATOM', 'ONE-CHARGE'],
    },
    inbox: {
      title: 'an inbox in Payment',
      text: 'Payment knows the message id: it does nothing, and what it published the first time is out already.',
      patch: { services: { payment: inbox } },
      expect: { ...completed, events: 5 },
    },
    'too late': {
      title: 'an inbox in Inventory only',
      text: 'The two PaymentCharged come from two charges, so they are two events: Inventory has never seen the second one.',
      patch: { services: { inventory: inbox } },
      expect: { charges: 2, balance: 800, available: 3, shipped: 2, events: 9 },
      breaks: ['ATOM', 'ONE-CHARGE'],
    },
    'crash between': {
      title: 'inbox, and a crash before publishing',
      text: 'Payment crashes between its commit and PaymentCharged. What the broker hands out again is known, so nothing is charged, but the event was never out: now it is published.',
      patch: {
        services: { payment: inbox },
        faults: [{ kind: 'crash', service: 'payment', on: 'OrderPlaced', point: 'after commit', restartMs: 1000 }],
      },
      expect: { ...completed, events: 5 },
    },
    'crash behind': {
      title: 'inbox, and a crash after publishing',
      text: 'It crashes a moment later, before it could note that the event is out. The event goes out once more, under the same message id: the inbox in Inventory knows it.',
      patch: {
        services: { payment: inbox, inventory: inbox },
        faults: [{ kind: 'crash', service: 'payment', on: 'OrderPlaced', point: 'after send', restartMs: 1000 }],
      },
      expect: { ...completed, events: 5 },
    },
  },
}

export const deafService: ScenarioInput = {
  ...byEvents,
  id: 'deaf-service',
  title: 'A subscription is missing',
  case: undefined,
  text: 'Nothing fails, nothing is lost, nothing is logged. Somebody forgot one line: Payment does not subscribe to StockRejected, so the order is rejected and the money stays where it is.',
  services: withRows('inventory', 'stock', [{ sku: 's1', available: 0 }]),
  properties: { ...byEvents.properties, STOCK: stock(0) },
  observables: { ...byEvents.observables, 'nobody heard': 'bus.unheard' },
  expect: {},
  variants: {
    heard: {
      title: 'everybody subscribes',
      expect: { charges: 1, refunds: 1, balance: 1000, order: 'REJECTED', events: 5 },
    },
    'payment deaf': {
      title: 'Payment does not hear StockRejected',
      patch: { sagas: { order: { steps: { charge: { compensation: null, undoneEvent: null } } } } },
      expect: { charges: 1, refunds: 0, balance: 900, order: 'REJECTED', events: 4 },
      breaks: ['ATOM'],
    },
  },
}
