import { describe, expect, it } from 'vitest'
import { History } from '../../trace/history.ts'
import type { SagaState } from '../../trace/world-state.ts'
import { lostReply } from './lost-reply-fixture.ts'
import { logAround, owedText, sagaChoices, sagaLogs, sagaShown, stepRows } from './saga-layout.ts'

const { trace, at, charge } = lostReply()
const sagaAt = (playhead: number) => new History(trace).stateAt(playhead).sagas[0] as SagaState

describe('the steps of a saga', () => {
  it('wait, are asked and run out of time', () => {
    const words = (playhead: number) => stepRows(trace, sagaAt(playhead)).map((row) => row.words)
    expect(words(at.dropped)).toEqual(['done', 'asked, no answer yet', 'not yet'])
    expect(words(trace.length)).toEqual(['undone', 'no answer in time', 'not yet'])
  })

  it('owe compensations only once they have reported', () => {
    const world = new History(trace).stateAt(at.dropped)
    expect(owedText(stepRows(trace, sagaAt(at.dropped)), world)).toBe('Owed, last first: reject.')
    expect(owedText(stepRows(trace, sagaAt(trace.length)), world)).toBe('No compensation is owed.')
  })
})

describe('the log of a saga', () => {
  it('has what happened to its steps and nothing of the messages between', () => {
    const kinds = sagaLogs(trace)[0]?.positions.map((position) => trace.entry(position).kind)
    expect(kinds).toEqual([
      'sagaStarted',
      'stepSucceeded',
      'compensationRegistered',
      'stepStarted',
      'stepTimedOut',
      'compensationStarted',
      'stepCompensating',
      'stepCompensated',
      'sagaCompensated',
    ])
  })

  it('shows a stretch around the playhead when it is long', () => {
    const positions = Array.from({ length: 1000 }, (_, i) => i * 10)
    const shown = logAround(positions, 5000, 100)
    expect(shown).toHaveLength(100)
    expect(shown).toContain(5000)
    expect(logAround(positions, 99_999, 100).at(-1)).toBe(9990)
    expect(logAround(positions, 0, 100)[0]).toBe(0)
  })
})

describe('the saga to show', () => {
  it('is that of the selected message, else the one that moved last', () => {
    expect(sagaShown(trace, { type: 'message', id: charge }, 0)).toBe(0)
    expect(sagaShown(trace, null, trace.length)).toBe(0)
    expect(sagaShown(trace, { type: 'saga', saga: 99 }, 5)).toBe(0)
  })
})

describe('the sagas to choose from', () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({ id: `o${i}`, definition: 0, positions: [] }))

  it('are those around the one shown when there are very many', () => {
    const choices = sagaChoices(many, 2500)
    expect(choices).toHaveLength(100)
    expect(choices).toContainEqual({ value: '2500', label: 'saga o2500' })
    expect(sagaChoices(many, 4999).at(-1)).toEqual({ value: '4999', label: 'saga o4999' })
  })

  it('are all of them when there are few', () => {
    expect(sagaChoices(many.slice(0, 3), 1).map(({ value }) => value)).toEqual(['0', '1', '2'])
  })
})
