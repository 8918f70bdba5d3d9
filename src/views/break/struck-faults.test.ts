import { expect, it } from 'vitest'
import { runScenario } from '../../../test/run-scenario.ts'
import { library } from '../../library/library.ts'
import type { FaultInput, FaultKind, ScenarioInput } from '../../scenario/schema.ts'
import { neverStrikes, strikesOf } from './struck-faults.ts'

const story = library.find((one) => one.id === 'order-saga') as ScenarioInput
const silent = (fault: FaultInput) => {
  const { trace } = runScenario({ ...story, faults: [fault] })
  return neverStrikes(trace, 0, fault.kind as FaultKind, true)
}

it.each<FaultInput>([
  { kind: 'drop', message: 'charge' },
  { kind: 'duplicate', message: 'charge' },
  { kind: 'delay', message: 'charge', byMs: 20 },
  { kind: 'crash', service: 'payment', on: 'charge', point: 'after commit' },
  { kind: 'crash', service: 'payment', atMs: 20 },
  { kind: 'slow', service: 'payment', on: 'charge', byMs: 5 },
  { kind: 'slow', service: 'payment', on: 'charge', byMs: 5, where: 'before transaction' },
  { kind: 'refuse', service: 'payment', on: 'charge' },
  { kind: 'fail', service: 'payment', on: 'charge' },
  { kind: 'fail', service: 'payment', on: 'charge', point: 'after commit' },
  { kind: 'poison', service: 'payment', on: 'charge', untilMs: 500 },
  { kind: 'pause', service: 'payment', atMs: 10, forMs: 50 },
  { kind: 'partition', between: [['order'], ['payment']], untilMs: 100 },
  { kind: 'amnesia', atMs: 10 },
])('$kind is seen to strike', (fault) => {
  expect(silent(fault)).toBe(false)
})

it.each<FaultInput>([
  { kind: 'drop', message: 'charge', nth: 9 },
  { kind: 'crash', service: 'payment', on: 'refund', point: 'after commit' },
  { kind: 'fail', service: 'shipping', on: 'ship', afterMs: 500_000 },
  { kind: 'amnesia', atMs: 500_000 },
])('$kind that never comes to it is said not to have struck', (fault) => {
  expect(silent(fault)).toBe(true)
})

it('says nothing of a fault that is switched off', () => {
  const { trace } = runScenario({ ...story, faults: [] })
  expect(neverStrikes(trace, 0, 'drop', false)).toBe(false)
})

it('counts how often it struck, and knows where first', () => {
  const { trace } = runScenario({ ...story, faults: [{ kind: 'duplicate', message: 'charge', copies: 3 }] })
  const strikes = strikesOf(trace, 0)
  expect(strikes?.count).toBe(3)
  expect(trace.entry(strikes?.first ?? 0).kind).toBe('duplicated')
})
