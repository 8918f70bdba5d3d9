// Every story once more with all services above READ COMMITTED: nothing that held may break, for less can happen there.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import { applyVariant } from '../scenario/patch.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { library } from './library.ts'

type Level = NonNullable<ScenarioInput['services'][string]['isolation']>

function allAt(level: Level, scenario: ScenarioInput): ScenarioInput {
  const services = Object.entries(scenario.services).map(([name, service]) => [name, { ...service, isolation: level }])
  return {
    ...scenario,
    services: Object.fromEntries(services),
    observables: { ...scenario.observables, givenWay: 'conflicts' },
  }
}

const stories = library
  .flatMap((scenario) =>
    Object.keys(scenario.variants ?? { '': null }).map((variant) => ({
      name: `${scenario.id} ${variant}`,
      scenario: applyVariant(scenario, variant === '' ? null : variant) as ScenarioInput,
    })),
  )
  // A story that chooses a level of its own is about that level.
  .filter(({ scenario }) => Object.values(scenario.services).every(({ isolation }) => isolation === undefined))

describe.each(['repeatable read', 'serializable'] as const)('at %s', (level) => {
  const runs = stories.map(({ name, scenario }) => ({ name, scenario, run: runScenario(allAt(level, scenario)) }))

  it('a story breaks no property that holds at READ COMMITTED', () => {
    const worse = runs.flatMap(({ name, scenario, run }) => {
      const before = runScenario(scenario).broken
      return run.broken.filter((property) => !before.includes(property)).map((property) => `${name}: ${property}`)
    })
    expect(worse).toEqual([])
  }, 60_000)

  it('some transactions have to give way, most do not', () => {
    const givenWay = runs.filter(({ run }) => run.observables.givenWay !== 0)
    expect(givenWay.length).toBeGreaterThan(10)
    expect(givenWay.length).toBeLessThan(stories.length / 2)
  })
})
