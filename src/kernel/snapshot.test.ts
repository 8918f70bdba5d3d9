// Isolation above READ COMMITTED, told by two clerks of one bank who work at the same time.
import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

type Service = ScenarioInput['services'][string]
type Operations = NonNullable<Service['operations']>
type Level = NonNullable<Service['isolation']>
type Requests = readonly { message: string; atMs?: number }[]

/** A bank whose operations a test chooses; every request is a client of its own. */
function bank(isolation: Level, operations: Operations, requests: Requests, protections: Service['protections'] = {}) {
  const run = runScenario({
    sagascope: 1,
    id: 'bank',
    title: 'Bank',
    services: {
      bank: {
        handlerMs: 0,
        isolation,
        tables: {
          accounts: {
            columns: ['customer', 'balance'],
            key: 'customer',
            rows: [
              { customer: 'c1', balance: 100 },
              { customer: 'c2', balance: 100 },
            ],
          },
          seen: { columns: ['total'] },
          receipts: { columns: ['order'], unique: [['order']] },
        },
        operations,
        protections,
      },
    },
    workload: { requests: requests.map((request) => ({ to: 'bank', key: 'k1', ...request })) },
    observables: {
      balances: 'bank.accounts.map(a, a.balance)',
      seen: 'bank.seen.map(s, s.total)',
      receipts: 'bank.receipts.size()',
      conflicts: 'conflicts',
      answers: 'clients.map(c, c.answer)',
    },
  })
  return { ...run.observables, lines: sentences(run.trace) }
}

/** Reads, thinks, writes what it has read plus ten. */
const deposit: Operations = {
  deposit: {
    do: [
      { read: 'accounts', where: { customer: "'c1'" }, as: 'account' },
      { work: 20 },
      { update: 'accounts', where: { customer: "'c1'" }, change: 'balance = account.balance + 10' },
    ],
  },
}
const two = (message: string): Requests => [{ message }, { message, atMs: 10 }]

describe('a lost update', () => {
  it('happens at READ COMMITTED', () => {
    expect(bank('read committed', deposit, two('deposit'))).toMatchObject({ balances: [110, 100], conflicts: 0 })
  })

  it.each(['repeatable read', 'serializable'] as const)(
    'does not at %s: who comes too late is handled again',
    (level) => {
      const outcome = bank(level, deposit, two('deposit'))
      expect(outcome).toMatchObject({ balances: [120, 100], conflicts: 1, answers: ['ok', 'ok'] })
      expect(outcome.lines.filter((line) => line.includes('rolled back'))).toEqual([
        '30 ms  Bank rolled back deposit: serialization error: somebody else was first',
      ])
    },
  )
})

describe('two looks at the same rows', () => {
  const operations: Operations = {
    count: {
      do: [
        { insert: 'seen', row: { total: 'accounts.map(a, a.balance).sum()' } },
        { work: 20 },
        { insert: 'seen', row: { total: 'accounts.map(a, a.balance).sum()' } },
      ],
    },
    gift: { do: [{ update: 'accounts', where: { customer: "'c2'" }, change: 'balance += 50' }] },
  }
  const meanwhile: Requests = [{ message: 'count' }, { message: 'gift', atMs: 10 }]

  it('differ at READ COMMITTED', () => {
    expect(bank('read committed', operations, meanwhile)).toMatchObject({ seen: [200, 250] })
  })

  it('agree at REPEATABLE READ, on what was true at the beginning', () => {
    expect(bank('repeatable read', operations, meanwhile)).toMatchObject({ seen: [200, 200], conflicts: 0 })
  })

  it('agree at SERIALIZABLE, on what is true at the commit', () => {
    expect(bank('serializable', operations, meanwhile)).toMatchObject({ seen: [250, 250], conflicts: 1 })
  })
})

describe('write skew', () => {
  const withdraw = (customer: string): Operations[string] => ({
    do: [
      { check: 'accounts.map(a, a.balance).sum() >= 150', otherwise: 'POOR' },
      { work: 20 },
      { update: 'accounts', where: { customer: `'${customer}'` }, change: 'balance -= 100' },
    ],
  })
  const operations: Operations = { first: withdraw('c1'), second: withdraw('c2') }
  const both: Requests = [{ message: 'first' }, { message: 'second', atMs: 10 }]

  it('passes at REPEATABLE READ: each writes another row', () => {
    expect(bank('repeatable read', operations, both)).toMatchObject({ balances: [0, 0], conflicts: 0 })
  })

  it('does not pass at SERIALIZABLE: what the second has read is no longer true', () => {
    expect(bank('serializable', operations, both)).toMatchObject({
      balances: [0, 100],
      conflicts: 1,
      answers: ['ok', 'refused POOR'],
    })
  })
})

describe('a serializable transaction', () => {
  it('is not disturbed by a commit in rows it has not looked at', () => {
    const operations: Operations = {
      ...deposit,
      gift: { do: [{ update: 'accounts', where: { customer: "'c2'" }, change: 'balance += 50' }] },
    }
    expect(bank('serializable', operations, [{ message: 'deposit' }, { message: 'gift', atMs: 10 }])).toMatchObject({
      balances: [110, 150],
      conflicts: 0,
    })
  })

  it('that writes nothing is never handled again', () => {
    const operations: Operations = {
      look: { do: [{ check: 'accounts.size() == 2', otherwise: 'ODD' }, { work: 20 }] },
      gift: { do: [{ update: 'accounts', change: 'balance += 1' }] },
    }
    expect(bank('serializable', operations, [{ message: 'look' }, { message: 'gift', atMs: 10 }])).toMatchObject({
      conflicts: 0,
      answers: ['ok', 'ok'],
    })
  })

  it('sees a unique value that was not there when it looked', () => {
    const operations: Operations = {
      book: {
        do: [
          { return: "receipts.exists(r, r.order == 'o1')" },
          { work: 20 },
          { insert: 'receipts', row: { order: "'o1'" }, conflict: 'ignore' },
        ],
      },
    }
    expect(bank('serializable', operations, two('book'))).toMatchObject({ receipts: 1, conflicts: 1 })
    expect(bank('repeatable read', operations, two('book'))).toMatchObject({ receipts: 1, conflicts: 1 })
    expect(bank('read committed', operations, two('book'))).toMatchObject({ receipts: 1, conflicts: 0 })
  })

  it('keeps a claim that has committed when its work is done again', () => {
    const outcome = bank(
      'serializable',
      deposit,
      [{ message: 'deposit' }, { message: 'deposit', atMs: 10 }].map((request, i) => ({ ...request, key: `k${i}` })),
      { idempotencyKey: { mode: 'claim first' } },
    )
    expect(outcome).toMatchObject({ balances: [120, 100], conflicts: 1, answers: ['ok', 'ok'] })
  })

  it('keeps what an earlier phase has committed', () => {
    const phases: Operations = {
      deposit: {
        do: [{ insert: 'seen', row: { total: '1' } }, { commit: 'noted' }, ...(deposit.deposit?.do ?? [])],
      },
    }
    expect(bank('serializable', phases, two('deposit'))).toMatchObject({
      balances: [120, 100],
      seen: [1, 1],
      conflicts: 1,
    })
  })
})
