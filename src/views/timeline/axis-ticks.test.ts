import { describe, expect, it } from 'vitest'
import { axisTicks, roundest, tickText } from './axis-ticks.ts'
import { HandTrace, indexed, lostReply } from './hand-trace.ts'
import { boundsOnPixels, panBy } from './time-window.ts'

describe('the roundest time between two', () => {
  it.each([
    [0.3, 1.2, '1 ms'],
    [17, 23, '20 ms'],
    [4990, 5020, '5 s'],
    [5004, 5017, '5.01 s'],
    [-3, 9, '0 s'],
    [45 * 60_000, 75 * 60_000, '1 h'],
    [26 * 3_600_000, 40 * 3_600_000, '1 d 12 h'],
  ])('%f to %f ms is %s', (from, to, text) => {
    const { time, step } = roundest(from * 1000, to * 1000)
    expect(tickText(time, step)).toBe(text)
  })
})

describe('ticks', () => {
  const busy = new HandTrace()
  for (let i = 0; i < 300; i++) busy.at(i * 9 + (i % 7), 'ended')

  it('keep their distance and come in order', () => {
    const { fold } = indexed(busy)
    const ticks = axisTicks(fold, boundsOnPixels(fold.total, 1000, { before: 20, after: 80 }), 1000, 84)
    expect(ticks.length).toBeGreaterThan(4)
    for (let i = 1; i < ticks.length; i++) expect(ticks[i]!.x - ticks[i - 1]!.x).toBeGreaterThan(50)
  })

  it('move with the run when it is panned', () => {
    const { fold } = indexed(busy)
    const window = { from: fold.total * 0.4, to: fold.total * 0.5 }
    const moved = panBy(window, 0.1)
    const before = axisTicks(fold, window, 1000, 84).filter(({ x }) => x > 110 && x < 990)
    const after = axisTicks(fold, moved, 1000, 84).map(({ time }) => time)
    expect(before.length).toBeGreaterThan(2)
    for (const { time } of before) expect(after).toContain(time)
  })

  it('leave folded gaps to the label of the gap', () => {
    const { fold } = indexed(lostReply())
    const ticks = axisTicks(fold, boundsOnPixels(fold.total, 3000, { before: 20, after: 80 }), 3000, 84)
    expect(ticks.filter(({ time }) => time > 25_000 && time < 5_005_000)).toEqual([])
    expect(ticks.map(({ label }) => label)).toContain('20 ms')
  })
})
