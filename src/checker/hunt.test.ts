import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import { safely } from '../../test/safely.ts'
import { findingsIn, shrunk, trialsOf } from '../../test/searching.ts'
import { orderSaga } from '../library/order-world.ts'
import type { FaultKind } from '../scenario/schema.ts'
import { allKinds, usualBudget, usualKinds } from './budget.ts'
import { ScheduleDealer } from './draw-schedule.ts'
import { Hunt, mergeGroups } from './hunt.ts'
import { learnMenu } from './menu.ts'
import { calmSchedule, withSchedule } from './schedule.ts'

const bare = safely('key', { sagas: { order: { register: 'after' } } })

describe('a schedule', () => {
  const trials = trialsOf(orderSaga)
  const menu = learnMenu(trials.scenario)

  it('is the same for the same seed', () => {
    const dealer = () => new ScheduleDealer(usualBudget, menu, 1, [])
    expect(dealer().deal(7)).toEqual(dealer().deal(7))
    expect(dealer().deal(7)).not.toEqual(dealer().deal(8))
  })

  it('has faults of every kind of the budget, and of no other', () => {
    const kindsOf = (kinds: readonly FaultKind[]) => {
      const dealer = new ScheduleDealer({ ...usualBudget, kinds }, menu, 1, [])
      const faults = Array.from({ length: 1000 }, (_, seed) => dealer.deal(seed).faults).flat()
      return [...new Set(faults.map(({ kind }) => kind))].sort()
    }
    expect(kindsOf(usualKinds)).toEqual([...usualKinds].sort())
    expect(kindsOf(allKinds)).toEqual([...allKinds].sort())
    expect(kindsOf(['drop'])).toEqual(['drop'])
    expect(kindsOf([])).toEqual([])
  })

  it('strikes: of four hundred, most change how the run goes', () => {
    const safe = trialsOf(safely('key'))
    const calm = safe.run(calmSchedule(1)).actions
    const dealer = new ScheduleDealer(usualBudget, learnMenu(safe.scenario), 0, [])
    const changed = Array.from({ length: 400 }, (_, i) => safe.run({ ...dealer.deal(i), seed: 1, more: [] }).actions)
    expect(changed.filter((actions) => actions !== calm).length).toBeGreaterThan(200)
  }, 60_000)

  it('means the same placed without compiling and written into the scenario', () => {
    const judged = trialsOf(bare, 'every commit')
    const dealer = new ScheduleDealer({ ...usualBudget, kinds: allKinds }, learnMenu(judged.scenario), 1, [])
    for (let seed = 1; seed <= 60; seed++) {
      const schedule = dealer.deal(seed)
      const written = runScenario({ ...withSchedule(bare, schedule, judged.copies), variants: {}, expect: {} })
      expect({ seed, broken: judged.broken(schedule) }).toEqual({ seed, broken: written.broken })
    }
  }, 60_000)
})

describe('the hunt', () => {
  it('finds the same, whole or in slices, in one search or in two that are merged', () => {
    const trials = trialsOf(bare)
    const whole = new Hunt(trials, usualBudget, 1, 601)
    while (whole.advance(600));
    const halves = [new Hunt(trials, usualBudget, 1, 301), new Hunt(trials, usualBudget, 301, 601)]
    for (const half of halves) while (half.advance(7));
    expect(mergeGroups(halves.map(({ groups }) => groups))).toEqual(mergeGroups([whole.groups]))
    expect(whole.groups.map(({ promise }) => promise)).toEqual(['ATOM'])
    expect(whole.state.runs).toBe(600)
  }, 60_000)

  it('keeps to the services of its budget', () => {
    const budget = { ...usualBudget, at: ['shipping'], kinds: ['crash'] as const, more: 0 }
    const trials = trialsOf(orderSaga)
    for (const { schedule } of findingsIn(trials, 200, budget)) {
      for (const fault of schedule.faults) expect(fault).toMatchObject({ kind: 'crash', service: 'shipping' })
    }
  })

  it('asks one more order of a scenario that says by which field its sagas are told apart', () => {
    const { copies } = trialsOf(orderSaga)
    expect(copies.map(({ request }) => request.payload?.order)).toEqual(['o2'])
  })
})

describe('what was found', () => {
  it('is made small: one fault, at its simplest, and without it nothing breaks', () => {
    const trials = trialsOf(bare)
    const [finding] = findingsIn(trials, 3000)
    if (finding === undefined) throw new Error('nothing found')
    const small = shrunk(trials, finding)
    expect(small.faults).toHaveLength(1)
    expect(small.more).toEqual([])
    expect(trials.breaks(small, 'ATOM')).toBe(true)
    expect(trials.broken({ ...small, faults: [] })).toEqual([])
  })
})
