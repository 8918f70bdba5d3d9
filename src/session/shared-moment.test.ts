import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Kind } from '../trace/kinds.ts'
import { Trace } from '../trace/trace.ts'
import { NONE } from '../trace/trace-format.ts'
import { TraceWriter } from '../trace/trace-writer.ts'
import { roundTrips } from './fixture.ts'
import {
  compareMoments,
  isAtEnd,
  isAtStart,
  markedMoment,
  momentOfPlayhead,
  momentOfTime,
  nextMoment,
  playheadAt,
  previousMoment,
  type SharedMoment,
  sharedTimes,
  THE_START,
  theEnd,
} from './shared-moment.ts'

const { header } = roundTrips()

function traceAt(times: readonly number[]): Trace {
  const writer = new TraceWriter()
  for (const time of times) writer.append(time, Kind.crashed, 1, NONE, NONE, NONE, NONE, NONE)
  return new Trace(header, [writer.take()])
}

const traces = fc.array(
  fc.array(fc.nat(6), { maxLength: 8 }).map((times) => traceAt(times.sort((a, b) => a - b))),
  { minLength: 1, maxLength: 4 },
)

function walk(all: readonly Trace[]): SharedMoment[] {
  const moments = [THE_START]
  for (let at = THE_START; !isAtEnd(all, at); ) {
    at = nextMoment(all, at)
    moments.push(at)
  }
  return moments
}

describe('one playhead for several runs', () => {
  it('stepped from the start to the end shows every entry of every run, in order, and back the same way', () => {
    fc.assert(
      fc.property(traces, (all) => {
        const moments = walk(all)
        for (const [i, moment] of moments.entries()) {
          if (i === 0) continue
          const before = moments[i - 1] as SharedMoment
          expect(compareMoments(before, moment)).toBeLessThan(0)
          expect(previousMoment(all, moment)).toEqual(before)
          const steps = all.map((trace) => playheadAt(trace, moment) - playheadAt(trace, before))
          expect(steps.every((step) => step === 0 || step === 1)).toBe(true)
          expect(steps.some((step) => step === 1)).toBe(true)
        }
        expect(isAtStart(all, THE_START)).toBe(true)
        expect(isAtEnd(all, theEnd(all))).toBe(true)
      }),
    )
  })

  it('stands where one of the runs stands, for any playhead of it', () => {
    fc.assert(
      fc.property(traces, fc.nat(8), (all, playhead) => {
        const [first] = all as [Trace]
        const wanted = Math.min(playhead, first.length)
        expect(playheadAt(first, momentOfPlayhead(first, wanted))).toBe(wanted)
      }),
    )
  })

  it('shows everything up to a time between two instants, and nothing after it', () => {
    const one = traceAt([1, 2, 2, 5])
    const other = traceAt([2, 3])
    const moment = momentOfTime([one, other], 2.5)
    expect([one, other].map((trace) => playheadAt(trace, moment))).toEqual([3, 1])
    expect(previousMoment([one, other], moment)).toEqual({ time: 2, nth: 1 })
    expect(nextMoment([one, other], moment)).toEqual({ time: 3, nth: 1 })
  })

  it('of two runs that tell the same shows them at the same entry throughout', () => {
    const times = [0, 0, 4, 4, 4, 9]
    const both = [traceAt(times), traceAt(times)]
    expect(walk(both).map((moment) => playheadAt(both[0] as Trace, moment))).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(walk(both).map((moment) => playheadAt(both[1] as Trace, moment))).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('jumps to the nearest mark of any run', () => {
    const [one, other] = [traceAt([10, 30]), traceAt([20])]
    const from = { time: 10, nth: 1 }
    expect(markedMoment([one, other], from, 1, ['fault'])).toEqual({ time: 20, nth: 1 })
    expect(markedMoment([one, other], { time: 30, nth: 1 }, -1, ['fault'])).toEqual({ time: 20, nth: 1 })
    expect(markedMoment([one, other], { time: 30, nth: 1 }, 1, ['fault'])).toBeUndefined()
  })

  it('has the instants of all runs in one order', () => {
    const times = sharedTimes([traceAt([1, 4]), traceAt([2, 4])])
    expect(Array.from({ length: times.length }, (_, i) => times.timeAt(i))).toEqual([1, 2, 4, 4])
  })
})
