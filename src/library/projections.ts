/** CQRS: read models that follow the store, and what it costs that they do so later, again, or not at all. */
import type { ScenarioInput } from '../scenario/schema.ts'
import type { ServiceInput } from './order-world.ts'

type Statements = NonNullable<ServiceInput['operations']>[string]['do']
type Projection = NonNullable<ServiceInput['projections']>[string]

const orders: ServiceInput = {
  title: 'Order store',
  handlerMs: 0,
  store: { aggregates: { order: { state: { placed: false }, evolve: { OrderPlaced: 'placed = true' } } } },
  operations: {
    place: { do: [{ append: 'OrderPlaced', stream: "'order-' + order", with: { order: 'order', amount: 'amount' } }] },
  },
}
const tenOrders = [
  { to: 'orders', message: 'place', atMs: 0, everyMs: 1, copies: 10, payload: { order: 'o#', amount: 100 } },
]

const oneRow = { totals: { columns: ['id', 'count', 'total'], key: 'id', rows: [{ id: 'all', count: 0, total: 0 }] } }
const increment: Statements = [{ update: 'totals', where: { id: "'all'" }, change: ['count += 1', 'total += amount'] }]
const perOrder = { totals: { columns: ['id', 'count', 'total', 'last'], key: 'id' } }
const upsert: Statements = [{ insert: 'totals', row: { id: 'order', count: 1, total: 'amount' }, conflict: 'replace' }]
/** A row that knows the last event it has seen passes over what is not newer. */
const lastSeen: Statements = [
  {
    update: 'totals',
    where: { id: "'all'" },
    require: 'event.position > last',
    change: ['count += 1', 'total += amount', 'last = event.position'],
  },
]

function reporting(
  on: Statements,
  change: Partial<Projection> = {},
  tables: ServiceInput['tables'] = oneRow,
): ServiceInput {
  return {
    title: 'Totals',
    tables,
    projections: { totals: { from: 'orders', on: { OrderPlaced: on }, ...change } },
  }
}
const sums = {
  count: 'sum(reporting.totals.map(t, t.count))',
  total: 'sum(reporting.totals.map(t, t.total))',
}
const faithful = {
  PROJ: {
    when: 'eventually' as const,
    check:
      'sum(reporting.totals.map(t, t.total)) == sum(orders.events.map(e, e.data.amount)) && sum(reporting.totals.map(t, t.count)) == orders.events.size()',
    title: 'The read model is the fold of all committed events',
    broken: 'The read model is wrong: it is not the fold of the events that were committed.',
  },
}
const crashAt = (nth: number, point: 'after commit' | 'before commit') => [
  { kind: 'crash' as const, service: 'reporting', on: 'totals', nth, point },
]
const patch = (service: ServiceInput, more: Record<string, unknown> = {}) => ({
  services: { reporting: service },
  ...more,
})

export const checkpoint: ScenarioInput = {
  sagascope: 1,
  id: 'checkpoint',
  title: 'A crash between the update and the checkpoint',
  case: 'K02',
  chapter: 'CQRS and projections',
  text: 'Ten orders of 100, two numbers that follow them, and a crash right after the seventh update. The projection comes back and reads on from the position it has stored: if that is older than its read model, an event counts twice; if it is newer, one is lost. Only a position in the same transaction, or an update that does not mind, is right.',
  services: { orders, reporting: reporting(increment) },
  workload: { requests: tenOrders },
  faults: crashAt(7, 'after commit'),
  observables: { ...sums, repeated: 'projection("totals").repeated', missed: 'projection("totals").missed' },
  properties: faithful,
  expect: { count: 10, total: 1000, missed: 0, repeated: 0 },
  variants: {
    increment: {
      title: 'increment, position stored afterwards',
      patch: patch({
        projections: { totals: { from: 'orders', on: { OrderPlaced: increment }, checkpoint: 'after the update' } },
      }),
      expect: { count: 11, total: 1100, repeated: 1 },
      breaks: ['PROJ'],
    },
    upsert: {
      title: 'upsert by order, position stored afterwards',
      patch: patch(reporting(upsert, { checkpoint: 'after the update' }, perOrder)),
      expect: { repeated: 1 },
    },
    atomic: {
      title: 'update and position in one transaction',
      patch: patch({
        projections: { totals: { from: 'orders', on: { OrderPlaced: increment }, checkpoint: 'with the update' } },
      }),
      expect: { repeated: 0 },
    },
    'last position': {
      title: 'the row knows its last event',
      patch: patch(
        reporting(
          lastSeen,
          { checkpoint: 'after the update' },
          {
            totals: {
              columns: ['id', 'count', 'total', 'last'],
              key: 'id',
              rows: [{ id: 'all', count: 0, total: 0, last: 0 }],
            },
          },
        ),
      ),
      expect: { repeated: 1 },
    },
    'position first': {
      title: 'position first, crash before the update',
      patch: patch(
        {
          projections: { totals: { from: 'orders', on: { OrderPlaced: increment }, checkpoint: 'before the update' } },
        },
        { faults: crashAt(7, 'before commit') },
      ),
      expect: { count: 9, total: 900, repeated: 0, missed: 1 },
      breaks: ['PROJ'],
    },
    'every 32': {
      title: '100 events, a position stored every 32',
      patch: patch(
        {
          projections: {
            totals: {
              from: 'orders',
              on: { OrderPlaced: increment },
              checkpoint: 'after the update',
              checkpointEvery: 32,
            },
          },
        },
        {
          workload: { requests: [{ ...tenOrders[0], copies: 100 }] },
          faults: crashAt(50, 'after commit'),
        },
      ),
      expect: { count: 118, total: 11_800, repeated: 18 },
      breaks: ['PROJ'],
    },
  },
}

const profile: ServiceInput = {
  title: 'Profile store',
  handlerMs: 0,
  store: { aggregates: { profile: { state: { name: 'old' }, evolve: { Renamed: 'name = newName' } } } },
  operations: {
    rename: { do: [{ append: 'Renamed', stream: "'profile-1'", with: { newName: 'newName' } }] },
    'show written': {
      do: [
        { load: 'profile', id: "'1'", as: 'me' },
        { insert: 'web.shown', row: { at: 'now', name: 'me.name' } },
      ],
    },
  },
}
const show = (before: Statements = []): Statements => [
  ...before,
  { read: 'profiles', where: { id: "'1'" }, as: 'me' },
  { insert: 'shown', row: { at: 'now', name: 'me.name' } },
]
const looks = (message: string, to = 'web') => [50, 250].map((atMs) => ({ to, message, atMs, payload: {} }))

export const readYourWrites: ScenarioInput = {
  sagascope: 1,
  id: 'read-your-writes',
  title: 'I saved it, and it is not there',
  case: 'K01',
  chapter: 'CQRS and projections',
  text: 'A name is changed, the read model follows 200 ms later. Who looks after 50 ms sees the old name. Three ways out: live with it, let the query wait until the read model has come as far as the write, or ask the write side.',
  bus: { hopMs: 0 },
  services: {
    profiles: profile,
    web: {
      title: 'Profile page',
      handlerMs: 0,
      tables: {
        profiles: { columns: ['id', 'name'], key: 'id', rows: [{ id: '1', name: 'old' }] },
        shown: { columns: ['at', 'name'] },
      },
      projections: {
        page: {
          from: 'profiles',
          lagMs: 200,
          on: { Renamed: [{ update: 'profiles', where: { id: "'1'" }, change: 'name = newName' }] },
        },
      },
      operations: {
        show: { do: show() },
        'show when there': { do: show([{ await: 'page', timeoutMs: 1000 }]) },
      },
    },
  },
  workload: {
    requests: [{ to: 'profiles', message: 'rename', payload: { newName: 'new' } }, ...looks('show')],
  },
  observables: { names: 'web.shown.map(s, s.name)', times: 'web.shown.map(s, s.at)' },
  properties: {
    'own writes seen': {
      when: 'eventually',
      check: 'web.shown.all(s, s.name == "new")',
      title: 'Who has written sees it',
    },
  },
  expect: { names: ['old', 'new'], times: [50, 250] },
  breaks: ['own writes seen'],
  variants: {
    stale: { title: 'read what is there', breaks: ['own writes seen'] },
    token: {
      title: 'wait for the position of the write',
      patch: {
        workload: {
          requests: [{ to: 'profiles', message: 'rename', payload: { newName: 'new' } }, ...looks('show when there')],
        },
      },
      expect: { names: ['new', 'new'], times: [200, 250] },
    },
    'write side': {
      title: 'ask the write side',
      patch: {
        workload: {
          requests: [
            { to: 'profiles', message: 'rename', payload: { newName: 'new' } },
            ...looks('show written', 'profiles'),
          ],
        },
      },
      expect: { names: ['new', 'new'] },
    },
  },
}

const customers: ServiceInput = {
  title: 'Store',
  handlerMs: 0,
  store: {},
  operations: {
    order: { do: [{ append: 'OrderPlaced', stream: "'order-1'", with: { order: "'o1'", customer: "'c1'" } }] },
    register: {
      do: [{ append: 'CustomerRegistered', stream: "'customer-1'", with: { customer: "'c1'", name: "'Ada'" } }],
    },
  },
}
const joined = {
  list: { columns: ['order', 'customer', 'name'], key: 'order' },
  people: { columns: ['customer', 'name'], key: 'customer' },
}
const placed: Statements = [
  { read: 'people', where: { customer: 'customer' }, as: 'person' },
  { insert: 'list', row: { order: 'order', customer: 'customer', name: 'person == null ? null : person.name' } },
]
const known: Statements = [{ insert: 'people', row: { customer: 'customer', name: 'name' }, conflict: 'replace' }]

export const joinBeforeParent: ScenarioInput = {
  sagascope: 1,
  id: 'join-before-parent',
  title: 'The order comes before its customer',
  case: 'K04',
  chapter: 'CQRS and projections',
  text: 'Order is promised within a stream, not between two. The order is projected before the customer is known: insert it without a name and forget, and it stays without a name for ever. Fill in what was missing when it comes, or put the event aside and try again.',
  services: {
    store: customers,
    list: {
      title: 'Order list',
      tables: joined,
      projections: { orders: { from: 'store', on: { OrderPlaced: placed, CustomerRegistered: known } } },
    },
  },
  workload: {
    requests: [
      { to: 'store', message: 'order', atMs: 0 },
      { to: 'store', message: 'register', atMs: 100 },
    ],
  },
  observables: { name: 'list.list["o1"].name', parked: 'projection("orders").parked' },
  properties: {
    'names filled': { when: 'eventually', check: 'list.list.all(o, o.name != null)', title: 'Every order has a name' },
  },
  expect: { name: null, parked: 0 },
  breaks: ['names filled'],
  variants: {
    forgotten: { title: 'inserted without a name', breaks: ['names filled'] },
    stub: {
      title: 'the later event fills the row in',
      patch: {
        services: {
          list: {
            projections: {
              orders: {
                on: {
                  CustomerRegistered: [
                    ...known,
                    { update: 'list', where: { customer: 'customer' }, change: 'name = request.name' },
                  ],
                },
              },
            },
          },
        },
      },
      expect: { name: 'Ada' },
    },
    parked: {
      title: 'put aside and tried again',
      patch: {
        services: {
          list: {
            projections: {
              orders: {
                onError: 'park',
                parkedRetryMs: 200,
                on: {
                  OrderPlaced: [
                    { check: 'people.exists(p, p.customer == customer)', otherwise: 'NO_CUSTOMER' },
                    ...placed,
                  ],
                },
              },
            },
          },
        },
      },
      expect: { name: 'Ada', parked: 1 },
    },
  },
}

const mailing: ServiceInput = {
  title: 'Mailing',
  handlerMs: 0,
  tables: { mails: { columns: ['order'] } },
  operations: { mail: { do: [{ insert: 'mails', row: { order: 'order' } }] } },
}
const upsertAndMail: Statements = [...upsert, { send: 'mail', to: 'mailing', with: {} }]
const rebuildWith = (mode: 'in place' | 'blue/green', sideEffects: 'always' | 'live only') => ({
  services: {
    reporting: {
      projections: { totals: { from: 'orders', sideEffects, on: { OrderPlaced: upsertAndMail } } },
      operations: { rebuild: { do: [{ rebuild: 'totals', mode }] } },
    },
  },
})

export const rebuildTwice: ScenarioInput = {
  sagascope: 1,
  id: 'rebuild',
  title: 'Rebuild, and nobody gets mail twice',
  case: 'K05',
  chapter: 'CQRS and projections',
  text: 'The projection also sends a mail per order. Its read model is built anew from the first event: if the mails are sent again, every customer gets two. Watch the read model while it is rebuilt in place, empty for a while, and beside the old one, which serves until the new one has caught up.',
  services: {
    orders,
    mailing,
    reporting: {
      ...reporting(upsertAndMail, { sideEffects: 'always' }),
      tables: { totals: perOrder.totals, seen: { columns: ['count'] } },
      operations: {
        rebuild: { do: [{ rebuild: 'totals', mode: 'in place' }] },
        look: { do: [{ insert: 'seen', row: { count: 'sum(totals.map(t, t.count))' } }] },
      },
    },
  },
  workload: {
    requests: [
      ...tenOrders,
      { to: 'reporting', message: 'rebuild', atMs: 1000 },
      { to: 'reporting', message: 'look', atMs: 1010 },
      { to: 'reporting', message: 'look', atMs: 2000 },
    ],
  },
  observables: { ...sums, emails: 'mailing.mails.size()', 'seen meanwhile': 'reporting.seen.map(s, s.count)' },
  properties: {
    ...faithful,
    'one mail': { when: 'always', check: 'mailing.mails.size() <= orders.events.size()', title: 'One mail per order' },
  },
  expect: { count: 10, total: 1000, emails: 20, 'seen meanwhile': [0, 10] },
  breaks: ['one mail'],
  variants: {
    again: { title: 'mails are sent again', breaks: ['one mail'] },
    suppressed: {
      title: 'side effects only when live',
      patch: rebuildWith('in place', 'live only'),
      expect: { emails: 10 },
    },
    beside: {
      title: 'beside the old one, side effects only when live',
      patch: rebuildWith('blue/green', 'live only'),
      expect: { emails: 10, 'seen meanwhile': [10, 10] },
    },
  },
}

const writers: ServiceInput = {
  title: 'Store',
  handlerMs: 0,
  store: { events: [{ stream: 'done-#', type: 'OrderPlaced', data: { order: 'before-#', amount: 100 }, copies: 6 }] },
  operations: {
    place: {
      do: [
        { append: 'OrderPlaced', stream: "'order-' + order", with: { order: 'order', amount: 100 } },
        { if: 'order == "A"', do: [{ work: 50 }], else: [{ work: 19 }] },
        { check: 'request.fails != true', otherwise: 'CHANGED_MY_MIND' },
      ],
    },
  },
}
const writes = (fails: boolean) => [
  { to: 'orders', message: 'place', atMs: 0, payload: { order: 'A', fails } },
  { to: 'orders', message: 'place', atMs: 1, payload: { order: 'B', fails: false } },
]
const gaps = (policy: Partial<Projection>, more: Record<string, unknown> = {}) => ({
  services: { reporting: { projections: { totals: { from: 'orders', on: { OrderPlaced: increment }, ...policy } } } },
  ...more,
})
const slowA = {
  orders: {
    operations: {
      place: {
        do: [
          { append: 'OrderPlaced', stream: "'order-' + order", with: { order: 'order', amount: 100 } },
          { if: 'order == "A"', do: [{ work: 5000 }], else: [{ work: 19 }] },
        ],
      },
    },
  },
}

export const sequenceGap: ScenarioInput = {
  sagascope: 1,
  id: 'sequence-gap',
  title: 'Event 8 is there before event 7',
  case: 'K07',
  chapter: 'CQRS and projections',
  text: 'The store’s sequence gives a writer its number before the commit. Writer A takes 7 and commits at 50 ms, writer B takes 8 and commits at 20 ms. A projection that asks for "everything after the last I saw" at 30 ms sees 8, and will never ask for 7 again.',
  bus: { hopMs: 0 },
  services: {
    orders: writers,
    reporting: { ...reporting(increment, { startMs: 30, everyMs: 10, gaps: 'ignore' }), handlerMs: 0 },
  },
  workload: { requests: writes(false) },
  endMs: 20_000,
  observables: {
    ...sums,
    applied: 'projection("totals").applied',
    lost: 'projection("totals").missed',
    lag: 'projection("totals").lag',
    position: 'projection("totals").position',
  },
  properties: {
    NOLOSS: {
      when: 'eventually',
      check: 'projection("totals").missed == 0 && projection("totals").lag == 0',
      title: 'Every committed event is applied',
    },
  },
  expect: { applied: 7, lost: 1, lag: 0, position: 8 },
  breaks: ['NOLOSS'],
  variants: {
    naive: { title: 'id > last', breaks: ['NOLOSS'] },
    hold: { title: 'hold at the gap', patch: gaps({ gaps: 'hold' }), expect: { applied: 8, lost: 0 } },
    'rolled back': {
      title: 'hold, and the writer rolls back',
      text: 'A changes its mind: position 7 will never be filled, and a projection that only holds stays at 6 for ever.',
      patch: gaps({ gaps: 'hold' }, { workload: { requests: writes(true) } }),
      expect: { applied: 6, lost: 0, lag: 1, position: 6 },
      breaks: ['NOLOSS'],
    },
    skip: {
      title: 'skip after 3 s, and the writer takes 5',
      patch: gaps(
        { gaps: 'skip', skipAfterMs: 3000 },
        {
          services: { ...slowA, reporting: { projections: { totals: { gaps: 'skip', skipAfterMs: 3000 } } } },
        },
      ),
      expect: { applied: 7, lost: 1 },
      breaks: ['NOLOSS'],
    },
    'while open': {
      title: 'hold while its transaction is open',
      patch: gaps({ gaps: 'hold while open' }),
      expect: { applied: 8, lost: 0 },
    },
    'while open rolled back': {
      title: 'hold while open, and the writer rolls back',
      patch: gaps({ gaps: 'hold while open' }, { workload: { requests: writes(true) } }),
      expect: { applied: 7, lost: 0, position: 8 },
    },
  },
}

const stock: ServiceInput = {
  title: 'Stock',
  handlerMs: 0,
  store: {
    aggregates: {
      item: { state: { available: 0 }, evolve: { Stocked: 'available += quantity', Sold: 'available -= 1' } },
    },
    events: [{ stream: 'item-s1', type: 'Stocked', data: { quantity: 1 } }],
  },
  operations: {
    sell: {
      do: [
        { check: 'shop.stock.all(s, s.available > 0)', otherwise: 'OUT_OF_STOCK' },
        { append: 'Sold', stream: "'item-s1'", with: {} },
      ],
    },
  },
}

export const staleCheck: ScenarioInput = {
  sagascope: 1,
  id: 'stale-check',
  title: 'The read model said there was one left',
  case: 'K09',
  chapter: 'CQRS and projections',
  text: 'One item, two clicks within the lag of the read model. The command is checked against what the page shows: both pass, and one item is sold twice. The write side must decide on its own state, and append where it expects to be.',
  services: {
    stock,
    shop: {
      title: 'Shop page',
      tables: { stock: { columns: ['sku', 'available'], key: 'sku', rows: [{ sku: 's1', available: 1 }] } },
      projections: {
        page: {
          from: 'stock',
          lagMs: 200,
          on: { Sold: [{ update: 'stock', where: { sku: "'s1'" }, change: 'available -= 1' }] },
        },
      },
    },
  },
  workload: {
    requests: [
      { to: 'stock', message: 'sell', atMs: 0 },
      { to: 'stock', message: 'sell', atMs: 50 },
    ],
  },
  observables: {
    accepted: "stock.events.filter(e, e.type == 'Sold').size()",
    refused: 'refused("sell")',
    available: 'state("item", "s1").available',
  },
  properties: {
    STOCK: { when: 'always', check: 'state("item", "s1").available >= 0', title: 'Nothing is sold that is not there' },
  },
  expect: { accepted: 2, refused: 0, available: -1 },
  breaks: ['STOCK'],
  variants: {
    'read model': { title: 'checked against the read model', breaks: ['STOCK'] },
    'write side': {
      title: 'decided by the aggregate, with its version',
      patch: {
        services: {
          stock: {
            operations: {
              sell: {
                do: [
                  { load: 'item', id: "'s1'", as: 'item' },
                  { check: 'item.available > 0', otherwise: 'OUT_OF_STOCK' },
                  { append: 'Sold', to: 'item', with: {} },
                ],
              },
            },
          },
        },
      },
      expect: { accepted: 1, refused: 1, available: 0 },
    },
  },
}
