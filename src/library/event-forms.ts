/** Event sourcing over the years: snapshots, old forms of events, publishing what was stored. */
import type { ScenarioInput } from '../scenario/schema.ts'
import type { ServiceInput } from './order-world.ts'

type Aggregate = NonNullable<NonNullable<ServiceInput['store']>['aggregates']>[string]
const counter: Aggregate = {
  state: { total: 0 },
  evolve: { Added: 'total += amount' },
  snapshot: { every: 100 },
}
const long = [{ stream: 'counter-1', type: 'Added', data: { amount: 2 }, copies: 949 }]
const snapshot = { stream: 'counter-1', version: 900, state: { total: 1800 } }
const look: ServiceInput['operations'] = {
  add: { do: [{ append: 'Added', stream: "'counter-1'", with: { amount: 2 } }] },
  look: {
    do: [
      { load: 'counter', id: "'1'", as: 'counter' },
      { insert: 'seen', row: { total: 'counter.total', version: 'counter.version' } },
    ],
  },
  forget: { do: [{ delete: 'snapshots' }] },
}

export const snapshots: ScenarioInput = {
  sagascope: 1,
  id: 'snapshots',
  title: 'A snapshot is a cache',
  case: 'E06',
  chapter: 'Event sourcing',
  text: 'A stream of 950 events, a snapshot at 900: loading reads 50 events instead of 950 and gives the same state. Delete the snapshots and nothing is lost but time. A wrong snapshot gives a wrong state until it is dropped, because the events are the truth.',
  services: {
    counters: {
      title: 'Counter store',
      handlerMs: 0,
      store: { aggregates: { counter }, events: long, snapshots: [snapshot], readMs: 0.1 },
      tables: { seen: { columns: ['total', 'version'] } },
      operations: look,
    },
  },
  workload: {
    requests: [
      { to: 'counters', message: 'add', atMs: 0 },
      { to: 'counters', message: 'look', atMs: 10 },
    ],
  },
  observables: {
    total: 'counters.seen.map(s, s.total)[0]',
    'seen at last': 'counters.seen.map(s, s.total)[counters.seen.size() - 1]',
    'events read': 'eventsRead',
    stored: 'counters.events.size()',
  },
  properties: {
    'state is the fold': {
      when: 'eventually',
      check: 'counters.seen.all(s, s.total == sum(counters.events.map(e, e.data.amount)))',
      title: 'What is loaded is the fold of all events',
    },
  },
  expect: { total: 1900, 'seen at last': 1900, 'events read': 50, stored: 950 },
  variants: {
    snapshot: { title: 'with a snapshot' },
    none: {
      title: 'all snapshots deleted',
      patch: {
        workload: {
          requests: [
            { to: 'counters', message: 'add', atMs: 0 },
            { to: 'counters', message: 'forget', atMs: 5 },
            { to: 'counters', message: 'look', atMs: 10 },
          ],
        },
      },
      expect: { 'events read': 950 },
    },
    corrupt: {
      title: 'a wrong snapshot, then dropped',
      patch: {
        services: { counters: { store: { snapshots: [{ ...snapshot, state: { total: 1 } }] } } },
        workload: {
          requests: [
            { to: 'counters', message: 'add', atMs: 0 },
            { to: 'counters', message: 'look', atMs: 10 },
            { to: 'counters', message: 'forget', atMs: 30 },
            { to: 'counters', message: 'look', atMs: 40 },
          ],
        },
      },
      expect: { total: 101, 'seen at last': 1900, 'events read': 1000 },
      breaks: ['state is the fold'],
    },
    'old shape': {
      title: 'a snapshot of an older shape of the state',
      text: 'The state was kept in cents once. A snapshot of another revision is not used: the events are read instead.',
      patch: {
        services: {
          counters: {
            store: {
              aggregates: { counter: { snapshot: { every: 100, revision: 2 } } },
              snapshots: [{ ...snapshot, state: { total: 180_000 } }],
            },
          },
        },
      },
      expect: { 'events read': 950 },
    },
    'old shape used': {
      title: 'an older shape, used as it is',
      patch: {
        services: {
          counters: {
            store: {
              aggregates: { counter: { snapshot: { every: 100, revision: 2, checkRevision: false } } },
              snapshots: [{ ...snapshot, state: { total: 180_000 } }],
            },
          },
        },
      },
      expect: { total: 180_100, 'seen at last': 180_100 },
      breaks: ['state is the fold'],
    },
  },
}

const sales: ServiceInput = {
  title: 'Sales store',
  handlerMs: 0,
  store: {
    events: [{ stream: 'revenue-1', type: 'Sold', data: { amount: 100 }, copies: 10 }],
  },
}
const readRevenue = (evolve: string) => ({
  aggregates: { revenue: { state: { revenue: 0 }, evolve: { Sold: evolve } } },
})

export const upcasting: ScenarioInput = {
  sagascope: 1,
  id: 'upcasting',
  title: 'Old events, new code',
  case: 'E08',
  chapter: 'Event sourcing',
  text: 'Ten old events say `amount`; the new code reads `total`. A tolerant reader takes its default and reports a revenue of 0 without a word. An upcaster brings each event to today’s form when it is read; what is stored stays as it was. A strict reader fails on the first event.',
  services: {
    sales: {
      ...sales,
      store: {
        ...sales.store,
        ...readRevenue('revenue += total'),
        types: { Sold: { version: 2, fields: ['total'] } },
        upcasters: [{ event: 'Sold', from: 1, to: 2, set: { total: 'amount' }, drop: ['amount'] }],
      },
      tables: { seen: { columns: ['revenue'] } },
      operations: {
        report: {
          do: [
            { load: 'revenue', id: "'1'", as: 'year' },
            { insert: 'seen', row: { revenue: 'year.revenue' } },
          ],
        },
      },
    },
  },
  workload: { requests: [{ to: 'sales', message: 'report' }] },
  observables: {
    revenue: 'sales.seen.size() == 0 ? null : sales.seen.map(s, s.revenue)[0]',
    errors: 'failed("report")',
    'stored amounts': 'sum(sales.events.map(e, e.data.amount))',
    answer: 'clients[0].answer',
  },
  expect: { revenue: 1000, errors: 0, 'stored amounts': 1000 },
  variants: {
    upcaster: { title: 'an upcaster from version 1 to 2' },
    tolerant: {
      title: 'a tolerant reader with a default',
      patch: {
        services: { sales: { store: { upcasters: [], types: { Sold: { defaults: { total: 0 } } } } } },
      },
      expect: { revenue: 0 },
    },
    strict: {
      title: 'a strict reader',
      patch: { services: { sales: { store: { upcasters: [] } } } },
      expect: { revenue: null, errors: 1, answer: 'error event 1 of revenue-1 (Sold): no field "total"' },
    },
  },
}

const orders: ServiceInput = {
  title: 'Orders',
  handlerMs: 0,
  acknowledge: 'first',
  store: { aggregates: { order: { state: { state: 'NEW' }, evolve: { OrderPlaced: "state = 'PLACED'" } } } },
  operations: {
    place: {
      do: [{ append: 'OrderPlaced', stream: "'order-' + order", expected: 'no stream' }, { publish: 'OrderWasPlaced' }],
    },
  },
}
const received: ServiceInput = {
  title: 'Mailing',
  tables: { mails: { columns: ['order'] } },
}

export const appendThenPublish: ScenarioInput = {
  sagascope: 1,
  id: 'append-then-publish',
  title: 'Append, then publish: two writes again',
  case: 'E10',
  chapter: 'Event sourcing',
  text: 'The event is stored, and the service dies before it publishes it. Nobody asks again: the subscribers never know. A subscription that reads the store itself, from its own position, cannot miss it.',
  services: {
    orders,
    mailing: {
      ...received,
      operations: { mail: { do: [{ insert: 'mails', row: { order: 'order' } }] } },
      subscriptions: { OrderWasPlaced: 'mail' },
    },
  },
  workload: { requests: [{ to: 'orders', message: 'place', payload: { order: 'o1' } }] },
  faults: [{ kind: 'crash', service: 'orders', on: 'place', point: 'after commit' }],
  observables: {
    stored: 'orders.events.size()',
    published: 'published("OrderWasPlaced")',
    delivered: 'mailing.mails.size()',
  },
  properties: {
    NOLOSS: {
      when: 'eventually',
      check: 'orders.events.size() <= mailing.mails.size()',
      title: 'Every committed event is consumed',
    },
  },
  expect: { stored: 1, published: 0, delivered: 0 },
  breaks: ['NOLOSS'],
  variants: {
    handler: { title: 'the handler publishes', breaks: ['NOLOSS'] },
    subscription: {
      title: 'a subscription from the store',
      patch: {
        services: {
          orders: { operations: { place: { do: [orders.operations?.place?.do[0]] } } },
          mailing: {
            operations: null,
            subscriptions: null,
            projections: {
              mails: { from: 'orders', on: { OrderPlaced: [{ insert: 'mails', row: { order: 'order' } }] } },
            },
          },
        },
        observables: { published: '0' },
      },
      expect: { delivered: 1 },
    },
  },
}
