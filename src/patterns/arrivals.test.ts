// Clients of a stream: what they ask for, when they ask again, and what is left of them in memory.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import { saveCheckpoint } from '../kernel/checkpoint.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import { Run } from '../scenario/run.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import type { Value } from '../trace/trace-format.ts'
import { arrivalsOf } from './arrival-client.ts'

type Arrival = NonNullable<NonNullable<ScenarioInput['workload']>['arrivals']>[number]
type Service = ScenarioInput['services'][string]

const scenarioOf = (arrival: Partial<Arrival>, service: Partial<Service> = {}): ScenarioInput => ({
  sagascope: 1,
  id: 'stream',
  title: 'A stream',
  endMs: 1_000_000_000,
  bus: { order: 'none' },
  services: {
    desk: {
      handlerMs: 0,
      tables: { asked: { columns: ['who', 'atMs', 'key'] } },
      operations: { ask: { do: [{ insert: 'asked', row: { who: 'who', atMs: 'now', key: 'key' } }] } },
      ...service,
    },
  },
  workload: {
    arrivals: [
      { name: 'people', to: 'desk', message: 'ask', rate: 10, count: 4, payload: { who: 'p#' }, key: 'k#', ...arrival },
    ],
  },
  observables: {
    who: 'desk.asked.map(a, a.who)',
    times: 'desk.asked.map(a, a.atMs)',
    keys: 'desk.asked.map(a, a.key)',
    ...Object.fromEntries(
      ['requests', 'repeats', 'retries', 'proxied', 'answered', 'failed', 'gaveUp', 'late', 'done', 'slipped'].map(
        (name) => [name, `arrivals("ask").${name}`],
      ),
    ),
  },
})

const observe = (arrival: Partial<Arrival>, service: Partial<Service> = {}, more: Partial<ScenarioInput> = {}) =>
  runScenario({ ...scenarioOf(arrival, service), ...more }).observables

describe('a stream', () => {
  it('comes evenly, and numbers what it says', () => {
    expect(observe({})).toMatchObject({ who: ['p1', 'p2', 'p3', 'p4'], times: [0, 100, 200, 300], answered: 4 })
  })

  it('comes in bursts at the same rate', () => {
    expect(observe({ spacing: 'bursts', burst: 2 }).times).toEqual([0, 0, 200, 200])
  })

  it('keeps its rate when the time between two is no whole number', () => {
    expect(observe({ rate: 3, count: 7 }).times).toEqual([0, 333.333, 666.666, 1000, 1333.333, 1666.666, 2000])
  })

  it('ends at its time, whatever its count', () => {
    expect(observe({ fromMs: 50, untilMs: 260, count: 100 }).times).toEqual([50, 150, 250])
  })

  it('says in turn, or by a draw, who asks', () => {
    expect(observe({ payload: { who: 'p#%3' } }).who).toEqual(['p1', 'p2', 'p3', 'p1'])
    const drawn = observe({ payload: { who: 'p#?2' }, count: 40 }).who as string[]
    expect([...new Set(drawn)].sort()).toEqual(['p1', 'p2'])
  })

  it('is changed by no other stream', () => {
    const alone = scenarioOf({ spacing: 'exponential', payload: { who: 'p#?9' } })
    const arrivals = alone.workload?.arrivals as Arrival[]
    const other: Arrival = { ...(arrivals[0] as Arrival), name: 'others', payload: { who: 'x' } }
    const both = { ...alone, workload: { arrivals: [other, ...arrivals] } }
    const own = ({ who, times }: Readonly<Record<string, Value>>) =>
      (who as string[]).flatMap((name, i) => (name === 'x' ? [] : [[name, (times as number[])[i]]]))
    expect(own(runScenario(both).observables)).toEqual(own(runScenario(alone).observables))
  })
})

describe('a request that comes again', () => {
  it('is the same request, so long after the first', () => {
    const { who, times, keys, slipped } = observe({ count: 2, repeats: [{ afterMs: 1000 }] })
    expect({ who, times, keys, slipped }).toEqual({
      who: ['p1', 'p2', 'p1', 'p2'],
      times: [0, 100, 1000, 1100],
      keys: ['k1', 'k2', 'k1', 'k2'],
      slipped: 2,
    })
  })

  it('comes behind so many others', () => {
    expect(observe({ repeats: [{ afterRequests: 2 }] }).who).toEqual(['p1', 'p2', 'p3', 'p1', 'p4', 'p2'])
  })

  it('has a key of its own when it is another click', () => {
    const { keys, slipped } = observe({ count: 1, repeats: [{ afterMs: 10, keys: 'fresh' }] })
    expect([keys, slipped]).toEqual([['k1', 'k1~1'], 0])
  })

  it('comes in the share that is asked for', () => {
    const { repeats } = observe({ count: 1000, rate: 1000, repeats: [{ share: 0.2, afterMs: [10, 20] }] })
    expect(repeats).toBeGreaterThan(160)
    expect(repeats).toBeLessThan(240)
  })
})

describe('a client that hears nothing', () => {
  const lost = { faults: [{ kind: 'drop', message: 'ask ok', nth: 1, times: 2 }] } as Partial<ScenarioInput>

  it('asks again with the same key, and its answer may be too late', () => {
    const { keys, retries, answered, slipped } = observe(
      { count: 1, timeoutMs: 500, retry: { attemptsMax: 3, initialMs: 100 } },
      {},
      lost,
    )
    expect({ keys, retries, answered, slipped }).toEqual({
      keys: ['k1', 'k1', 'k1'],
      retries: 2,
      answered: 1,
      slipped: 2,
    })
  })

  it('brings a fresh key each time when it is told to', () => {
    const retry = { attemptsMax: 3, initialMs: 0 }
    expect(observe({ count: 1, timeoutMs: 500, keys: 'fresh', retry }, {}, lost).keys).toEqual(['k1', 'k1-2', 'k1-3'])
  })

  it('gives up, and hears what comes late no more', () => {
    const { gaveUp, late, answered } = observe({ count: 1, timeoutMs: 20 }, { handlerMs: 50 })
    expect({ gaveUp, late, answered }).toEqual({ gaveUp: 1, late: 1, answered: 0 })
  })

  it('is multiplied by a proxy that asks again by itself', () => {
    const { proxied, retries, slipped } = observe(
      { count: 1, timeoutMs: 100, retry: { attemptsMax: 2, initialMs: 0 }, proxy: { timeoutMs: 30, attemptsMax: 3 } },
      { handlerMs: 1000 },
    )
    expect({ proxied, retries, slipped }).toEqual({ proxied: 4, retries: 1, slipped: 5 })
  })
})

describe('a hundred thousand requests', () => {
  it('leave nothing behind but what is under way', () => {
    const read = readScenario({ ...scenarioOf({ count: 100_000, rate: 1000, timeoutMs: 50 }), keep: 'curves' })
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    const model = compile({ ...read.value, services: { desk: { ...read.value.services.desk, handlerMs: 5 } as never } })
    if (!model.ok) throw new Error(JSON.stringify(model.problems))
    const run = new Run(model.value, read.value)
    run.advance(60_000)
    expect(arrivalsOf(run.simulation).live.size).toBeLessThan(20)
    expect(run.simulation.agenda.size).toBeLessThan(100)
    expect(run.simulation.messages.length).toBeLessThan(20)
    const { state } = saveCheckpoint(run.simulation)
    expect(JSON.stringify(state.timers).length).toBeLessThan(20_000)
  })
})
