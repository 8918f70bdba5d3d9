/** What turning duplicates away does not do: order, the right place for the row, and what needs none of it. */
import type { ScenarioInput } from '../scenario/schema.ts'

const chapter = 'Idempotency'
const write = {
  update: 'addresses',
  where: { customer: "'c1'" },
  change: ['street = newStreet', 'version = newVersion'],
}

export const notInOrder: ScenarioInput = {
  sagascope: 1,
  id: 'not-in-order',
  title: 'No duplicates, and still wrong',
  chapter,
  text: 'Two changes of one address, each delivered once. The first is late, and overwrites the second: an inbox knows messages, not their order. A version that is looked at under the row lock drops what is old.',
  bus: { order: 'none' },
  services: {
    shop: { operations: { move: { do: [{ send: 'write', to: 'customers' }] } } },
    customers: {
      tables: {
        addresses: {
          columns: ['customer', 'street', 'version'],
          key: 'customer',
          rows: [{ customer: 'c1', street: 'Old Street', version: 0 }],
        },
      },
      operations: { write: { do: [write] } },
      protections: { inbox: {} },
    },
  },
  workload: {
    requests: [
      { to: 'shop', message: 'move', payload: { newStreet: 'High Street', newVersion: 1 } },
      { to: 'shop', message: 'move', atMs: 100, payload: { newStreet: 'Park Lane', newVersion: 2 } },
    ],
  },
  faults: [{ kind: 'delay', message: 'write', byMs: 1000 }],
  observables: {
    street: 'customers.addresses["c1"].street',
    duplicates: 'deduplicated("write")',
    remembered: 'customers.inbox.size()',
  },
  properties: {
    NEWEST: {
      when: 'eventually',
      check: 'customers.addresses.all(a, a.version == 2)',
      title: 'The newest change stands',
      broken: 'Overwritten: an older change came later.',
    },
  },
  expect: { street: 'High Street', duplicates: 0, remembered: 2 },
  breaks: ['NEWEST'],
  variants: {
    late: { title: 'the first change is late', breaks: ['NEWEST'] },
    'late duplicate': {
      title: 'a duplicate of the first is late',
      text: 'That is what an inbox is for.',
      patch: { faults: [{ kind: 'duplicate', message: 'write', byMs: 1000 }] },
      expect: { street: 'Park Lane', duplicates: 1 },
    },
    version: {
      title: 'older versions are dropped',
      patch: {
        services: { customers: { operations: { write: { do: [{ ...write, require: 'version < newVersion' }] } } } },
      },
      expect: { street: 'Park Lane' },
    },
  },
}

const charge = { insert: 'ledger', row: { order: 'order' } }
const seen = { return: 'seen[order] != null' }
const remember = { insert: 'seen', row: { order: 'order' } }
const crash = (point: 'before commit' | 'after commit' | 'after send') =>
  ({ kind: 'crash', service: 'payment', on: 'charge', point, restartMs: 1000 }) as const
const statements = (...list: object[]) => ({ services: { payment: { operations: { charge: { do: list } } } } })

export const inboxWhere: ScenarioInput = {
  sagascope: 1,
  id: 'inbox-where',
  title: 'Where the inbox row is written',
  chapter,
  text: 'The same two statements, remember and charge, in three orders. Remembered in a transaction before it, a crash in between loses the charge. Remembered in a transaction after it, the charge is made twice. In one transaction there is no in between.',
  services: {
    payment: {
      tables: { ledger: { columns: ['order'] }, seen: { columns: ['order'], key: 'order' } },
      operations: { charge: { do: [seen, remember, charge] } },
    },
  },
  workload: { requests: [{ to: 'payment', message: 'charge', payload: { order: 'o1' } }] },
  observables: {
    charges: 'payment.ledger.size()',
    remembered: 'payment.seen.size()',
    deliveries: 'deliveries("charge")',
  },
  properties: {
    'EXACTLY-ONCE': {
      when: 'eventually',
      check: 'payment.ledger.size() == 1',
      title: 'Charged exactly once',
      broken: 'Not once: the row and the charge do not stand and fall together.',
    },
  },
  expect: { charges: 1, remembered: 1 },
  variants: {
    before: {
      title: 'a transaction before the charge',
      patch: {
        ...statements(seen, remember, { commit: 'remembered' }, { work: 10 }, charge),
        faults: [crash('before commit')],
      },
      expect: { charges: 0, deliveries: 2 },
      breaks: ['EXACTLY-ONCE'],
    },
    after: {
      title: 'a transaction after the charge',
      patch: {
        ...statements(seen, charge, { commit: 'charged' }, { work: 10 }, remember),
        faults: [crash('before commit')],
      },
      expect: { charges: 2, deliveries: 2 },
      breaks: ['EXACTLY-ONCE'],
    },
    'in, crash before': {
      title: 'one transaction, crash before the commit',
      patch: { faults: [crash('before commit')] },
      expect: { deliveries: 2 },
    },
    'in, crash after': {
      title: 'one transaction, crash after the commit',
      patch: { faults: [crash('after commit')] },
      expect: { deliveries: 2 },
    },
  },
}

export const byNature: ScenarioInput = {
  sagascope: 1,
  id: 'by-nature',
  title: 'Idempotent by nature',
  chapter,
  text: 'Every request comes three times, and nothing protects the service. Setting a state and deleting a row may be repeated as often as you like; adding one may not. But a set that is repeated late brings back what had been changed meanwhile.',
  services: {
    shop: {
      tables: {
        orders: { columns: ['id', 'state', 'reminders'], key: 'id', rows: [{ id: 'o1', state: 'OPEN', reminders: 0 }] },
        carts: { columns: ['id'], key: 'id', rows: [{ id: 'o1' }] },
      },
      operations: {
        pay: { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'PAID'" }] },
        refund: { do: [{ update: 'orders', where: { id: 'order' }, change: "state = 'REFUNDED'" }] },
        remind: { do: [{ update: 'orders', where: { id: 'order' }, change: 'reminders += 1' }] },
        clear: { do: [{ delete: 'carts', where: { id: 'order' } }] },
      },
    },
  },
  workload: {
    requests: ['pay', 'remind', 'clear'].map((message) => ({
      to: 'shop',
      message,
      payload: { order: 'o1' },
      copies: 3,
      everyMs: 100,
    })),
  },
  observables: {
    state: 'shop.orders["o1"].state',
    reminders: 'shop.orders["o1"].reminders',
    carts: 'shop.carts.size()',
    answers: 'clients.map(c, c.answer).distinct()',
  },
  expect: { state: 'PAID', reminders: 3, carts: 0, answers: ['ok'] },
  variants: {
    thrice: { title: 'set, add and delete, three times each' },
    'set late': {
      title: 'a set that is repeated after a refund',
      patch: {
        workload: {
          requests: [
            { to: 'shop', message: 'pay', payload: { order: 'o1' }, copies: 2, everyMs: 1000 },
            { to: 'shop', message: 'refund', atMs: 500, payload: { order: 'o1' } },
          ],
        },
      },
      expect: { state: 'PAID', reminders: 0, carts: 1 },
    },
  },
}
