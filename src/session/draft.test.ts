import { expect, it } from 'vitest'
import { effectiveScenario, newDraft, sessionFaults, variantChoices, withAdded, withFault } from './draft.ts'
import type { ScenarioInput, SessionFault } from './session-types.ts'

const base: ScenarioInput = {
  sagascope: 1,
  id: 'x',
  title: 'X',
  services: {},
  faults: [
    { kind: 'drop', message: 'a' },
    { kind: 'drop', message: 'b' },
  ],
  variants: { B: { title: 'slower', patch: { endMs: 5 } } },
}
const named: ScenarioInput = { ...base, variants: { A: { title: 'as written' }, ...base.variants } }

it('a scenario opens at the variant that stands for it as written', () => {
  expect(newDraft(base).variant).toBeNull()
  expect(newDraft(named).variant).toBe('A')
  expect(newDraft(named, 'gone').variant).toBe('A')
})

it('the choice includes the scenario as written only when no variant stands for it', () => {
  expect(variantChoices(base).map(({ name }) => name)).toEqual([null, 'B'])
  expect(variantChoices(named).map(({ name }) => name)).toEqual(['A', 'B'])
  expect(variantChoices({ ...base, variants: {} })).toEqual([])
})

it('removing one fault of the scenario leaves the places of the others', () => {
  const [first] = sessionFaults(newDraft(base)) as [SessionFault]
  const draft = withAdded(withFault(newDraft(base), first, null), { kind: 'drop', message: 'c' })
  expect(sessionFaults(draft)).toMatchObject([
    { origin: 'scenario', place: 1, number: 0, fault: { message: 'b' } },
    { origin: 'visitor', place: 0, number: 1, fault: { message: 'c' } },
  ])
})

it('what runs has variant, seed and edited faults applied', () => {
  const draft = { ...withAdded(newDraft(base, 'B'), { kind: 'drop', message: 'c' } as const), seed: 9 }
  expect(effectiveScenario(draft)).toMatchObject({ endMs: 5, seed: 9, faults: [{}, {}, { message: 'c' }] })
})
