import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

const react = (event: string) => ({ operations: { [`do ${event}`]: { emits: event, do: [] } } })

/** Two services, each of which answers the other's event with its own. */
const circle: ScenarioInput = {
  sagascope: 1,
  id: 'circle',
  title: 'Circle',
  entriesMax: 2000,
  services: {
    left: { ...react('Ping'), subscriptions: { Pong: 'do Ping' } },
    right: { ...react('Pong'), subscriptions: { Ping: 'do Pong' } },
  },
  workload: { requests: [{ to: 'left', message: 'do Ping' }] },
}

describe('a run that cannot end', () => {
  it('says which events call each other, keeps its trace, and says so in its last entry', () => {
    const { summary, trace } = runScenario(circle)
    expect(summary).toMatchObject({ reason: 'entry limit', quiescent: false, cycle: 'Pong to left, Ping to right' })
    expect(trace.length).toBeGreaterThan(2000)
    expect(sentences(trace).at(-1)).toMatch(/the run ended: entry limit; it goes round: Pong to left, Ping to right$/)
  })

  it('says so too when virtual time is its limit', () => {
    expect(runScenario({ ...circle, entriesMax: 1_000_000, endMs: 1000 }).summary).toMatchObject({
      reason: 'time limit',
      cycle: 'Pong to left, Ping to right',
    })
  })

  it('names a compensation that is asked for again for ever', () => {
    const forEver: ScenarioInput = {
      sagascope: 1,
      id: 'for-ever',
      title: 'For ever',
      services: {
        order: {},
        payment: { operations: { charge: { do: [] }, refund: { do: [{ check: 'false', otherwise: 'CLOSED' }] } } },
        stock: { operations: { reserve: { do: [{ check: 'false', otherwise: 'NONE' }] } } },
      },
      sagas: {
        order: {
          orchestrator: 'order',
          start: 'go',
          id: 'order',
          steps: [
            {
              name: 'charge',
              service: 'payment',
              operation: 'charge',
              compensation: 'refund',
              compensationRetry: 'temporal',
            },
            { name: 'reserve', service: 'stock', operation: 'reserve' },
          ],
        },
      },
      workload: { requests: [{ to: 'order', message: 'go', payload: { order: 'o1' } }] },
    }
    expect(runScenario(forEver).summary.cycle).toBe('refund to payment, refund refused to order')
  })

  it('names a message that is handed out again and again', () => {
    const poison: ScenarioInput = {
      sagascope: 1,
      id: 'poison',
      title: 'Poison',
      endMs: 1000,
      services: { worker: { onError: 'redeliver', operations: { work: { do: [] } } } },
      workload: { requests: [{ to: 'worker', message: 'work' }] },
      faults: [{ kind: 'poison', service: 'worker' }],
    }
    expect(runScenario(poison).summary.cycle).toBe('work again to worker')
  })

  it('names nothing when a run was merely too long, and nothing when it came to rest', () => {
    const long: ScenarioInput = {
      ...circle,
      endMs: 100,
      services: { left: { handlerMs: 1000, operations: { slow: { do: [] } } } },
      workload: { requests: [{ to: 'left', message: 'slow' }] },
    }
    expect(runScenario(long).summary).toMatchObject({ reason: 'time limit', cycle: null })
    expect(runScenario({ ...long, endMs: 10_000 }).summary).toMatchObject({ reason: 'at rest', cycle: null })
  })
})

describe('an event that nobody subscribes to', () => {
  const deaf: ScenarioInput = {
    ...circle,
    services: { left: react('Ping') },
    observables: {
      published: 'published("Ping")',
      unheard: 'unheard("Ping")',
      all: 'bus.unheard',
      sent: 'sent("Ping")',
    },
  }

  it('is published, recorded and counted, and goes nowhere', () => {
    const { observables, trace } = runScenario(deaf)
    expect(observables).toEqual({ published: 1, unheard: 1, all: 1, sent: 0 })
    expect(sentences(trace)).toContainEqual(expect.stringMatching(/Left published Ping, and nobody subscribes to it/))
  })

  it('is not counted when somebody does', () => {
    const right = { operations: { note: { do: [] } }, subscriptions: { Ping: 'note' } }
    const heard = runScenario({ ...deaf, services: { left: react('Ping'), right } })
    expect(heard.observables).toMatchObject({ published: 1, unheard: 0, sent: 1 })
  })
})
