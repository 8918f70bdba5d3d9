/**
 * The safe configuration explored to the end, by hand: `npx tsx bench/prove-safe.ts`. One order with at most two faults,
 * two orders with at most one; about a minute.
 */
import { Proof } from '../src/checker/prove.ts'
import { safeConfiguration } from '../src/library/safe-configuration.ts'
import { compile, readScenario } from '../src/scenario/compile.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'

function orders(count: number): ScenarioInput {
  const [request] = safeConfiguration.workload?.requests ?? []
  if (request === undefined) throw new Error('nobody asks')
  const requests = Array.from({ length: count }, (_, i) => ({
    ...request,
    payload: { ...request.payload, order: `o${i + 1}` },
  }))
  return { ...safeConfiguration, workload: { requests } }
}

for (const [count, faults] of [
  [1, 2],
  [2, 1],
] as const) {
  const scenario = readScenario(orders(count))
  const model = scenario.ok ? compile(scenario.value) : scenario
  if (!scenario.ok || !model.ok) throw new Error('the safe configuration is not valid')
  const start = process.cpuUsage()
  const { sentence, counts } = new Proof(scenario.value, model.value, { faults }).run()
  const seconds = process.cpuUsage(start).user / 1e6
  console.log(sentence)
  console.log(
    `  ${seconds.toFixed(1)} s of one core, ${(counts.visitedBytes / counts.states).toFixed(1)} bytes per state`,
  )
}
