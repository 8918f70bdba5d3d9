/** Commands and queries under the same load: in one model, and apart. */
import type { ScenarioInput } from '../scenario/schema.ts'
import type { ServiceInput } from './order-world.ts'

type Arrival = NonNullable<NonNullable<ScenarioInput['workload']>['arrivals']>[number]

const place: Arrival = {
  name: 'commands',
  to: 'orders',
  message: 'place',
  rate: 20,
  spacing: 'exponential',
  count: 200,
  payload: { order: 'o#', amount: 10 },
}
const list: Arrival = { name: 'queries', to: 'orders', message: 'list', rate: 130, spacing: 'exponential', count: 1300 }

const table: ServiceInput['tables'] = { list: { columns: ['order', 'amount'], key: 'order' } }
const insert = { insert: 'list', row: { order: 'order', amount: 'amount' } }
const query = { handlerMs: { exponential: 8 }, do: [] }

/** One model for both: every query stands in the queue that commands stand in. */
const crud: ServiceInput = {
  title: 'Orders, one model',
  concurrency: 1,
  tables: table,
  operations: { place: { handlerMs: { exponential: 5 }, do: [insert] }, list: query },
}
const commands: ServiceInput = {
  title: 'Orders, commands',
  concurrency: 1,
  tables: {},
  store: {},
  operations: {
    place: {
      handlerMs: { exponential: 5 },
      do: [{ append: 'OrderPlaced', stream: "'order-' + order", expected: 'no stream' }],
    },
  },
}
const queries: ServiceInput = {
  title: 'Orders, queries',
  concurrency: 1,
  handlerMs: 1,
  tables: table,
  operations: { list: query },
  projections: { list: { from: 'orders', on: { OrderPlaced: [insert] } } },
}
const apart = (replicas: number): Record<string, unknown> => ({
  services: {
    orders: { ...commands, operations: { place: commands.operations?.place, list: null } },
    read: { ...queries, replicas },
  },
  workload: { arrivals: { queries: { to: 'read' } } },
  observables: { 'orders shown': 'read.list.size()', 'longest queue of queries': 'queue("read").max' },
})

export const scaledApart: ScenarioInput = {
  sagascope: 1,
  id: 'scaled-apart',
  title: 'Commands and queries, scaled apart',
  case: 'CQRS',
  chapter: 'Load',
  text: 'Twenty orders and a hundred and thirty queries a second, more than one handler can do. In one model the orders wait behind the queries. Apart, the orders are quick whatever the queries do; a second replica of the query side empties its queue, and the read model follows the store again. Open Curves and watch the lag.',
  bus: { order: 'none' },
  services: { orders: crud },
  workload: { arrivals: [place, list] },
  observables: {
    'order p95 ms': 'int(latency("place").p95)',
    'query p95 ms': 'int(latency("list").p95)',
    'longest queue of queries': 'queue("orders").max',
    'orders shown': 'orders.list.size()',
  },
  properties: {
    'orders are quick': {
      when: 'eventually',
      check: 'latency("place").p95 < 100',
      title: 'An order is taken in less than 100 ms',
      broken: 'Orders wait: the queries are in their way.',
    },
    'queries are quick': {
      when: 'eventually',
      check: 'latency("list").p95 < 200',
      title: 'A query is answered in less than 200 ms',
      broken: 'Queries wait: there are more of them than their side can do.',
    },
  },
  breaks: ['orders are quick', 'queries are quick'],
  expect: { 'orders shown': 200 },
  variants: {
    'one model': { title: 'one model for both', breaks: ['orders are quick', 'queries are quick'] },
    apart: { title: 'apart, one replica each', patch: apart(1), breaks: ['queries are quick'] },
    'two for queries': { title: 'apart, two replicas for queries', patch: apart(2) },
    'one falls': {
      title: 'apart, one of the two falls',
      text: 'For six seconds one replica does the work of two. It loses nothing: what it had in hand goes to the other. Queries pile up, the read model falls behind its store, and both are worked off when the replica is back.',
      patch: {
        ...apart(2),
        faults: [{ kind: 'crash', service: 'read', replica: 2, atMs: 1500, restartMs: 6000 }],
      },
      breaks: ['queries are quick'],
    },
  },
  stage: { speed: 40 },
}
