/** An exhaustive search: the order saga with three steps at other services, replies and commands that get lost. */
import { Proof } from '../src/checker/prove.ts'
import { orderSaga, sagaWith, steps } from '../src/library/order-world.ts'
import { compile, readScenario } from '../src/scenario/compile.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'

/** Asks three times, then turns back; a key keeps every effect single. */
const patient = { timeoutMs: 2000, retry: { initialMs: 500, factor: 2, attemptsMax: 3 }, compensationTimeoutMs: 2000 }
const remote = new Set(['charge', 'reserve', 'ship'])

export function lossy(orders: number): ScenarioInput {
  const [request] = orderSaga.workload?.requests ?? []
  return {
    ...orderSaga,
    bus: { order: 'none' },
    services: Object.fromEntries(
      Object.entries(orderSaga.services).map(([name, service]) => [
        name,
        { ...service, protections: { idempotencyKey: {} } },
      ]),
    ),
    sagas: sagaWith({
      register: 'before',
      steps: Object.values(steps).map((step) => (remote.has(step.name) ? { ...step, ...patient } : step)),
    }),
    workload: {
      requests: Array.from({ length: orders }, (_, i) => ({
        ...(request as NonNullable<typeof request>),
        payload: { ...request?.payload, order: `o${i + 1}` },
      })),
    },
    // The search is measured, not what it finds.
    properties: {},
  }
}

export interface ProofFigures {
  readonly states: number
  readonly seconds: number
  readonly statesPerSecond: number
  readonly transitionsPerSecond: number
  readonly bytesPerState: number
  readonly verdict: string
}

/** One search of so many orders with at most so many lost messages; with `symmetry` alike orders are met in one order. */
export function proofFigures(orders: number, faults: number, symmetry: boolean): ProofFigures {
  const scenario = readScenario(lossy(orders))
  if (!scenario.ok) throw new Error('the lossy order saga is not valid')
  const model = compile(scenario.value)
  if (!model.ok) throw new Error('the lossy order saga does not compile')
  const start = process.cpuUsage()
  const { verdict, counts } = new Proof(scenario.value, model.value, { faults, kinds: ['drop'], symmetry }).run()
  const seconds = process.cpuUsage(start).user / 1e6
  return {
    verdict,
    states: counts.states,
    seconds,
    statesPerSecond: counts.states / seconds,
    transitionsPerSecond: counts.transitions / seconds,
    bytesPerState: counts.visitedBytes / counts.states,
  }
}
