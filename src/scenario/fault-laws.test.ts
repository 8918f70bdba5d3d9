// Adding a fault changes only what it causes: two runs that differ in one toggle can be laid side by side.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import { orderSaga } from '../library/order-world.ts'
import type { Trace } from '../trace/trace.ts'
import type { FaultInput, ScenarioInput } from './schema.ts'

const CUSTOMERS = 6
/** Several orders over a bus whose every hop is drawn from a range. */
const busy: ScenarioInput = {
  ...orderSaga,
  bus: { hopMs: [5, 60], order: 'none' },
  services: {
    ...orderSaga.services,
    payment: {
      ...orderSaga.services.payment,
      tables: {
        ...orderSaga.services.payment?.tables,
        accounts: {
          columns: ['customer', 'balance'],
          key: 'customer',
          rows: Array.from({ length: CUSTOMERS }, (_, i) => ({ customer: `c${i}`, balance: 1000 })),
        },
      },
    },
  },
  workload: {
    requests: Array.from({ length: CUSTOMERS }, (_, i) => ({
      to: 'order',
      message: 'PlaceOrder',
      atMs: i * 7,
      payload: { order: `o${i}`, customer: `c${i}`, sku: `s${i}`, quantity: 1, amount: 100 },
    })),
  },
  observables: {},
  properties: {},
  expect: {},
}

const services = ['order', 'payment', 'inventory', 'shipping']
const messages = ['charge', 'Charged', 'reserve', 'Reserved', 'ship', 'Shipped']
const time = fc.integer({ min: 1, max: 300 })

/** A fault of any kind that cannot strike before `at`. */
const faultAt = (at: number): fc.Arbitrary<FaultInput> => {
  const message = fc.constantFrom(...messages)
  const service = fc.constantFrom(...services)
  const afterMs = fc.constant(at)
  return fc.oneof(
    fc.record({ kind: fc.constant('crash' as const), service, atMs: afterMs }),
    fc.record({
      kind: fc.constant('crash' as const),
      service,
      afterMs,
      point: fc.constantFrom('after commit', 'on receipt'),
    }),
    fc.record({ kind: fc.constant('drop' as const), message, afterMs }),
    fc.record({ kind: fc.constant('drop' as const), probability: fc.constant(0.5), afterMs }),
    fc.record({ kind: fc.constant('duplicate' as const), message, afterMs, byMs: fc.nat(30) }),
    fc.record({ kind: fc.constant('delay' as const), message, afterMs, byMs: fc.integer({ min: 1, max: 500 }) }),
    fc.record({ kind: fc.constant('slow' as const), service, afterMs, byMs: fc.integer({ min: 1, max: 500 }) }),
    fc.record({ kind: fc.constant('refuse' as const), service, afterMs }),
    fc.record({ kind: fc.constant('fail' as const), service, afterMs, times: fc.constant('always' as const) }),
    fc.record({
      kind: fc.constant('partition' as const),
      between: fc.constant([['order'], ['payment', 'inventory']] as [string[], string[]]),
      fromMs: afterMs,
      mode: fc.constantFrom('buffer' as const, 'drop' as const, 'refuse' as const),
    }),
  ) as fc.Arbitrary<FaultInput>
}

/** Without the end of the run, which comes later when a fault is still to come. */
function linesBefore(trace: Trace, timeUs: number): string[] {
  return sentences(trace).filter((line, position) => trace.timeAt(position) < timeUs && !line.includes('the run ended'))
}

function ofSaga(trace: Trace, id: string): string[] {
  const lines = sentences(trace)
  const start = lines.findIndex((line) => line.endsWith(`saga ${id} started`))
  const saga = trace.at('saga', start)
  return lines.filter((_, position) => trace.at('saga', position) === saga)
}

describe('adding a fault', () => {
  it('changes no entry before the moment it can strike', () => {
    const without = runScenario(busy).trace
    fc.assert(
      fc.property(
        time.chain((at) => fc.record({ at: fc.constant(at), fault: faultAt(at) })),
        ({ at, fault }) => {
          const { trace } = runScenario({ ...busy, faults: [fault] })
          expect(linesBefore(trace, at * 1000)).toEqual(linesBefore(without, at * 1000))
        },
      ),
      { numRuns: 60 },
    )
  }, 30_000)

  it.each(['charge', 'Charged', 'reserve', 'ship'])(
    'to the %s of one order leaves every other order as it was',
    (message) => {
      const without = runScenario(busy).trace
      // The first such message belongs to one of the orders; drawn hops of all the others stay what they were.
      const { trace } = runScenario({ ...busy, faults: [{ kind: 'drop', message }] })
      const changed = Array.from({ length: CUSTOMERS }, (_, i) => `o${i}`).filter(
        (id) => JSON.stringify(ofSaga(trace, id)) !== JSON.stringify(ofSaga(without, id)),
      )
      expect(changed).toHaveLength(1)
    },
  )

  it('that is switched off changes nothing at all but the list of faults', () => {
    const off = runScenario({ ...busy, faults: [{ kind: 'drop', message: 'charge', enabled: false }] }).trace
    expect(sentences(off)).toEqual(sentences(runScenario(busy).trace))
  })

  it('does not move the draws of another one', () => {
    const first: FaultInput = { kind: 'drop', probability: 0.3, message: 'charge' }
    const other: FaultInput = { kind: 'delay', message: 'Shipped', byMs: 400, nth: 2 }
    const dropped = (faults: FaultInput[]) =>
      sentences(runScenario({ ...busy, faults }).trace).filter((line) => line.includes('was lost'))
    expect(dropped([first]).length).toBeGreaterThan(0)
    expect(dropped([other, first])).toEqual(dropped([first]))
  })
})
