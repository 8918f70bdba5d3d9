// Every story of the library comes out as it says, and the same way every time.
import { describe, expect, it } from 'vitest'
import { type RunOutcome, runScenario, sentences } from '../../test/run-scenario.ts'
import { problemLine } from '../base/result.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import { applyVariant } from '../scenario/patch.ts'
import type { Scenario, ScenarioInput } from '../scenario/schema.ts'
import { library } from './library.ts'

interface Story {
  readonly name: string
  readonly scenario: ScenarioInput
  readonly variant: string | null
}

const stories: Story[] = library.flatMap((scenario) =>
  [null, ...Object.keys(scenario.variants ?? {})].map((variant) => ({
    name: `${scenario.case ?? '–'} ${scenario.id}${variant === null ? '' : ` ${variant}`}`,
    scenario,
    variant,
  })),
)

const outcomes = new Map<Story, RunOutcome>()
function firstRun(story: Story): RunOutcome {
  const known = outcomes.get(story) ?? runScenario(story.scenario, story.variant)
  outcomes.set(story, known)
  return known
}

/** Values and verdicts, as far as somebody expects something of them. */
function outcome(story: Story) {
  const { summary } = firstRun(story)
  return {
    observables: summary.observables.flatMap(({ name, value, expected }) =>
      expected === undefined || JSON.stringify(value) === JSON.stringify(expected)
        ? []
        : [`${name} is ${JSON.stringify(value)}, expected ${JSON.stringify(expected)}`],
    ),
    broken: summary.properties.filter(({ holds }) => !holds).map(({ name }) => name),
    expectedToBreak: summary.properties.filter(({ expectedToBreak }) => expectedToBreak).map(({ name }) => name),
  }
}

describe('every story', () => {
  it.each(stories)('$name comes out as it says', (story) => {
    const { observables, broken, expectedToBreak } = outcome(story)
    expect(observables).toEqual([])
    expect(broken).toEqual(expectedToBreak)
  })

  it('expects something, so that coming out as expected means something', () => {
    // Where variants tell the story, the scenario itself is only their ground.
    const told = stories.filter(({ scenario, variant }) => variant !== null || scenario.variants === undefined)
    const mute = told.filter(({ scenario, variant }) => {
      const expected = { ...scenario.expect, ...(variant === null ? {} : scenario.variants?.[variant]?.expect) }
      return Object.keys(expected).length === 0 && (scenario.variants?.[variant ?? '']?.breaks ?? []).length === 0
    })
    expect(mute.map(({ name }) => name)).toEqual([])
  })

  it('is the same, byte for byte, when it runs again', () => {
    for (const story of stories) {
      expect(runScenario(story.scenario, story.variant).summary, story.name).toEqual(firstRun(story).summary)
    }
  }, 60_000)

  it('is the same when it runs in small slices and hands its trace out in parts', () => {
    for (const story of stories) {
      const sliced = runScenario(story.scenario, story.variant, { slice: 23 })
      expect(sliced.summary, story.name).toEqual(firstRun(story).summary)
    }
  }, 60_000)

  it('has a sentence for every entry, without a gap in it', () => {
    for (const story of stories) {
      const bad = sentences(firstRun(story).trace).filter((line) =>
        /undefined|null \(|NaN|\[object|: $|^\S+ \S+ {2} ?$/.test(line),
      )
      expect(bad, story.name).toEqual([])
    }
  }, 60_000)
})

describe('a seed', () => {
  // The whole trace but for the header, which names the seed.
  const facts = (scenario: ScenarioInput, seed: number) => sentences(runScenario(scenario, null, { seed }).trace)

  it('changes nothing where nothing is random', () => {
    const fixed = library.filter(
      ({ bus, faults, workload }) =>
        (workload?.arrivals ?? []).length === 0 &&
        !Array.isArray(bus?.hopMs) &&
        (faults ?? []).every((fault) => !('probability' in fault) || fault.probability === undefined),
    )
    expect(fixed.length).toBeGreaterThan(5)
    for (const scenario of fixed) expect(facts(scenario, 99), scenario.id).toEqual(facts(scenario, 1))
  }, 30_000)

  it('changes the times where they are drawn from a range', () => {
    const scenario: ScenarioInput = { ...(library[0] as ScenarioInput), bus: { hopMs: [1, 50] } }
    expect(facts(scenario, 1)).toEqual(facts(scenario, 1))
    expect(facts(scenario, 2)).not.toEqual(facts(scenario, 1))
  })
})

describe('the library', () => {
  it('is written in the language: every scenario and variant compiles', () => {
    for (const scenario of library) {
      const read = readScenario(JSON.parse(JSON.stringify(scenario)))
      const result = read.ok ? compile(read.value) : read
      expect(result.ok ? [] : result.problems.map(problemLine)).toEqual([])
    }
  })

  it('is data: nothing is lost when it is written to a file', () => {
    for (const scenario of library) expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario)
  })

  it('gives every scenario an id of its own, a chapter and a text', () => {
    const ids = library.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(library.filter(({ chapter, text }) => !chapter || !text).map(({ id }) => id)).toEqual([])
  })
})

describe('every protection', () => {
  type Strip = (scenario: Scenario) => boolean
  const without = (name: 'idempotencyKey' | 'inbox' | 'outbox' | 'fence'): Strip => {
    return ({ services }) => {
      const having = Object.values(services).filter(({ protections }) => Boolean(protections[name]))
      for (const { protections } of having) Reflect.deleteProperty(protections, name)
      return having.length > 0
    }
  }
  const withoutSaga = (strip: (saga: Scenario['sagas'][string]) => boolean): Strip => {
    return ({ sagas }) => Object.values(sagas).filter(strip).length > 0
  }

  it.each<[string, Strip]>([
    ['an idempotency key', without('idempotencyKey')],
    ['an inbox', without('inbox')],
    ['an outbox', without('outbox')],
    ['a fence', without('fence')],
    [
      'registering a compensation before the command',
      withoutSaga((saga) => {
        const had = saga.register === 'before'
        saga.register = 'after'
        return had
      }),
    ],
    [
      'the state guard',
      withoutSaga((saga) => {
        saga.guard = false
        return true
      }),
    ],
    [
      'a saga log on disk',
      withoutSaga((saga) => {
        saga.durable = false
        return true
      }),
    ],
  ])(
    '%s has a story that is good with it and bad without',
    (_, strip) => {
      const twins = stories.filter(({ scenario, variant }) => {
        const read = readScenario(applyVariant(scenario, variant))
        if (!read.ok || read.value.breaks.length > 0 || !strip(read.value)) return false
        // Only the properties are asked: an observable may name the protection's own table.
        const bare = { ...read.value, observables: {}, expect: {}, variants: {} }
        return runScenario(bare as ScenarioInput).broken.length > 0
      })
      expect(twins.map(({ name }) => name)).not.toEqual([])
    },
    30_000,
  )
})
