// Stores that fill up: what goes when, and what the lack of it lets through.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

type Protections = NonNullable<ScenarioInput['services'][string]['protections']>

const scenarioOf = (protections: Protections, arrival: object, service: object = {}): ScenarioInput => ({
  sagascope: 1,
  id: 'store',
  title: 'A store',
  bus: { order: 'none' },
  services: { desk: { handlerMs: 0, operations: { ask: { do: [] } }, protections, ...service } },
  workload: {
    arrivals: [
      {
        name: 'people',
        to: 'desk',
        message: 'ask',
        rate: 10,
        count: 20,
        payload: { who: 'p#' },
        key: 'k#',
        ...arrival,
      },
    ],
  },
  observables: {
    slipped: 'arrivals("ask").slipped',
    ...Object.fromEntries(
      ['now', 'max', 'bytes', 'hits', 'misses', 'evicted', 'expired'].map((name) => [name, `store("desk").${name}`]),
    ),
  },
})
const observe = (...given: Parameters<typeof scenarioOf>) => runScenario(scenarioOf(...given)).observables

describe.each(['idempotencyKey', 'inbox'] as const)('the store of an %s', (name) => {
  // The inbox knows a request of a stream by its business key.
  const by = name === 'inbox' ? { by: 'business key' as const } : {}
  const store = (settings: object) => ({ [name]: { ...by, ...settings } }) as Protections

  it('grows for ever when nothing goes', () => {
    expect(observe(store({}), {})).toMatchObject({ now: 20, max: 20, bytes: 1000, misses: 20, hits: 0 })
  })

  it('holds rate times retention, once expired rows are deleted', () => {
    expect(observe(store({ retentionMs: 500, purgeMs: 0 }), {})).toMatchObject({ now: 5, max: 5, expired: 15 })
    expect(observe(store({ retentionMs: 500 }), {})).toMatchObject({ now: 20, expired: 0 })
  })

  it('deletes no more often than it is told to', () => {
    expect(observe(store({ retentionMs: 500, purgeMs: 1000 }), {})).toMatchObject({ now: 14, max: 14, expired: 6 })
  })

  it('forgets the ones used longest ago for want of room', () => {
    const again = { repeats: [{ afterRequests: 8 }] }
    expect(observe(store({ capacity: 5 }), again)).toMatchObject({ max: 5, hits: 0, slipped: 12 })
    expect(observe(store({ capacity: 30 }), again)).toMatchObject({ max: 20, hits: 12, slipped: 0 })
  })

  it('turns away what comes in time, does again what comes later', () => {
    const late = { repeats: [{ share: 0.5, afterMs: 300 }, { afterMs: 900 }] }
    const { slipped, hits } = observe(store({ retentionMs: 500, purgeMs: 0 }), late)
    expect(slipped).toBe(20)
    expect(hits).toBeGreaterThan(3)
  })

  it('is no help to another replica when it is local', () => {
    const again = { repeats: [{ afterMs: 50 }] }
    const two = { replicas: 2 }
    expect(observe(store({ store: 'local' }), again, two)).toMatchObject({ slipped: 20, hits: 0, now: 40 })
    expect(observe(store({}), again, two)).toMatchObject({ slipped: 0, hits: 20, now: 20 })
    expect(observe(store({ store: 'local' }), again, { ...two, routing: 'by key' }).now).toBe(20)
  })

  it('has room for each replica when it is local', () => {
    const { max, evicted } = observe(store({ store: 'local', capacity: 4 }), {}, { replicas: 2 })
    expect({ max, evicted }).toEqual({ max: 8, evicted: 12 })
  })

  it('is gone with a crash when it is local, and stays on disk when it is shared', () => {
    const crash = (kind: string) =>
      runScenario({
        ...scenarioOf(store({ store: kind }), { repeats: [{ afterMs: 1000 }] }, { restartMs: 1 }),
        faults: [{ kind: 'crash', service: 'desk', atMs: 1050 }],
      }).observables
    expect(crash('shared')).toMatchObject({ slipped: 0, hits: 20 })
    expect(crash('local')).toMatchObject({ slipped: 10, hits: 10 })
  })
})
