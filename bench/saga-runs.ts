/** Whole runs of the order saga, one model compiled once, many runs. */
import type { Model } from '../src/kernel/model.ts'
import { type Checking, Simulation } from '../src/kernel/simulation.ts'
import { orderSaga } from '../src/library/order-world.ts'
import { compile, readScenario } from '../src/scenario/compile.ts'
import { TraceWriter } from '../src/trace/trace-writer.ts'

export function orderModel(): Model {
  const scenario = readScenario(orderSaga)
  if (!scenario.ok) throw new Error('the order saga is not valid')
  const model = compile(scenario.value)
  if (!model.ok) throw new Error('the order saga does not compile')
  return model.value
}

const RUNS = 5000

/** With a trace or without; properties looked at as `checking` says. */
export function sagaRound(withTrace: boolean, checking: Checking): () => number {
  const sim = new Simulation(orderModel(), { trace: withTrace ? new TraceWriter() : null, checking })
  return () => {
    for (let seed = 0; seed < RUNS; seed++) {
      sim.reset(seed)
      sim.run()
    }
    return RUNS
  }
}
