import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boundsOnPixels,
  clampWindow,
  fromPixels,
  isWhole,
  panBy,
  reveal,
  spanOf,
  type TimeWindow,
  toPixels,
  zoomAt,
} from './time-window.ts'

const window: TimeWindow = { from: 10, to: 20 }
const bounds: TimeWindow = { from: -1, to: 101 }

describe('zooming', () => {
  it('leaves what is under the pointer where it is', () => {
    const closer = zoomAt(window, 0.25, 2)
    expect(spanOf(closer)).toBe(5)
    expect(toPixels(closer, 400, 12.5)).toBeCloseTo(toPixels(window, 400, 12.5))
  })

  it('never leaves the run, whatever gestures come', () => {
    const gesture = fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      power: fc.integer({ min: -8, max: 8 }),
    })
    fc.assert(
      fc.property(fc.array(gesture), (gestures) => {
        let current = clampWindow(window, bounds)
        for (const { share, power } of gestures) {
          current = clampWindow(panBy(zoomAt(current, share, 2 ** power), power), bounds)
          expect(current.from).toBeGreaterThanOrEqual(bounds.from - 1e-9)
          expect(current.to).toBeLessThanOrEqual(bounds.to + 1e-9)
          expect(spanOf(current)).toBeGreaterThan(0)
        }
      }),
    )
  })

  it('knows when everything is in sight', () => {
    expect(isWhole(clampWindow({ from: -500, to: 500 }, bounds), bounds)).toBe(true)
    expect(isWhole(window, bounds)).toBe(false)
  })
})

describe('revealing a moment', () => {
  it('moves no further than it must', () => {
    expect(reveal(window, 15, 0.1, 0.6)).toBe(window)
    expect(toPixels(reveal(window, 19, 0.1, 0.6), 100, 19)).toBeCloseTo(60)
    expect(toPixels(reveal(window, 2, 0.1, 0.6), 100, 2)).toBeCloseTo(10)
  })
})

describe('the whole run on pixels', () => {
  it('keeps its margins, whatever the run is long', () => {
    for (const total of [1, 60, 9000]) {
      const whole = boundsOnPixels(total, 1000, { before: 20, after: 80 })
      expect(toPixels(whole, 1000, 0)).toBeCloseTo(20)
      expect(toPixels(whole, 1000, total)).toBeCloseTo(920)
      expect(fromPixels(whole, 1000, 920)).toBeCloseTo(total)
    }
  })
})
