/** In which order an outbox is published, and what its relay does not see. */
import type { ScenarioInput } from '../scenario/schema.ts'

type Service = ScenarioInput['services'][string]
type Outbox = Exclude<NonNullable<NonNullable<Service['protections']>['outbox']>, boolean>

const shop = (outbox: Outbox, instances = 1): Service => ({
  instances,
  tables: { orders: { columns: ['order', 'state'] } },
  operations: {
    change: { do: [{ insert: 'orders', row: { order: 'order', state: 'state' } }, { publish: 'OrderChanged' }] },
  },
  protections: { outbox },
})

const change = (state: string, atMs: number) => ({
  to: 'shop',
  message: 'change',
  payload: { order: 'o1', state },
  group: 'o1',
  atMs,
})

/** The first relay is slow on the first row. */
const slow = { kind: 'slow', service: 'shop', on: 'relay', byMs: 200 } as const
/** The first writer stands still with its transaction open: its row has its id, and nobody sees it yet. */
const open = { kind: 'pause', service: 'shop', on: 'change', point: 'before commit', forMs: 100 } as const

const poller = (reads: Outbox['reads']) => ({
  services: { shop: shop({ reads, everyMs: 10 }, 2) },
  bus: { order: 'none' as const },
  faults: [open],
})

export const outboxOrder: ScenarioInput = {
  sagascope: 1,
  id: 'outbox-order',
  title: 'What an outbox keeps of the order',
  case: 'B04',
  chapter: 'The bus',
  text: 'Paid and shipped of one order are two rows of an outbox, in this order. Two relays publish faster than one, and the second overtakes the first. Then a relay that asks for ids higher than the last: it never sees a row that commits late.',
  bus: { order: 'none' },
  services: {
    shop: shop({ relays: 2 }),
    mirror: {
      tables: { seen: { columns: ['state', 'atMs'] } },
      operations: { note: { do: [{ insert: 'seen', row: { state: 'state', atMs: 'now' } }] } },
      subscriptions: { OrderChanged: 'note' },
    },
  },
  workload: { requests: [change('paid', 0), change('shipped', 10)] },
  faults: [slow],
  observables: {
    seen: 'mirror.seen.map(s, s.state)',
    lost: 'shop.orders.size() - mirror.seen.size()',
  },
  properties: {
    ORDER: {
      when: 'always',
      check: "mirror.seen.size() == 0 || mirror.seen.first().state == 'paid'",
      title: 'In the order in which it happened',
      broken: 'Overtaken: the second event of an order was published before the first.',
    },
    'NO-LOSS': {
      when: 'eventually',
      check: 'mirror.seen.size() == shop.orders.size()',
      title: 'Nothing is lost',
      broken: 'Lost: a row of the outbox was never published, and nobody will look at it again.',
    },
  },
  expect: { seen: ['shipped', 'paid'], lost: 0 },
  breaks: ['ORDER'],
  variants: {
    A: { title: 'two relays', breaks: ['ORDER'] },
    B: {
      title: 'one relay',
      text: 'The second row waits for the slow first one.',
      patch: { services: { shop: shop({ relays: 1, relayMs: 1 }) } },
      expect: { seen: ['paid', 'shipped'] },
    },
    C: {
      title: 'two relays, by key',
      text: 'All rows of one order go through the same relay; other orders do not wait.',
      patch: { services: { shop: shop({ relays: 2, share: 'by key' }) } },
      expect: { seen: ['paid', 'shipped'] },
    },
    D: {
      title: 'a poller: id > last',
      text: 'Two writers. The first has drawn its id and stands still before its commit; the second commits, and the poller goes on behind it. When the first commits, its id is below what the poller asks for.',
      patch: poller('after last id'),
      expect: { seen: ['shipped'], lost: 1 },
      breaks: ['ORDER', 'NO-LOSS'],
    },
    E: {
      title: 'a poller that waits for the oldest open transaction',
      text: 'While a transaction is open that could still bring a lower id, the poller goes no further. Both are late, and none is lost.',
      patch: poller('up to the oldest open'),
      expect: { seen: ['paid', 'shipped'] },
    },
    F: {
      title: 'a poller that goes by the mark',
      text: 'It sees the late row, because it has no mark. The order is lost all the same.',
      patch: poller('unsent'),
      expect: { seen: ['shipped', 'paid'] },
      breaks: ['ORDER'],
    },
  },
}
