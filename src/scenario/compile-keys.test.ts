// Settings of an idempotency key, an inbox or a recovery point that mean nothing where they stand: said, with the place.
import { describe, expect, it } from 'vitest'
import { type Anything, charge, problemsOf } from '../../test/problems-of.ts'

const protect = (protections: Anything) =>
  problemsOf(({ services }) => {
    services.payment.protections = protections
  })
const at = 'services.payment.protections.idempotencyKey'

describe('an idempotency key', () => {
  it.each(['lockTimeoutMs', 'completerMs', 'reaperMs'])('has %s only when it claims first', (setting) => {
    expect(protect({ idempotencyKey: { [setting]: 1000 } })).toEqual([
      `${at}.${setting}: only a key with the mode "claim first" has it, not "single transaction"`,
    ])
    expect(protect({ idempotencyKey: { mode: 'claim first', [setting]: 1000 } })).toEqual([])
  })

  it.each(['field', 'per'])('names a field of a message in %s', (setting) => {
    expect(protect({ idempotencyKey: { [setting]: 'custmer' } })).toEqual([
      `${at}.${setting}: no message has a field "custmer"; did you mean "customer"?`,
    ])
  })

  it.each([
    [{ reused: 418 }, /idempotencyKey\.reused: /],
    [{ capacity: 0 }, /idempotencyKey\.capacity: a count is at least 1/],
    [{ retentionMs: -1 }, /idempotencyKey\.retentionMs: a time cannot be negative/],
    [{ stores: 'errors' }, /idempotencyKey\.stores: /],
    [{ scope: 'customer' }, /idempotencyKey\.scope: /],
  ])('refuses %j', (key, problem) => {
    expect(protect({ idempotencyKey: key }).join('\n')).toMatch(problem)
  })

  it('of a request is a text of 1 to 255 characters', () => {
    const withKey = (key: Anything) =>
      problemsOf(({ workload }) => {
        workload.requests[0].key = key
      })
    expect(withKey('k'.repeat(255))).toEqual([])
    expect(withKey('k'.repeat(256))).toEqual([
      'workload.requests[0].key: an idempotency key has at most 255 characters',
    ])
    expect(withKey(7)).toEqual(['workload.requests[0].key: an idempotency key is a text'])
    expect(withKey('')).toEqual([
      'workload.requests[0].key: an idempotency key cannot be empty; leave the field out for no key',
    ])
  })
})

describe('a recovery point', () => {
  const pointed = (protections: Anything, ...points: string[]) =>
    problemsOf((scenario) => {
      scenario.services.payment.protections = protections
      charge(scenario).do.push(...points.map((commit) => ({ commit })))
    })
  const statement = 'services.payment.operations.charge.do[2]'

  it('needs a key that claims first, or none at all', () => {
    expect(pointed({}, 'charged')).toEqual([])
    expect(pointed({ idempotencyKey: { mode: 'claim first' } }, 'charged')).toEqual([])
    expect(pointed({ idempotencyKey: {} }, 'charged')).toEqual([
      `${statement}: a recovery point needs idempotencyKey.mode "claim first", not "single transaction"`,
    ])
  })

  it('has a name of its own', () => {
    expect(pointed({}, 'charged', 'charged')).toEqual([
      'services.payment.operations.charge.do[3].commit: there is a recovery point "charged" already',
    ])
  })

  it('has no place in an operation that the orchestrator runs itself', () => {
    const problems = problemsOf((scenario) => {
      scenario.services.order.operations.approve.do.push({ commit: 'approved' })
    })
    expect(problems).toEqual([
      'services.order.operations.approve.do[1]: an operation that its orchestrator runs itself has no transaction of its own to commit; neither has a part of a two-phase commit',
    ])
  })
})

describe('an isolation level', () => {
  it('is one of three', () => {
    const isolated = (isolation: Anything) =>
      problemsOf(({ services }) => {
        services.payment.isolation = isolation
      })
    for (const level of ['read committed', 'repeatable read', 'serializable']) expect(isolated(level)).toEqual([])
    expect(isolated('chaos').join()).toMatch(/^services\.payment\.isolation: /)
  })
})
