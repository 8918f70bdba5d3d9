/** A consumer group: who may read a partition, what a rebalance does, and what is handled twice because of it. */
import type { ScenarioInput } from '../scenario/schema.ts'

const chapter = 'The bus'

type ServiceInput = ScenarioInput['services'][string]

/** An order becomes an event, and the event lies in the partition of its customer. */
const shop: ServiceInput = {
  title: 'Shop',
  tables: { orders: { columns: ['id', 'customer'], key: 'id' } },
  operations: {
    place: { do: [{ insert: 'orders', row: { id: 'order', customer: 'customer' } }], emits: 'OrderPlaced' },
  },
}

const billing: ServiceInput = {
  title: 'Billing',
  instances: 2,
  concurrency: 1,
  group: { partitions: 4, by: 'customer', sessionMs: 10_000, rebalanceMs: 2000, commitEvery: 3 },
  tables: { ledger: { columns: ['order', 'amount', 'by', 'atMs'] } },
  subscriptions: { OrderPlaced: 'charge' },
  operations: {
    charge: { do: [{ insert: 'ledger', row: { order: 'order', amount: '100', by: 'customer', atMs: 'now' } }] },
  },
}

const placed = (order: string, customer: number, atMs: number) =>
  ({ to: 'shop', message: 'place', atMs, payload: { order, customer } }) as const

/** Customer 2 lies in partition 2, which the second member has. */
const orders = [placed('o1', 2, 0), placed('o2', 2, 100), placed('o3', 2, 200), placed('o4', 0, 300)]

const once = {
  ONCE: {
    when: 'always',
    check: 'shop.orders.all(o, billing.ledger.filter(l, l.order == o.id).size() <= 1)',
    title: 'One charge per order',
    broken: 'Charged twice: whoever took the partition over began at the committed offset.',
  },
  LIVE: {
    when: 'eventually',
    check: 'shop.orders.all(o, billing.ledger.exists(l, l.order == o.id))',
    title: 'Every order is charged',
    broken: 'Some order is never charged.',
  },
} as const

const withInbox = { services: { billing: { protections: { inbox: {} } } } }
const commitsEach = { services: { billing: { group: { commitEvery: 1 } } } }

/** Stands still in the middle of o3, for much longer than a session. */
const falling = {
  kind: 'pause',
  service: 'billing_2',
  on: 'OrderPlaced',
  nth: 3,
  point: 'before commit',
  forMs: 30_000,
} as const
/** Dies just after it has come back and has committed what it had handled long ago. */
const death = { kind: 'crash', service: 'billing_2', atMs: 31_000, restartMs: 60_000 } as const

export const consumerGroup: ScenarioInput = {
  sagascope: 1,
  id: 'consumer-group',
  title: 'A member of the group goes silent',
  chapter,
  text: 'Two processes of Billing form a consumer group: each has two of the four partitions. The second one crashes after two orders of partition 2; nobody takes them over until its session of ten seconds is over. Then the group rebalances, and whoever has the partition goes on at the committed offset: what was handled and not committed is handled again.',
  services: { shop, billing },
  workload: { requests: orders },
  faults: [
    { kind: 'crash', service: 'billing_2', on: 'OrderPlaced', nth: 3, point: 'before commit', restartMs: 30_000 },
  ],
  observables: {
    charges: 'billing.ledger.size()',
    twice: 'shop.orders.filter(o, billing.ledger.filter(l, l.order == o.id).size() > 1).size()',
    o3: 'billing.ledger.filter(l, l.order == "o3").map(l, l.atMs)',
    committed: 'billing.partitions[2].committed',
    turnedAway: 'sum(billing.partitions.map(p, p.turnedAway))',
    known: 'deduplicated("OrderPlaced")',
    generation: 'max(billing.partitions.map(p, p.generation))',
  },
  properties: once,
  expect: { charges: 6, twice: 2, turnedAway: 0, known: 0, committed: 3 },
  breaks: ['ONCE'],
  variants: {
    crash: { title: 'nobody remembers what was handled', expect: { o3: [12_235] }, breaks: ['ONCE'] },
    'crash inbox': {
      title: 'an inbox',
      text: 'The offset says where to go on, the inbox what was done: the two that come again are known.',
      patch: withInbox,
      expect: { charges: 4, twice: 0, known: 2 },
    },
    'back in time': {
      title: 'back within its session',
      text: 'A process is known by its name. It is back before anybody missed it, keeps its partitions, and begins at the committed offset all the same.',
      patch: {
        faults: [
          { kind: 'crash', service: 'billing_2', on: 'OrderPlaced', nth: 3, point: 'before commit', restartMs: 4000 },
        ],
      },
      expect: { charges: 6, twice: 2, generation: 1, committed: 3 },
      breaks: ['ONCE'],
    },
    zombie: {
      title: 'it only stood still',
      text: 'It does not crash, it stands still for thirty seconds in the middle of o3. When it goes on it charges o3, which was charged long ago; only its commit is turned away, for its generation is over. Fencing protects the offset, not what the handler did.',
      patch: { faults: [falling], ...commitsEach },
      expect: { charges: 5, twice: 1, turnedAway: 1, committed: 3 },
      breaks: ['ONCE'],
    },
    'zombie inbox': {
      title: 'it only stood still, and there is an inbox',
      text: 'The zombie had claimed its inbox row before it fell asleep: the other waits for that row, and the order is charged once.',
      patch: { faults: [falling], services: { billing: { group: { commitEvery: 1 }, protections: { inbox: {} } } } },
      expect: { charges: 4, twice: 0, turnedAway: 1, known: 1, committed: 3 },
    },
    'offset moved back': {
      title: 'no fencing: the zombie moves the offset back',
      text: 'Nobody looks at the generation. The zombie commits the offset it had reached, although the other has long gone on; when the partition changes hands again, two orders lie behind that offset and are charged once more.',
      patch: {
        faults: [falling, death],
        workload: { requests: [...orders, placed('o5', 2, 14_000), placed('o6', 2, 15_000)] },
        services: { billing: { group: { commitEvery: 1, fencing: false, rebalanceMs: 0 } } },
      },
      expect: { charges: 9, twice: 3, turnedAway: 0, committed: 5 },
      breaks: ['ONCE'],
    },
    'offset kept': {
      title: 'the same, fenced',
      patch: {
        faults: [falling, death],
        workload: { requests: [...orders, placed('o5', 2, 14_000), placed('o6', 2, 15_000)] },
        services: { billing: { group: { commitEvery: 1, rebalanceMs: 0 } } },
      },
      text: 'The commit of generation 1 is turned away. Only o3, which the zombie had in its hands, is charged twice.',
      expect: { charges: 7, twice: 1, turnedAway: 1, committed: 5 },
      breaks: ['ONCE'],
    },
  },
}

/** An order of each of six customers, every half second. */
const sixCustomers = [0, 1, 2, 3, 4, 5].map((customer) => ({
  ...placed(`c${customer}-#`, customer, 0),
  copies: 12,
  everyMs: 500,
}))

const grown: ServiceInput = {
  ...billing,
  instances: 3,
  group: { partitions: 6, by: 'customer', rebalanceMs: 2000, joinsMs: [2100] },
}
const silentAtWork = {
  partitions: 6,
  by: 'customer',
  heartbeats: 'between messages',
  rebalanceMs: 1000,
  joinsMs: [],
} as const
const oneSlow = {
  kind: 'slow',
  service: 'billing_2',
  on: 'OrderPlaced',
  byMs: 12_000,
  where: 'in transaction',
} as const

export const rebalancing: ScenarioInput = {
  sagascope: 1,
  id: 'rebalancing',
  title: 'A rebalance stops the world',
  chapter,
  text: 'Six customers order every half second; two processes of Billing have three partitions each. After two seconds a third one joins, and the partitions are dealt anew. Watch what is handled meanwhile: with an eager rebalance nothing, for two seconds; with a cooperative one only the partitions that change hands wait.',
  services: { shop, billing: grown },
  workload: { requests: sixCustomers },
  observables: {
    charges: 'billing.ledger.size()',
    duringPause: 'billing.ledger.filter(l, l.atMs > 2200 && l.atMs < 4100).size()',
    owners: 'billing.partitions.map(p, p.owner)',
    twice: 'shop.orders.filter(o, billing.ledger.filter(l, l.order == o.id).size() > 1).size()',
    generation: 'max(billing.partitions.map(p, p.generation))',
    turnedAway: 'sum(billing.partitions.map(p, p.turnedAway))',
  },
  properties: once,
  expect: { charges: 72, twice: 0, turnedAway: 0 },
  variants: {
    eager: {
      title: 'eager: nobody works meanwhile',
      expect: { duringPause: 0, owners: ['billing', 'billing', 'billing_2', 'billing_2', 'billing_3', 'billing_3'] },
    },
    cooperative: {
      title: 'cooperative: four of six go on',
      patch: { services: { billing: { group: { rebalancing: 'cooperative' } } } },
      expect: { duringPause: 16, owners: ['billing', 'billing', 'billing_3', 'billing_2', 'billing_2', 'billing_3'] },
    },
    'slow and silent': {
      title: 'it works for longer than a session, and says nothing',
      text: 'No third member here. The second one needs twelve seconds for one order, and nothing is heard of it meanwhile. It is thrown out, another one charges that order, and so does it when it is done.',
      patch: { services: { billing: { instances: 2, group: silentAtWork } }, faults: [oneSlow] },
      expect: { charges: 73, twice: 1, turnedAway: 1 },
      breaks: ['ONCE'],
    },
    'slow and heard': {
      title: 'it works for as long, and its heartbeats go on',
      patch: {
        services: { billing: { instances: 2, group: { ...silentAtWork, heartbeats: 'always' } } },
        faults: [oneSlow],
      },
      expect: { generation: 1 },
    },
    'never done': {
      title: 'every order takes longer than a session',
      text: 'Whoever gets an order is thrown out before it is done with it, and the next one begins again. Nothing is ever committed: the group rebalances for ever, and charges for ever.',
      patch: {
        endMs: 120_000,
        services: { billing: { instances: 2, handlerMs: 12_000, group: silentAtWork } },
        workload: { requests: [placed('o1', 0, 0)] },
      },
      expect: { charges: 11, twice: 1, turnedAway: 11 },
      breaks: ['ONCE'],
    },
  },
}
