import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { library } from '../library/library.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import { applyVariant } from '../scenario/patch.ts'
import { Run } from '../scenario/run.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { roundTrips } from '../session/fixture.ts'
import { firstDifference, partingOf } from './parting.ts'
import { Trace } from './trace.ts'

function traceOf(input: ScenarioInput, variant: string | null = null): Trace {
  const scenario = readScenario(applyVariant(input, variant))
  if (!scenario.ok) throw new Error(scenario.problems[0]?.message)
  const model = compile(scenario.value, variant)
  if (!model.ok) throw new Error(model.problems[0]?.message)
  const run = new Run(model.value, scenario.value).runToEnd()
  return new Trace(run.header, [run.takePart()])
}
const story = (id: string) => library.find((scenario) => scenario.id === id) as ScenarioInput
const small = library.filter((scenario) => JSON.stringify(scenario).length < 9000)

describe('two runs', () => {
  it('of the same scenario never part', () => {
    for (const scenario of small) {
      const variants = [null, ...Object.keys(scenario.variants ?? {})]
      for (const variant of variants) {
        const [one, other] = [traceOf(scenario, variant), traceOf(scenario, variant)]
        expect(partingOf(one, other), `${scenario.id} ${variant}`).toBeNull()
      }
    }
  }, 60_000)

  it('part where the first thing differs, and tell the same before it: from either side', () => {
    const pairs = small.flatMap((scenario) => {
      const names = Object.keys(scenario.variants ?? {})
      return names.flatMap((one, i) => names.slice(i + 1).map((other) => ({ scenario, one, other })))
    })
    fc.assert(
      fc.property(fc.constantFrom(...pairs), ({ scenario, one, other }) => {
        const [a, b] = [traceOf(scenario, one), traceOf(scenario, other)]
        const parting = partingOf(a, b)
        expect(partingOf(b, a)).toBe(parting)
        if (parting === null) return
        // Cut off before the parting, no difference is found; with it, the difference is the last thing found.
        expect(firstDifference(a, b, 0, parting)).toBe(parting)
        // From a hundred places on the way: from each of them would be quadratic in a long run.
        const step = Math.max(1, Math.floor(parting / 100))
        for (let from = parting; from >= 0; from -= step) expect(firstDifference(a, b, from)).toBe(parting)
        expect(firstDifference(a, b, parting, parting + 1)).toBe(parting)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('that differ in a fault part at the fault, although it gives every later value another number', () => {
    const scenario = story('order-saga')
    const lost: ScenarioInput = { ...scenario, faults: [{ kind: 'drop', message: 'charge' }] }
    const [calm, broken] = [traceOf(scenario), traceOf(lost)]
    const parting = partingOf(calm, broken) as number
    expect(broken.entry(parting).kind).toBe('dropped')
    expect(calm.entry(parting).kind).not.toBe('dropped')
    expect(calm.timeAt(parting - 1)).toBe(broken.timeAt(parting - 1))
  })

  it('of which one ends where the other goes on part at that end', () => {
    const one = new Trace(roundTrips(1).header, [roundTrips(1).part])
    const other = new Trace(roundTrips(2).header, [roundTrips(2).part])
    expect(partingOf(one, other)).toBe(one.length)
    expect(firstDifference(one, other)).toBe(one.length)
  })

  it('that differ in their seed alone do not part while nothing is drawn', () => {
    const one = traceOf({ ...story('order-saga'), seed: 1 })
    const other = traceOf({ ...story('order-saga'), seed: 2 })
    expect(partingOf(one, other)).toBeNull()
  })
})
