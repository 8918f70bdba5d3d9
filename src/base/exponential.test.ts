import { describe, expect, it } from 'vitest'
import { exponential } from './exponential.ts'
import { draw } from './hash.ts'

const MEAN = 1_000_000

describe('an exponential draw', () => {
  it('is the logarithm to seven digits, everywhere', () => {
    for (let i = 1; i < 4000; i++) {
      const bits = draw(3, 1, i, 1)
      const exact = -MEAN * Math.log((bits + 1) / 2 ** 32)
      expect(Math.abs(exponential(bits, MEAN) - exact)).toBeLessThan(4)
    }
  })

  it('is at its ends nothing, and about 22 times the mean', () => {
    expect(exponential(2 ** 32 - 1, MEAN)).toBe(0)
    expect(exponential(0, MEAN) / MEAN).toBeCloseTo(32 * Math.log(2), 4)
  })

  it('never falls when the draw falls', () => {
    const near = [0, 1, 2, 3, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 31 + 2 ** 23, 2 ** 32 - 2, 2 ** 32 - 1]
    const values = near.map((bits) => exponential(bits, 2 ** 40))
    expect(values).toEqual([...values].sort((a, b) => b - a))
  })

  it('has the mean and the spread of the distribution', () => {
    const n = 200_000
    let sum = 0
    let squares = 0
    for (let i = 0; i < n; i++) {
      const value = exponential(draw(1, 2, 3, i), MEAN) / MEAN
      sum += value
      squares += value * value
    }
    expect(sum / n).toBeCloseTo(1, 2)
    expect(squares / n - (sum / n) ** 2).toBeCloseTo(1, 1)
  })
})
