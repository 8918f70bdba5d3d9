// Whatever a scenario's file holds, it runs or is refused with a reason. Nothing is thrown, nothing runs for ever.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EvaluationError } from '../kernel/evaluation.ts'
import { library } from '../library/library.ts'
import { compile, readScenario } from './compile.ts'
import { applyVariant } from './patch.ts'
import { Run } from './run.ts'
import type { ScenarioInput } from './schema.ts'

type Path = readonly (string | number)[]

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))]
}

const grounds = library.flatMap((scenario) => {
  const variants = [null, ...Object.keys(scenario.variants ?? {})]
  return variants.map((variant) => {
    const { variants: _, ...ground } = JSON.parse(JSON.stringify(applyVariant(scenario, variant)))
    return { ground: { ...ground, entriesMax: 3000 } as ScenarioInput, paths: pathsIn(ground).slice(1) }
  })
})

const strange = fc.oneof(
  fc.constantFrom<unknown>(
    ...['', 'order', 'charge', 'payment', 'client', 'Charged', 'toString', '__proto__', "'x'", 'now', 'amount'],
    ...['never', 'always', 'none', 'temporal', 'after sending', 'parallel', 'ask again', 'redeliver', 'sagas'],
    ...[0, 1, -1, 5, 0.5, 1e9, null, true, false, [], {}, ['charge'], [[]]],
    ...['entries.size()', 'saga("o1").status', 'payment.ledger.size() + "x"', 'sagas.map(s, s.log)'],
  ),
  fc.jsonValue({ maxDepth: 2 }),
)
type Change = {
  readonly at: number
  readonly how: 'replace' | 'remove' | 'repeat' | 'move'
  readonly value: unknown
  readonly from: number
}
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(100_000),
  how: fc.constantFrom('replace', 'remove', 'repeat', 'move'),
  value: strange,
  from: fc.nat(100_000),
})

// biome-ignore lint/suspicious/noExplicitAny: what is being built here has no type on purpose.
type Anything = any
const at = (root: Anything, path: Path): Anything => path.reduce((value, key) => value?.[key], root)

function damage(root: Anything, paths: readonly Path[], { at: place, how, value, from }: Change): void {
  const path = paths[place % paths.length] as Path
  const owner = at(root, path.slice(0, -1))
  const key = path.at(-1) as string | number
  if (typeof owner !== 'object' || owner === null) return
  if (how === 'remove' && Array.isArray(owner)) owner.splice(Number(key), 1)
  else if (how === 'remove') delete owner[key]
  else if (how === 'repeat' && Array.isArray(owner)) owner.push(structuredClone(owner[Number(key)]))
  else if (how === 'move') owner[key] = structuredClone(at(root, paths[from % paths.length] as Path))
  else owner[key] = value
}

describe('a damaged scenario', () => {
  it('runs, or is refused with at least one reason', () => {
    let runs = 0
    fc.assert(
      fc.property(fc.nat(grounds.length - 1), fc.array(change, { minLength: 1, maxLength: 3 }), (place, changes) => {
        const { ground, paths } = grounds[place] as (typeof grounds)[number]
        const scenario = structuredClone(ground)
        for (const one of changes) damage(scenario, paths, one)
        const read = readScenario(JSON.parse(JSON.stringify(scenario)))
        const model = read.ok ? compile(read.value) : read
        if (!read.ok || !model.ok) {
          expect((model as { problems: unknown[] }).problems.length).toBeGreaterThan(0)
          return
        }
        try {
          new Run(model.value, read.value).runToEnd().summary()
          runs++
        } catch (error) {
          expect(error).toBeInstanceOf(EvaluationError)
        }
      }),
      { numRuns: 600 },
    )
    expect(runs).toBeGreaterThan(0)
  }, 60_000)
})
