import { describe, expect, it } from 'vitest'
import {
  BOUNCE_SHOWN,
  bounceReach,
  breakFraction,
  discrete,
  doomedFraction,
  dropIn,
  ease,
  fadeOut,
  flightFraction,
  heldShare,
  PARTITION_AT,
} from './token-motion.ts'

const times = Array.from({ length: 101 }, (_, i) => i / 100)

describe('a message on its way', () => {
  it('starts slowly, runs evenly, ends slowly', () => {
    const speed = (t: number) => ease(t + 0.01) - ease(t)
    expect(ease(0)).toBe(0)
    expect(ease(1)).toBe(1)
    expect(ease(0.5)).toBeCloseTo(0.5)
    expect(speed(0)).toBeLessThan(speed(0.5) / 4)
    expect(speed(0.99)).toBeLessThan(speed(0.5) / 4)
    expect(speed(0.3)).toBeCloseTo(speed(0.6))
  })

  it('never runs backwards and never jumps', () => {
    for (const [i, t] of times.slice(1).entries()) {
      const step = ease(t) - ease(times[i]!)
      expect(step).toBeGreaterThanOrEqual(0)
      expect(step).toBeLessThan(0.02)
    }
  })

  it('is at its sender before it leaves and at its receiver after it arrived', () => {
    expect(flightFraction(1, { start: 2, end: 3 }, false)).toBe(0)
    expect(flightFraction(4, { start: 2, end: 3 }, false)).toBe(1)
    expect(flightFraction(2.5, { start: 2, end: 3 }, false)).toBeCloseTo(0.5)
  })

  it('is not overtaken by one that left later and arrives later', () => {
    for (const t of times) {
      const first = flightFraction(t * 4, { start: 0, end: 3 }, false)
      const second = flightFraction(t * 4, { start: 1, end: 3.5 }, false)
      expect(first).toBeGreaterThanOrEqual(second)
    }
  })

  it('stands at start, middle or end for those who want less motion', () => {
    expect(new Set(times.map(discrete))).toEqual(new Set([0, 0.5, 1]))
  })

  it('runs up to the wall of a partition and waits there', () => {
    expect(heldShare(0, 0, false)).toBe(0)
    expect(heldShare(0.5, 0, false)).toBe(1)
    expect(heldShare(1e9, 0, false)).toBe(1)
  })
})

describe('a lost message', () => {
  it('breaks as far as it had come, and where the wall is when it could not leave at all', () => {
    expect(breakFraction(5, 10)).toBe(0.5)
    expect(breakFraction(3, 10)).toBe(0.3)
    expect(breakFraction(0, 10)).toBe(PARTITION_AT)
    expect(breakFraction(5, Infinity)).toBe(PARTITION_AT)
  })

  it('reaches the place where it breaks at the moment it breaks', () => {
    const end = { at: 4, fraction: 0.5 }
    expect(doomedFraction(2, 2, end, false)).toBe(0)
    expect(doomedFraction(4, 2, end, false)).toBe(0.5)
  })
})

describe('a mark', () => {
  it('is there at once, stays, fades and is gone', () => {
    expect(fadeOut(-0.1, 3, false)).toBe(0)
    expect(fadeOut(0, 3, false)).toBe(1)
    expect(fadeOut(1.9, 3, false)).toBe(1)
    expect(fadeOut(2.5, 3, false)).toBeCloseTo(0.5)
    expect(fadeOut(3, 3, false)).toBe(0)
  })

  it('does not fade but goes when motion is unwelcome', () => {
    expect(fadeOut(2.9, 3, true)).toBe(1)
    expect(fadeOut(3, 3, true)).toBe(0)
  })
})

describe('a message that is turned away', () => {
  it('touches the shield first and comes to rest outside', () => {
    expect(bounceReach(0, false)).toBe(0)
    expect(bounceReach(BOUNCE_SHOWN / 2, false)).toBe(1)
  })
})

describe('a request that takes no time', () => {
  it('comes down before its moment, touches down at it, and sinks in after it', () => {
    expect(dropIn(-0.6, false).alpha).toBe(0)
    expect(dropIn(-0.25, false).fraction).toBeCloseTo(0.5)
    expect(dropIn(0, false)).toEqual({ fraction: 1, alpha: 1 })
    expect(dropIn(0.2, false).alpha).toBeLessThan(1)
    expect(dropIn(0.5, false).alpha).toBe(0)
  })
})
