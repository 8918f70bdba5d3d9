/** Order within a group, and what a retry makes of it. */
import type { ScenarioInput } from '../scenario/schema.ts'

type Redelivery = Exclude<NonNullable<NonNullable<ScenarioInput['bus']>['redelivery']>, string>

const change = (job: string, atMs: number) => ({
  to: 'projector',
  message: 'apply',
  payload: { job },
  group: 'o1',
  atMs,
})

const policy = (redelivery: Redelivery) => ({ bus: { redelivery } })

export const groupRetry: ScenarioInput = {
  sagascope: 1,
  id: 'group-retry',
  title: 'A retry in a group that has an order',
  case: 'B06',
  chapter: 'The bus',
  text: 'Created, paid and shipped of one order must be applied in this order, and the first one fails once. Whether the two behind it wait for its second attempt decides what the order looks like afterwards. The other order, o2, never waits for either.',
  bus: { redelivery: { delayedMs: [5000], blocks: false } },
  services: {
    projector: {
      onError: 'redeliver',
      tables: { applied: { columns: ['job', 'atMs'] } },
      operations: { apply: { do: [{ insert: 'applied', row: { job: 'job', atMs: 'now' } }] } },
    },
  },
  workload: {
    requests: [
      change('created', 0),
      change('paid', 10),
      change('shipped', 20),
      { to: 'projector', message: 'apply', payload: { job: 'other' }, group: 'o2', atMs: 30 },
    ],
  },
  faults: [{ kind: 'fail', service: 'projector', on: 'apply', reason: 'UNAVAILABLE' }],
  observables: {
    applied: 'projector.applied.map(a, a.job)',
    at: 'projector.applied.map(a, a.atMs)',
    deliveries: 'deliveries("apply")',
  },
  properties: {
    ORDER: {
      when: 'eventually',
      check: "projector.applied.filter(a, a.job != 'other').map(a, a.job).join(' ') == 'created paid shipped'",
      title: 'In the order in which it happened',
      broken: 'Out of order: a message was overtaken by those behind it.',
    },
  },
  expect: { deliveries: 5 },
  breaks: ['ORDER'],
  variants: {
    A: {
      title: 'delayed retry, the group goes on',
      text: 'The order is shipped and paid before it is created. Nobody noticed anything: every message was handled.',
      expect: { applied: ['paid', 'shipped', 'other', 'created'] },
      breaks: ['ORDER'],
    },
    B: {
      title: 'delayed retry, the group waits',
      text: 'The whole group stands still for five seconds behind one message: head-of-line blocking is the price of order. The other group goes on.',
      patch: policy({ delayedMs: [5000], blocks: true }),
      expect: { applied: ['other', 'created', 'paid', 'shipped'], at: [35, 5010, 5015, 5020] },
    },
    C: {
      title: 'immediate retry',
      patch: policy({ immediate: 1 }),
      expect: { applied: ['created', 'paid', 'shipped', 'other'] },
    },
    D: {
      title: 'a bus without order',
      text: 'Without groups nothing waits for anything, with or without a retry.',
      patch: { bus: { order: 'none', redelivery: { delayedMs: [5000] } } },
      expect: { applied: ['paid', 'shipped', 'other', 'created'] },
      breaks: ['ORDER'],
    },
  },
}
