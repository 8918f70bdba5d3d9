import { expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import { TimeFold } from '../session/time-fold.ts'
import { library } from './library.ts'
import { openings } from './openings.ts'

it('every story opens at a speed at which its point can be seen: told in three to twenty-five seconds', () => {
  const poor = library.flatMap((scenario) => {
    const first = Object.keys(scenario.variants ?? {})[0] ?? null
    const seconds = new TimeFold(runScenario(scenario, first).trace).total / (scenario.stage?.speed ?? 1)
    // What happens at one moment only is stepped through, at whatever speed.
    return seconds === 0 || (seconds >= 3 && seconds <= 25) ? [] : [`${scenario.id}: ${seconds.toFixed(1)} s`]
  })
  expect(poor).toEqual([])
}, 60_000)

it('every story says in a few sentences what to watch', () => {
  const poor = library.filter(({ text = '' }) => {
    const sentences = text.split(/[.!?:](?:\s|$)/).filter((sentence) => sentence.trim() !== '').length
    return sentences < 2 || text.length > 420
  })
  expect(poor.map(({ id }) => id)).toEqual([])
})

it('opens only stories there are', () => {
  const ids = library.map(({ id }) => id)
  expect(Object.keys(openings).filter((id) => !ids.includes(id))).toEqual([])
})
