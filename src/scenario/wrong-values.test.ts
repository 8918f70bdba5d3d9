// What a visitor hears of a value of the wrong kind: the place, what was expected, what is there.
import { describe, expect, it } from 'vitest'
import { type Anything, charge, ledger, problemsOf, set, steps } from '../../test/problems-of.ts'

describe('values of the wrong kind', () => {
  it.each<[string, (scenario: Anything) => void, string]>([
    [
      'a negative time',
      (s) => set(steps(s)[1], { timeoutMs: -5 }),
      'sagas.order.steps[1].timeoutMs: a time cannot be negative',
    ],
    [
      'a time as text',
      (s) => set(steps(s)[1], { timeoutMs: '5s' }),
      'sagas.order.steps[1].timeoutMs: a time in milliseconds is a number',
    ],
    ['a negative hop', (s) => set(s, { bus: { hopMs: -1 } }), 'bus.hopMs: a time cannot be negative'],
    [
      'half a range',
      (s) => set(s, { bus: { hopMs: [5] } }),
      'bus.hopMs: expected a time in milliseconds, or a range [from, to] in milliseconds, got a list of 1',
    ],
    [
      'an unknown choice',
      (s) => set(steps(s)[1], { kind: 'pivvot' }),
      'sagas.order.steps[1].kind: "pivvot" is none of compensatable, pivot, retriable; did you mean "pivot"?',
    ],
    [
      'a bad value inside a choice',
      (s) => set(steps(s)[1], { retry: { initialMs: -5 } }),
      'sagas.order.steps[1].retry.initialMs: a time cannot be negative',
    ],
    [
      'an unknown crash point',
      (s) => set(s, { faults: [{ kind: 'crash', service: 'payment', point: 'after comit' }] }),
      'faults[0].point: "after comit" is none of on receipt, before commit, after commit, after send, ack lost, after ack; did you mean "after commit"?',
    ],
    ['a fault that is no object', (s) => set(s, { faults: ['crash'] }), 'faults[0]: expected an object, got "crash"'],
    [
      'a restart neither time nor never',
      (s) => set(s, { faults: [{ kind: 'crash', service: 'payment', restartMs: 'nver' }] }),
      'faults[0].restartMs: expected a number or "never", got "nver"; did you mean "never"?',
    ],
    [
      'a probability above 1',
      (s) => set(s, { faults: [{ kind: 'drop', probability: 3 }] }),
      'faults[0].probability: a probability is between 0 and 1',
    ],
    [
      'a partition that heals before it begins',
      (s) => set(s, { faults: [{ kind: 'partition', between: [['order'], ['payment']], fromMs: 5, untilMs: 2 }] }),
      'faults[0].untilMs: a partition heals after it began; make untilMs larger than fromMs',
    ],
    [
      'a crash of the clients',
      (s) => set(s, { faults: [{ kind: 'crash', service: 'client' }] }),
      'faults[0].service: no service "client"; there is order, payment, inventory, shipping',
    ],
    [
      'an object for a cell',
      (s) => set(s.services.payment.tables.accounts.rows[0], { balance: {} }),
      'services.payment.tables.accounts.rows[0].balance: expected a number, a text, true, false or null, got an object',
    ],
    [
      'a change that is none',
      (s) => set(charge(s).do[0], { change: 'balance minus amount' }),
      'services.payment.operations.charge.do[0].change[0]: "balance minus amount" is no change; write "balance -= amount" or "state = \'PAID\'"',
    ],
    [
      'an expression that cannot be read',
      (s) => set(s.observables, { charges: '1 +' }),
      'observables.charges: cannot read "1 +": Unexpected token: EOF',
    ],
    [
      'a part of CEL that is not in the language',
      (s) => set(s.observables, { charges: '{"a": 1}' }),
      'observables.charges: "map" is not part of the language',
    ],
    [
      'a number beyond the safe range',
      (s) => set(s.observables, { charges: '9007199254740993' }),
      'observables.charges: 9007199254740993 is too large: whole numbers stay below 2^53',
    ],
    ['a fractional seed', (s) => set(s, { seed: 1.5 }), 'seed: a seed is a whole number'],
    [
      'a list for the services',
      (s) => set(s, { services: [] }),
      'services: a scenario has at least one service, under its name',
    ],
    [
      'no columns',
      (s) => set(ledger(s), { columns: [] }),
      'services.payment.tables.ledger.columns: expected at least 1 in it, got an empty list',
    ],
    [
      'two rows with one key',
      (s) => s.services.payment.tables.accounts.rows.push({ customer: 'c1' }),
      'services.payment.tables.accounts.rows[1]: a row with customer = "c1" is there already',
    ],
    [
      'a table name that a protection uses',
      (s) => set(s.services.payment.tables, { inbox: { columns: ['id'] } }),
      'services.payment.tables.inbox: "inbox" is kept by a protection; choose another name',
    ],
    [
      'two columns of one name',
      (s) => set(s.services.payment.tables, { extra: { columns: ['id', 'id'] } }),
      'services.payment.tables.extra.columns[1]: two columns are called "id"',
    ],
    [
      'another version',
      (s) => set(s, { sagascope: 2 }),
      'sagascope: this Sagascope reads scenarios of version 1, not 2',
    ],
  ])('%s', (_, change, line) => {
    const problems = problemsOf((scenario) => void change(scenario))
    expect(problems).toContain(line)
  })

  it('an unknown preset hears what a policy is, and which preset was meant', () => {
    expect(problemsOf((s) => set(steps(s)[1], { retry: 'temporl' }))[0]).toMatch(
      /^sagas\.order\.steps\[1\]\.retry: expected a retry policy .*, got "temporl"; did you mean "temporal"\?$/,
    )
  })

  it('a text without quotes of its own is told about them', () => {
    expect(problemsOf((s) => set(charge(s).do[1].row, { type: 'charge' }))[0]).toMatch(
      /do\[1\]\.row\.type: unknown name "charge".*; a constant text needs quotes of its own: "'charge'"$/,
    )
  })

  it.each(['null', '[]', '"a scenario"', '7'])('%s is no scenario', (text) => {
    expect(problemsOf(() => JSON.parse(text))).toEqual(['a scenario is one JSON object'])
  })

  it('an unknown kind of fault hears the kinds and the nearest', () => {
    expect(problemsOf((s) => set(s, { faults: [{ kind: 'crsh', service: 'payment' }] }))[0]).toMatch(
      /^faults\[0\]\.kind: "crsh" is none of crash, drop, duplicate, .*; did you mean "crash"\?$/,
    )
    expect(problemsOf((s) => set(s, { faults: [{ service: 'payment' }] }))[0]).toMatch(
      /^faults\[0\]\.kind: this field is missing; it is one of crash, /,
    )
  })
})

describe('steps', () => {
  it('that wait for each other in a circle are named, and only they', () => {
    const circle = (s: Anything) => {
      steps(s)[1].after = ['reserve']
      steps(s)[2].after = ['charge']
    }
    expect(problemsOf(circle)).toEqual([
      'sagas.order.steps: these steps wait for each other in a circle: charge, reserve; take one name out of an "after"',
    ])
  })

  it('must not wait for themselves', () => {
    expect(problemsOf((s) => set(steps(s)[1], { after: ['charge'] }))[0]).toContain('in a circle: charge;')
  })

  it('in a ladder of a hundred forks are compiled at all', () => {
    const ladder = Array.from({ length: 200 }, (_, i) => ({
      name: `s${i}`,
      service: 'payment',
      operation: 'charge',
      compensation: 'refund',
      after: i < 2 ? [] : [`s${i - (i % 2) - 2}`, `s${i - (i % 2) - 1}`],
    }))
    // Looking at every path instead of every step would take until the sun goes out.
    expect(problemsOf((s) => set(s.sagas.order, { steps: ladder }))).toEqual([])
  })
})
