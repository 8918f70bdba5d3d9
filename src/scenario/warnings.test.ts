import { describe, expect, it } from 'vitest'
import { library } from '../library/library.ts'
import { readScenario } from './compile.ts'
import { applyVariant } from './patch.ts'
import type { ScenarioInput } from './schema.ts'
import { warningsOf } from './warnings.ts'

function warn(id: string, variant: string | null): string[] {
  const base = library.find((scenario) => scenario.id === id)
  if (base === undefined) throw new Error(`no scenario ${id}`)
  const scenario = readScenario(applyVariant(base, variant))
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  return warningsOf(scenario.value).map(({ path }) => path)
}

describe('contradictory settings', () => {
  it('are silent on the order saga', () => {
    expect(warn('order-saga', null)).toEqual([])
  })

  it('name a step that can be refused after the pivot', () => {
    expect(warn('wrong-pivot', 'A')).toEqual(['sagas.order.steps[3].kind'])
    expect(warn('wrong-pivot', 'B')).toEqual([])
  })

  it('name a pivot that turns back when nobody answers', () => {
    expect(warn('pivot-unknown', 'A')).toEqual(['sagas.order.steps[3].onTimeout'])
    expect(warn('pivot-unknown', 'B')).toEqual([])
  })

  it('name a tombstone that does not last as long as a message can be late', () => {
    expect(warn('compensation-overtakes', 'D')).toEqual(['services.payment.protections.fence.lifetimeMs'])
    expect(warn('compensation-overtakes', 'C')).toEqual([])
  })

  it('name work that takes longer than the visibility time-out, unless a heartbeat extends it', () => {
    expect(warn('visibility-timeout', 'A')).toEqual(['services.worker.handlerMs'])
    expect(warn('visibility-timeout', 'D')).toEqual([])
  })
})

type Service = ScenarioInput['services'][string]

/** A worker with these settings, on a bus with those: the places it is warned about. */
function warnedAbout(worker: Service, rest: Partial<ScenarioInput> = {}): string[] {
  const job = { do: [] }
  const input = { sagascope: 1, id: 'w', title: 'W', services: { worker: { operations: { job }, ...worker } }, ...rest }
  const read = readScenario(input)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return warningsOf(read.value).map(({ path }) => path)
}
const request = { to: 'worker', message: 'job', key: 'k' }

describe('a time that is too short', () => {
  it('is a key kept for less than the retries of a request last', () => {
    const retry = { initialMs: 1000, factor: 2, attemptsMax: 4 }
    const keys = (retentionMs: number) => ({ protections: { idempotencyKey: { retentionMs } } })
    const workload = { requests: [{ ...request, timeoutMs: 500, retry }] }
    // Attempts at 0, 1.5, 4 and 8.5 s.
    expect(warnedAbout(keys(8499), { workload })).toEqual(['services.worker.protections.idempotencyKey.retentionMs'])
    expect(warnedAbout(keys(8500), { workload })).toEqual([])
  })

  it('is a key kept for less than until the workload uses it again', () => {
    const keys = { protections: { idempotencyKey: { retentionMs: 1000 } } }
    const later = (atMs: number) => ({ workload: { requests: [request, { ...request, atMs }] } })
    expect(warnedAbout(keys, later(1001))).toHaveLength(1)
    expect(warnedAbout(keys, later(1000))).toEqual([])
  })

  it('is an inbox that forgets before the broker hands out again', () => {
    const inbox = { protections: { inbox: { retentionMs: 20_000 } } }
    expect(warnedAbout(inbox, { bus: { visibilityMs: 30_000, deliveriesMax: 3 } })).toEqual([
      'services.worker.protections.inbox.retentionMs',
    ])
    expect(warnedAbout(inbox, { bus: { visibilityMs: 5000, deliveriesMax: 3 } })).toEqual([])
  })

  it('is a tombstone that a partition outlasts', () => {
    const fence = { protections: { fence: { lifetimeMs: 5000 } } }
    const cut = (untilMs: number): Partial<ScenarioInput> => ({
      services: { worker: fence, other: {} },
      faults: [{ kind: 'partition', between: [['worker'], ['other']], untilMs }],
    })
    expect(warnedAbout({}, cut(6000))).toEqual(['services.worker.protections.fence.lifetimeMs'])
    expect(warnedAbout({}, cut(5000))).toEqual([])
  })

  it('is a claim that may be taken over, or a lock that expires, while its work goes on', () => {
    const claim = { idempotencyKey: { mode: 'claim first' as const, lockTimeoutMs: 50 } }
    expect(warnedAbout({ handlerMs: 60, protections: claim })).toEqual([
      'services.worker.protections.idempotencyKey.lockTimeoutMs',
    ])
    const locked = (work: number): Service => ({
      operations: { job: { do: [{ lock: "'x'", holder: "'me'", timeToLiveMs: 100 }, { work }] } },
    })
    expect(warnedAbout(locked(101))).toEqual(['services.worker.operations.job.do'])
    expect(warnedAbout(locked(100))).toEqual([])
  })

  it('counts the work inside an operation against the visibility time-out', () => {
    const work = { handlerMs: 5, operations: { job: { do: [{ if: 'true', do: [{ work: 30 }] }] } } }
    expect(warnedAbout(work, { bus: { visibilityMs: 34 } })).toEqual(['services.worker.handlerMs'])
    expect(warnedAbout(work, { bus: { visibilityMs: 35 } })).toEqual([])
  })
})

describe('a setting that means nothing', () => {
  it.each<[string, Service, Partial<ScenarioInput>, string]>([
    ['redelivery nobody asks for', {}, { bus: { redelivery: 'nservicebus' } }, 'bus.redelivery'],
    ['parking where nothing is parked', {}, { bus: { parking: 'sequence' } }, 'bus.parking'],
    ['a heartbeat with nothing to extend', { heartbeat: true }, {}, 'services.worker.heartbeat'],
    [
      'redelivery of what was acknowledged on receipt',
      { acknowledge: 'first', onError: 'redeliver' },
      {},
      'services.worker.onError',
    ],
  ])('is %s', (_, worker, rest, path) => {
    expect(warnedAbout(worker, rest)).toEqual([path])
  })
})

describe('a step that cannot turn back', () => {
  it('is warned about when it is told to', () => {
    const steps = (retriable: object) => [
      { name: 'go', service: 'worker', operation: 'job', kind: 'pivot' as const },
      { name: 'then', service: 'worker', operation: 'job', kind: 'retriable' as const, ...retriable },
    ]
    const saga = (retriable: object): Partial<ScenarioInput> => ({
      services: { worker: { operations: { job: { do: [] } } }, order: {} },
      sagas: { order: { orchestrator: 'order', start: 'start', id: 'order', steps: steps(retriable) } },
    })
    expect(warnedAbout({}, saga({ onFailure: 'compensate' }))).toEqual(['sagas.order.steps[1].onFailure'])
    expect(warnedAbout({}, saga({}))).toEqual([])
  })
})
