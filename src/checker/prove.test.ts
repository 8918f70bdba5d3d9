import { describe, expect, it } from 'vitest'
import { orderSaga, sagaWith, steps } from '../library/order-world.ts'
import { safeConfiguration } from '../library/safe-configuration.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { Proof, type ProveOptions, prove } from './prove.ts'

function proofOf(input: ScenarioInput, options: ProveOptions = {}): Proof {
  const scenario = readScenario(input)
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  return new Proof(scenario.value, model.value, options)
}

/** A customer asks to pay; a lost answer makes the client ask again. */
function payTwice(change: Partial<ScenarioInput> = {}): ScenarioInput {
  return {
    sagascope: 1,
    id: 'pay',
    title: 'Pay',
    bus: { order: 'none' },
    services: {
      payment: {
        tables: { ledger: { columns: ['order'] } },
        operations: { charge: { do: [{ insert: 'ledger', row: { order: "'o1'" } }] } },
      },
    },
    workload: {
      requests: [{ to: 'payment', message: 'charge', timeoutMs: 1000, retry: { attemptsMax: 2, initialMs: 0 } }],
    },
    observables: { charges: 'payment.ledger.size()', answers: 'clients.first().answers.size()' },
    ...change,
  }
}

describe('a proof of a small model', () => {
  it('counts what can be counted by hand: a request, its handling, its answer', () => {
    const result = proofOf(payTwice(), { faults: 0 }).run()
    // Request under way; answer under way; answered.
    expect(result.counts).toMatchObject({ states: 3, transitions: 2, ends: 1 })
    expect(result.verdict).toBe('proved')
  })

  it('counts the placements of one loss', () => {
    const patient = payTwice({ workload: { requests: [{ to: 'payment', message: 'charge' }] } })
    const result = proofOf(patient, { faults: 1, kinds: ['drop'], collectEnds: true }).run()
    // The three states without a loss, the request lost, the answer lost.
    expect(result.counts).toMatchObject({ states: 5, transitions: 4, ends: 3 })
    expect(result.ends.map(({ charges, answers }) => `${charges} ${answers}`).sort()).toEqual(['0 0', '1 0', '1 1'])
  })

  it.each([0, 1, 2, 3])('finds the states and ends of a search by brute force, with %i faults', (faults) => {
    const result = proofOf(payTwice(), { faults, kinds: ['drop', 'duplicate', 'delay'], collectEnds: true }).run()
    const naive = bruteForce(faults)
    expect(result.counts.states).toBe(naive.states)
    expect(new Set(result.ends.map(({ charges, answers }) => `${charges} charges, ${answers} answers`))).toEqual(
      naive.ends,
    )
  })

  it('stops at the bound and says that nothing is proved', () => {
    const result = proofOf(payTwice(), { faults: 3, statesMax: 20 }).run()
    expect(result.verdict).toBe('bound reached')
    expect(result.sentence).toMatch(/^No violation in the first \d+ states .* Nothing is proved\.$/)
  })

  it('can be cancelled between two slices', () => {
    const scenario = readScenario(safeConfiguration)
    if (!scenario.ok) throw new Error('not valid')
    const model = compile(scenario.value)
    if (!model.ok) throw new Error('does not compile')
    expect(prove(scenario.value, model.value, { faults: 2 }, () => false).verdict).toBe('unfinished')
  })
})

describe('the safe configuration', () => {
  it('holds for one order with one fault, wherever it strikes', () => {
    const result = proofOf(safeConfiguration, { faults: 1 }).run()
    expect(result.sentence).toMatch(/^All [\d,]+ states with at most 1 fault .* and 1 request: no violation\.$/)
    // Handlings that nobody can watch half-way run at once: three times as many states otherwise.
    expect(result.counts.states).toBeLessThan(1000)
  })

  it('holds for one order with two faults, wherever they strike', () => {
    const result = proofOf(safeConfiguration, { faults: 2 }).run()
    expect(result.sentence).toMatch(/^All [\d,]+ states with at most 2 faults .* and 1 request: no violation\.$/)
    expect(result.counts.states).toBeGreaterThan(10_000)
  }, 120_000)
})

describe('a counterexample', () => {
  it('names the shortest way: the happy path has no answer to a lost command', () => {
    const proof = proofOf(orderSaga, { faults: 1, kinds: ['drop'] })
    const { verdict, counterexample } = proof.run()
    expect(verdict).toBe('broken')
    expect(counterexample?.steps).toEqual([
      'PlaceOrder from client to order arrives',
      'charge from order to payment is lost',
    ])
  })

  it('plays on the stage and breaks the same property there', () => {
    const proof = proofOf(lateRegistration, { faults: 1 })
    const { counterexample } = proof.run()
    if (counterexample === null) throw new Error('nothing was found')
    const { sim } = proof.show(counterexample).replay
    const number = sim.model.properties.findIndex(({ name }) => name === counterexample.property)
    expect(sim.propertyStates[number]).toBe(2)
  })
})

/** REG-AFTER: a charge whose reply is lost is never refunded (S05-A). */
const lateRegistration: ScenarioInput = {
  ...orderSaga,
  sagas: sagaWith({
    register: 'after',
    steps: Object.values(steps).map((step) => (step.name === 'charge' ? { ...step, timeoutMs: 5000 } : step)),
  }),
}

/**
 * The same model written down once more, without the kernel: states as JSON in a set. A message is on time until a
 * fault touches it; while one on time is under way, no timer fires.
 */
function bruteForce(faults: number): { states: number; ends: Set<string> } {
  interface State {
    left: number
    attempt: number
    answers: number
    answered: boolean
    gaveUp: boolean
    timer: 'timeout' | 'retry' | 'none'
    charges: number
    messages: { is: 'request' | 'answer'; isLate: boolean }[]
  }
  const seen = new Set<string>()
  const ends = new Set<string>()
  const start: State = {
    left: faults,
    attempt: 1,
    answers: 0,
    answered: false,
    gaveUp: false,
    timer: 'timeout',
    charges: 0,
    messages: [{ is: 'request', isLate: false }],
  }
  const visit = (state: State): void => {
    const text = JSON.stringify({ ...state, messages: state.messages.map((one) => JSON.stringify(one)).sort() })
    if (seen.has(text)) return
    seen.add(text)
    const { messages, timer, left } = state
    messages.forEach((message, i) => {
      const others = messages.filter((_, other) => other !== i)
      if (message.is === 'request') {
        const answer = { is: 'answer' as const, isLate: message.isLate }
        visit({ ...state, charges: state.charges + 1, messages: [...others, answer] })
      } else visit({ ...state, answered: true, timer: 'none', answers: state.answers + 1, messages: others })
      if (left === 0) return
      visit({ ...state, left: left - 1, messages: others })
      visit({ ...state, left: left - 1, messages: [...messages, { ...message, isLate: true }] })
      if (!message.isLate && timer !== 'none')
        visit({ ...state, left: left - 1, messages: [...others, { ...message, isLate: true }] })
    })
    const isHeldBack = messages.some(({ isLate }) => !isLate)
    if (timer === 'timeout' && !isHeldBack) {
      visit(state.attempt < 2 ? { ...state, timer: 'retry' } : { ...state, timer: 'none', gaveUp: true })
    }
    if (timer === 'retry' && !isHeldBack) {
      visit({ ...state, attempt: 2, timer: 'timeout', messages: [...messages, { is: 'request', isLate: false }] })
    }
    if (messages.length === 0 && timer === 'none') ends.add(`${state.charges} charges, ${state.answers} answers`)
  }
  visit(start)
  return { states: seen.size, ends }
}
