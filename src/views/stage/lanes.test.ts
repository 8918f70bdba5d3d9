import { describe, expect, it } from 'vitest'
import { layLanes } from './lane-layout.ts'
import { facing } from './lane-ports.ts'
import { headingOn, type Lane, pointOn } from './lanes.ts'
import type { Rect } from './stage-layout.ts'

const hub: Rect = { x: 0, y: 200, width: 200, height: 300 }
const upper: Rect = { x: 500, y: 0, width: 200, height: 100 }
const lower: Rect = { x: 500, y: 600, width: 200, height: 100 }
const cards = [hub, upper, lower]

const place = (lane: Lane, fraction: number) => ({ ...pointOn(lane, fraction, { x: 0, y: 0 }) })

describe('lanes', () => {
  const lanes = layLanes(cards, [
    [0, 1],
    [0, 2],
  ])
  const there = lanes.between(0, 1) as Lane
  const back = lanes.between(1, 0) as Lane

  it('begin at one card and end at the other', () => {
    expect(place(there, 0).x).toBeCloseTo(200, 0)
    expect(place(there, 1).x).toBeCloseTo(500, 0)
    expect(place(back, 0).x).toBeCloseTo(500, 0)
    expect(place(back, 1).x).toBeCloseTo(200, 0)
  })

  it('keep apart all the way, each on its own left', () => {
    for (const fraction of [0, 0.25, 0.5, 0.75, 1]) {
      const a = place(there, fraction)
      const b = place(back, 1 - fraction)
      expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(18)
    }
    expect(place(there, 0).y).toBeLessThan(place(back, 1).y)
  })

  it('measure fractions by length: equal steps are equally long', () => {
    const steps = Array.from({ length: 10 }, (_, i) => {
      const a = place(there, i / 10)
      const b = place(there, (i + 1) / 10)
      return Math.hypot(b.x - a.x, b.y - a.y)
    })
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.1)
  })

  it('know the direction of travel', () => {
    expect(headingOn(there, 0, { x: 0, y: 0 }).x).toBeGreaterThan(0.9)
    expect(headingOn(back, 0, { x: 0, y: 0 }).x).toBeLessThan(-0.9)
  })

  it('leave the hub in the order of whom they lead to, so that they do not cross', () => {
    expect(place(there, 0).y).toBeLessThan(place(lanes.between(0, 2) as Lane, 0).y)
  })

  it('are made up for a pair the header does not list, and then stay', () => {
    const made = lanes.between(1, 2) as Lane
    expect(made.length).toBeGreaterThan(0)
    expect(lanes.between(1, 2)).toBe(made)
    expect(lanes.between(1, 1)).toBeUndefined()
  })

  it('go around a third card of the same column', () => {
    const middle: Rect = { x: 500, y: 300, width: 200, height: 100 }
    const around = layLanes([upper, middle, lower], [[0, 2]]).between(0, 2) as Lane
    expect(place(around, 0.5).x).toBeGreaterThan(700)
  })

  it('connect the sides that face each other', () => {
    expect(facing(hub, upper)).toEqual(['right', 'left'])
    expect(facing(upper, hub)).toEqual(['left', 'right'])
    expect(facing(upper, lower)).toEqual(['bottom', 'top'])
  })
})
