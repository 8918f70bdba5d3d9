import { describe, expect, it } from 'vitest'
import { runScenario } from '../../../test/run-scenario.ts'
import { library } from '../../library/library.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import type { Trace } from '../../trace/trace.ts'
import { serviceLanes } from './service-lanes.ts'
import { TraceIndex } from './trace-index.ts'

const story = (id: string) => library.find((one) => one.id === id) as ScenarioInput
const seconds = { toFolded: (time: number) => time / 1e6, toTime: (at: number) => at * 1e6 }

function lanesOf(trace: Trace) {
  const index = new TraceIndex(trace)
  index.extend(seconds)
  const window = { from: 0, to: trace.endTime / 1e6 }
  const services = new Set(trace.header.services.map((_, service) => service))
  return serviceLanes({ index, window, width: 1000, rowHeight: 38, fontSize: 11, tears: [] }, services)
}
const bars = (trace: Trace, tone: string) =>
  lanesOf(trace).flatMap((lane) => lane.bars.filter((bar) => bar.tone === tone))

describe('the lanes of time', () => {
  it('show for how long a service stands still', () => {
    const faults = [{ kind: 'pause', service: 'payment', atMs: 20, forMs: 3000 }] as ScenarioInput['faults']
    const [still, ...others] = bars(runScenario({ ...story('order-saga'), faults }).trace, 'still')
    expect(others).toEqual([])
    expect(still?.title).toBe('stands still 3.000 s')
    expect(still?.width).toBeGreaterThan(800)
  })

  it('show from when to when a circuit is open and half-open', () => {
    const { trace } = runScenario(story('circuit-breaker'), 'B')
    const open = bars(trace, 'circuitOpen')
    expect(open.length).toBeGreaterThan(0)
    expect(open[0]?.title).toMatch(/^circuit to \w+ open: /)
    expect(bars(trace, 'circuitHalfOpen').every(({ x }) => x >= (open[0]?.x ?? 0))).toBe(true)
  })

  it('show for how long a participant is in doubt: with words where nobody else works, as a strip where somebody does', () => {
    const { trace } = runScenario(story('in-doubt'), 'returns')
    const lane = (name: string) => lanesOf(trace)[trace.header.services.findIndex((one) => one.name === name)]
    const [doubt, ...others] = lane('shipping')?.bars.filter(({ tone }) => tone === 'inDoubt') ?? []
    expect(others).toEqual([])
    expect(doubt?.title).toMatch(/^in doubt 30\.\d+ s: \d rows? locked until it hears the decision$/)
    expect(doubt?.label).toContain('in doubt')
    // Three deposits wait at Payment meanwhile.
    const strip = lane('payment')?.bars.find(({ tone }) => tone === 'inDoubt')
    expect(strip?.height).toBeLessThan(doubt?.height ?? 0)
    expect(strip?.width).toBeGreaterThan(800)
  })

  it('keep a doubt that nobody ends until the end', () => {
    const doubts = bars(runScenario(story('in-doubt'), 'never').trace, 'inDoubt')
    expect(doubts.map(({ title }) => title.split(':')[0])).toEqual(doubts.map(() => 'in doubt'))
    expect(doubts.length).toBeGreaterThanOrEqual(3)
    expect(bars(runScenario(story('in-doubt'), 'saga').trace, 'inDoubt')).toEqual([])
  })

  it('end the work of a zombie where its commit is turned away', () => {
    const { trace } = runScenario(story('consumer-group'), 'zombie')
    const ends = lanesOf(trace).flatMap((lane) => lane.bars.map(({ x, width }) => x + width))
    // The run goes on until the group has rebalanced once more.
    expect(Math.max(...ends.filter((end) => end < 1000))).toBeGreaterThan(900)
    expect(bars(trace, 'work').filter(({ x, width }) => x + width >= 1000)).toEqual([])
  })

  it('show a rebalance at every member', () => {
    const { trace } = runScenario(story('rebalancing'), 'eager')
    expect(bars(trace, 'rebalancing').map(({ title }) => title)).toEqual(new Array(3).fill('rebalancing 2.000 s'))
  })

  it('lay a wait over the handling that waits, and end it with the wait', () => {
    const { trace } = runScenario(story('same-key-twice'), 'single transaction')
    const [wait] = bars(trace, 'waits')
    expect(wait?.title).toMatch(/waits for idempotency key abc123: 5 ms$/)
    const works = lanesOf(trace).flatMap((lane) => lane.bars.filter(({ tone }) => tone === 'turnedAway'))
    expect(works.some(({ y, height }) => y === wait?.y && height === wait?.height)).toBe(true)
  })

  it('mark what was parked, and number further attempts', () => {
    const parked = lanesOf(runScenario(story('dead-letters'), 'i').trace).flatMap(({ marks }) => marks)
    expect(parked.some(({ tone }) => tone === 'parked')).toBe(true)
    const tried = lanesOf(runScenario(story('lost-response'), 'key').trace).flatMap((lane) => lane.bars)
    expect(tried.map(({ title }) => title)).toContain('charge #2: duplicate')
  })
})
