/** CQRS in trouble: events out of order, two instances at work, one event that cannot be applied. */
import type { ScenarioInput } from '../scenario/schema.ts'
import type { ServiceInput } from './order-world.ts'

type Statements = NonNullable<ServiceInput['operations']>[string]['do']
type Projection = NonNullable<ServiceInput['projections']>[string]

const profiles: ServiceInput = {
  title: 'Profile store',
  handlerMs: 0,
  store: {},
  operations: { move: { do: [{ append: 'Moved', stream: "'profile-1'", with: { city: 'city' } }] } },
}
const addresses: ServiceInput = {
  title: 'Address list',
  handlerMs: 0,
  tables: {
    addresses: { columns: ['id', 'city', 'moves'], key: 'id', rows: [{ id: '1', city: 'none', moves: 0 }] },
  },
  projections: {
    list: {
      from: 'profiles',
      subscription: 'persistent',
      on: { Moved: [{ update: 'addresses', where: { id: "'1'" }, change: ['city = request.city', 'moves += 1'] }] },
    },
  },
}
const policy = (change: Partial<Projection>) => ({ services: { addresses: { projections: { list: change } } } })

export const outOfOrder: ScenarioInput = {
  sagascope: 1,
  id: 'out-of-order',
  title: 'The older event comes last',
  case: 'K03',
  chapter: 'CQRS and projections',
  text: 'Two moves, to Paris and then to Rome; the first event is held up on its way. If the last write wins, the read model says Paris for ever. Dropping what is older keeps Rome, but never knew of Paris. Keeping what came too early until the gap is filled applies both, in order.',
  bus: { order: 'none' },
  services: { profiles, addresses },
  workload: {
    requests: ['Paris', 'Rome'].map((city, i) => ({
      to: 'profiles',
      message: 'move',
      atMs: i * 10,
      payload: { city },
    })),
  },
  faults: [{ kind: 'delay', message: 'Moved for list', nth: 1, byMs: 500 }],
  observables: {
    city: 'addresses.addresses["1"].city',
    moves: 'addresses.addresses["1"].moves',
    dropped: 'projection("list").dropped',
  },
  properties: {
    ORDER: { when: 'eventually', check: 'addresses.addresses["1"].city == "Rome"', title: 'The last event wins' },
  },
  expect: { city: 'Paris', moves: 2, dropped: 0 },
  breaks: ['ORDER'],
  variants: {
    'last write': { title: 'last write wins', breaks: ['ORDER'] },
    'drop older': {
      title: 'what is older is dropped',
      patch: policy({ outOfOrder: 'drop older' }),
      expect: { city: 'Rome', moves: 1, dropped: 1 },
    },
    buffer: {
      title: 'what is early is kept',
      patch: policy({ outOfOrder: 'buffer' }),
      expect: { city: 'Rome', moves: 2 },
    },
    twice: {
      title: 'the same event twice, buffered',
      patch: {
        ...policy({ outOfOrder: 'buffer' }),
        faults: [{ kind: 'duplicate', message: 'Moved for list', nth: 1, byMs: 100 }],
      },
      expect: { city: 'Rome', moves: 2, dropped: 1 },
    },
  },
}

const orders: ServiceInput = {
  title: 'Order store',
  handlerMs: 0,
  store: {},
  operations: {
    place: { do: [{ append: 'OrderPlaced', stream: "'order-' + order", with: { order: 'order', amount: 'amount' } }] },
  },
}
const total: ServiceInput['tables'] = {
  totals: { columns: ['id', 'count'], key: 'id', rows: [{ id: 'all', count: 0 }] },
}
const count: Statements = [{ update: 'totals', where: { id: "'all'" }, change: 'count += 1' }]
const ten = { to: 'orders', message: 'place', copies: 10, everyMs: 10, payload: { order: 'o#', amount: 100 } }
const counting = (change: Partial<Projection> = {}): ServiceInput => ({
  title: 'Totals',
  tables: total,
  projections: { totals: { from: 'orders', on: { OrderPlaced: count }, instances: ['standby'], ...change } },
})

const asleep = {
  kind: 'pause',
  service: 'reporting',
  on: 'totals',
  nth: 5,
  point: 'before commit',
  forMs: 30_000,
} as const

export const twoInstances: ScenarioInput = {
  sagascope: 1,
  id: 'two-instances',
  title: 'Two instances of one projection',
  case: 'K06',
  chapter: 'CQRS and projections',
  text: 'For safety the projection runs twice, on the same tables. Without a claim both apply every event, and the read model counts double. With one, only the instance that holds it works; the other takes over when its time has run out. An owner that was only asleep wakes up to find that its token is old.',
  services: { orders, reporting: counting({ claimMs: 10_000 }), standby: { title: 'Second instance' } },
  workload: { requests: [ten] },
  observables: {
    count: 'reporting.totals["all"].count',
    repeated: 'projection("totals").repeated',
    owner: 'reporting.claims.map(c, c.owner)',
  },
  properties: {
    PROJ: {
      when: 'eventually',
      check: 'reporting.totals["all"].count == orders.events.size()',
      title: 'The read model is the fold of all committed events',
    },
  },
  expect: { count: 10, repeated: 0, owner: ['reporting'] },
  variants: {
    'no claim': {
      title: 'no claim',
      patch: {
        observables: { owner: '[]' },
        services: { reporting: { projections: { totals: { claimMs: null } } } },
      },
      expect: { count: 20, repeated: 10, owner: [] },
      breaks: ['PROJ'],
    },
    claim: { title: 'one claim' },
    'owner crashes': {
      title: 'the owner crashes and stays away',
      patch: { faults: [{ kind: 'crash', service: 'reporting', atMs: 55, restartMs: 'never' }] },
      expect: { owner: ['standby'] },
    },
    'owner sleeps': {
      title: 'the owner sleeps longer than its claim',
      patch: { faults: [{ kind: 'pause', service: 'reporting', atMs: 55, forMs: 30_000 }] },
      expect: { owner: ['standby'] },
    },
    'asleep before its commit': {
      title: 'it sleeps in the middle of an update',
      text: 'It has the update and the new position in one open transaction. When it wakes up it commits both; the other one waited for the row, finds the position taken, and reads on from there.',
      patch: { faults: [asleep] },
      expect: { owner: ['standby'] },
    },
    'position stored later': {
      title: '… and stores the position afterwards',
      text: 'Nothing tells the other one that the update was made: it makes it once more.',
      patch: {
        services: { reporting: { projections: { totals: { checkpoint: 'after the update' } } } },
        faults: [asleep],
      },
      expect: { count: 11, repeated: 1, owner: ['standby'] },
      breaks: ['PROJ'],
    },
  },
}
const divide: Statements = [
  { update: 'totals', where: { id: "'all'" }, change: ['count += 1', 'share = share + 1000 / amount'] },
]
const shares: ServiceInput = {
  title: 'Shares',
  tables: { totals: { columns: ['id', 'count', 'share'], key: 'id', rows: [{ id: 'all', count: 0, share: 0 }] } },
  projections: { shares: { from: 'orders', on: { OrderPlaced: divide }, retryMs: 60_000 } },
}
const place = (order: string, amount: number, atMs: number) => ({
  to: 'orders',
  message: 'place',
  atMs,
  payload: { order, amount },
})
const onError = (change: Partial<Projection>) => ({ services: { shares: { projections: { shares: change } } } })

export const poisonEvent: ScenarioInput = {
  sagascope: 1,
  id: 'poison-event',
  title: 'One event that cannot be applied',
  case: 'K08',
  chapter: 'CQRS and projections',
  text: 'The third of five events makes the rule divide by zero. The error names the event, its stream and its type; what happens next is a policy. Retry for ever, and everything behind it waits. Skip it, and the read model is wrong without a word. Park it, alone or with what follows in its stream. Or stop, and let somebody look.',
  services: { orders, shares },
  workload: {
    requests: [place('a', 100, 0), place('b', 100, 10), place('b', 0, 20), place('b', 100, 30), place('c', 100, 40)],
  },
  endMs: 600_000,
  observables: {
    count: 'shares.totals["all"].count',
    lag: 'projection("shares").lag',
    skipped: 'projection("shares").skipped',
    parked: 'projection("shares").parked',
    stopped: 'projection("shares").stopped',
  },
  properties: {
    NOLOSS: {
      when: 'eventually',
      check: 'projection("shares").lag == 0 && projection("shares").skipped == 0',
      title: 'Every event is applied or parked',
    },
  },
  expect: { count: 2, lag: 3, skipped: 0, parked: 0, stopped: false },
  breaks: ['NOLOSS'],
  variants: {
    retry: { title: 'retry for ever', breaks: ['NOLOSS'] },
    skip: {
      title: 'skip it',
      patch: onError({ onError: 'skip' }),
      expect: { count: 4, lag: 0, skipped: 1 },
      breaks: ['NOLOSS'],
    },
    park: { title: 'park it', patch: onError({ onError: 'park' }), expect: { count: 4, lag: 0, parked: 1 } },
    'park sequence': {
      title: 'park it and what follows in its stream',
      patch: onError({ onError: 'park sequence' }),
      expect: { count: 3, lag: 0, parked: 2 },
    },
    stop: { title: 'stop', patch: onError({ onError: 'stop' }), expect: { stopped: true }, breaks: ['NOLOSS'] },
  },
}
