// A claim that commits before the work: given back after an error, kept once the effect has committed.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import { lostResponse } from '../library/idempotency.ts'

function chargedAfter(point: 'before commit' | 'after commit') {
  return runScenario({
    ...lostResponse,
    services: {
      payment: {
        ...lostResponse.services.payment,
        protections: { idempotencyKey: { mode: 'claim first' } },
      },
    },
    faults: [{ kind: 'fail', service: 'payment', on: 'charge', point }],
  }).observables
}

describe('a key that is claimed first', () => {
  it('is free again after an error that left nothing, and the retry charges', () => {
    expect(chargedAfter('before commit')).toMatchObject({ charges: 1, answers: ['error UNAVAILABLE', 'ok'] })
  })

  it('is not given back after an error behind the commit, so the retry does not charge again', () => {
    expect(chargedAfter('after commit')).toMatchObject({ charges: 1, answers: ['error UNAVAILABLE', 'ok'] })
  })
})
