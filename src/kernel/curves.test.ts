import { describe, expect, it } from 'vitest'
import {
  type CurveKind,
  type CurveModel,
  changeLevel,
  countOne,
  countShare,
  createCurves,
  curvesData,
  meanLevel,
  recordValue,
  STRETCHES,
  setLevel,
} from './curves.ts'

const model = (kind: CurveKind): CurveModel => ({ about: 'x', name: 'y', unit: 'z', kind })
/** Stretches of 10 µs. */
const SPAN = STRETCHES * 10
const linesOf = (kind: CurveKind, act: (curves: ReturnType<typeof createCurves>) => void, now: number) => {
  const curves = createCurves([model(kind)], SPAN)
  act(curves)
  return (curvesData(curves, [model(kind)], now).curves[0]?.lines ?? []).map(({ values }) => [...values])
}

describe('a level', () => {
  it('has the mean over the time it lasted, and its highest', () => {
    const [mean, highest] = linesOf(
      'level',
      (curves) => {
        setLevel(curves, 0, 5, 4)
        setLevel(curves, 0, 15, 1)
      },
      20,
    )
    expect([mean?.slice(0, 2), highest?.slice(0, 2)]).toEqual([
      [2, 2.5],
      [4, 4],
    ])
  })

  it('that lasted no time has left no mark', () => {
    const [, highest] = linesOf(
      'level',
      (curves) => {
        changeLevel(curves, 0, 5, 7)
        changeLevel(curves, 0, 5, -7)
      },
      20,
    )
    expect(highest).toEqual([0, 0, 0])
  })

  it('is the same on average when stretches become longer', () => {
    const curves = createCurves([model('level')], SPAN)
    setLevel(curves, 0, 0, 3)
    setLevel(curves, 0, SPAN * 3, 1)
    expect(meanLevel(curves, 0, SPAN * 6)).toBe(2)
    const data = curvesData(curves, [model('level')], SPAN * 6)
    expect(data.width).toBe(80)
    expect(data.count).toBeLessThanOrEqual(STRETCHES)
    expect([...new Set(data.curves[0]?.lines[0]?.values.slice(0, 90))]).toEqual([3])
  })
})

describe('what is counted', () => {
  it('is a rate per second', () => {
    const [rate] = linesOf('rate', (curves) => countOne(curves, 0, 3, 5), 100)
    expect(rate?.slice(0, 2)).toEqual([500_000, 0])
  })

  it('is a share of all, and nothing where there was nothing', () => {
    const [share] = linesOf(
      'share',
      (curves) => {
        for (const isSo of [true, false, false, false]) countShare(curves, 0, 12, isSo)
      },
      30,
    )
    expect(share?.slice(0, 3)).toEqual([Number.NaN, 25, Number.NaN])
  })

  it('keeps its percentiles when two stretches become one', () => {
    const [p50, , p99] = linesOf(
      'spread',
      (curves) => {
        for (let i = 1; i <= 100; i++) recordValue(curves, 0, i <= 50 ? 1 : 11, i * 1000)
        recordValue(curves, 0, SPAN * 2 - 1, 1000)
      },
      SPAN * 2,
    )
    expect(p50?.[0]).toBeGreaterThanOrEqual(50)
    expect(p50?.[0]).toBeLessThan(54)
    expect(p99?.[0]).toBeGreaterThanOrEqual(99)
  })
})
