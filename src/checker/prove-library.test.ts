/** What a proof says, held against runs in time: every end they reach is among the proof's, and what breaks breaks there. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../kernel/simulation.ts'
import { orderSaga, type ServiceInput, sagaWith, steps } from '../library/order-world.ts'
import { safeConfiguration } from '../library/safe-configuration.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { Proof, type ProveOptions, type ProveResult } from './prove.ts'
import { asFinding } from './prove-schedule.ts'

function modelOf(input: ScenarioInput) {
  const scenario = readScenario(input)
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  return { scenario: scenario.value, model: model.value }
}

function proofOf(input: ScenarioInput, options: ProveOptions): Proof {
  const { scenario, model } = modelOf(input)
  return new Proof(scenario, model, options)
}

function proved(input: ScenarioInput, options: ProveOptions): ProveResult {
  return proofOf(input, options).run()
}

type Fault = NonNullable<ScenarioInput['faults']>[number]

/** One fault of each kind at many places. */
function singleFaults(input: ScenarioInput): Fault[] {
  const { messageTypes, services } = modelOf(input).model
  const points = ['on receipt', 'before commit', 'after commit', 'after send', 'ack lost'] as const
  return messageTypes.flatMap((message, type): Fault[] => {
    const handlers = services.filter(({ programs }) => (programs[type] as number) >= 0)
    if (handlers.length === 0 || message.endsWith(' failed')) return []
    return [
      { kind: 'drop', message },
      { kind: 'duplicate', message, byMs: 30_000 },
      { kind: 'delay', message, byMs: 4000 },
      { kind: 'delay', message, byMs: 60_000 },
      ...handlers.flatMap(({ name }) =>
        points.map((point): Fault => ({ kind: 'crash', service: name, on: message, point })),
      ),
    ]
  })
}

/** The ends of runs in time, and those the proof knows. */
function endsOf(input: ScenarioInput): { inTime: Map<string, Fault>; proved: Set<string> } {
  const bare: ScenarioInput = { ...input, faults: [], properties: {}, breaks: [], expect: {}, variants: {} }
  const { ends, verdict } = proved(bare, { faults: 1, collectEnds: true })
  expect(verdict).toBe('proved')
  const names = Object.keys(ends[0] ?? {})
  const inTime = new Map<string, Fault>()
  for (const fault of singleFaults(bare)) {
    const { model } = modelOf({ ...bare, faults: [fault] })
    const sim = new Simulation(model, { checking: 'never' }).run()
    if (!sim.quiescent) continue
    const seen = model.observables.filter(({ name }) => names.includes(name))
    inTime.set(JSON.stringify(Object.fromEntries(seen.map(({ name, value }) => [name, value(sim)]))), fault)
  }
  return { inTime, proved: new Set(ends.map((end) => JSON.stringify(end))) }
}

/** Charge is asked for once, with a time-out; the compensation is asked for until it is answered. */
const once = { timeoutMs: 2000, compensationTimeoutMs: 2000, compensationRetry: { initialMs: 1000, factor: 1 } }
const impatient = (register: 'before' | 'after', payment: ServiceInput['protections'] = {}): ScenarioInput => ({
  ...orderSaga,
  bus: { order: 'none' },
  services: {
    ...orderSaga.services,
    payment: { ...(orderSaga.services.payment as ServiceInput), protections: payment },
  },
  sagas: sagaWith({
    register,
    steps: Object.values(steps).map((step) => (step.name === 'charge' ? { ...step, ...once } : step)),
  }),
})

/** Charge is asked for three times; on a bus with order the second and third wait behind a late first. */
const patientInOrder: ScenarioInput = {
  ...orderSaga,
  sagas: sagaWith({
    steps: Object.values(steps).map((step) =>
      step.name === 'charge' ? { ...step, timeoutMs: 2000, retry: { initialMs: 500, attemptsMax: 3 } } : step,
    ),
  }),
}

describe('every end a run in time reaches with one fault is among the proof’s', () => {
  it.each<[string, ScenarioInput]>([
    ['the order saga', orderSaga],
    ['an impatient order saga', impatient('before')],
    ['an impatient one with all protections', impatient('before', { idempotencyKey: {}, fence: {} })],
    ['one that registers its compensations late', impatient('after')],
    ['one on a bus with order, where a late message holds up those behind it', patientInOrder],
    ['the safe configuration', safeConfiguration],
  ])(
    '%s',
    (_name, input) => {
      const { inTime, proved } = endsOf(input)
      expect(inTime.size).toBeGreaterThan(1)
      for (const [end, fault] of inTime) expect(proved.has(end), `${JSON.stringify(fault)} ends in ${end}`).toBe(true)
    },
    60_000,
  )
})

describe('every protection is needed', () => {
  const byDelay = { faults: 1, kinds: ['delay'] } as const
  const byLoss = { faults: 1, kinds: ['drop'] } as const
  const protectedPayment = { idempotencyKey: {}, fence: {} }

  it('a late charge slips past its refund without a tombstone (S06-B), and does not with one', () => {
    const broken = proved(impatient('before', { idempotencyKey: {} }), byDelay)
    expect(broken.counterexample?.property).toBe('ATOM')
    expect(broken.counterexample?.steps).toContain('charge from order to payment is late')
    const safe = impatient('before', protectedPayment)
    const steps = safe.sagas?.order?.steps ?? []
    // The other steps wait as long as it takes: only charge has a time-out that a late message could pass.
    expect(steps.length).toBe(5)
    expect(proved(safe, byDelay).verdict).toBe('proved')
  })

  it('a charge whose answer is lost stays paid when compensations are registered afterwards (S05-A)', () => {
    const unrefunded = (result: ProveResult) => result.counterexample?.steps.some((step) => step.startsWith('Charged'))
    const money = { ...impatient('after', protectedPayment).properties }
    const onlyCharge = (register: 'before' | 'after'): ScenarioInput => ({
      ...impatient(register, protectedPayment),
      // The lost command or answer of a step without a time-out leaves the order pending; that is not the question.
      properties: { SETTLED: { when: 'eventually', check: settled } },
    })
    expect(Object.keys(money)).toContain('ATOM')
    expect(unrefunded(proved(onlyCharge('after'), byLoss))).toBe(true)
    expect(proved(onlyCharge('before'), byLoss).verdict).toBe('proved')
  })

  it('two charges for one order when a message comes twice and nothing remembers it (I01)', () => {
    const twice = { faults: 1, kinds: ['duplicate'] } as const
    expect(proved(impatient('before'), twice).counterexample?.property).toBe('ONE-CHARGE')
  })
})

/** A rejected order has its money back. */
const settled =
  "order.orders.all(o, o.state != 'REJECTED' || payment.ledger.filter(l, l.type == 'charge').size() == payment.ledger.filter(l, l.type == 'refund').size())"

describe('what cannot be proved is turned away with a reason', () => {
  const payment = (protections: ServiceInput['protections']): ScenarioInput => impatient('before', protections)

  it.each<[string, ScenarioInput, RegExp]>([
    ['keys that expire', payment({ idempotencyKey: { retentionMs: 1000 } }), /remembers expires/],
    ['tombstones that expire', payment({ fence: { lifetimeMs: 1000 } }), /tombstones expire/],
    ['visibility time-outs', { ...orderSaga, bus: { visibilityMs: 1000 } }, /hands messages out again after a time/],
    ['a time-out shorter than its own answer', { ...impatient('before'), bus: { hopMs: 3000 } }, /there and back/],
    [
      'a property that counts messages',
      { ...orderSaga, properties: { FEW: { when: 'eventually', check: 'messages() < 10' } } },
      /messages|metrics/,
    ],
  ])('%s', (_name, input, reason) => {
    const { verdict, sentence } = proved(input, { faults: 0 })
    expect(verdict).toBe('not provable')
    expect(sentence).toMatch(reason)
  })
})

describe('every counterexample plays on the stage', () => {
  it.each<[string, ScenarioInput, ProveOptions]>([
    ['a loss', impatient('after', { idempotencyKey: {} }), { faults: 1, kinds: ['drop'] }],
    ['a delay', impatient('before', { idempotencyKey: {} }), { faults: 1, kinds: ['delay'] }],
    ['a copy', impatient('before'), { faults: 1, kinds: ['duplicate'] }],
    ['a crash', orderSaga, { faults: 1, kinds: ['crash'] }],
    ['any fault on a bus with order', orderSaga, { faults: 1 }],
  ])('%s', (_name, input, options) => {
    const proof = proofOf(input, options)
    const { counterexample } = proof.run()
    if (counterexample === null) throw new Error('nothing was found')
    const { replay, trace } = proof.show(counterexample)
    const { sim } = replay
    expect(sim.propertyStates[sim.model.properties.findIndex(({ name }) => name === counterexample.property)]).toBe(2)
    const times = Array.from(trace.entries.arrays.time.subarray(0, trace.entries.length))
    expect(times).toEqual([...times].sort((one, other) => one - other))
  })
})

describe('every counterexample is told in faults with times, which break the same property', () => {
  it.each<[string, ScenarioInput, ProveOptions]>([
    ['a loss', impatient('after', { idempotencyKey: {} }), { faults: 1, kinds: ['drop'] }],
    ['a delay', impatient('before', { idempotencyKey: {} }), { faults: 1, kinds: ['delay'] }],
    ['a copy', impatient('before'), { faults: 1, kinds: ['duplicate'] }],
    ['a crash', orderSaga, { faults: 1, kinds: ['crash'] }],
    ['any fault on a bus with order', orderSaga, { faults: 1 }],
    ['two faults', impatient('before', { fence: {} }), { faults: 2, kinds: ['duplicate', 'delay'] }],
  ])('%s', (_name, input, options) => {
    const proof = proofOf(input, options)
    const { counterexample } = proof.run()
    if (counterexample === null) throw new Error('nothing was found')
    const found = asFinding(proof, counterexample, input)
    expect(found?.promise).toBe(counterexample.property)
    expect(found?.faults.length).toBeLessThanOrEqual(options.faults as number)
    const again = new Simulation(modelOf(found?.scenario as ScenarioInput).model, { checking: 'every commit' }).run()
    const place = again.model.properties.findIndex(({ name }) => name === counterexample.property)
    expect(again.propertyStates[place]).toBe(2)
  })
})
