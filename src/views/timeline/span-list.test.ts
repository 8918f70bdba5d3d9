import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SpanList } from './span-list.ts'

function within(list: SpanList, from: number, to: number): number[] {
  const found: number[] = []
  list.forEachWithin(from, to, (span) => {
    found.push(span)
  })
  return found
}

describe('spans in a window', () => {
  it('are exactly those that touch it, in the order they began, however many there are', () => {
    const span = fc.record({ gap: fc.nat(20), length: fc.nat(400), open: fc.boolean() })
    fc.assert(
      fc.property(fc.array(span, { maxLength: 400 }), fc.nat(3000), fc.nat(800), (given, from, width) => {
        const list = new SpanList()
        let start = 0
        const spans = given.map(({ gap, length, open }) => {
          start += gap
          return { start, end: open ? Infinity : start + length }
        })
        for (const { start } of spans) list.open(start, 0, 0, 0, 0)
        spans.forEach(({ end }, number) => {
          if (end !== Infinity) list.close(number, end, 0)
        })
        const expected = spans.flatMap(({ start, end }, number) =>
          start <= from + width && end >= from ? [number] : [],
        )
        expect(within(list, from, from + width)).toEqual(expected)
      }),
    )
  })

  it('reach to the end of time while they are open', () => {
    const list = new SpanList()
    list.open(1, 0, 0, 0, 0)
    expect(within(list, 900, 1000)).toEqual([0])
    list.close(0, 2, 5)
    expect(within(list, 900, 1000)).toEqual([])
    expect(list.to[0]).toBe(5)
  })
})
