import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHistogram, mean, merge, percentile, record } from './histogram.ts'

const values = fc.array(fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1), fc.maxSafeNat()), { minLength: 1, maxLength: 200 })

function histogramOf(list: readonly number[], precision = 7) {
  const histogram = createHistogram(precision)
  for (const value of list) record(histogram, value)
  return histogram
}

describe('a histogram', () => {
  it('gives every percentile to one part in 128, never too low', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (list, percent) => {
        const sorted = [...list].sort((a, b) => a - b)
        const exact = sorted[Math.max(0, Math.ceil((list.length * percent) / 100) - 1)] as number
        const found = percentile(histogramOf(list), percent) as number
        return found >= exact && found <= exact + exact / 128
      }),
    )
  })

  it('keeps small numbers as they are', () => {
    const histogram = histogramOf([0, 1, 2, 3, 100])
    expect([1, 40, 60, 80, 100].map((percent) => percentile(histogram, percent))).toEqual([0, 1, 2, 3, 100])
  })

  it('knows the mean and the largest exactly', () => {
    const histogram = histogramOf([5, 1_000_003, 7])
    expect(mean(histogram)).toBe(1_000_015 / 3)
    expect(percentile(histogram, 100)).toBe(1_000_003)
  })

  it('of two halves joined is the one of the whole', () => {
    fc.assert(
      fc.property(values, values, (one, two) => {
        const joined = histogramOf(one)
        merge(joined, histogramOf(two))
        const whole = histogramOf([...one, ...two])
        const both = [joined, whole].map((h) => [h.count, h.max, percentile(h, 50), percentile(h, 99)])
        expect(both[0]).toEqual(both[1])
      }),
    )
  })

  it('says nothing of nothing', () => {
    expect([percentile(createHistogram(5), 99), mean(createHistogram(5))]).toEqual([null, null])
  })

  it('stays small however large the values are', () => {
    expect(histogramOf([Number.MAX_SAFE_INTEGER], 4).counts.length).toBeLessThanOrEqual(1024)
  })
})
