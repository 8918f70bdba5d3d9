// What a visitor hears of a scenario that cannot run: the place, what is wrong, how to mend it.
import { describe, expect, it } from 'vitest'
import { problemLine } from '../base/result.ts'
import { orderSaga } from '../library/order-world.ts'
import { compile, parseScenario, readScenario, TEXT_MAX } from './compile.ts'
import { formProblem } from './form.ts'

// biome-ignore lint/suspicious/noExplicitAny: scenarios that are wrong on purpose have no type.
type Anything = any

/** The order saga as JSON, changed by the test. */
function problemsOf(change: (scenario: Anything) => unknown): string[] {
  const scenario = JSON.parse(JSON.stringify(orderSaga))
  const replaced = change(scenario)
  const read = readScenario(replaced === undefined ? scenario : replaced)
  const result = read.ok ? compile(read.value) : read
  return result.ok ? [] : result.problems.map(problemLine)
}

const steps = (scenario: Anything) => scenario.sagas.order.steps
const charge = (scenario: Anything) => scenario.services.payment.operations.charge
const ledger = (scenario: Anything) => scenario.services.payment.tables.ledger
const set = (target: Anything, fields: Anything) => {
  Object.assign(target, fields)
}

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

describe('hostile input', () => {
  it.each(['__proto__', 'constructor', 'toString'])('a service called %s is refused, not passed over', (name) => {
    const text = JSON.stringify(orderSaga).replace('"payment":', `"${name}":`)
    const read = readScenario(JSON.parse(text))
    expect(read.ok ? [] : read.problems.map(problemLine)).toEqual([
      `services.${name}: this name is taken: every object has it already; choose another`,
    ])
  })

  it('a reference to what every object has is refused', () => {
    expect(problemsOf((s) => set(s.sagas.order, { orchestrator: 'toString' }))).toEqual([
      'sagas.order.orchestrator: this name is taken: every object has it already; choose another',
    ])
  })

  it.each(['sagas.constructor("return 1")', 'constructor(1)', 'bus.constructor', 'toString(1)'])(
    'an expression cannot reach for %s',
    (text) => {
      expect(problemsOf((s) => set(s.observables, { charges: text }))).toHaveLength(1)
    },
  )

  it('nesting without end is refused before anything walks it', () => {
    let statement: Anything = { work: 1 }
    for (let i = 0; i < 100_000; i++) statement = { if: 'true', do: [statement] }
    expect(problemsOf((s) => set(charge(s), { do: [statement] }))).toEqual(['this is nested deeper than 40 levels'])
  })

  it('so is a circle of references', () => {
    const circle: Anything = { sagascope: 1 }
    circle.self = circle
    expect(formProblem(circle)?.message).toBe('this is nested deeper than 40 levels')
  })

  it('ten megabytes are refused unread', () => {
    const parsed = parseScenario('['.repeat(10_000_000))
    expect(parsed).toEqual({
      ok: false,
      problems: [{ path: '', message: `the file is too large: 10000000 characters, at most ${TEXT_MAX}` }],
    })
  })

  it('a thousand problems are told as twenty', () => {
    const requests = Array.from({ length: 1000 }, () => ({ to: 5, message: 'x' }))
    expect(problemsOf((s) => set(s.workload, { requests }))).toHaveLength(20)
  })
})
