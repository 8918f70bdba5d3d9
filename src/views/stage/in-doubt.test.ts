// A participant that has voted is seen to be in doubt, with what it keeps locked, until it hears the decision.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../../test/run-scenario.ts'
import { twoPhaseCommit } from '../../library/two-phase.ts'
import { History } from '../../trace/history.ts'
import { Kind } from '../../trace/kinds.ts'
import type { ServiceState } from '../../trace/world-state.ts'
import { phaseText } from './card-model.ts'
import { sagaView } from './saga-model.ts'
import { standingAt } from './standing.ts'

const ORDER = 0
const PAYMENT = 1

function seen(variant: string | null) {
  const { trace } = runScenario(twoPhaseCommit, variant)
  const history = new History(trace)
  return (position: number) => {
    const world = history.stateAt(position)
    return {
      phase: phaseText(trace, world.services[PAYMENT] as ServiceState),
      foot: standingAt(trace, world, PAYMENT).map(({ text }) => text),
      steps: sagaView(trace.header, world, ORDER, null)?.steps.map(({ note }) => note),
    }
  }
}

function positionOf(variant: string | null, kind: number): number {
  const { trace } = runScenario(twoPhaseCommit, variant)
  return Array.from({ length: trace.length }, (_, i) => i).find((i) => trace.at('kind', i) === kind) as number
}

describe('a participant of a two-phase commit', () => {
  it('is in doubt from its vote to the decision it hears', () => {
    const at = seen(null)
    expect(at(positionOf(null, Kind.decided))).toMatchObject({
      phase: 'in doubt',
      foot: ['2 rows locked for o1'],
      steps: ['votes yes', 'votes yes', 'votes yes', 'votes yes', 'votes yes'],
    })
    expect(at(positionOf(null, Kind.ended))).toMatchObject({ phase: 'idle', foot: [] })
    expect(at(positionOf(null, Kind.ended)).steps).toEqual(['done', 'done', 'done', 'done', 'done'])
  })

  it('has done nothing when one vote was no', () => {
    const end = seen('refused')(positionOf('refused', Kind.ended))
    expect(end.steps).toEqual(['rolled back', 'rolled back', 'refused', '', ''])
  })
})
