/** A trace of a million entries: many orders through the saga, looked at anywhere. */
import { orderSaga, placeOrder, withRows } from '../src/library/order-world.ts'
import { compile, readScenario } from '../src/scenario/compile.ts'
import { Run } from '../src/scenario/run.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'
import { History } from '../src/trace/history.ts'
import { Trace } from '../src/trace/trace.ts'
import type { TracePart } from '../src/trace/trace-format.ts'
import { quantile } from './timing.ts'

const ORDERS = 13_600

const manyOrders: ScenarioInput = {
  ...orderSaga,
  services: {
    ...orderSaga.services,
    ...withRows('payment', 'accounts', [{ customer: 'c1', balance: 100_000_000 }]),
    inventory: withRows('inventory', 'stock', [{ sku: 's1', available: 1_000_000 }]).inventory as never,
  },
  workload: {
    requests: [{ ...placeOrder, payload: { ...placeOrder.payload, order: 'o#' }, copies: ORDERS, everyMs: 10 }],
  },
  properties: {},
  observables: {},
  expect: {},
  entriesMax: 2_000_000,
}

export interface MillionFigures {
  readonly entries: number
  readonly bytesPerEntry: number
  /** Milliseconds of a seek to a random place, median and 99th percentile. */
  readonly seekMedian: number
  readonly seekP99: number
  /** Entries per second of the kernel with full trace. */
  readonly entriesPerSecond: number
}

export function millionFigures(): MillionFigures {
  const scenario = readScenario(manyOrders)
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  const run = new Run(model.value, scenario.value, { checking: 'never' })
  const start = performance.now()
  run.runToEnd()
  const seconds = (performance.now() - start) / 1000
  const part = run.takePart()
  const trace = new Trace(run.header, [part])
  const history = new History(trace)
  history.extendTo(trace.length)
  const times: number[] = []
  let place = 12_345
  for (let i = 0; i < 400; i++) {
    place = (Math.imul(place, 1_103_515_245) + 12_345) >>> 0
    const position = place % trace.length
    const before = performance.now()
    const state = history.stateAt(position)
    times.push(performance.now() - before)
    if (state.position !== position) throw new Error('a seek went elsewhere')
  }
  return {
    entries: trace.length,
    bytesPerEntry: bytesOf(part) / trace.length,
    seekMedian: quantile(times, 0.5),
    seekP99: quantile(times, 0.99),
    entriesPerSecond: trace.length / seconds,
  }
}

/** All columns, and the values as JSON text of two bytes a character. */
function bytesOf(part: TracePart): number {
  let bytes = JSON.stringify(part.values).length * 2
  for (const chunks of [part.entries, part.messages, part.bodies, part.changes, part.cells]) {
    for (const chunk of chunks) {
      for (const array of Object.values(chunk.arrays)) bytes += (array as Int32Array).BYTES_PER_ELEMENT * chunk.length
    }
  }
  return bytes
}
