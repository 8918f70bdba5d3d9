// What each protection does with a duplicate, told by small scenarios: one till, asked to take 100.
import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import { bareRefund, orderSaga, sagaWith } from '../library/order-world.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

type Service = ScenarioInput['services'][string]
type Protections = NonNullable<Service['protections']>
type Request = Partial<NonNullable<NonNullable<ScenarioInput['workload']>['requests']>[number]>

/** A till that takes 100 per request; every request is a client of its own. */
function till(protections: Protections, requests: readonly Request[], extra: Partial<ScenarioInput> = {}) {
  const run = runScenario({
    sagascope: 1,
    id: 'till',
    title: 'Till',
    services: {
      till: {
        tables: { takings: { columns: ['order', 'amount', 'atMs'] } },
        operations: {
          take: {
            do: [
              { check: 'amount > 0', otherwise: 'NOTHING' },
              { insert: 'takings', row: { order: 'order', amount: 'amount', atMs: 'now' } },
            ],
          },
        },
        protections,
      },
    },
    workload: {
      requests: requests.map((request) => ({
        to: 'till',
        message: 'take',
        key: 'k1',
        payload: { order: 'o1', amount: 100 },
        ...request,
      })),
    },
    observables: {
      takings: 'till.takings.size()',
      answers: 'clients.map(c, c.answer)',
      turnedAway: 'deduplicated("take")',
      deliveries: 'deliveries("take")',
    },
    ...extra,
  })
  return { ...run.observables, lines: sentences(run.trace) }
}

const day = 86_400_000

describe('without protection', () => {
  it('a duplicate is done again', () => {
    expect(till({}, [{}, { atMs: 100 }])).toMatchObject({ takings: 2, answers: ['ok', 'ok'] })
  })
})

describe('an idempotency key', () => {
  it('gives a later duplicate the stored answer', () => {
    expect(till({ idempotencyKey: {} }, [{}, { atMs: 100 }])).toMatchObject({
      takings: 1,
      answers: ['ok', 'ok'],
      turnedAway: 1,
    })
  })

  it('lets a duplicate at the same time wait, and gives it the stored answer then', () => {
    const run = till({ idempotencyKey: {} }, [{}, { atMs: 1 }])
    expect(run).toMatchObject({ takings: 1, answers: ['ok', 'ok'] })
    expect(run.lines.filter((line) => line.includes('waits for'))).toEqual(['1 ms  Till waits for idempotency key k1'])
  })

  it('lets the waiting duplicate do it when the first one fails', () => {
    const faults = [{ kind: 'fail', service: 'till', on: 'take' }] as const
    expect(till({ idempotencyKey: {} }, [{}, { atMs: 1 }], { faults: [...faults] })).toMatchObject({
      takings: 1,
      answers: ['error UNAVAILABLE', 'ok'],
    })
  })

  it('that commits its claim first turns a duplicate away while the first is at work', () => {
    expect(till({ idempotencyKey: { mode: 'claim first' } }, [{}, { atMs: 1 }, { atMs: 100 }])).toMatchObject({
      takings: 1,
      answers: ['ok', 'error IN_PROGRESS', 'ok'],
    })
  })

  it('that is looked up and inserted in two steps lets both through', () => {
    expect(till({ idempotencyKey: { mode: 'check then insert' } }, [{}, { atMs: 1 }])).toMatchObject({ takings: 2 })
  })

  it('is bound to the payload, unless told otherwise', () => {
    const other = { atMs: 100, payload: { order: 'o1', amount: 250 } }
    expect(till({ idempotencyKey: {} }, [{}, other])).toMatchObject({
      takings: 1,
      answers: ['ok', 'refused KEY_REUSED'],
    })
    expect(till({ idempotencyKey: { fingerprint: false } }, [{}, other])).toMatchObject({
      takings: 1,
      answers: ['ok', 'ok'],
    })
  })

  it('does not mind the order of the fields of a payload', () => {
    const same = { atMs: 100, payload: { amount: 100, order: 'o1' } }
    expect(till({ idempotencyKey: {} }, [{}, same])).toMatchObject({ takings: 1, answers: ['ok', 'ok'] })
  })

  it.each([
    [day - 1000, 1],
    [day + 1000, 2],
  ])('kept for a day, a retry after %d ms makes %d', (atMs, takings) => {
    const extra = { endMs: 10 * day }
    expect(till({ idempotencyKey: { retentionMs: day } }, [{}, { atMs }], extra)).toMatchObject({ takings })
  })

  it('keeps a refusal, unless told to keep successes only', () => {
    const twice = [{ payload: { order: 'o1', amount: 0 } }, { payload: { order: 'o1', amount: 0 }, atMs: 100 }]
    const answers = ['refused NOTHING', 'refused NOTHING']
    expect(till({ idempotencyKey: {} }, twice)).toMatchObject({ answers, turnedAway: 1 })
    expect(till({ idempotencyKey: { stores: 'successes' } }, twice)).toMatchObject({ answers, turnedAway: 0 })
  })

  it('does not concern a request without a key, or with another one', () => {
    expect(till({ idempotencyKey: {} }, [{}, { atMs: 100, keys: 'none' }, { atMs: 200, key: 'k2' }])).toMatchObject({
      takings: 3,
    })
  })

  it('is passed by when every attempt brings a fresh one', () => {
    const impatient: Request = { keys: 'fresh', timeoutMs: 50, retry: { attemptsMax: 3, initialMs: 0 } }
    const lost = { faults: [{ kind: 'drop', message: 'take ok', times: 2 }] } as const
    expect(till({ idempotencyKey: {} }, [impatient], { faults: [...lost.faults] })).toMatchObject({ takings: 3 })
    expect(till({ idempotencyKey: {} }, [{ ...impatient, keys: 'same' }], { faults: [...lost.faults] })).toMatchObject({
      takings: 1,
    })
  })
})

describe('an inbox', () => {
  const copied = { faults: [{ kind: 'duplicate', message: 'take' }] } satisfies Partial<ScenarioInput>

  it('by message id catches what the bus copied', () => {
    expect(till({ inbox: {} }, [{}], copied)).toMatchObject({ takings: 1, turnedAway: 1 })
  })

  it('by message id does not catch a resend; by business key it does', () => {
    const resent: Request = { timeoutMs: 50, retry: { attemptsMax: 2, initialMs: 0 } }
    const lost = { faults: [{ kind: 'drop', message: 'take ok' }] } satisfies Partial<ScenarioInput>
    expect(till({ inbox: {} }, [resent], lost)).toMatchObject({ takings: 2 })
    expect(till({ inbox: { by: 'business key' } }, [resent], lost)).toMatchObject({ takings: 1, answers: ['ok'] })
  })

  it('that merely skips a duplicate swallows the answer that was never sent', () => {
    const crash = {
      faults: [{ kind: 'crash', service: 'till', on: 'take', point: 'after commit' }],
    } satisfies Partial<ScenarioInput>
    expect(till({ inbox: { reply: 'none' } }, [{}], crash)).toMatchObject({ takings: 1, answers: [null] })
    expect(till({ inbox: {} }, [{}], crash)).toMatchObject({ takings: 1, answers: ['ok'] })
    // Nor does an outbox help a client: the answer to a request goes over its own connection.
    expect(till({ inbox: { reply: 'none' }, outbox: true }, [{}], crash)).toMatchObject({ takings: 1, answers: [null] })
  })
})

describe('an outbox', () => {
  const withOutbox = (on: string, point: 'on receipt' | 'after commit' | 'after send', protections: Protections) =>
    runScenario({
      ...orderSaga,
      services: { ...orderSaga.services, payment: { ...orderSaga.services.payment, protections } },
      faults: [{ kind: 'crash', service: 'payment', on, point, restartMs: 500 }],
    })
  const replies = ({ trace }: ReturnType<typeof runScenario>) =>
    Array.from({ length: trace.messageCount }, (_, id) => trace.message(id)).filter(({ type }) => type === 'Charged')

  it('publishes after the restart what was stored with the effect', () => {
    const run = withOutbox('charge', 'after commit', { outbox: true, inbox: { reply: 'none' } })
    expect(run.broken).toEqual([])
    expect(run.observables).toMatchObject({ charges: 1, order: 'APPROVED' })
    expect(replies(run)).toHaveLength(1)
    const without = withOutbox('charge', 'after commit', { inbox: { reply: 'none' } })
    expect(without.broken).toEqual(['ATOM', 'LIVE'])
    expect(replies(without)).toEqual([])
  })

  it('answers a redelivery that its inbox knows out of the outbox alone, and a resend once more', () => {
    const both = { outbox: true, inbox: {} }
    expect(replies(withOutbox('charge', 'after commit', both))).toHaveLength(1)
    expect(replies(withOutbox('charge', 'after send', both))).toHaveLength(1)
    const resend = runScenario({
      ...orderSaga,
      services: {
        ...orderSaga.services,
        payment: { ...orderSaga.services.payment, protections: { ...both, inbox: { by: 'business key' } } },
      },
      sagas: sagaWith({
        steps: (orderSaga.sagas?.order?.steps ?? []).map((step) =>
          step.name === 'charge' ? { ...step, timeoutMs: 5000, onTimeout: 'ask again' as const } : step,
        ),
      }),
      faults: [{ kind: 'drop', message: 'Charged' }],
    })
    expect(resend.observables).toMatchObject({ charges: 1, saga: 'Completed' })
    expect(replies(resend)).toHaveLength(2)
  })

  it('publishes again, under the same message id, what it had published and not yet marked', () => {
    const run = withOutbox('relay', 'after commit', { outbox: true, inbox: { reply: 'none' } })
    const published = replies(run)
    expect(published.map(({ id }) => id)).toHaveLength(2)
    expect(new Set(published.map(({ logical }) => logical)).size).toBe(1)
    expect(run.broken).toEqual([])
  })
})

describe('a fence', () => {
  const fence = (lifetimeMs?: number): Protections => ({ fence: lifetimeMs === undefined ? {} : { lifetimeMs } })
  const saga = orderSaga.sagas?.order as NonNullable<ScenarioInput['sagas']>[string]

  /** The order saga that gives the charge up after 5 s, on a bus where its refund may overtake it. */
  function impatient(protections: Protections, faults: ScenarioInput['faults'], payment: Service = {}) {
    const run = runScenario({
      ...orderSaga,
      bus: { order: 'none' },
      services: { ...orderSaga.services, payment: { ...orderSaga.services.payment, ...payment, protections } },
      sagas: {
        order: {
          ...saga,
          register: 'before',
          steps: saga.steps.map((step) => (step.name === 'charge' ? { ...step, timeoutMs: 5000 } : step)),
        },
      },
      faults: faults ?? [],
      observables: {
        ...orderSaga.observables,
        ...('fence' in protections ? { fence: 'payment.fence.map(f, f.status)' } : {}),
      },
      expect: {},
    })
    return { ...run.observables, broken: run.broken }
  }
  const late = [{ kind: 'delay', message: 'charge', byMs: 8000 }] satisfies ScenarioInput['faults']

  it('refuses a forward action that comes after its compensation', () => {
    expect(impatient(fence(), late)).toMatchObject({
      charges: 0,
      refunds: 0,
      balance: 1000,
      fence: ['SUSPENDED'],
      broken: [],
    })
  })

  it('without it the late forward action stands for ever', () => {
    expect(impatient({}, late)).toMatchObject({ charges: 1, refunds: 0, balance: 900, broken: ['ATOM'] })
  })

  it('forgets a tombstone after its lifetime', () => {
    expect(impatient(fence(2000), late)).toMatchObject({ charges: 1, refunds: 0, broken: ['ATOM'] })
    expect(impatient(fence(4000), late)).toMatchObject({ charges: 0, refunds: 0, broken: [] })
  })

  it('makes a compensation wait for a forward action that is still open, and then really compensates', () => {
    const slow = [{ kind: 'slow', service: 'payment', on: 'charge', byMs: 6000 }] satisfies ScenarioInput['faults']
    expect(impatient(fence(), slow)).toMatchObject({
      charges: 1,
      refunds: 1,
      balance: 1000,
      fence: ['ROLLED_BACK'],
      broken: [],
    })
  })

  it('hides a missing key: a forward action that was done gets the stored result', () => {
    const copied = [{ kind: 'duplicate', message: 'charge' }] satisfies ScenarioInput['faults']
    expect(impatient(fence(), copied)).toMatchObject({ charges: 1, fence: ['TRIED'], broken: [] })
    expect(impatient({}, copied)).toMatchObject({ charges: 2 })
  })

  it('spares a compensation that asks nothing when there was nothing to undo', () => {
    const lost = [{ kind: 'drop', message: 'charge' }] satisfies ScenarioInput['faults']
    const bare = { operations: { ...orderSaga.services.payment?.operations, refund: bareRefund } }
    expect(impatient(fence(), lost, bare)).toMatchObject({ refunds: 0, balance: 1000, broken: [] })
    expect(impatient({}, lost, bare)).toMatchObject({ refunds: 1, balance: 1100 })
  })
})
