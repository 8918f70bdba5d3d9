import { describe, expect, it } from 'vitest'
import { runScenario } from '../../../test/run-scenario.ts'
import { library } from '../../library/library.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { History } from '../../trace/history.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { downText } from './moments.ts'
import { standingAt } from './standing.ts'

const story = (id: string) => library.find((one) => one.id === id) as ScenarioInput
const everywhere = (trace: Trace, position: number) => {
  const world = new History(trace).stateAt(position)
  return trace.header.services.flatMap((_, service) => standingAt(trace, world, service))
}
const positions = (trace: Trace, kind: number) =>
  Array.from({ length: trace.length }, (_, i) => i).filter((i) => trace.at('kind', i) === kind)

describe('what stands at a service', () => {
  it('names the lock, its owner and who waits for it', () => {
    const { trace } = runScenario(story('lock-deadlock'), 'A')
    const [, second] = positions(trace, Kind.waiting)
    const said = everywhere(trace, (second as number) + 1)
    expect(said.filter(({ kind }) => kind === 'lock').map(({ text }) => text)).toHaveLength(2)
    const waits = said.filter(({ kind }) => kind === 'wait')
    expect(waits).toHaveLength(2)
    expect(waits[0]?.title).toMatch(/^o\w waits for the lock \S+, which o\w holds$/)
  })

  it('tells a lock no more once it is given back', () => {
    const { trace } = runScenario(story('lock-deadlock'), 'C')
    expect(everywhere(trace, trace.length).filter(({ kind }) => kind === 'lock')).toEqual([])
  })

  it('says that a circuit is open, half-open, and nothing when it is closed', () => {
    const { trace } = runScenario(story('circuit-breaker'), 'B')
    const seen = positions(trace, Kind.circuit).map((position) => {
      const [circuit] = everywhere(trace, position + 1).filter(({ kind }) => kind === 'circuit')
      return [trace.text(trace.at('a', position)), circuit?.text.split(' ').at(-1)]
    })
    expect(seen.length).toBeGreaterThan(1)
    for (const [state, shown] of seen) expect(shown).toBe(state === 'closed' ? undefined : state)
  })

  it('counts what was parked, and forgets it when it is handed out anew', () => {
    const { trace } = runScenario(story('dead-letters'), 'i replayed')
    const parked = positions(trace, Kind.deadLettered)[0] as number
    expect(everywhere(trace, parked + 1)).toContainEqual(expect.objectContaining({ text: '1 parked' }))
    expect(everywhere(trace, trace.length).filter(({ kind }) => kind === 'parked')).toEqual([])
  })

  it('counts down until a service that stands still goes on', () => {
    const paused = { ...story('order-saga'), faults: [{ kind: 'pause', service: 'payment', atMs: 20, forMs: 3000 }] }
    const { trace } = runScenario(paused as ScenarioInput)
    const at = positions(trace, Kind.paused)[0] as number
    const world = new History(trace).stateAt(at + 1)
    const payment = trace.header.services.findIndex(({ name }) => name === 'payment')
    expect(downText(trace, world, payment, 20_000, true)).toBe('stands still · 3.0 s left')
    expect(downText(trace, world, payment, 2_020_000, true)).toBe('stands still · 1.0 s left')
  })
})
