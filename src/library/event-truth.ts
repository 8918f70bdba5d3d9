/** Event sourcing and what it promises: corrections by new events, folds without the world, one stream at a time. */
import type { ScenarioInput } from '../scenario/schema.ts'

export const correction: ScenarioInput = {
  sagascope: 1,
  id: 'correction',
  title: 'A mistake is corrected, not erased',
  case: 'E03',
  chapter: 'Event sourcing',
  text: 'A charge of 100 was entered as 1000. A new event takes 900 back: the balance is right, and the trail shows the mistake, who mended it and when. Whoever rewrites the old event changes what was true at a moment that people have already acted on.',
  services: {
    ledger: {
      title: 'Account store',
      handlerMs: 0,
      store: {
        aggregates: {
          account: {
            state: { balance: 0 },
            evolve: { Opened: 'balance = amount', Charged: 'balance -= amount', Corrected: 'balance += amount' },
          },
        },
        events: [
          { stream: 'account-1', type: 'Opened', data: { amount: 2000 } },
          { stream: 'account-1', type: 'Charged', data: { amount: 1000 } },
        ],
      },
      tables: { statements: { columns: ['balance'] } },
      operations: {
        print: {
          do: [
            { load: 'account', id: "'1'", as: 'account' },
            { insert: 'statements', row: { balance: 'account.balance' } },
          ],
        },
        correct: { do: [{ append: 'Corrected', stream: "'account-1'", with: { amount: 900, corrects: 2 } }] },
        erase: { do: [{ delete: 'events', where: { position: 2 } }] },
      },
    },
  },
  workload: {
    requests: [
      { to: 'ledger', message: 'print', atMs: 10 },
      { to: 'ledger', message: 'correct', atMs: 20 },
    ],
  },
  observables: {
    balance: 'state("account", "1").balance',
    trail: 'audit("account", "1").map(e, e.state.balance)',
    'printed at 10 ms': 'ledger.statements.map(s, s.balance)[0]',
    'true at 10 ms, today': 'state("account", "1", 10).balance',
  },
  properties: {
    'what was printed was true': {
      when: 'eventually',
      check: 'ledger.statements.all(s, s.balance == state("account", "1", 10).balance)',
      title: 'What was printed then can still be explained',
    },
  },
  expect: { balance: 1900, trail: [2000, 1000, 1900], 'printed at 10 ms': 1000, 'true at 10 ms, today': 1000 },
  variants: {
    event: { title: 'a correcting event' },
    erased: {
      title: 'the old event is erased',
      patch: {
        workload: {
          requests: [
            { to: 'ledger', message: 'print', atMs: 10 },
            { to: 'ledger', message: 'erase', atMs: 20 },
          ],
        },
      },
      expect: { balance: 2000, trail: [2000], 'true at 10 ms, today': 2000 },
      breaks: ['what was printed was true'],
    },
  },
}

const rates = {
  title: 'Exchange',
  handlerMs: 0,
  tables: { rates: { columns: ['currency', 'rate'], key: 'currency', rows: [{ currency: 'EUR', rate: 110 }] } },
  operations: {
    change: { do: [{ update: 'rates', where: { currency: "'EUR'" }, change: 'rate = 200' }] },
  },
}

export const foldAsksTheWorld: ScenarioInput = {
  sagascope: 1,
  id: 'fold-asks-the-world',
  title: 'A fold that asks what the rate is',
  case: 'E09',
  chapter: 'Event sourcing',
  text: 'The event says 100 euros, and the fold looks up the rate. When the rate changes, the past changes with it: the same events give another balance. What was decided belongs into the event: the rate of the day it happened.',
  services: {
    exchange: rates,
    ledger: {
      title: 'Account store',
      handlerMs: 0,
      store: {
        aggregates: {
          account: {
            state: { cents: 0 },
            evolve: { Paid: 'cents += amount * exchange.rates["EUR"].rate' },
          },
        },
      },
      tables: { seen: { columns: ['cents'] } },
      operations: {
        pay: {
          do: [
            { append: 'Paid', stream: "'account-1'", with: { amount: 'amount', rate: 'exchange.rates["EUR"].rate' } },
          ],
        },
        look: {
          do: [
            { load: 'account', id: "'1'", as: 'account' },
            { insert: 'seen', row: { cents: 'account.cents' } },
          ],
        },
      },
    },
  },
  workload: {
    requests: [
      { to: 'ledger', message: 'pay', atMs: 0, payload: { amount: 100 } },
      { to: 'ledger', message: 'look', atMs: 10 },
      { to: 'exchange', message: 'change', atMs: 20 },
      { to: 'ledger', message: 'look', atMs: 30 },
    ],
  },
  observables: {
    seen: 'ledger.seen.map(s, s.cents)',
    events: 'ledger.events.size()',
    'as of 10 ms': 'state("account", "1", 10, 10).cents',
    'as of 30 ms': 'state("account", "1", 30, 30).cents',
  },
  properties: {
    'same events same state': {
      when: 'eventually',
      check: 'ledger.seen.all(s, s.cents == ledger.seen.map(x, x.cents)[0])',
      title: 'The same events give the same state',
    },
  },
  expect: { seen: [11_000, 20_000], events: 1, 'as of 10 ms': 11_000, 'as of 30 ms': 20_000 },
  breaks: ['same events same state'],
  variants: {
    asks: { title: 'the fold asks', breaks: ['same events same state'] },
    recorded: {
      title: 'the rate is in the event',
      patch: {
        services: {
          ledger: { store: { aggregates: { account: { evolve: { Paid: 'cents += amount * rate' } } } } },
        },
      },
      expect: { seen: [11_000, 11_000], 'as of 30 ms': 11_000 },
    },
  },
}

const book = (isolation: 'read committed' | 'serializable') =>
  ({
    title: 'Duty roster',
    handlerMs: 0,
    isolation,
    store: {
      aggregates: { doctor: { state: { onCall: true }, evolve: { LeftCall: 'onCall = false' } } },
      events: [
        { stream: 'doctor-a', type: 'CameOnCall' },
        { stream: 'doctor-b', type: 'CameOnCall' },
      ],
    },
    operations: {
      leave: {
        do: [
          { load: 'doctor', id: 'me', as: 'mine' },
          { load: 'doctor', id: 'other', as: 'theirs' },
          { check: 'theirs.onCall', otherwise: 'NOBODY_LEFT' },
          { work: 5 },
          { append: 'LeftCall', to: 'mine', with: {} },
        ],
      },
    },
  }) satisfies ScenarioInput['services'][string]

export const twoStreams: ScenarioInput = {
  sagascope: 1,
  id: 'two-streams',
  title: 'One rule over two streams',
  case: 'E11',
  chapter: 'Event sourcing',
  text: 'Two doctors are on call, one must stay. Both look at the other’s stream and leave at the same moment. Each append is where it expected to be, because the expected version guards one stream only: nobody is left. A rule over both needs one stream for both, or a serializable transaction.',
  services: { roster: book('read committed') },
  workload: {
    requests: [
      { to: 'roster', message: 'leave', payload: { me: 'a', other: 'b' } },
      { to: 'roster', message: 'leave', payload: { me: 'b', other: 'a' } },
    ],
  },
  observables: {
    'on call': '[state("doctor", "a").onCall, state("doctor", "b").onCall].filter(x, x).size()',
    conflicts: 'conflicts',
    answers: 'clients.map(c, c.answer)',
  },
  properties: {
    'one stays': {
      when: 'always',
      check: 'state("doctor", "a").onCall || state("doctor", "b").onCall',
      title: 'One doctor is always on call',
    },
  },
  expect: { 'on call': 0, conflicts: 0, answers: ['ok', 'ok'] },
  breaks: ['one stays'],
  variants: {
    'two streams': { title: 'a stream each', breaks: ['one stays'] },
    serializable: {
      title: 'a stream each, serializable',
      patch: { services: { roster: { isolation: 'serializable' } } },
      expect: { 'on call': 1, conflicts: 1, answers: ['ok', 'refused NOBODY_LEFT'] },
    },
    'one stream': {
      title: 'one stream for the shift',
      patch: {
        services: {
          roster: {
            store: {
              aggregates: {
                doctor: null,
                shift: { state: { onCall: 2 }, evolve: { LeftCall: 'onCall -= 1' } },
              },
              events: [{ stream: 'shift-1', type: 'CameOnCall' }],
            },
            operations: {
              leave: {
                do: [
                  { load: 'shift', id: "'1'", as: 'shift' },
                  { check: 'shift.onCall > 1', otherwise: 'NOBODY_LEFT' },
                  { work: 5 },
                  { append: 'LeftCall', to: 'shift', with: {}, onConflict: 'reload' },
                ],
              },
            },
          },
        },
        observables: { 'on call': 'state("shift", "1").onCall' },
        properties: { 'one stays': { check: 'state("shift", "1").onCall >= 1' } },
      },
      expect: { 'on call': 1, conflicts: 1, answers: ['ok', 'refused NOBODY_LEFT'] },
    },
  },
}
