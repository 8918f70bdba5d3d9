// Two requests at once, told by the trace: who waits for whom, who goes through, who fails.
import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

type Requests = NonNullable<NonNullable<ScenarioInput['workload']>['requests']>
type Operations = NonNullable<ScenarioInput['services'][string]['operations']>

const twoAccounts = [
  { customer: 'c1', balance: 100 },
  { customer: 'c2', balance: 100 },
]

/** A bank whose operations a test chooses; every request is a client of its own. */
function bank(operations: Operations, requests: Requests, extra: Partial<ScenarioInput> = {}) {
  return runScenario({
    sagascope: 1,
    id: 'bank',
    title: 'Bank',
    services: {
      bank: {
        handlerMs: 0,
        tables: {
          accounts: { columns: ['customer', 'balance'], key: 'customer', rows: twoAccounts },
          receipts: { columns: ['order'], unique: [['order']] },
        },
        operations,
      },
    },
    workload: { requests: requests.map((request) => ({ ...request, to: 'bank' })) },
    observables: {
      balance: 'bank.accounts["c1"].balance',
      other: 'bank.accounts["c2"].balance',
      receipts: 'bank.receipts.size()',
      answers: 'clients.map(c, c.answer)',
    },
    ...extra,
  })
}

const about = (lines: readonly string[], ...words: RegExp[]) =>
  lines.filter((line) => words.some((word) => word.test(line)))

describe('two writers of one row', () => {
  const take: Operations = {
    take: {
      do: [
        {
          update: 'accounts',
          where: { customer: "'c1'" },
          require: 'balance >= 80',
          otherwise: 'POOR',
          change: 'balance -= 80',
        },
        { work: 10 },
      ],
    },
  }
  const run = bank(take, [
    { to: 'bank', message: 'take' },
    { to: 'bank', message: 'take', atMs: 4 },
  ])

  it('the second waits, then checks its guard against what the first has committed', () => {
    expect(about(sentences(run.trace), /Bank waits/, /Bank committed/, /Bank refused/)).toEqual([
      '4 ms  Bank waits for a row of accounts',
      '10 ms  Bank committed take',
      '10 ms  Bank refused take: POOR',
    ])
    expect(run.observables).toMatchObject({ balance: 20, answers: ['ok', 'refused POOR'] })
  })
})

describe('two inserts of one unique value', () => {
  const issue = (uniqueViolation: 'fail' | 'existing'): Operations => ({
    issue: { uniqueViolation, do: [{ insert: 'receipts', row: { order: "'o1'" } }, { work: 10 }] },
  })
  const both: Requests = [
    { to: 'bank', message: 'issue' },
    { to: 'bank', message: 'issue', atMs: 4 },
  ]

  it('the second waits for the first and is then a violation', () => {
    const run = bank(issue('fail'), both)
    expect(about(sentences(run.trace), /Bank waits/, /Bank committed/, /Bank failed/)).toEqual([
      '4 ms  Bank waits for a unique value of receipts',
      '10 ms  Bank committed issue',
      '10 ms  Bank failed on issue: UNIQUE_VIOLATION',
    ])
    expect(run.observables).toMatchObject({ receipts: 1, answers: ['ok', 'error UNIQUE_VIOLATION'] })
  })

  it('or the result that is there, where the handler maps it', () => {
    expect(bank(issue('existing'), both).observables).toMatchObject({ receipts: 1, answers: ['ok', 'ok'] })
  })

  it('goes through when the first rolls back', () => {
    const run = bank(
      {
        ...issue('fail'),
        issueBadly: {
          do: [{ insert: 'receipts', row: { order: "'o1'" } }, { work: 10 }, { check: 'false', otherwise: 'NO' }],
        },
      },
      [
        { to: 'bank', message: 'issueBadly' },
        { to: 'bank', message: 'issue', atMs: 4 },
      ],
    )
    expect(about(sentences(run.trace), /Bank waits/, /Bank refused/, /Bank committed/)).toEqual([
      '4 ms  Bank waits for a unique value of receipts',
      '10 ms  Bank refused issueBadly: NO',
      '20 ms  Bank committed issue',
    ])
    expect(run.observables).toMatchObject({ receipts: 1, answers: ['refused NO', 'ok'] })
  })

  it('goes through when the first dies in a crash', () => {
    const run = bank({ ...issue('fail') }, both, {
      faults: [{ kind: 'crash', service: 'bank', on: 'issue', point: 'before commit', restartMs: 100 }],
    })
    expect(run.observables).toMatchObject({ receipts: 1 })
    expect(about(sentences(run.trace), /Bank committed/)).toHaveLength(1)
  })
})

describe('locks taken in opposite order', () => {
  const move = (from: string, to: string): Operations[string] => ({
    do: [
      { update: 'accounts', where: { customer: `'${from}'` }, change: 'balance -= 10' },
      { work: 10 },
      { update: 'accounts', where: { customer: `'${to}'` }, change: 'balance += 10' },
    ],
  })

  it('the one that closes the circle fails, the other goes on, and nothing is half done', () => {
    const run = bank({ there: move('c1', 'c2'), back: move('c2', 'c1') }, [
      { to: 'bank', message: 'there' },
      { to: 'bank', message: 'back', atMs: 1 },
    ])
    expect(about(sentences(run.trace), /Bank waits/, /Bank failed/, /Bank rolled back/, /Bank committed/)).toEqual([
      '10 ms  Bank waits for a row of accounts',
      '11 ms  Bank failed on back: DEADLOCK',
      '11 ms  Bank rolled back back: DEADLOCK',
      '11 ms  Bank committed there',
    ])
    expect(run.observables).toMatchObject({ balance: 90, other: 110, answers: ['ok', 'error DEADLOCK'] })
  })
})

describe('reading', () => {
  const peek: Operations = {
    add: { do: [{ update: 'accounts', where: { customer: "'c1'" }, change: 'balance += 5' }, { work: 10 }] },
    copy: {
      do: [
        { read: 'accounts', where: { customer: "'c1'" }, as: 'mine' },
        { update: 'accounts', where: { customer: "'c2'" }, change: 'balance = mine.balance' },
      ],
    },
    copyLocked: {
      do: [
        { read: 'accounts', where: { customer: "'c1'" }, as: 'mine', lock: true },
        { update: 'accounts', where: { customer: "'c2'" }, change: 'balance = mine.balance' },
      ],
    },
  }

  it('sees what is committed and waits for nobody', () => {
    const run = bank(peek, [
      { to: 'bank', message: 'add' },
      { to: 'bank', message: 'copy', atMs: 5 },
    ])
    expect(about(sentences(run.trace), /Bank waits/)).toEqual([])
    expect(run.observables).toMatchObject({ balance: 105, other: 100 })
  })

  it('with a lock waits for the writer and sees what it committed', () => {
    const run = bank(peek, [
      { to: 'bank', message: 'add' },
      { to: 'bank', message: 'copyLocked', atMs: 5 },
    ])
    expect(about(sentences(run.trace), /Bank waits/)).toEqual(['5 ms  Bank waits for a row of accounts'])
    expect(run.observables).toMatchObject({ balance: 105, other: 105 })
  })

  it('twice in one transaction can give two answers', () => {
    const run = bank(
      {
        ...peek,
        twice: {
          do: [
            { read: 'accounts', where: { customer: "'c1'" }, as: 'before' },
            { work: 20 },
            { read: 'accounts', where: { customer: "'c1'" }, as: 'after' },
            { update: 'accounts', where: { customer: "'c2'" }, change: 'balance = after.balance - before.balance' },
          ],
        },
      },
      [
        { to: 'bank', message: 'add' },
        { to: 'bank', message: 'twice', atMs: 5 },
      ],
    )
    expect(run.observables).toMatchObject({ other: 5 })
  })
})

describe('check, then act', () => {
  const claim = (lock: boolean): Operations => ({
    claim: {
      do: [
        { read: 'accounts', where: { customer: "'c1'" }, as: 'seen', lock },
        { check: 'seen.balance >= 80', otherwise: 'POOR' },
        { work: 20 },
        { update: 'accounts', where: { customer: "'c1'" }, change: 'balance -= 80' },
      ],
    },
  })
  const at = (atMs: number): Requests => [
    { to: 'bank', message: 'claim' },
    { to: 'bank', message: 'claim', atMs },
  ]

  it.each([0, 10, 19])('both pass the check when the second starts %d ms later', (gap) => {
    expect(bank(claim(false), at(gap)).observables).toMatchObject({ balance: -60, answers: ['ok', 'ok'] })
  })

  it.each([21, 30])('one is refused when the second starts %d ms later', (gap) => {
    expect(bank(claim(false), at(gap)).observables).toMatchObject({ balance: 20, answers: ['ok', 'refused POOR'] })
  })

  it.each([0, 10, 19, 21])('a lock closes the window at %d ms', (gap) => {
    expect(bank(claim(true), at(gap)).observables).toMatchObject({ balance: 20, answers: ['ok', 'refused POOR'] })
  })
})
