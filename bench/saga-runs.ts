/** Whole runs of the order saga, one model compiled once, many runs. */
import type { Model } from '../src/kernel/model.ts'
import { Simulation } from '../src/kernel/simulation.ts'
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

/** Properties are looked at when the run has ended, as a search over many runs does. */
export function sagaRound(withTrace: boolean): () => number {
  const sim = new Simulation(orderModel(), { trace: withTrace ? new TraceWriter() : null, checking: 'at the end' })
  return () => {
    for (let seed = 0; seed < RUNS; seed++) {
      sim.reset(seed)
      sim.run()
    }
    return RUNS
  }
}
