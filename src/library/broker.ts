/** What a broker does with messages that are not acknowledged: visibility, poison, parking, replay; and many who retry. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { orderSaga, payment, sagaWith } from './order-world.ts'

const chapter = 'The bus'

/** A service that notes each message it has done. */
const worker: ScenarioInput['services'][string] = {
  tables: { done: { columns: ['job', 'atMs'] } },
  operations: { process: { do: [{ insert: 'done', row: { job: 'job', atMs: 'now' } }] } },
}
const counts = {
  deliveries: 'deliveries("process")',
  effects: 'worker.done.size()',
  dlq: 'dlq("process")',
}
const once: NonNullable<ScenarioInput['properties']> = {
  ONCE: {
    when: 'always',
    check: 'worker.done.all(d, worker.done.filter(x, x.job == d.job).size() == 1)',
    broken: 'Done twice: one job has had its effect more than once.',
  },
  'NO-LOSS': {
    when: 'eventually',
    check: 'worker.done.size() >= 1',
    broken: 'Not done: a job is lost or parked, and nobody has done it.',
  },
}

export const visibility: ScenarioInput = {
  sagascope: 1,
  id: 'visibility-timeout',
  title: 'Visibility time-out shorter than the work',
  case: 'B05',
  chapter,
  text: 'The broker hands a message out again after 30 s; the work takes 40 s. Every consumer does its job, and yet the message is done three times and ends in the dead-letter queue.',
  bus: { order: 'none', visibilityMs: 30_000, deliveriesMax: 3, hopMs: 0 },
  services: { worker: { ...worker, handlerMs: 40_000 } },
  workload: { requests: [{ to: 'worker', message: 'process', payload: { job: 'j1' } }] },
  observables: { ...counts, at: 'worker.done.map(d, d.atMs)' },
  properties: once,
  expect: { deliveries: 3, effects: 3, dlq: 1 },
  breaks: ['ONCE'],
  variants: {
    A: { title: 'no protection', expect: { at: [40_000, 70_000, 100_000] }, breaks: ['ONCE'] },
    B: {
      title: 'inbox row first',
      text: 'The second delivery meets the row of the open transaction, waits for it, and skips. Its acknowledgement is the valid one.',
      patch: { services: { worker: { protections: { inbox: {} } } } },
      expect: { deliveries: 2, effects: 1, dlq: 0 },
    },
    C: {
      title: 'inbox row last',
      text: 'Done once, and still all three deliveries work for 40 s, and the message is parked although it was done.',
      patch: { services: { worker: { protections: { inbox: { when: 'after the work' } } } } },
      expect: { effects: 1 },
    },
    D: {
      title: 'heartbeat',
      patch: { services: { worker: { heartbeat: true } } },
      expect: { deliveries: 1, effects: 1, dlq: 0 },
    },
  },
}

const job = (name: string, group: string, sequence = name) => ({
  to: 'worker',
  message: 'process',
  payload: { job: name },
  group,
  sequence,
})

export const poison: ScenarioInput = {
  sagascope: 1,
  id: 'poison',
  title: 'Poison and what waits behind it',
  case: 'B07',
  chapter,
  text: 'Three messages in one partition, one in another. The first can never be handled. On a bus with order, everything behind it waits.',
  endMs: 2000,
  services: { worker: { ...worker, onError: 'redeliver' } },
  workload: { requests: [job('o1', 'P0'), job('o2', 'P0'), job('o3', 'P0'), job('o4', 'P1')] },
  faults: [{ kind: 'poison', service: 'worker', on: 'process' }],
  observables: { ...counts, done: 'worker.done.map(d, d.job)' },
  properties: {
    FLOW: {
      when: 'eventually',
      check: 'worker.done.size() + bus.dlq == 4',
      broken: 'Blocked: messages wait behind one that can never be handled.',
    },
  },
  expect: {},
  breaks: ['FLOW'],
  variants: {
    A: { title: 'again and again', expect: { effects: 1, dlq: 0, done: ['o4'] }, breaks: ['FLOW'] },
    B: {
      title: 'parked after five deliveries',
      patch: { bus: { deliveriesMax: 5 } },
      expect: { deliveries: 8, effects: 3, dlq: 1 },
    },
    C: {
      title: 'its sequence is parked with it',
      text: 'The second message belongs to the same order as the poison. Handling it would break the order, so it is parked too.',
      patch: {
        bus: { deliveriesMax: 5, parking: 'sequence' },
        workload: { requests: [job('o1', 'P0'), job('o2', 'P0', 'o1'), job('o3', 'P0'), job('o4', 'P1')] },
      },
      expect: { deliveries: 7, effects: 2, dlq: 2 },
    },
  },
}

const throws = (point: 'before commit' | 'after commit') =>
  ({ kind: 'fail', service: 'worker', on: 'process', times: 'always', untilMs: 10_000, point, reason: 'BUG' }) as const
const replay = { replays: [{ atMs: 20_000 }] }

export const deadLetters: ScenarioInput = {
  sagascope: 1,
  id: 'dead-letters',
  title: 'Dead letters and replay',
  case: 'B08',
  chapter,
  text: 'A handler throws, five times, and the message is parked. Somebody mends the bug and replays it. What happens then depends on where it threw.',
  bus: { deliveriesMax: 5 },
  services: { worker: { ...worker, onError: 'redeliver' } },
  workload: { requests: [{ to: 'worker', message: 'process', payload: { job: 'j1' }, key: 'j1' }] },
  faults: [throws('after commit')],
  observables: counts,
  properties: once,
  expect: {},
  breaks: ['ONCE'],
  variants: {
    i: { title: 'throws after the commit', expect: { effects: 5, dlq: 1 }, breaks: ['ONCE'] },
    'i replayed': {
      title: '… mended and replayed',
      patch: { workload: replay },
      expect: { effects: 6, dlq: 1 },
      breaks: ['ONCE'],
    },
    'i inbox': {
      title: '… with an inbox',
      patch: { services: { worker: { protections: { inbox: {} } } } },
      expect: { deliveries: 2, effects: 1, dlq: 0 },
    },
    ii: {
      title: 'throws before the commit',
      patch: { faults: [throws('before commit')] },
      expect: { effects: 0, dlq: 1 },
      breaks: ['NO-LOSS'],
    },
    'ii replayed': {
      title: '… mended and replayed',
      patch: { faults: [throws('before commit')], workload: replay },
      expect: { effects: 1, dlq: 1 },
    },
    iii: {
      title: 'a duplicate replayed after the retention',
      text: 'The copy was parked, and is replayed when the key that would have known it has expired.',
      patch: {
        services: { worker: { protections: { idempotencyKey: { retentionMs: 10_000 } } } },
        faults: [
          { kind: 'duplicate', message: 'process', byMs: 1000 },
          { kind: 'poison', service: 'worker', on: 'process', nth: 2, untilMs: 10_000 },
        ],
        workload: replay,
      },
      expect: { effects: 2, dlq: 1 },
      breaks: ['ONCE'],
    },
  },
}

export const lateReplay: ScenarioInput = {
  ...orderSaga,
  id: 'replay-after-rejection',
  title: 'A replay meets a rejected order',
  case: 'B08',
  chapter,
  text: 'The charge was parked, the saga gave up and rejected the order. A minute later somebody replays the dead-letter queue.',
  bus: { deliveriesMax: 5 },
  services: { ...orderSaga.services, payment: { ...payment, onError: 'redeliver' } },
  sagas: sagaWith({
    steps: (orderSaga.sagas?.order?.steps ?? []).map((step) =>
      step.name === 'charge' ? { ...step, timeoutMs: 5000 } : step,
    ),
  }),
  workload: { requests: orderSaga.workload?.requests ?? [], replays: [{ atMs: 60_000 }] },
  faults: [{ kind: 'poison', service: 'payment', on: 'charge', untilMs: 30_000 }],
  expect: { order: 'REJECTED', refunds: 0 },
  breaks: ['ATOM'],
  variants: {
    iv: { title: 'no fence', expect: { charges: 1, balance: 900 }, breaks: ['ATOM'] },
    'iv fence': {
      title: 'register before, with fence',
      patch: { sagas: { order: { register: 'before' } }, services: { payment: { protections: { fence: {} } } } },
      expect: { charges: 0, balance: 1000 },
    },
  },
}

export const herd: ScenarioInput = {
  sagascope: 1,
  id: 'thundering-herd',
  title: 'A hundred clients retry',
  case: 'B12',
  chapter: 'Resilience',
  text: 'A hundred clients fail at the same moment and come back at 1, 3 and 7 s: a hundred calls at once, three times. With full jitter each waits for a random part of its time.',
  bus: { hopMs: 0, order: 'none' },
  services: { worker: { ...worker, handlerMs: 0, concurrency: 1000 } },
  workload: {
    requests: [
      {
        to: 'worker',
        message: 'process',
        payload: { job: 'j#' },
        copies: 100,
        retry: { initialMs: 1000, factor: 2, attemptsMax: 4 },
      },
    ],
  },
  faults: [{ kind: 'fail', service: 'worker', on: 'process', times: 'always' }],
  observables: {
    calls: 'sent("process")',
    peak: "entries.filter(e, e.kind == 'sent' && e.message == 'process' && e.ms > 0).map(e, e.ms).peak(100)",
  },
  properties: {
    CALM: {
      when: 'eventually',
      check: "entries.filter(e, e.kind == 'sent' && e.message == 'process' && e.ms > 0).map(e, e.ms).peak(100) <= 35",
      broken: 'A stampede: too many calls in one tenth of a second.',
    },
  },
  expect: { calls: 400 },
  breaks: ['CALM'],
  variants: {
    none: { title: 'no jitter', expect: { peak: 100 }, breaks: ['CALM'] },
    full: {
      title: 'full jitter',
      patch: {
        workload: {
          requests: [
            {
              to: 'worker',
              message: 'process',
              payload: { job: 'j#' },
              copies: 100,
              retry: { initialMs: 1000, factor: 2, attemptsMax: 4, jitter: 'full' },
            },
          ],
        },
      },
    },
  },
}
