import { describe, expect, it } from 'vitest'
import { library } from '../library/library.ts'
import { readScenario } from './compile.ts'
import { applyVariant } from './patch.ts'
import { warningsOf } from './warnings.ts'

function warn(id: string, variant: string | null): string[] {
  const base = library.find((scenario) => scenario.id === id)
  if (base === undefined) throw new Error(`no scenario ${id}`)
  const scenario = readScenario(applyVariant(base, variant))
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  return warningsOf(scenario.value).map(({ path }) => path)
}

describe('contradictory settings', () => {
  it('are silent on the order saga', () => {
    expect(warn('order-saga', null)).toEqual([])
  })

  it('name a step that can be refused after the pivot', () => {
    expect(warn('wrong-pivot', 'A')).toEqual(['sagas.order.steps[3].kind'])
    expect(warn('wrong-pivot', 'B')).toEqual([])
  })

  it('name a pivot that turns back when nobody answers', () => {
    expect(warn('pivot-unknown', 'A')).toEqual(['sagas.order.steps[3].onTimeout'])
    expect(warn('pivot-unknown', 'B')).toEqual([])
  })

  it('name a tombstone that does not last as long as a message can be late', () => {
    expect(warn('compensation-overtakes', 'D')).toEqual(['services.payment.protections.fence.lifetimeMs'])
    expect(warn('compensation-overtakes', 'C')).toEqual([])
  })

  it('name work that takes longer than the visibility time-out, unless a heartbeat extends it', () => {
    expect(warn('visibility-timeout', 'A')).toEqual(['services.worker.handlerMs'])
    expect(warn('visibility-timeout', 'D')).toEqual([])
  })
})
