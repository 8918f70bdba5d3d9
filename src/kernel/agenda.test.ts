import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Agenda } from './agenda.ts'

interface Item {
  readonly time: number
  readonly sequence: number
}

/** What the agenda promises, in the plainest way: always the earliest, and of those the first that was put in. */
class SortedList {
  private readonly items: Item[] = []
  private sequence = 0

  push(time: number): number {
    const sequence = this.sequence++
    this.items.push({ time, sequence })
    this.items.sort((a, b) => a.time - b.time || a.sequence - b.sequence)
    return sequence
  }

  pop(): Item | undefined {
    return this.items.shift()
  }

  get size(): number {
    return this.items.length
  }
}

/** A time to push, or null to pop. Few different times, so that most of them tie. */
const operations = fc.array(fc.option(fc.integer({ min: 0, max: 8 }), { nil: null, freq: 3 }), { maxLength: 400 })

function popped(agenda: Agenda): Item | undefined {
  return agenda.pop() ? { time: agenda.time, sequence: agenda.a } : undefined
}

describe('the agenda', () => {
  it('takes by time, then in the order of putting in, whatever is mixed with what', () => {
    fc.assert(
      fc.property(operations, (all) => {
        const agenda = new Agenda()
        const list = new SortedList()
        for (const time of all) {
          if (time === null) expect(popped(agenda)).toEqual(list.pop())
          else agenda.push(time, 1, list.push(time), 0)
          expect(agenda.size).toBe(list.size)
        }
        while (list.size > 0) expect(popped(agenda)).toEqual(list.pop())
        expect(agenda.pop()).toBe(false)
      }),
    )
  })

  it('goes on from a saved state as it would have gone on itself', () => {
    fc.assert(
      fc.property(operations, operations, (before, after) => {
        const agenda = new Agenda()
        let number = 0
        const run = (target: Agenda, all: readonly (number | null)[], from: number) =>
          all.map((time, i) => (time === null ? popped(target) : target.push(time, 1, from + i, 0)))
        run(agenda, before, number)
        number += before.length
        const restored = new Agenda()
        restored.load(agenda.save())
        expect(run(restored, after, number)).toEqual(run(agenda, after, number))
        expect(restored.save()).toEqual(agenda.save())
      }),
    )
  })

  it('keeps every field of an item, also when it grows', () => {
    const agenda = new Agenda()
    for (let i = 0; i < 1000; i++) agenda.push(1000 - i, i % 7, i, -i)
    for (let i = 999; i >= 0; i--) {
      expect(agenda.pop()).toBe(true)
      expect({ time: agenda.time, kind: agenda.kind, a: agenda.a, b: agenda.b === -i }).toEqual({
        time: 1000 - i,
        kind: i % 7,
        a: i,
        b: true,
      })
    }
  })

  it('knows the time of the next item, and Infinity for none', () => {
    const agenda = new Agenda()
    expect(agenda.nextTime).toBe(Number.POSITIVE_INFINITY)
    agenda.push(7, 1, 0, 0)
    agenda.push(3, 1, 0, 0)
    expect(agenda.nextTime).toBe(3)
    agenda.clear()
    expect(agenda.nextTime).toBe(Number.POSITIVE_INFINITY)
  })
})
