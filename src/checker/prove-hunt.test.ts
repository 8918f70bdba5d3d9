/** The proof and the hunt are two searches of one world: what the one excludes the other never finds, and back. */
import { describe, expect, it } from 'vitest'
import { orderSaga, type ServiceInput, sagaWith, steps } from '../library/order-world.ts'
import { safeConfiguration } from '../library/safe-configuration.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import type { Budget } from './budget.ts'
import { Hunt } from './hunt.ts'
import { prove } from './prove.ts'
import { Trials } from './trials.ts'

const SEEDS = 3000
const once = { timeoutMs: 2000, compensationTimeoutMs: 2000, compensationRetry: { initialMs: 1000, factor: 1 } }
const charging = (register: 'before' | 'after', payment: ServiceInput['protections']): ScenarioInput => ({
  ...orderSaga,
  bus: { order: 'none' },
  services: {
    ...orderSaga.services,
    payment: { ...(orderSaga.services.payment as ServiceInput), protections: payment },
  },
  // Only charge has a time-out, so only what concerns it can be asked of its end.
  properties: { SETTLED: { when: 'eventually', check: settled }, ONE: { when: 'always', check: oneCharge } },
  sagas: sagaWith({
    register,
    steps: Object.values(steps).map((step) => (step.name === 'charge' ? { ...step, ...once } : step)),
  }),
})
const settled =
  "order.orders.all(o, o.state != 'REJECTED' || payment.ledger.filter(l, l.type == 'charge').size() == payment.ledger.filter(l, l.type == 'refund').size())"
const oneCharge = "payment.ledger.filter(l, l.type == 'charge').size() <= 1"

type Kinds = Extract<Budget['kinds'][number], 'drop' | 'duplicate' | 'delay' | 'crash'>[]

function searched(input: ScenarioInput, faults: number, kinds: Kinds) {
  const bare: ScenarioInput = { ...input, faults: [], expect: {}, breaks: [], variants: {} }
  const trials = Trials.of(bare, 'every commit')
  if (!trials.ok) throw new Error(JSON.stringify(trials.problems))
  const scenario = readScenario(bare)
  const model = scenario.ok ? compile(scenario.value) : scenario
  if (!scenario.ok || !model.ok) throw new Error('not valid')
  const proof = prove(scenario.value, model.value, { faults, kinds })
  // The hunt asks for no further sagas: the proof knows only the workload.
  const hunt = new Hunt(trials.value, { faults, kinds, at: [], more: 0, withinMs: 20_000 }, 1, SEEDS + 1)
  hunt.advance(SEEDS)
  return { proof, found: hunt.groups.map(({ promise }) => promise) }
}

describe('what a proof excludes no hunt finds', () => {
  it.each<[string, ScenarioInput, number, Kinds]>([
    ['charge behind key and fence, one loss', charging('before', { idempotencyKey: {}, fence: {} }), 1, ['drop']],
    ['the same, one delay', charging('before', { idempotencyKey: {}, fence: {} }), 1, ['delay']],
    ['the same, one copy', charging('before', { idempotencyKey: {}, fence: {} }), 1, ['duplicate']],
    ['the safe configuration, one fault of any kind', safeConfiguration, 1, ['drop', 'duplicate', 'delay', 'crash']],
  ])(
    '%s',
    (_name, input, faults, kinds) => {
      const { proof, found } = searched(input, faults, kinds)
      expect(proof.verdict).toBe('proved')
      expect(found).toEqual([])
    },
    60_000,
  )
})

describe('what a hunt finds a proof finds too', () => {
  it.each<[string, ScenarioInput, number, Kinds]>([
    ['no key, one copy', charging('before', {}), 1, ['duplicate']],
    ['no fence, one delay', charging('before', { idempotencyKey: {} }), 1, ['delay']],
    ['registered afterwards, one loss', charging('after', { idempotencyKey: {} }), 1, ['drop']],
    ['no protection, any fault', charging('before', {}), 1, ['drop', 'duplicate', 'delay']],
  ])(
    '%s',
    (_name, input, faults, kinds) => {
      const { proof, found } = searched(input, faults, kinds)
      expect(found.length).toBeGreaterThan(0)
      expect(proof.verdict).toBe('broken')
      expect(found).toContain(proof.counterexample?.property)
    },
    60_000,
  )
})
