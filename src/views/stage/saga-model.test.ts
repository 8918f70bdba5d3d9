import { describe, expect, it } from 'vitest'
import { History } from '../../trace/history.ts'
import { Kind } from '../../trace/kinds.ts'
import type { SagaState, WorldState } from '../../trace/world-state.ts'
import { ORDER, orderHeader, orderStory, PAYMENT } from './order-story.ts'
import { sagaView } from './saga-model.ts'

const trace = orderStory()
const history = new History(trace)
const last = (kind: number) => {
  for (let position = trace.length - 1; position >= 0; position--)
    if (trace.at('kind', position) === kind) return position + 1
  return 0
}
const viewAt = (position: number) => sagaView(orderHeader, history.stateAt(position), ORDER, null)

describe('the saga on its orchestrator’s card', () => {
  it('shows the steps before the first instance has started', () => {
    const view = viewAt(0)
    expect(view).toMatchObject({ saga: -1, status: 'not started' })
    expect(view?.steps.map((step) => step.tone)).toEqual(['waiting', 'waiting', 'waiting', 'waiting'])
  })

  it('shows which compensations are owed', () => {
    const view = viewAt(last(Kind.compensationRegistered))
    expect(view?.steps.map((step) => step.owed)).toEqual([false, true, false, false])
  })

  it('turns back: timed out, compensating, compensated', () => {
    expect(viewAt(last(Kind.stepCompensating))).toMatchObject({
      turningBack: true,
      status: 'Compensating',
      steps: [
        { tone: 'done' },
        { tone: 'undo', note: 'compensating' },
        { tone: 'unknown', note: 'timed out' },
        { tone: 'waiting' },
      ],
    })
    expect(viewAt(trace.length)?.steps[1]).toMatchObject({ note: 'compensated', owed: false })
  })

  it('is nobody else’s', () => {
    expect(sagaView(orderHeader, history.stateAt(3), PAYMENT, null)).toBeNull()
  })
})

describe('several sagas', () => {
  const saga = (id: string, status: SagaState['status'], done: number): SagaState => ({
    id,
    definition: 0,
    startedAt: 0,
    status,
    steps: [0, 1, 2, 3].map((step) => (step < done ? 'succeeded' : 'waiting')),
    attempts: [1, 1, 1, 1],
    owed: [false, false, false, false],
    reasons: ['', '', '', ''],
  })
  const world = (...sagas: SagaState[]): WorldState => ({ ...history.stateAt(0), sagas })

  it('show the latest that is under way, and the others as small bars', () => {
    const view = sagaView(
      orderHeader,
      world(saga('o1', 'Running', 1), saga('o2', 'Running', 2), saga('o3', 'Completed', 4)),
      ORDER,
      null,
    )
    expect(view?.id).toBe('o2')
    expect(view?.others.map(({ id, progress }) => [id, progress])).toEqual([
      ['o1', 0.25],
      ['o3', 1],
    ])
  })

  it('show the selected one', () => {
    const view = sagaView(orderHeader, world(saga('o1', 'Running', 1), saga('o2', 'Running', 2)), ORDER, {
      type: 'saga',
      saga: 0,
    })
    expect(view?.id).toBe('o1')
  })

  it('draw a few bars and count the rest', () => {
    const many = Array.from({ length: 10 }, (_, i) => saga(`o${i}`, 'Running', 1))
    const view = sagaView(orderHeader, world(...many), ORDER, null)
    expect(view?.others).toHaveLength(6)
    expect(view?.othersMore).toBe(3)
  })
})
