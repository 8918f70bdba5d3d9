import { describe, expect, it } from 'vitest'
import type { Target } from '../../session/session-types.ts'
import { type DragEffect, type DragEvent, type DragState, dragStep, idle } from './drag-machine.ts'

const payment: Target = { type: 'service', service: 2 }
const press: DragEvent = { type: 'press', kind: 'crash', pointer: 1, x: 100, y: 100 }
const move = (x: number, y: number, target: Target | null = null, pointer = 1): DragEvent => ({
  type: 'move',
  pointer,
  x,
  y,
  target,
})

function play(...events: DragEvent[]): { state: DragState; effects: DragEffect[] } {
  const effects: DragEffect[] = []
  let state = idle
  for (const event of events) {
    const step = dragStep(state, event)
    state = step.state
    if (step.effect !== undefined) effects.push(step.effect)
  }
  return { state, effects }
}

describe('dragging a fault', () => {
  it('leaves a press that trembles by less than the threshold to the click', () => {
    expect(play(press, move(102, 102), { type: 'release', pointer: 1 })).toEqual({ state: idle, effects: [] })
  })

  it('drops on what the pointer was over when it was let go', () => {
    const { state, effects } = play(press, move(140, 100), move(300, 90, payment), { type: 'release', pointer: 1 })
    expect(state).toEqual(idle)
    expect(effects).toEqual([{ type: 'drop', kind: 'crash', target: payment }])
  })

  it('goes on dragging close to where it began', () => {
    expect(play(press, move(140, 100), move(101, 100)).state.phase).toBe('dragging')
  })

  it('misses when it is let go beside every target, even after it was over one', () => {
    const { effects } = play(press, move(300, 90, payment), move(300, 400), { type: 'release', pointer: 1 })
    expect(effects).toEqual([{ type: 'miss', kind: 'crash' }])
  })

  it('does nothing when it is taken back over a target', () => {
    const { state, effects } = play(press, move(300, 90, payment), { type: 'cancel' }, { type: 'release', pointer: 1 })
    expect(state).toEqual(idle)
    expect(effects).toEqual([])
  })

  it('follows one finger and ignores a second one', () => {
    const { state, effects } = play(
      press,
      move(300, 90, payment),
      { ...press, pointer: 2 } as DragEvent,
      move(0, 0, null, 2),
      { type: 'release', pointer: 2 },
    )
    expect(state).toMatchObject({ phase: 'dragging', pointer: 1, x: 300, target: payment })
    expect(effects).toEqual([])
  })
})
