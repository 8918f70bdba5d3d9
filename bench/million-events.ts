/**
 * A run of a million events, as the page sees it: looked at anywhere, and what it holds in memory. Events are appended a
 * hundred at a time, to streams of their own; where `projected`, a projection keeps their sums.
 */
import { compile, readScenario } from '../src/scenario/compile.ts'
import { Run } from '../src/scenario/run.ts'
import { History } from '../src/trace/history.ts'
import { Trace } from '../src/trace/trace.ts'
import { storeScenario } from './event-store.ts'
import { quantile } from './timing.ts'

const REQUESTS = 10_000
const SEEKS = 400

export interface MillionEvents {
  readonly events: number
  readonly entries: number
  /** Milliseconds. */
  readonly folding: number
  readonly seekMedian: number
  readonly seekP99: number
  /** Millions of bytes that a process holds: the engine with the run, the page with its trace, and with checkpoints. */
  readonly engine: number
  readonly trace: number
  readonly checkpoints: number
}

export function millionEvents(projected: boolean): MillionEvents {
  const empty = held()
  const { trace, events, both } = produce(projected)
  const alone = held()
  const history = new History(trace)
  const begun = performance.now()
  history.extendTo(trace.length)
  const folding = performance.now() - begun
  const withHistory = held()
  const times: number[] = []
  for (let i = 0, place = 12_345; i < SEEKS; i++) {
    place = (Math.imul(place, 1_103_515_245) + 12_345) >>> 0
    const position = place % trace.length
    const before = performance.now()
    const state = history.stateAt(position)
    times.push(performance.now() - before)
    if (state.position !== position) throw new Error('a seek went elsewhere')
  }
  return {
    events,
    entries: trace.length,
    folding,
    seekMedian: quantile(times, 0.5),
    seekP99: quantile(times, 0.99),
    engine: both - alone,
    trace: alone - empty,
    checkpoints: withHistory - alone,
  }
}

/** As in the worker: what is written is handed over now and then, and the engine keeps none of it. */
function produce(projected: boolean): { trace: Trace; events: number; both: number } {
  const scenario = readScenario(storeScenario(projected, REQUESTS))
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  const run = new Run(model.value, scenario.value, { checking: 'never' })
  const trace = new Trace(run.header)
  while (run.advance(10_000)) trace.append(run.takePart())
  trace.append(run.takePart())
  return { trace, events: run.simulation.tables[0]?.size ?? 0, both: held() }
}

/** Millions of bytes in use after a collection: objects and array buffers. */
function held(): number {
  const { gc } = globalThis as { gc?: () => void }
  if (gc === undefined) throw new Error('memory is measured with node --expose-gc')
  for (let i = 0; i < 3; i++) gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}
