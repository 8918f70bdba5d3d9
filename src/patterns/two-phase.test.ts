// Two-phase commit: all or nothing whatever crashes, and everybody waits for the coordinator.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import { orderSaga, sagaWith, steps } from '../library/order-world.ts'
import { twoPhaseCommit } from '../library/two-phase.ts'
import type { FaultInput, ScenarioInput } from '../scenario/schema.ts'

function run(change: Partial<ScenarioInput>) {
  const { observables, broken, summary, trace } = runScenario({ ...twoPhaseCommit, ...change, expect: {} })
  return { ...observables, broken, reason: summary.reason, lines: sentences(trace) } as Record<string, unknown> & {
    broken: readonly string[]
    lines: readonly string[]
  }
}

const nothing = { charges: 0, balance: 1000, available: 5, reserved: 0, shipped: 0, order: null }
const all = { charges: 1, balance: 900, available: 4, reserved: 0, shipped: 1, order: 'APPROVED' }

const anyFault: fc.Arbitrary<FaultInput> = fc.oneof(
  fc.record({
    kind: fc.constant('crash' as const),
    service: fc.constantFrom('order', 'payment', 'inventory', 'shipping'),
    atMs: fc.integer({ min: 0, max: 140 }),
    restartMs: fc.constantFrom(10, 500, 20_000),
  }),
  fc.record({
    kind: fc.constant('drop' as const),
    message: fc.constantFrom(
      'charge',
      'Charged',
      'reserve',
      'Reserved',
      'Shipped',
      'Commit',
      'Abort',
      'Committed',
      'Inquire',
    ),
    nth: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constantFrom('duplicate' as const, 'delay' as const),
    message: fc.constantFrom('charge', 'Charged', 'ship', 'Commit', 'Committed'),
    byMs: fc.constantFrom(1, 40, 8000),
  }),
  fc.record({
    kind: fc.constantFrom('refuse' as const, 'fail' as const),
    service: fc.constantFrom('payment', 'inventory', 'shipping'),
    on: fc.constantFrom('charge', 'reserve', 'ship', 'Commit'),
  }),
  fc.record({
    kind: fc.constant('slow' as const),
    service: fc.constantFrom('order', 'payment', 'shipping'),
    byMs: fc.constantFrom(20, 6000),
  }),
)

describe('a two-phase commit', () => {
  it('commits everywhere or nowhere, whatever faults end one day, and leaves no lock behind', () => {
    fc.assert(
      fc.property(
        fc.array(anyFault, { maxLength: 4 }),
        fc.constantFrom('none' as const, 'per key' as const),
        fc.boolean(),
        (faults, order, isParallel) => {
          const parallel = isParallel ? { after: ['create'] } : {}
          const sagas = sagaWith({
            style: 'two-phase',
            steps: [
              steps.create,
              { ...steps.charge, timeoutMs: 3000 },
              { ...steps.reserve, timeoutMs: 3000, ...parallel },
              { ...steps.ship, after: ['charge', 'reserve'], timeoutMs: 3000 },
              steps.approve,
            ],
          })
          const onError = 'redeliver' as const
          const services = Object.fromEntries(
            Object.entries(orderSaga.services).map(([name, service]) => [name, { ...service, onError }]),
          )
          const end = run({ faults, bus: { order }, sagas, services })
          expect(end).toMatchObject({ broken: [], reason: 'at rest', 'in doubt': 0 })
          expect(end).toMatchObject(end.decision === 'commit' ? all : nothing)
        },
      ),
      { numRuns: 300 },
    )
  }, 60_000)

  it('votes again when it is asked again, and does nothing twice', () => {
    const sagas = sagaWith({
      style: 'two-phase',
      steps: Object.values(steps).map((step) =>
        step.name === 'charge' ? { ...step, timeoutMs: 1000, retry: { attemptsMax: 3, initialMs: 0 } } : step,
      ),
    })
    expect(run({ sagas, faults: [{ kind: 'drop', message: 'Charged' }] })).toMatchObject({ ...all, messages: 14 })
  })

  it('shows nobody a row that is prepared', () => {
    const look = { do: [{ check: 'ledger.size() == 0', otherwise: 'SEEN' }] }
    const { payment } = orderSaga.services
    const { observables } = runScenario({
      ...twoPhaseCommit,
      services: {
        ...orderSaga.services,
        payment: { ...payment, operations: { ...payment?.operations, look } },
      },
      workload: {
        requests: [
          ...(orderSaga.workload?.requests ?? []),
          { to: 'payment', message: 'look', atMs: 50 },
          { to: 'payment', message: 'look', atMs: 200 },
        ],
      },
      observables: { answers: 'clients.map(c, c.answer)' },
      expect: {},
    })
    expect(observables).toEqual({ answers: [null, 'ok', 'refused SEEN'] })
  })

  it('lets two steps at one service work in one part, which sees its own rows', () => {
    const { payment } = orderSaga.services
    const book = {
      do: [
        { check: 'ledger.exists(l, l.order == order)', otherwise: 'NOT_CHARGED' },
        { update: 'accounts', where: { customer: 'customer' }, change: 'balance -= 1' },
      ],
    }
    const end = run({
      services: { ...orderSaga.services, payment: { ...payment, operations: { ...payment?.operations, book } } },
      sagas: sagaWith({
        style: 'two-phase',
        steps: [steps.create, steps.charge, { name: 'book', service: 'payment', operation: 'book' }, steps.approve],
      }),
      properties: {},
      faults: [{ kind: 'crash', service: 'payment', on: 'book', point: 'before commit', restartMs: 100 }],
    })
    expect(end).toMatchObject({ balance: 899, charges: 1, saga: 'Completed', decision: 'commit' })
  })

  it('takes an operation the ordinary way when somebody else asks for it', () => {
    const end = run({
      workload: {
        requests: [
          {
            to: 'payment',
            message: 'charge',
            payload: { order: 'x', customer: 'c1', sku: 's1', quantity: 1, amount: 5 },
          },
        ],
      },
      properties: {},
    })
    expect(end).toMatchObject({ balance: 995, messages: 1, 'in doubt': 0 })
  })

  it('is told as it goes: a vote, a decision, what became of it', () => {
    const { lines } = run({})
    expect(lines).toContain('20 ms  Payment voted yes and is in doubt: 2 rows locked until it hears the decision')
    expect(lines).toContain('95 ms  Order decided: commit')
    expect(lines).toContain('110 ms  Payment committed what it had prepared 90 ms before')
  })

  it('cannot commit a part of a part', () => {
    const { payment } = orderSaga.services
    const charge = { do: [{ commit: 'half' }] }
    expect(() =>
      run({
        services: { ...orderSaga.services, payment: { ...payment, operations: { ...payment?.operations, charge } } },
      }),
    ).toThrow('part of a two-phase commit')
  })
})
