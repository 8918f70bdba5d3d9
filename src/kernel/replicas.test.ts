import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import { compile, readScenario } from '../scenario/compile.ts'
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

describe('the crash of one replica', () => {
  const crash = { kind: 'crash', service: 'shop', restartMs: 1000 } as const
  const with2 = (fault: object, service: Partial<Service> = {}) => {
    const faults = [{ ...crash, ...fault }] as NonNullable<ScenarioInput['faults']>
    const scenario = shop({ replicas: 2, ...service }, {}, { faults })
    return runScenario({
      ...scenario,
      observables: {
        ...scenario.observables,
        executed: 'entries.filter(e, e.kind == "committed").size()',
        redelivered: 'entries.filter(e, e.kind == "redelivered").size()',
        left: 'queue("shop").now',
        working: 'busy("shop").now',
      },
    })
  }

  it('gives what it had in hand to the other, which does all the rest alone', () => {
    const { observables, trace } = with2({ atMs: 150, replica: 2 })
    // One is through at 101, 201, 301, …; what the second had begun at 102 begins again when the first is free.
    expect(observables).toMatchObject({ answered: 6, redelivered: 1, last: 500, left: 0, working: 0 })
    const said = sentences(trace)
    expect(said).toContain('150 ms  replica 2 of Shop crashed')
    expect(said.filter((line) => line.includes('Shop crashed') && !line.includes('replica'))).toEqual([])
  })

  it('ends when it is back: then there are two again', () => {
    const { observables, trace } = with2({ atMs: 150, replica: 2, restartMs: 50 })
    expect(observables).toMatchObject({ answered: 6, redelivered: 1, last: 400 })
    expect(sentences(trace)).toContain('200 ms  replica 2 of Shop is back')
  })

  it('lands on whichever handles the message, and on nobody else', () => {
    const { observables, trace } = with2({ on: 'buy', nth: 3, point: 'before commit', replica: 'at work' })
    expect(observables).toMatchObject({ answered: 6, redelivered: 1, executed: 6, left: 0, working: 0 })
    expect(sentences(trace).filter((line) => /replica \d of Shop crashed/.test(line))).toHaveLength(1)
  })

  it('counts only what that replica handles', () => {
    const { trace } = with2({ on: 'buy', nth: 2, point: 'on receipt', replica: 2 })
    const said = sentences(trace)
    const crashed = said.findIndex((line) => line.includes('replica 2 of Shop crashed'))
    expect(said.slice(0, crashed).filter((line) => /Shop (took|received) buy/.test(line))).toHaveLength(4)
  })

  it('keeps messages that go by their key waiting for it', () => {
    const { observables } = with2({ atMs: 150, replica: 1, restartMs: 2000 }, { routing: 'by key' })
    expect(observables).toMatchObject({ answered: 6, left: 0 })
    expect((observables as { last: number }).last).toBeGreaterThan(2150)
  })

  it('is the crash of the service where it is the only one', () => {
    const { trace } = runScenario(
      shop(
        { replicas: 2, scaling: [{ atMs: 50, replicas: 1 }] },
        {},
        { faults: [{ ...crash, atMs: 150, replica: 1 }] },
      ),
    )
    expect(sentences(trace)).toContain('150 ms  Shop crashed with its only replica')
  })

  it('that nobody ever is, is told with its place', () => {
    const read = readScenario(shop({ replicas: 2 }, {}, { faults: [{ ...crash, atMs: 1, replica: 3 }] }))
    const compiled = read.ok ? compile(read.value) : read
    expect(compiled.ok ? '' : compiled.problems[0]?.path).toBe('faults[0].replica')
    expect(compiled.ok ? '' : compiled.problems[0]?.message).toContain('never has more than 2 replicas')
  })
})
