// Input that nobody wrote by mistake is refused too, with the same kind of sentence.
import { describe, expect, it } from 'vitest'
import { type Anything, charge, problemsOf, set } from '../../test/problems-of.ts'
import { problemLine } from '../base/result.ts'
import { orderSaga } from '../library/order-world.ts'
import { parseScenario, readScenario, TEXT_MAX } from './compile.ts'
import { formProblem } from './form.ts'

describe('hostile input', () => {
  it.each(['__proto__', 'constructor', 'toString'])('a service called %s is refused, not passed over', (name) => {
    const text = JSON.stringify(orderSaga).replace('"payment":', `"${name}":`)
    const read = readScenario(JSON.parse(text))
    expect(read.ok ? [] : read.problems.map(problemLine)).toEqual([
      `services.${name}: this name is taken: every object has it already; choose another`,
    ])
  })

  it('a reference to what every object has is refused', () => {
    expect(problemsOf((s) => set(s.sagas.order, { orchestrator: 'toString' }))).toEqual([
      'sagas.order.orchestrator: this name is taken: every object has it already; choose another',
    ])
  })

  it.each(['sagas.constructor("return 1")', 'constructor(1)', 'bus.constructor', 'toString(1)'])(
    'an expression cannot reach for %s',
    (text) => {
      expect(problemsOf((s) => set(s.observables, { charges: text }))).toHaveLength(1)
    },
  )

  it('nesting without end is refused before anything walks it', () => {
    let statement: Anything = { work: 1 }
    for (let i = 0; i < 100_000; i++) statement = { if: 'true', do: [statement] }
    expect(problemsOf((s) => set(charge(s), { do: [statement] }))).toEqual(['this is nested deeper than 40 levels'])
  })

  it('so is a circle of references', () => {
    const circle: Anything = { sagascope: 1 }
    circle.self = circle
    expect(formProblem(circle)?.message).toBe('this is nested deeper than 40 levels')
  })

  it('ten megabytes are refused unread', () => {
    const parsed = parseScenario('['.repeat(10_000_000))
    expect(parsed).toEqual({
      ok: false,
      problems: [{ path: '', message: `the file is too large: 10000000 characters, at most ${TEXT_MAX}` }],
    })
  })

  it('a thousand problems are told as twenty', () => {
    const requests = Array.from({ length: 1000 }, () => ({ to: 5, message: 'x' }))
    expect(problemsOf((s) => set(s.workload, { requests }))).toHaveLength(20)
  })
})
