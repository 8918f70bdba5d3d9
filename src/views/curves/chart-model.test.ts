import { describe, expect, it } from 'vitest'
import type { CurveData, CurvesData } from '../../trace/curve-data.ts'
import { chartsOf, numberText, pathOf, roundUp, valuesAt } from './chart-model.ts'

const curve = (name: string, values: number[], more: Partial<CurveData> = {}): CurveData => ({
  about: 'Payment',
  name,
  unit: 'ms',
  lines: [{ label: '', values: Float64Array.from(values) }],
  ...more,
})

const data = (curves: CurveData[], width = 10): CurvesData => ({
  width,
  count: curves[0]?.lines[0]?.values.length ?? 0,
  time: width * (curves[0]?.lines[0]?.values.length ?? 0),
  curves,
})

describe('the charts of a run', () => {
  it('leave out what never happened, but for a queue: an empty one is good news', () => {
    const { list } = chartsOf(data([curve('removed', [0, 0]), curve('queue', [0, 0]), curve('latency', [5, 0])]), null)
    expect(list.map(({ name }) => name)).toEqual(['queue', 'latency'])
  })

  it('keep what happened in the run before: that it stopped is the point', () => {
    const { list } = chartsOf(data([curve('done again', [0, 0])]), data([curve('done again', [3, 0])]))
    expect(list.map(({ name, before }) => [name, before.length])).toEqual([['done again', 1]])
  })

  it('draw both runs on one scale of time and number', () => {
    const { list, end } = chartsOf(data([curve('queue', [1, 1])], 10), data([curve('queue', [40, 40])], 20))
    expect(end).toBe(40)
    expect(list[0]).toMatchObject({ top: 50, before: ['M250.0 20.00L750.0 20.00'] })
    expect(list[0]?.lines[0]?.path).toBe('M125.0 98.00L375.0 98.00')
  })

  it('hold the closed form within their scale', () => {
    const [chart] = chartsOf(
      data([curve('store', [10], { reference: { label: 'rate × retention', value: 80 } })]),
      null,
    ).list
    expect(chart).toMatchObject({ top: 100, reference: { at: 0.8 } })
  })
})

describe('a path', () => {
  it('has a gap where there is nothing to say', () => {
    expect(pathOf(Float64Array.of(1, Number.NaN, 1, 2), 1, 4, 2)).toBe('M125.0 50.00M625.0 50.00L875.0 0.00')
  })
})

describe('numbers', () => {
  it('are rounded up to one a person can halve', () => {
    expect([0, 0.03, 1, 1.2, 7, 95, 101, 700].map(roundUp)).toEqual([1, 0.05, 1, 2, 10, 100, 200, 1000])
  })

  it('have the digits that matter', () => {
    expect([0, 0.0312, 3.456, 34.56, 1234.5].map(numberText)).toEqual(['0', '0.031', '3.5', '34.6', '1,235'])
  })

  it('are read at the playhead, and nothing beyond the run', () => {
    const lines = [{ label: '', path: '', values: Float64Array.of(1, Number.NaN, 3) }]
    expect([0, 10, 25, 99].map((time) => valuesAt(lines, 10, time)[0])).toEqual([1, null, 3, 3])
  })
})
