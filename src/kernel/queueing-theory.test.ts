// The engine against the formulas: the mean wait in the queue lies in the confidence interval of eight fixed seeds.
import { describe, expect, it } from 'vitest'
import { compile, readScenario } from '../scenario/compile.ts'
import { Run } from '../scenario/run.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

const SEEDS = 8
const REQUESTS = 12_000
/** Student's t for seven degrees of freedom and 99 %. */
const T_99 = 3.499

type Service = NonNullable<ScenarioInput['services'][string]>

interface Line {
  readonly rate: number
  readonly service: Service
}

function scenarioOf({ rate, service }: Line): ScenarioInput {
  return {
    sagascope: 1,
    id: 'line',
    title: 'A waiting line',
    endMs: 100_000_000,
    bus: { order: 'none' },
    services: { desk: { ...service, operations: { serve: { do: [] } } } },
    workload: {
      arrivals: [{ name: 'people', to: 'desk', message: 'serve', rate, spacing: 'exponential', count: REQUESTS }],
    },
    observables: { wait: 'wait("desk").mean', busy: 'utilisation("desk")', served: 'arrivals("serve").answered' },
  }
}

/** Mean and half the width of the confidence interval of what the seeds say. */
function measure(line: Line, observable: string): { mean: number; halfWidth: number } {
  const scenario = readScenario(scenarioOf(line))
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  const means = Array.from({ length: SEEDS }, (_, seed) => {
    const run = new Run(model.value, scenario.value, { trace: false, checking: 'never', seed: seed + 1 }).runToEnd()
    const found = run.summary().observables.map(({ name, value }) => [name, value as number] as const)
    expect(Object.fromEntries(found).served).toBe(REQUESTS)
    return Object.fromEntries(found)[observable] as number
  })
  const mean = means.reduce((sum, one) => sum + one, 0) / SEEDS
  const variance = means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (SEEDS - 1)
  return { mean, halfWidth: (T_99 * Math.sqrt(variance)) / Math.sqrt(SEEDS) }
}

/** Erlang's C: how likely an arrival has to wait, for `c` desks at an offered load of `a` of them. */
function erlangC(c: number, a: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; k < c; k++) {
    term *= a / k
    sum += term
  }
  const last = (term * a) / c / (1 - a / c)
  return last / (sum + last)
}

const exponential = (ms: number): Service => ({ handlerMs: { exponential: ms }, concurrency: 1 })

describe('the mean wait', () => {
  it.each([
    ['M/M/1 at 50 %', 50, exponential(10), (0.5 * 10) / (1 - 0.5)],
    ['M/M/1 at 80 %', 80, exponential(10), (0.8 * 10) / (1 - 0.8)],
    ['M/D/1 at 80 %', 80, { handlerMs: 10, concurrency: 1 }, (0.8 * 10) / (2 * (1 - 0.8))],
    ['M/U/1 at 80 %', 80, { handlerMs: [0, 20], concurrency: 1 }, ((0.8 * 10) / (2 * (1 - 0.8))) * (1 + 1 / 3)],
    ['M/M/4 by concurrency at 75 %', 300, { ...exponential(10), concurrency: 4 }, (erlangC(4, 3) * 10) / (4 - 3)],
    ['M/M/4 by replicas at 75 %', 300, { ...exponential(10), replicas: 4 }, (erlangC(4, 3) * 10) / (4 - 3)],
    [
      'M/M/6 by both at 75 %',
      450,
      { ...exponential(10), concurrency: 2, replicas: 3 },
      (erlangC(6, 4.5) * 10) / (6 - 4.5),
    ],
  ] as const)('of %s is what theory says', (_, rate, service, theory) => {
    const { mean, halfWidth } = measure({ rate, service: service as Service }, 'wait')
    expect(Math.abs(mean - theory)).toBeLessThan(halfWidth)
    // A wide interval would hold anything.
    expect(halfWidth).toBeLessThan(theory * 0.25)
  })

  it('of four lines of one desk each is that of one desk: who goes by a key waits for one replica', () => {
    const keyed = { ...exponential(10), replicas: 4, routing: 'by key' as const }
    const { mean, halfWidth } = measure({ rate: 200, service: keyed }, 'wait')
    expect(Math.abs(mean - (0.5 * 10) / (1 - 0.5))).toBeLessThan(halfWidth)
  })
})

describe('the share of time a desk is busy', () => {
  it.each([[{ exponential: 10 }], [10], [[5, 15]]] as const)('is rate times service time for %j', (handlerMs) => {
    const { mean, halfWidth } = measure({ rate: 70, service: { handlerMs, concurrency: 1 } as Service }, 'busy')
    expect(Math.abs(mean - 0.7)).toBeLessThan(halfWidth)
    expect(halfWidth).toBeLessThan(0.03)
  })
})
