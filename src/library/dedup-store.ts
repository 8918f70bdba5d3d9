/** What it costs to remember, and what it lets through to forget: stores of keys at a rate. */
import type { ScenarioInput } from '../scenario/schema.ts'

const DAY_IN_SECONDS = 86_400

export const storeAtScale: ScenarioInput = {
  sagascope: 1,
  id: 'dedup-scale',
  title: 'A dedup store at scale',
  case: 'I16',
  chapter: 'Load',
  text: 'A hundred messages a second, each remembered for seven days: 60,480,000 records, 3.02 GB at 50 bytes. Here a second stands for a day. Open Curves: the store fills for seven seconds, then every new record drives out an old one, on the dashed line of rate × retention.',
  services: {
    payment: {
      handlerMs: 2,
      operations: { charge: { do: [] } },
      protections: { idempotencyKey: { retentionMs: 7000, purgeMs: 0, recordBytes: 50 } },
    },
  },
  workload: {
    arrivals: [
      {
        name: 'charges',
        to: 'payment',
        message: 'charge',
        rate: 100,
        count: 1200,
        payload: { order: 'o#' },
        key: 'k#',
        repeats: [{ share: 0.05, afterMs: { exponential: 2000 } }],
      },
    ],
  },
  observables: {
    'records, closed form': `100 * 7 * ${DAY_IN_SECONDS}`,
    'records, this run': `store("payment").max * ${DAY_IN_SECONDS}`,
    'bytes, closed form': `100 * 7 * ${DAY_IN_SECONDS} * 50`,
    'bytes, this run': `store("payment").bytes * ${DAY_IN_SECONDS}`,
    duplicates: 'arrivals("charge").repeats',
    'turned away': 'store("payment").hits',
    'slipped through': 'arrivals("charge").slipped',
    evicted: 'store("payment").evicted',
  },
  variants: {
    time: {
      title: 'kept for seven days',
      expect: {
        'records, closed form': 60480000,
        'records, this run': 60480000,
        'bytes, closed form': 3024000000,
        'bytes, this run': 3024000000,
        duplicates: 51,
        'turned away': 51,
        'slipped through': 0,
        evicted: 0,
      },
    },
    size: {
      title: 'the last 1,000',
      expect: {
        'records, this run': 1000,
        'bytes, this run': 50000,
        duplicates: 100,
        'turned away': 0,
        'slipped through': 100,
        evicted: 700,
      },
      text: 'The store holds the thousand keys used last, and the duplicate comes 1,500 messages later: every single one is done twice. No clock is involved: twice the rate, half the memory.',
      patch: {
        services: {
          payment: { protections: { idempotencyKey: { retentionMs: null, purgeMs: null, capacity: 1000 } } },
        },
        workload: { arrivals: { charges: { rate: 500, count: 1600, repeats: [{ afterRequests: 1500 }] } } },
        observables: {
          'records, closed form': null,
          'records, this run': 'store("payment").max',
          'bytes, closed form': null,
          'bytes, this run': 'store("payment").bytes',
        },
      },
    },
    late: {
      title: 'duplicates that come late',
      expect: {
        'records, closed form': 60480000,
        'records, this run': 60566400,
        'bytes, closed form': 3024000000,
        'bytes, this run': 3028320000,
        duplicates: 51,
        'turned away': 42,
        'slipped through': 9,
        evicted: 0,
      },
      text: 'The same store, and duplicates that take four days on average: what comes after the seventh is done again, and takes its place in the store again.',
      patch: {
        workload: { arrivals: { charges: { repeats: [{ share: 0.05, afterMs: { exponential: 4000 } }] } } },
      },
    },
    both: {
      title: 'seven days, at most 400 keys',
      expect: {
        'records, closed form': 60480000,
        'records, this run': 34560000,
        'bytes, closed form': 3024000000,
        'bytes, this run': 1728000000,
        duplicates: 51,
        'turned away': 49,
        'slipped through': 2,
        evicted: 800,
      },
      text: 'What comes first counts: at this rate there is room for four days.',
      patch: { services: { payment: { protections: { idempotencyKey: { capacity: 400 } } } } },
    },
  },
}

export const localStore: ScenarioInput = {
  sagascope: 1,
  id: 'local-store',
  title: 'A local store behind two replicas',
  chapter: 'Load',
  text: 'Each replica remembers the keys it has seen itself. The balancer gives a duplicate to whichever is free, so about every second one meets a replica that has never heard of it. Sending each key to one replica mends it, until the number of replicas changes.',
  services: {
    payment: {
      handlerMs: { exponential: 4 },
      replicas: 2,
      tables: { ledger: { columns: ['order'] } },
      operations: { charge: { do: [{ insert: 'ledger', row: { order: 'order' } }] } },
      protections: { idempotencyKey: { store: 'local' } },
    },
  },
  workload: {
    arrivals: [
      {
        name: 'charges',
        to: 'payment',
        message: 'charge',
        rate: 100,
        spacing: 'exponential',
        count: 400,
        payload: { order: 'o#' },
        key: 'k#',
        repeats: [{ share: 0.25, afterMs: [200, 1200] }],
      },
    ],
  },
  observables: {
    duplicates: 'arrivals("charge").repeats',
    'turned away': 'store("payment").hits',
    'slipped through': 'arrivals("charge").slipped',
    charges: 'payment.ledger.size()',
  },
  properties: {
    ONCE: {
      when: 'eventually',
      check: 'arrivals("charge").slipped == 0',
      title: 'Charged once',
      broken: 'Charged twice: the duplicate reached a replica that had not seen the first one.',
    },
  },
  breaks: ['ONCE'],
  variants: {
    any: {
      title: 'local, any replica',
      expect: { duplicates: 100, 'turned away': 45, 'slipped through': 55, charges: 455 },
      breaks: ['ONCE'],
    },
    shared: {
      title: 'one shared store',
      expect: { duplicates: 100, 'turned away': 100, 'slipped through': 0, charges: 400 },
      patch: { services: { payment: { protections: { idempotencyKey: { store: 'shared' } } } } },
    },
    keyed: {
      title: 'local, by key',
      expect: { duplicates: 100, 'turned away': 100, 'slipped through': 0, charges: 400 },
      patch: { services: { payment: { routing: 'by key' } } },
    },
    scaled: {
      title: 'local, by key, then a third replica',
      expect: { duplicates: 100, 'turned away': 91, 'slipped through': 9, charges: 409 },
      text: 'With a third replica most keys belong to another one than before: duplicates of what was done shortly before the change slip through, and only those.',
      patch: { services: { payment: { routing: 'by key', scaling: [{ atMs: 2000, replicas: 3 }] } } },
      breaks: ['ONCE'],
    },
    crash: {
      title: 'local, by key, and a crash',
      expect: { duplicates: 100, 'turned away': 79, 'slipped through': 21, charges: 421 },
      text: 'A local store is memory: after the restart it knows nothing of what was done before.',
      patch: {
        services: { payment: { routing: 'by key', restartMs: 100 } },
        faults: [{ kind: 'crash', service: 'payment', atMs: 2000 }],
      },
      breaks: ['ONCE'],
    },
  },
}
