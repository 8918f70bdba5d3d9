/** Event sourcing: the account whose state is the fold of what happened to it. */
import type { ScenarioInput } from '../scenario/schema.ts'
import type { ServiceInput } from './order-world.ts'

type Store = NonNullable<ServiceInput['store']>
type Statements = NonNullable<ServiceInput['operations']>[string]['do']

const account: NonNullable<Store['aggregates']>[string] = {
  state: { balance: 0, charges: 0 },
  evolve: {
    Opened: 'balance = amount',
    Charged: ['balance -= amount', 'charges += 1'],
    Refunded: 'balance += amount',
  },
}
const load: Statements[number] = { load: 'account', id: 'account', as: 'current' }
const enough: Statements[number] = { check: 'current.balance >= amount', otherwise: 'INSUFFICIENT_FUNDS' }
const data = { amount: 'amount' }

export const ledger: ServiceInput = {
  title: 'Account store',
  handlerMs: 0,
  store: { aggregates: { account } },
  operations: {
    open: { do: [load, { append: 'Opened', to: 'current', expected: 'no stream', with: data }] },
    charge: { do: [load, enough, { append: 'Charged', to: 'current', with: data }] },
    refund: {
      do: [
        load,
        {
          append: 'Refunded',
          to: 'current',
          with: data,
          effectiveMs: 'has(request.effective) ? request.effective : now',
        },
      ],
    },
  },
}

const to = 'ledger'
const ask = (message: string, atMs: number, amount: number, more: object = {}) => ({
  to,
  message,
  atMs,
  payload: { account: '1', amount, ...more },
})
const history = [ask('open', 0, 1000), ask('charge', 10, 100), ask('charge', 20, 100), ask('refund', 30, 100)]
const readable = {
  balance: 'state("account", "1").balance',
  events: 'ledger.events.size()',
}

export const rebuiltState: ScenarioInput = {
  sagascope: 1,
  id: 'state-from-events',
  title: 'State is what happened, folded',
  case: 'E01',
  chapter: 'Event sourcing',
  text: 'Opened with 1000, charged twice, refunded once. The stream keeps all four events; the balance is their fold, and every balance in between can be explained. A row that is overwritten keeps only the last number.',
  services: {
    ledger,
    crud: {
      title: 'A row instead',
      handlerMs: 0,
      tables: { accounts: { columns: ['account', 'balance'], key: 'account', rows: [{ account: '1', balance: 0 }] } },
      operations: {
        set: { do: [{ update: 'accounts', where: { account: 'account' }, change: 'balance += delta' }] },
      },
    },
  },
  workload: {
    requests: [
      ...history,
      ...[1000, -100, -100, 100].map((delta, i) => ({
        to: 'crud',
        message: 'set',
        atMs: i * 10,
        payload: { account: '1', delta },
      })),
    ],
  },
  observables: {
    ...readable,
    audit: 'audit("account", "1").map(e, e.type)',
    balances: 'audit("account", "1").map(e, e.state.balance)',
    'the row keeps': 'crud.accounts["1"].balance',
  },
  properties: {
    explained: {
      when: 'eventually',
      check:
        'sum(audit("account", "1").map(e, e.type == "Charged" ? -e.data.amount : e.data.amount)) == state("account", "1").balance',
      title: 'Every cent is explained by an event',
    },
  },
  expect: {
    balance: 900,
    events: 4,
    audit: ['Opened', 'Charged', 'Charged', 'Refunded'],
    balances: [1000, 900, 800, 900],
    'the row keeps': 900,
  },
}

export const temporalQuery: ScenarioInput = {
  sagascope: 1,
  id: 'temporal-query',
  title: 'What was true then, and what did we know of it?',
  case: 'E02',
  chapter: 'Event sourcing',
  text: 'The same account, asked at different moments. At 40 ms a refund is recorded that took effect at 12 ms already: what was true at 15 ms has changed, what we knew at 25 ms has not. Two clocks, one of the world and one of the record.',
  services: { ledger },
  workload: { requests: [...history, ask('refund', 40, 100, { effective: 12 })] },
  observables: {
    'as of 15, known at 30': 'state("account", "1", 15, 30).balance',
    'as of 25, known at 30': 'state("account", "1", 25, 30).balance',
    'as of 30, known at 30': 'state("account", "1", 30, 30).balance',
    'effective 15, known 40': 'state("account", "1", 15, 40).balance',
    'effective 15, known 25': 'state("account", "1", 15, 25).balance',
    now: 'state("account", "1").balance',
    'at version 3': 'stateAtVersion("account", "1", 3).balance',
  },
  expect: {
    'as of 15, known at 30': 900,
    'as of 25, known at 30': 800,
    'as of 30, known at 30': 900,
    'effective 15, known 40': 1000,
    'effective 15, known 25': 900,
    now: 1000,
    'at version 3': 800,
  },
}

const overdraft: ScenarioInput = {
  sagascope: 1,
  id: 'expected-version',
  title: 'Two charges decide on the same version',
  case: 'E04',
  chapter: 'Event sourcing',
  text: 'Balance 150, two charges of 100, both load version 1 and both find enough. The expected version of the append is what stops the second: it loads again, decides again, and refuses. Without it, or with a retry that only appends again, the account goes below zero.',
  services: {
    ledger: {
      ...ledger,
      store: { aggregates: { account }, events: [{ stream: 'account-1', type: 'Opened', data: { amount: 150 } }] },
    },
  },
  workload: { requests: [ask('charge', 0, 100), ask('charge', 0, 100)] },
  observables: {
    ...readable,
    charges: 'state("account", "1").charges',
    conflicts: 'conflicts',
    answers: 'clients.map(c, c.answer)',
  },
  properties: {
    'no overdraft': {
      when: 'always',
      check: 'state("account", "1").balance >= 0',
      title: 'No account goes below zero',
    },
  },
}
function deciding(append: object): Record<string, unknown> {
  return {
    services: {
      ledger: {
        operations: {
          charge: { do: [load, enough, { work: 5 }, { append: 'Charged', to: 'current', with: data, ...append }] },
        },
      },
    },
  }
}

export const expectedVersion: ScenarioInput = {
  ...overdraft,
  ...{
    services: {
      ledger: {
        ...overdraft.services.ledger,
        operations: {
          charge: {
            do: [load, enough, { work: 5 }, { append: 'Charged', to: 'current', with: data, onConflict: 'reload' }],
          },
        },
      },
    },
  },
  expect: { balance: 50, charges: 1, conflicts: 1, answers: ['ok', 'refused INSUFFICIENT_FUNDS'] },
  variants: {
    expected: { title: 'expected version: reload and decide again' },
    told: {
      title: 'expected version: the caller is told',
      text: 'The second append is an error, WRONG_EXPECTED_VERSION with status 409. Whoever asked may ask again.',
      patch: deciding({ onConflict: 'fail' }),
      expect: { answers: ['ok', 'error WRONG_EXPECTED_VERSION'] },
    },
    any: {
      title: 'no expected version',
      patch: deciding({ expected: 'any' }),
      expect: { balance: -50, charges: 2, conflicts: 0, answers: ['ok', 'ok'] },
      breaks: ['no overdraft'],
    },
    blind: {
      title: 'append again without deciding again',
      patch: deciding({ onConflict: 'append again' }),
      expect: { balance: -50, charges: 2, conflicts: 1, answers: ['ok', 'ok'] },
      breaks: ['no overdraft'],
    },
  },
}

const appendTo = (expected: string | number): Statements => [
  { append: 'Charged', stream: "'account-1'", expected, eventId: 'id', with: data },
]
const put = (id: string, atMs: number, more: object = {}) => ({
  to,
  message: 'put',
  atMs,
  payload: { id, amount: 100 },
  ...more,
})

export const appendAgain: ScenarioInput = {
  sagascope: 1,
  id: 'append-idempotence',
  title: 'The append whose acknowledgement was lost',
  case: 'E05',
  chapter: 'Event sourcing',
  text: 'The stream is at version 3. An event is appended with expected version 3, its acknowledgement is lost, and the writer tries again with the same event id: the store sees the event where it was expected, and says yes without storing it twice. A new id at the same place is a conflict.',
  services: {
    ledger: {
      title: 'Account store',
      handlerMs: 0,
      store: {
        aggregates: { account },
        events: [
          { stream: 'account-1', type: 'Opened', data: { amount: 1000 } },
          { stream: 'account-1', type: 'Charged', data: { amount: 1 }, copies: 2 },
        ],
      },
      operations: {
        put: { do: appendTo(3) },
        'put any': { do: appendTo('any') },
        'put late': { do: appendTo(9) },
        'put both': {
          do: [
            {
              append: [
                { event: 'Charged', eventId: 'id', with: data },
                { event: 'Charged', eventId: "id + '-second'", with: data },
              ],
              stream: "'account-1'",
              expected: 3,
            },
          ],
        },
        'write on': { do: [{ append: 'Refunded', stream: "'account-1'", with: data }] },
      },
    },
  },
  workload: { requests: [put('x', 0, { timeoutMs: 50, retry: { attemptsMax: 2, initialMs: 0 } })] },
  faults: [{ kind: 'drop', message: 'put ok', nth: 1 }],
  observables: {
    stored: 'ledger.events.size() - 3',
    'x stored': "ledger.events.filter(e, e.id == 'x').size()",
    answers: 'clients.map(c, c.answers)',
    conflicts: 'conflicts',
  },
  expect: { stored: 1, 'x stored': 1, conflicts: 0, answers: [['ok']] },
  variants: {
    again: { title: 'the same id again' },
    'others went on': {
      title: 'the same id, and another writer went on',
      patch: {
        workload: {
          requests: [
            put('x', 0, { timeoutMs: 50, retry: { attemptsMax: 2, initialMs: 0 } }),
            { to, message: 'write on', atMs: 20, payload: { amount: 5 } },
          ],
        },
      },
      expect: { stored: 2, answers: [['ok'], ['ok']] },
    },
    'new id': {
      title: 'a new id at the same place',
      patch: { workload: { requests: [put('x', 0), put('y', 60)] }, faults: [] },
      expect: { conflicts: 1, answers: [['ok'], ['error WRONG_EXPECTED_VERSION']] },
    },
    'new id and any': {
      title: 'a new id, and no expected version',
      patch: { workload: { requests: [put('x', 0), { ...put('y', 60), message: 'put any' }] }, faults: [] },
      expect: { stored: 2, answers: [['ok'], ['ok']] },
    },
    batch: {
      title: 'a batch of which one event is stored',
      patch: { workload: { requests: [put('x', 0), { ...put('x', 60), message: 'put both' }] }, faults: [] },
      expect: { conflicts: 1, answers: [['ok'], ['error WRONG_EXPECTED_VERSION']] },
    },
    ahead: {
      title: 'an expected version the stream has not reached',
      patch: { workload: { requests: [{ ...put('x', 0), message: 'put late' }] }, faults: [] },
      expect: { stored: 0, 'x stored': 0, conflicts: 1, answers: [['error WRONG_EXPECTED_VERSION']] },
    },
  },
}
