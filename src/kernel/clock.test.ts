import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

type Fault = NonNullable<ScenarioInput['faults']>[number]

/** A service that notes the time, asked at 0, 10 and 20 s. */
function clock(...faults: Fault[]): ScenarioInput {
  return {
    sagascope: 1,
    id: 'clock',
    title: 'Clock',
    services: {
      here: {
        handlerMs: 0,
        tables: { seen: { columns: ['atMs'] } },
        operations: { look: { do: [{ insert: 'seen', row: { atMs: 'now' } }] } },
      },
    },
    workload: { requests: [0, 10_000, 20_000].map((atMs) => ({ to: 'here', message: 'look', atMs })) },
    faults,
    observables: { seen: 'here.seen.map(s, s.atMs)', now: 'now' },
  }
}
const seen = (...faults: Fault[]) => runScenario(clock(...faults)).observables.seen

describe('a service’s clock', () => {
  it('is right when nothing is said', () => {
    expect(seen()).toEqual([0, 10_000, 20_000])
  })

  it('is ahead or behind by an offset, while the run’s own time is what it is', () => {
    expect(seen({ kind: 'skew', service: 'here', offsetMs: 300 })).toEqual([300, 10_300, 20_300])
    expect(seen({ kind: 'skew', service: 'here', offsetMs: -300 })).toEqual([-300, 9700, 19_700])
    expect(runScenario(clock({ kind: 'skew', service: 'here', offsetMs: 300 })).observables.now).toBe(20_000)
  })

  it('gains or loses with a drift, from when that begins', () => {
    expect(seen({ kind: 'skew', service: 'here', driftPpm: 1000, fromMs: 10_000 })).toEqual([0, 10_000, 20_010])
    expect(seen({ kind: 'skew', service: 'here', driftPpm: -500_000 })).toEqual([0, 5000, 10_000])
  })

  it('is put right again, and steps back when it was ahead', () => {
    expect(seen({ kind: 'skew', service: 'here', offsetMs: 15_000, untilMs: 15_000 })).toEqual([15_000, 25_000, 20_000])
  })

  it('adds up what several skews do', () => {
    const two: Fault[] = [100, -40].map((offsetMs) => ({ kind: 'skew', service: 'here', offsetMs }))
    expect(seen(...two)).toEqual([60, 10_060, 20_060])
  })

  it('says in the trace that it is wrong, and that it is right again', () => {
    const fault: Fault = { kind: 'skew', service: 'here', offsetMs: -300, driftPpm: 100, fromMs: 5000, untilMs: 15_000 }
    const told = sentences(runScenario(clock(fault)).trace).filter((line) => line.includes('clock'))
    expect(told).toEqual([
      '5.000 s  the clock of Here is 300 ms behind and gains 100 ppm',
      '15.000 s  the clock of Here is right',
    ])
  })

  it('is not what a time-out counts on', () => {
    const waiting: ScenarioInput = {
      ...clock({ kind: 'skew', service: 'here', driftPpm: 500_000 }),
      services: {
        here: { operations: { look: { do: [{ call: 'never', to: 'there', timeoutMs: 1000 }] } } },
        there: { operations: { never: { handlerMs: 60_000, do: [] } } },
      },
      workload: { requests: [{ to: 'here', message: 'look' }] },
      observables: { failedAt: "entries.filter(e, e.kind == 'failed').first().ms" },
    }
    expect(runScenario(waiting).observables.failedAt).toBe(1005)
  })

  it('decides when a lock has expired: a keeper whose clock is fast gives it away early', () => {
    const lease = (faults: Fault[]): ScenarioInput => ({
      ...clock(...faults),
      bus: { order: 'none' },
      services: {
        here: { operations: { look: { do: [{ lock: "'file'", holder: 'who', timeToLiveMs: 15_000 }] } } },
      },
      workload: {
        requests: ['a', 'b'].map((who, i) => ({ to: 'here', message: 'look', atMs: i * 11_000, payload: { who } })),
      },
      observables: { answers: 'clients.map(c, c.answer)' },
    })
    expect(runScenario(lease([])).observables.answers).toEqual(['ok', 'refused LOCKED'])
    const step: Fault = { kind: 'skew', service: 'here', offsetMs: 5000, fromMs: 5000 }
    expect(runScenario(lease([step])).observables.answers).toEqual(['ok', 'ok'])
  })

  it('wakes who waits for a lock when the keeper’s clock says so, at whatever rate it goes', () => {
    const wait: ScenarioInput = {
      ...clock({ kind: 'skew', service: 'here', driftPpm: 250_000 }),
      bus: { order: 'none' },
      services: {
        here: {
          handlerMs: 0,
          operations: { look: { do: [{ lock: "'file'", holder: 'who', whenHeld: 'wait', timeToLiveMs: 10_000 }] } },
        },
      },
      workload: { requests: ['a', 'b'].map((who) => ({ to: 'here', message: 'look', payload: { who } })) },
      observables: { at: "entries.filter(e, e.kind == 'committed').map(e, e.ms)" },
    }
    expect(runScenario(wait).observables.at).toEqual([0, 8000])
  })
})
