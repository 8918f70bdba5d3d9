import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

type Service = ScenarioInput['services'][string]

const shop = (service: Partial<Service>, arrival: object = {}, more: Partial<ScenarioInput> = {}): ScenarioInput => ({
  sagascope: 1,
  id: 'replicas',
  title: 'Replicas',
  bus: { order: 'none' },
  services: { shop: { handlerMs: 100, concurrency: 1, operations: { buy: { do: [] } }, ...service } },
  workload: {
    arrivals: [{ name: 'buyers', to: 'shop', message: 'buy', rate: 1000, count: 6, key: 'k#', ...arrival }],
  },
  observables: {
    last: 'entries.filter(e, e.kind == "responded").last().ms',
    answered: 'arrivals("buy").answered',
    longest: 'queue("shop").max',
    busy: 'busy("shop").max',
  },
  ...more,
})
const observe = (...given: Parameters<typeof shop>) => runScenario(shop(...given)).observables

describe('replicas', () => {
  it('share a queue: three of them do six things in the time of two', () => {
    expect(observe({})).toMatchObject({ last: 600, longest: 5, busy: 1 })
    expect(observe({ replicas: 3 })).toMatchObject({ last: 202, longest: 3, busy: 3 })
  })

  it('each handle as much as their concurrency allows', () => {
    expect(observe({ replicas: 3, concurrency: 2 })).toMatchObject({ last: 105, longest: 0, busy: 6 })
  })

  it('are no help to those who all go to one of them', () => {
    expect(observe({ replicas: 3, routing: 'by key' }, { key: 'one' })).toMatchObject({ last: 600, busy: 1 })
  })

  it('that come later take what has piled up', () => {
    const run = runScenario(shop({ scaling: [{ atMs: 50, replicas: 3 }] }))
    expect(run.observables).toMatchObject({ last: 250, longest: 5, busy: 3 })
    expect(sentences(run.trace)).toContain('50 ms  Shop has 3 replicas from now on, 1 before')
  })

  it('that are taken away finish what they have begun', () => {
    const { last, answered } = observe({ replicas: 3, scaling: [{ atMs: 50, replicas: 1 }] })
    expect({ last, answered }).toEqual({ last: 400, answered: 6 })
  })

  it('lose nothing in a crash, and no message is counted twice in the queue', () => {
    const crash = { faults: [{ kind: 'crash', service: 'shop', atMs: 150, restartMs: 100 }] } as Partial<ScenarioInput>
    const scenario = shop({ replicas: 2 }, {}, crash)
    const { observables } = runScenario({
      ...scenario,
      observables: { ...scenario.observables, left: 'queue("shop").now', working: 'busy("shop").now' },
    })
    expect(observables).toMatchObject({ answered: 6, left: 0, working: 0, longest: 4 })
  })
})
