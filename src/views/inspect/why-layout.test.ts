import { describe, expect, it } from 'vitest'
import { History } from '../../trace/history.ts'
import { lostReply } from './lost-reply-fixture.ts'
import { foldStory, whyLine, whyPositions } from './why-layout.ts'

const { trace, at } = lostReply()
const tell = () => {
  const history = new History(trace)
  return whyPositions(trace, at.violated).map((position) => whyLine(trace, history, position))
}

describe('why the money was kept', () => {
  it('is told from the charge to the violation, the lost reply included', () => {
    expect(tell().map((line) => line.text)).toEqual([
      'step create succeeded',
      'Payment committed charge',
      'Charged (Payment → Order) was lost: a fault',
      'step charge timed out, attempt 1',
      'the saga turned back: charge timed out; owed: create, but not charge: it never reported',
      'step create is compensated',
      'the saga is compensated',
      'broken: all or nothing',
    ])
  })

  it('marks what went wrong and what ran backwards', () => {
    const tones = Object.fromEntries(tell().map((line) => [line.position, line.tone]))
    expect(tones[at.dropped]).toBe('bad')
    expect(tones[at.timedOut]).toBe('bad')
    expect(tones[at.turnedBack]).toBe('undo')
    expect(tones[at.chargeCommitted]).toBe('plain')
  })
})

describe('a long story', () => {
  it('shows its beginning and its end', () => {
    const lines = Array.from({ length: 30 }, (_, i) => i)
    const { head, hidden, tail } = foldStory(lines)
    expect(head).toEqual([0, 1, 2])
    expect(tail.at(-1)).toBe(29)
    expect(head.length + hidden + tail.length).toBe(30)
  })

  it('is whole when it is short', () => {
    expect(foldStory([1, 2, 3])).toEqual({ head: [1, 2, 3], hidden: 0, tail: [] })
  })
})
