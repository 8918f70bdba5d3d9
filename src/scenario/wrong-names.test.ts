// What a visitor hears of a name that does not exist: the place, and what was meant.
import { describe, expect, it } from 'vitest'
import { type Anything, charge, ledger, problemsOf, set, steps } from '../../test/problems-of.ts'

describe('the order saga as it is', () => {
  it('has no problem', () => {
    expect(problemsOf(() => {})).toEqual([])
  })
})

describe('names that do not exist', () => {
  it.each<[string, (scenario: Anything) => void, string]>([
    [
      'an operation in a step',
      (s) => set(steps(s)[1], { operation: 'chrage' }),
      'sagas.order.steps[1].operation: no operation "chrage" in service payment; did you mean "charge"?',
    ],
    [
      'a compensation in a step',
      (s) => set(steps(s)[1], { compensation: 'refnd' }),
      'sagas.order.steps[1].compensation: no operation "refnd" in service payment; did you mean "refund"?',
    ],
    [
      'a service in a step',
      (s) => set(steps(s)[1], { service: 'paymnt' }),
      'sagas.order.steps[1].service: no service "paymnt"; did you mean "payment"?',
    ],
    [
      'a step to wait for',
      (s) => set(steps(s)[2], { after: ['chrage'] }),
      'sagas.order.steps[2].after[0]: no step "chrage"; did you mean "charge"?',
    ],
    [
      'a step in the order of compensations',
      (s) => set(s.sagas.order, { compensations: [['reserve'], ['chrge']] }),
      'sagas.order.compensations[1][0]: no step "chrge"; did you mean "charge"?',
    ],
    [
      'a table in a statement',
      (s) => set(charge(s).do[0], { update: 'acounts' }),
      'services.payment.operations.charge.do[0].update: no table "acounts" in service payment; did you mean "accounts"?',
    ],
    [
      'a column to look for',
      (s) => set(charge(s).do[0], { where: { custmer: 'customer' } }),
      'services.payment.operations.charge.do[0].where.custmer: no column "custmer" in accounts; did you mean "customer"?',
    ],
    [
      'a column to change',
      (s) => set(charge(s).do[0], { change: 'balanc -= amount' }),
      'services.payment.operations.charge.do[0].change[0]: no column "balanc" in accounts; did you mean "balance"?',
    ],
    [
      'a column to insert',
      (s) => set(charge(s).do[1].row, { ordr: 'order' }),
      'services.payment.operations.charge.do[1].row.ordr: no column "ordr" in ledger; did you mean "order"?',
    ],
    [
      'a name in a guard',
      (s) => set(charge(s).do[0], { require: 'balnce >= amount' }),
      'services.payment.operations.charge.do[0].require: unknown name "balnce"; did you mean "balance"?',
    ],
    [
      'a statement inside an if',
      (s) => set(s.services.payment.operations.refund.do[0].do[0], { update: 'acounts' }),
      'services.payment.operations.refund.do[0].do[0].update: no table "acounts" in service payment; did you mean "accounts"?',
    ],
    [
      'a key column',
      (s) => set(ledger(s), { key: 'ordr' }),
      'services.payment.tables.ledger.key: no column "ordr" in ledger; did you mean "order"?',
    ],
    [
      'a column of a unique index',
      (s) => set(ledger(s), { unique: [['order', 'tpye']] }),
      'services.payment.tables.ledger.unique[0][1]: no column "tpye" in ledger; did you mean "type"?',
    ],
    [
      'a column of a row',
      (s) => set(s.services.payment.tables.accounts.rows[0], { balanc: 4 }),
      'services.payment.tables.accounts.rows[0].balanc: no column "balanc" in accounts; did you mean "balance"?',
    ],
    [
      'the receiver of a request',
      (s) => set(s.workload.requests[0], { to: 'ordr' }),
      'workload.requests[0].to: no service "ordr"; did you mean "order"?',
    ],
    [
      'the message of a request',
      (s) => set(s.workload.requests[0], { message: 'PlacOrder' }),
      'workload.requests[0].message: service order handles no message "PlacOrder"; did you mean "PlaceOrder"?',
    ],
    [
      'the message of a fault',
      (s) => set(s, { faults: [{ kind: 'drop', message: 'chrage' }] }),
      'faults[0].message: no message is called "chrage"; did you mean "charge"?',
    ],
    [
      'the service of a fault',
      (s) => set(s, { faults: [{ kind: 'crash', service: 'paymnt' }] }),
      'faults[0].service: no service "paymnt"; did you mean "payment"?',
    ],
    [
      'what a fault strikes',
      (s) => set(s, { faults: [{ kind: 'fail', service: 'payment', on: 'chrage' }] }),
      'faults[0].on: nothing called "chrage" is handled; did you mean "charge"?',
    ],
    [
      'a side of a partition',
      (s) => set(s, { faults: [{ kind: 'partition', between: [['order'], ['paymet']] }] }),
      'faults[0].between[1][0]: no service "paymet"; did you mean "payment"?',
    ],
    [
      'a table in a property',
      (s) => set(s.properties.MONEY, { check: 'payment.acounts.size() == 1' }),
      'properties.MONEY.check: no table "acounts" in service payment; did you mean "accounts"?',
    ],
    [
      'a column in a property',
      (s) => set(s.properties.MONEY, { check: 'payment.accounts.exists(a, a.balanc > 1)' }),
      'properties.MONEY.check: no column "balanc"; did you mean "balance"?',
    ],
    [
      'a function in a property',
      (s) => set(s.properties.MONEY, { check: 'payment.accounts.sze() == 1' }),
      'properties.MONEY.check: unknown function "sze"; did you mean "size"?',
    ],
    [
      'a message in a count',
      (s) => set(s.observables, { charges: 'sent("chrage")' }),
      'observables.charges: no message is called "chrage"; did you mean "charge"?',
    ],
    [
      'a count of the bus',
      (s) => set(s.observables, { charges: 'bus.snt' }),
      'observables.charges: the bus has no count "snt"; did you mean "sent"?',
    ],
    [
      'an expected observable',
      (s) => set(s.expect, { chrges: 1 }),
      'expect.chrges: no observable "chrges"; did you mean "charges"?',
    ],
    [
      'a property that should break',
      (s) => set(s, { breaks: ['ATM'] }),
      'breaks[0]: no property "ATM"; did you mean "ATOM"?',
    ],
  ])('%s', (_, change, line) => {
    expect(problemsOf(change)).toEqual([line])
  })

  it('lists what there is when nothing is close', () => {
    expect(problemsOf((s) => set(steps(s)[3], { operation: 'teleport' }))).toEqual([
      'sagas.order.steps[3].operation: no operation "teleport" in service shipping; there is ship',
    ])
  })
})

describe('fields that do not exist', () => {
  it.each<[string, (scenario: Anything) => void, string]>([
    ['at the top', (s) => set(s, { servces: {} }), 'servces: unknown field; did you mean "services"?'],
    [
      'in a step',
      (s) => set(steps(s)[1], { timeoutMS: 5 }),
      'sagas.order.steps[1].timeoutMS: unknown field; did you mean "timeoutMs"?',
    ],
    [
      'in a statement',
      (s) => set(charge(s).do[0], { requir: 'true' }),
      'services.payment.operations.charge.do[0].requir: unknown field; did you mean "require"?',
    ],
    [
      'in a retry policy',
      (s) => set(steps(s)[1], { retry: { inital: 5 } }),
      'sagas.order.steps[1].retry.inital: unknown field; ',
    ],
    [
      'of another kind of statement',
      (s) => set(charge(s).do[0], { insert: 'ledger' }),
      'services.payment.operations.charge.do[0].insert: unknown field',
    ],
    [
      'of another kind of fault',
      (s) => set(s, { faults: [{ kind: 'drop', restartMs: 5 }] }),
      'faults[0].restartMs: unknown field',
    ],
  ])('%s', (_, change, line) => {
    // The start of it: the list of what there is grows with the language.
    expect(problemsOf(change).map((problem) => problem.slice(0, line.length))).toEqual([line])
  })

  it('missing ones are named', () => {
    expect(problemsOf((s) => void delete steps(s)[1].operation)).toEqual([
      'sagas.order.steps[1].operation: this field is missing',
    ])
  })

  it('a statement without a known key hears which there are', () => {
    const keys = 'update, insert, delete, check, if, read, work, return'
    expect(problemsOf((s) => set(charge(s), { do: [{ udpate: 'accounts' }] }))[0]).toMatch(
      new RegExp(`do\\[0\\]: a statement has one of the fields ${keys}.*; did you mean "update"\\?$`),
    )
    for (const statement of [{}, 'balance -= amount', null, 7]) {
      expect(problemsOf((s) => set(charge(s), { do: [statement] }))[0]).toMatch(
        new RegExp(`do\\[0\\]: a statement has one of the fields ${keys}`),
      )
    }
  })
})
