// The small print of a key: its status codes, its scope, what is stored, who may take over, what is forgotten.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

type Service = ScenarioInput['services'][string]
type Protections = NonNullable<Service['protections']>
type Key = NonNullable<Protections['idempotencyKey']>
type Request = Partial<NonNullable<NonNullable<ScenarioInput['workload']>['requests']>[number]>

/** A till that takes what is asked for; every request is a client of its own, with the key k1 unless it says otherwise. */
function till(protections: Protections, requests: readonly Request[], extra: Partial<ScenarioInput> = {}) {
  const insert = { insert: 'takings', row: { amount: 'amount', atMs: 'now' } }
  const phase = protections.idempotencyKey?.mode === 'claim first' ? [{ commit: 'noted' }] : []
  return runScenario({
    sagascope: 1,
    id: 'till',
    title: 'Till',
    services: {
      till: {
        acknowledge: 'first',
        tables: { takings: { columns: ['amount', 'atMs'] }, notes: { columns: ['what'] } },
        operations: {
          take: { do: [{ check: 'amount > 0', otherwise: 'NOTHING' }, insert] },
          keep: { do: [insert] },
          'take in two': {
            do: [{ insert: 'notes', row: { what: "'begun'" } }, ...phase, { call: 'swipe', to: 'card' }, insert],
          },
        },
        protections,
      },
      card: { operations: { swipe: { do: [] } } },
    },
    workload: {
      requests: requests.map((request) => ({
        to: 'till',
        message: 'take',
        key: 'k1',
        payload: { customer: 'c1', amount: 100, token: 't1' },
        ...request,
      })),
    },
    observables: {
      takings: 'till.takings.size()',
      notes: 'till.notes.size()',
      answers: 'clients.map(c, c.answer)',
      statuses: 'clients.map(c, c.statuses)',
      ...('idempotencyKey' in protections ? { keys: 'till.idempotency_keys.size()' } : {}),
    },
    ...extra,
  }).observables
}
const withKey = (key: Key, requests: readonly Request[], extra: Partial<ScenarioInput> = {}) =>
  till({ idempotencyKey: key }, requests, extra)
const later = (atMs: number, change: Request = {}): Request => ({ atMs, ...change })
const crash = (on: string) =>
  ({
    faults: [{ kind: 'crash', service: 'till', on, point: 'before commit', restartMs: 100 }],
  }) satisfies Partial<ScenarioInput>
const fails = { faults: [{ kind: 'fail', service: 'till', on: 'take' }] } satisfies Partial<ScenarioInput>

describe('the status a client hears', () => {
  const other = later(100, { payload: { customer: 'c1', amount: 250, token: 't1' } })

  it.each([422, 409, 400] as const)(
    'is %d for another payload under the same key, when the service says so',
    (reused) => {
      expect(withKey({ reused }, [{}, other])).toMatchObject({ takings: 1, statuses: [[201], [reused]] })
    },
  )

  it('is 409 while the first is at work', () => {
    expect(withKey({ mode: 'claim first' }, [{}, later(1)])).toMatchObject({ statuses: [[201], [409]] })
  })

  it('is 400 for a request without a key where one is required, and nothing is done', () => {
    expect(withKey({ required: true }, [{ keys: 'none' }])).toMatchObject({
      takings: 0,
      answers: ['refused KEY_MISSING'],
      statuses: [[400]],
    })
  })

  it('is what HTTP usually says for everything else', () => {
    const nothing = { payload: { customer: 'c1', amount: 0, token: 't1' } }
    expect(till({}, [nothing, later(100)], fails)).toMatchObject({ statuses: [[500], [201]] })
    expect(till({}, [nothing])).toMatchObject({ statuses: [[422]] })
  })
})

describe('the key', () => {
  it('can be a field of the payload', () => {
    const fresh = later(100, { key: 'k2' })
    expect(withKey({ field: 'token' }, [{}, fresh])).toMatchObject({ takings: 1 })
    expect(withKey({}, [{}, fresh])).toMatchObject({ takings: 2 })
  })

  it.each([null, 7, ''])('is missing when its field holds %j', (token) => {
    const request = { payload: { customer: 'c1', amount: 100, token } }
    expect(withKey({ field: 'token', required: true }, [request])).toMatchObject({ takings: 0, statuses: [[400]] })
  })

  it('means two requests in two operations, or one in the whole service', () => {
    const keep = later(100, { message: 'keep' })
    expect(withKey({}, [{}, keep])).toMatchObject({ takings: 2 })
    expect(withKey({ scope: 'service' }, [{}, keep])).toMatchObject({ takings: 1, answers: ['ok', 'ok'] })
  })

  it('of another customer is another key, where it is unique per customer', () => {
    const stranger = later(100, { payload: { customer: 'c2', amount: 100, token: 't1' } })
    expect(withKey({ per: 'customer' }, [{}, stranger])).toMatchObject({ takings: 2, keys: 2 })
    expect(withKey({}, [{}, stranger])).toMatchObject({ takings: 1, answers: ['ok', 'refused KEY_REUSED'] })
  })
})

describe('an error', () => {
  it('is forgotten, and the retry does the work', () => {
    expect(withKey({}, [{}, later(100)], fails)).toMatchObject({ takings: 1, statuses: [[500], [201]] })
  })

  it.each(['single transaction', 'claim first'] as const)('is replayed where everything is stored: %s', (mode) => {
    expect(withKey({ mode, stores: 'everything' }, [{}, later(100)], fails)).toMatchObject({
      takings: 0,
      answers: ['error UNAVAILABLE', 'error UNAVAILABLE'],
      keys: 1,
    })
  })
})

describe('a claim that commits first', () => {
  const nothing = { payload: { customer: 'c1', amount: 0, token: 't1' } }

  it('stores a refusal, or gives the claim back', () => {
    const mode = 'claim first'
    expect(withKey({ mode }, [nothing, later(100, nothing)])).toMatchObject({
      answers: ['refused NOTHING', 'refused NOTHING'],
      keys: 1,
    })
    expect(withKey({ mode, stores: 'successes' }, [nothing, later(100, nothing)])).toMatchObject({ keys: 0 })
  })

  it('is in the way for ever when its owner dies, unless the lock times out', () => {
    const retries = [{}, later(500), later(2000)]
    expect(withKey({ mode: 'claim first' }, retries, crash('take'))).toMatchObject({
      takings: 0,
      statuses: [[], [409], [409]],
    })
    expect(withKey({ mode: 'claim first', lockTimeoutMs: 1000 }, retries, crash('take'))).toMatchObject({
      takings: 1,
      statuses: [[], [409], [201]],
    })
  })

  it('cannot be taken over with another payload', () => {
    const other = later(2000, { payload: { customer: 'c1', amount: 250, token: 't1' } })
    expect(withKey({ mode: 'claim first', lockTimeoutMs: 1000 }, [{}, other], crash('take'))).toMatchObject({
      takings: 0,
      answers: [null, 'refused KEY_REUSED'],
    })
  })

  it('goes on behind the recovery point that was reached, or from the top', () => {
    const twice = [{ message: 'take in two' }, later(2000, { message: 'take in two' })]
    const key: Key = { mode: 'claim first', lockTimeoutMs: 1000 }
    expect(withKey(key, twice, crash('take in two'))).toMatchObject({ notes: 1, takings: 1 })
    expect(withKey({ ...key, recoveryPoints: false }, twice, crash('take in two'))).toMatchObject({
      notes: 2,
      takings: 1,
    })
  })

  it('is unlocked by an error behind a recovery point: a retry at once goes on there', () => {
    const twice = [{ message: 'take in two' }, later(100, { message: 'take in two' })]
    const declined = { faults: [{ kind: 'fail', service: 'card', on: 'swipe' }] } satisfies Partial<ScenarioInput>
    expect(withKey({ mode: 'claim first' }, twice, declined)).toMatchObject({
      notes: 1,
      takings: 1,
      statuses: [[500], [201]],
      keys: 1,
    })
  })

  it('is completed by the service itself when nobody comes back, and only then', () => {
    const key: Key = { mode: 'claim first', lockTimeoutMs: 1000, completerMs: 5000 }
    expect(withKey(key, [{}], crash('take'))).toMatchObject({ takings: 1, answers: [null] })
    expect(withKey({ ...key, completerMs: 500 }, [{}], crash('take'))).toMatchObject({ takings: 1 })
    expect(withKey(key, [{}])).toMatchObject({ takings: 1, answers: ['ok'] })
  })

  it('is deleted by a reaper, and then unknown', () => {
    const key: Key = { mode: 'claim first', reaperMs: 5000 }
    expect(withKey(key, [{}, later(4000)])).toMatchObject({ takings: 1, keys: 0 })
    expect(withKey(key, [{}, later(6000)])).toMatchObject({ takings: 2, keys: 0 })
  })
})

describe('a store with little room', () => {
  const others = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => later(from + i * 100, { key: `other ${from} ${i}` }))

  it('forgets the key used longest ago, and the duplicate is done again', () => {
    expect(withKey({ capacity: 10 }, [{}, ...others(9, 100), later(5000)])).toMatchObject({ takings: 10, keys: 10 })
    expect(withKey({ capacity: 10 }, [{}, ...others(15, 100), later(5000)])).toMatchObject({ takings: 17, keys: 10 })
  })

  it('keeps a key that is used again', () => {
    const requests = [{}, ...others(8, 100), later(1000), ...others(8, 2000), later(5000)]
    expect(withKey({ capacity: 10 }, requests)).toMatchObject({ takings: 17 })
  })

  it('is an inbox that handles twice what it has forgotten', () => {
    const resent = (inbox: NonNullable<Protections['inbox']>, byMs: number) =>
      till({ inbox }, [{}, ...others(15, 100)], { faults: [{ kind: 'duplicate', message: 'take', byMs }] })
    expect(resent({}, 5000)).toMatchObject({ takings: 16 })
    expect(resent({ capacity: 10 }, 5000)).toMatchObject({ takings: 17 })
    expect(resent({ retentionMs: 4000 }, 5000)).toMatchObject({ takings: 17 })
    expect(resent({ retentionMs: 6000 }, 5000)).toMatchObject({ takings: 16 })
  })
})
