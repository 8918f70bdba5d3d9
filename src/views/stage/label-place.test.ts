import { describe, expect, it } from 'vitest'
import { type Box, coverage, placeLabel } from './label-place.ts'

const box = (x: number, y: number): Box => ({ x, y, width: 10, height: 10 })

describe('placing labels', () => {
  it('takes the first place that is free, and keeps it taken', () => {
    const taken = [box(0, 0)]
    expect(placeLabel([box(5, 5), box(20, 0)], taken)).toEqual(box(20, 0))
    expect(placeLabel([box(22, 2), box(40, 0)], taken)).toEqual(box(40, 0))
  })

  it('keeps off what is to be avoided, and takes the first place when none is free', () => {
    expect(placeLabel([box(0, 0), box(20, 0)], [], [box(2, 2)])).toEqual(box(20, 0))
    expect(placeLabel([box(0, 0), box(1, 1)], [box(2, 2)])).toEqual(box(0, 0))
  })
})

describe('tokens that meet on a lane', () => {
  it('step aside by how much they cover each other, so that nothing jumps', () => {
    const shares = Array.from({ length: 21 }, (_, i) => coverage(box(i - 10, 0), box(0, 0)))
    expect(shares[0]).toBe(0)
    expect(shares[10]).toBe(1)
    expect(shares[20]).toBe(0)
    for (let i = 1; i < shares.length; i++) expect(Math.abs(shares[i]! - shares[i - 1]!)).toBeLessThan(0.11)
  })
})
