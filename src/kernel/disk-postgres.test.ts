// The simulated disk beside a real PostgreSQL 15: what two sessions did there (catalogue §7), row by row, at
// READ COMMITTED, REPEATABLE READ and SERIALIZABLE. Two requests reach two services that share one database.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import type { FaultInput, ScenarioInput } from '../scenario/schema.ts'
import { type IsolationLevel, isolationLevels } from './snapshot.ts'

type Service = ScenarioInput['services'][string]
type Statements = NonNullable<Service['operations']>[string]['do']

const RC = 'read committed'
const RR = 'repeatable read'
const SER = 'serializable'
const every = isolationLevels.map((level) => [level] as const)

interface Sessions {
  readonly level: IsolationLevel
  readonly tables: NonNullable<Service['tables']>
  readonly first: Statements
  readonly second?: Statements
  /** When the second session begins, milliseconds after the first. */
  readonly gap?: number
  readonly protections?: NonNullable<Service['protections']>
  readonly faults?: readonly FaultInput[]
  /** One more observable. */
  readonly see?: string
}

/** Two sessions over the tables of `db`. Each tells what its client heard. */
function sessions({ level, tables, first, second, gap = 0, protections = {}, faults = [], see }: Sessions) {
  const session = (statements: Statements): Service => ({
    handlerMs: 0,
    isolation: level,
    operations: { go: { do: statements } },
  })
  const services: Record<string, Service> = {
    db: { tables },
    one: { ...session(first), protections },
    two: session(second ?? first),
  }
  const run = runScenario({
    sagascope: 1,
    id: 'two-sessions',
    title: 'Two sessions',
    services,
    workload: {
      requests: [
        { to: 'one', message: 'go', payload: { who: 1, order: 'o1' } },
        { to: 'two', message: 'go', payload: { who: 2, order: 'o1' }, atMs: gap },
      ],
    },
    faults: [...faults],
    observables: {
      rows: Object.keys(tables)
        .map((name) => `db.${name}.size()`)
        .join(' + '),
      heard: 'clients.map(c, c.answer)',
      conflicts: 'conflicts',
      waits: "entries.filter(e, e.kind == 'waiting').size()",
      now: 'now',
      ...(see === undefined ? {} : { see }),
    },
  })
  return run.observables
}

const ids = { t: { columns: ['id', 'who'], key: 'id' } }
const insertHeld = (after: Statements = []): Statements => [
  { insert: 'db.t', row: { id: "'v'", who: 'who' } },
  { work: 20 },
  ...after,
]
const justInsert: Statements = [{ insert: 'db.t', row: { id: "'v'", who: 'who' } }]

describe('a second plain INSERT on a held unique value', () => {
  it.each(every)('waits, and is a unique violation when the first commits (%s)', (level) => {
    const end = sessions({ level, tables: ids, first: insertHeld(), second: justInsert, gap: 5 })
    expect(end).toMatchObject({ rows: 1, waits: 1, heard: ['ok', 'error UNIQUE_VIOLATION'], now: 20 })
  })

  it.each(every)('waits, and proceeds when the first rolls back (%s)', (level) => {
    const refused = insertHeld([{ check: 'who == 0', otherwise: 'NO' }])
    const end = sessions({ level, tables: ids, first: refused, second: justInsert, gap: 5, see: 'db.t.first().who' })
    expect(end).toMatchObject({ rows: 1, waits: 1, heard: ['refused NO', 'ok'], see: 2 })
  })

  it.each(every)("waits, and proceeds when the first's backend dies (%s)", (level) => {
    const dies: FaultInput = { kind: 'crash', service: 'one', atMs: 10, restartMs: 'never' }
    const end = sessions({ level, tables: ids, first: insertHeld(), second: justInsert, gap: 5, faults: [dies] })
    expect(end).toMatchObject({ rows: 1, waits: 1, heard: [null, 'ok'] })
  })
})

const doNothing: Statements = [
  { insert: 'db.t', row: { id: "'v'", who: 'who' }, conflict: 'ignore' },
  { read: 'db.t', where: { id: "'v'" }, as: 'stored' },
  { check: 'stored != null', otherwise: 'NO_ROW' },
  { check: 'stored.who == 1', otherwise: 'MY_OWN' },
]

describe('INSERT … ON CONFLICT DO NOTHING, then a separate SELECT', () => {
  it.each([
    [RC, 0],
    [RR, 1],
    [SER, 1],
  ] as const)('at %s: waits, inserts nothing, reads the stored row; %i whole retry', (level, conflicts) => {
    const first: Statements = [...(doNothing.slice(0, 1) as Statements), { work: 20 }]
    const end = sessions({ level, tables: ids, first, second: doNothing, gap: 5 })
    expect(end).toMatchObject({ rows: 1, waits: 1, heard: ['ok', 'ok'], conflicts })
  })

  it.todo('in one statement with a CTE: no row (the language has no statement of that kind)')
})

describe('reading the existing row inside the transaction that got the unique violation', () => {
  it.each(every)('does not come to pass: the transaction is over (%s)', (level) => {
    const thenRead: Statements = [
      ...justInsert,
      { read: 'db.t', where: { id: "'v'" }, as: 'stored' },
      { update: 'db.t', where: { id: "'v'" }, change: 'who = 99' },
    ]
    const end = sessions({ level, tables: ids, first: justInsert, second: thenRead, gap: 5, see: 'db.t.first().who' })
    expect(end).toMatchObject({ heard: ['ok', 'error UNIQUE_VIOLATION'], see: 1 })
  })
})

const money = { ledger: { columns: ['order', 'who'] } }
const order = { orders: { columns: ['id', 'status'], key: 'id', rows: [{ id: 'o1', status: 'UNPAID' }] }, ...money }
const charge: Statements[number] = { insert: 'db.ledger', row: { order: 'order', who: 'who' } }
const charges = 'db.ledger.size()'
const setPaid: Statements[number] = { update: 'db.orders', where: { id: 'order' }, change: "status = 'PAID'" }
const stateCheck = (lock = false): Statements => [
  { read: 'db.orders', where: { id: 'order' }, as: 'found', lock },
  { return: "found.status == 'PAID'" },
  { work: 20 },
  charge,
  setPaid,
]

describe('check, then insert, without a unique index', () => {
  const first: Statements = [
    { read: 'db.ledger', where: { order: 'order' }, as: 'found' },
    { return: 'found != null' },
    { work: 20 },
    charge,
  ]
  it.each([
    [RC, 2, 0],
    [SER, 1, 1],
  ] as const)('at %s: %i charges, %i serialization errors', (level, count, conflicts) => {
    expect(sessions({ level, tables: money, first })).toMatchObject({ rows: count, conflicts })
  })
})

describe('STATE: SELECT, then UPDATE by id, both at once', () => {
  it.each([
    [RC, 2, 0],
    [RR, 1, 1],
    [SER, 1, 1],
  ] as const)('at %s: %i charges, %i serialization errors', (level, count, conflicts) => {
    const end = sessions({ level, tables: order, first: stateCheck(), see: charges })
    expect(end).toMatchObject({ see: count, conflicts, heard: ['ok', 'ok'] })
  })

  it.each([
    [0, 2, 1],
    [10, 2, 1],
    [19, 2, 1],
    [21, 1, 1],
    [30, 1, 1],
  ])('%i ms apart: %i charges at READ COMMITTED, %i at SERIALIZABLE', (gap, atRc, atSer) => {
    const see = (level: IsolationLevel) =>
      sessions({ level, tables: order, first: stateCheck(), gap, see: charges }).see
    expect([see(RC), see(SER)]).toEqual([atRc, atSer])
  })
})

describe('SELECT … FOR UPDATE, then UPDATE', () => {
  it.each([
    [RC, 0],
    [RR, 1],
    [SER, 1],
  ] as const)('at %s: 1 charge; the loser waits and gets %i serialization errors', (level, conflicts) => {
    const end = sessions({ level, tables: order, first: stateCheck(true), see: charges })
    expect(end).toMatchObject({ see: 1, conflicts, waits: 1 })
  })

  it('locks nothing when the row does not exist: 2 charges', () => {
    const first: Statements = [
      { read: 'db.orders', where: { id: 'order' }, as: 'found', lock: true },
      { return: 'found != null' },
      { work: 20 },
      charge,
    ]
    const none = { ...order, orders: { ...order.orders, rows: [] } }
    expect(sessions({ level: RC, tables: none, first, see: charges })).toMatchObject({ see: 2, waits: 0 })
  })
})

describe("UPDATE … WHERE status = 'UNPAID', the row count checked", () => {
  it.each(every)('1 charge (%s)', (level) => {
    const first: Statements = [
      {
        update: 'db.orders',
        where: { id: 'order' },
        require: "status == 'UNPAID'",
        otherwise: 'ALREADY_PAID',
        change: "status = 'PAID'",
      },
      { work: 20 },
      charge,
    ]
    const end = sessions({ level, tables: order, first, see: charges })
    expect(end).toMatchObject({ see: 1, heard: ['ok', 'refused ALREADY_PAID'] })
  })
})

describe('claim first: the claim committed before the work', () => {
  it.each([[RC], [SER]] as const)('the second finds IN_PROGRESS and hears so at once (%s)', (level) => {
    const { observables } = runScenario({
      sagascope: 1,
      id: 'claim-first',
      title: 'Claim first',
      services: {
        till: {
          handlerMs: 20,
          isolation: level,
          tables: { ledger: { columns: ['order'] } },
          operations: { go: { do: [{ insert: 'ledger', row: { order: 'order' } }] } },
          protections: { idempotencyKey: { mode: 'claim first' } },
        },
      },
      workload: {
        requests: [0, 5].map((atMs) => ({ to: 'till', message: 'go', key: 'k', atMs, payload: { order: 'o1' } })),
      },
      observables: {
        rows: 'till.ledger.size()',
        heard: 'clients.map(c, c.answer)',
        atMs: "entries.filter(e, e.kind == 'responded').first().ms",
      },
    })
    expect(observables).toMatchObject({ rows: 1, heard: ['ok', 'error IN_PROGRESS'], atMs: 5 })
  })
})

describe('a poller that asks for id > last, with two open writers', () => {
  const events = { events: { columns: ['id', 'who'] } }
  const writer = (work: number, then: Statements = []): Statements => [
    { insert: 'db.events', row: { id: 'newId', who: 'who' } },
    { work },
    ...then,
  ]

  it('sees the second without the first, which commits later under a smaller id', () => {
    const end = sessions({
      level: RC,
      tables: events,
      first: writer(50),
      second: writer(1),
      gap: 5,
      see: "entries.filter(e, e.kind == 'committed').map(e, e.service)",
    })
    expect(end).toMatchObject({ rows: 2, see: ['two', 'one'] })
  })

  it('meets a gap for ever when the first rolls back', () => {
    const first = writer(50, [{ check: 'who == 0', otherwise: 'NO' }])
    const end = sessions({ level: RC, tables: events, first, second: writer(1), gap: 5, see: 'db.events.first().id' })
    expect(end).toMatchObject({ rows: 1, see: 'id-2' })
  })

  type Reads = 'after last id' | 'up to the oldest open'

  /** Two writers of an outbox whose ids are drawn at the insert; the first keeps its transaction open, or rolls back. */
  function polled(reads: Reads, end: 'commits' | 'rolls back'): unknown {
    const pause = { kind: 'pause', service: 'db', on: 'put', point: 'before commit', forMs: 100 } as const
    const gone = { kind: 'crash', service: 'db', atMs: 60, restartMs: 10_000 } as const
    const scenario: ScenarioInput = {
      sagascope: 1,
      id: 'poller',
      title: 'Poller',
      bus: { order: 'none' },
      services: {
        db: {
          instances: 2,
          acknowledge: 'first',
          tables: { events: { columns: ['who'] } },
          operations: { put: { do: [{ insert: 'events', row: { who: 'who' } }, { publish: 'Put' }] } },
          protections: { outbox: { reads, everyMs: 10 } },
        },
        reader: {
          tables: { seen: { columns: ['who'] } },
          operations: { see: { do: [{ insert: 'seen', row: { who: 'who' } }] } },
          subscriptions: { Put: 'see' },
        },
      },
      workload: { requests: ['7', '8'].map((who, i) => ({ to: 'db', message: 'put', atMs: i * 5, payload: { who } })) },
      faults: end === 'commits' ? [pause] : [pause, gone],
      observables: { seen: 'reader.seen.map(s, s.who)' },
    }
    return runScenario(scenario).observables.seen
  }

  it('publishes 8 and never 7', () => {
    expect(polled('after last id', 'commits')).toEqual(['8'])
  })

  it('held at txid < pg_snapshot_xmin: delivers 7, 8', () => {
    expect(polled('up to the oldest open', 'commits')).toEqual(['7', '8'])
  })

  it('held at txid < pg_snapshot_xmin: delivers only 8 after a rollback', () => {
    expect(polled('up to the oldest open', 'rolls back')).toEqual(['8'])
  })
})

describe('append with UNIQUE(stream, version), the same version twice', () => {
  const streams = { events: { columns: ['stream', 'version', 'who'], unique: [['stream', 'version']] } }
  it.each(every)('is a conflict; reloaded and decided again it fits (%s)', (level) => {
    const append = (version: number): Statements => [
      { insert: 'db.events', row: { stream: 'order', version, who: 'who' } },
      { work: 20 },
    ]
    const clash = sessions({ level, tables: streams, first: append(4), second: append(4), gap: 5 })
    expect(clash).toMatchObject({ rows: 1, heard: ['ok', 'error UNIQUE_VIOLATION'] })
    expect(sessions({ level, tables: streams, first: append(4), second: append(5), gap: 5 })).toMatchObject({ rows: 2 })
  })
})

describe('two streams, both check what the other appends to', () => {
  const streams = { left: { columns: ['who'] }, right: { columns: ['who'] } }
  const append = (checked: string, to: string): Statements => [
    { read: `db.${checked}`, as: 'other' },
    { check: 'other == null', otherwise: 'TAKEN' },
    { work: 20 },
    { insert: `db.${to}`, row: { who: 'who' } },
  ]
  it.each([
    [RC, 2, 0],
    [RR, 2, 0],
    [SER, 1, 1],
  ] as const)('at %s: %i accepted, %i serialization errors', (level, rows, conflicts) => {
    const end = sessions({ level, tables: streams, first: append('right', 'left'), second: append('left', 'right') })
    expect(end).toMatchObject({ rows, conflicts })
  })
})
