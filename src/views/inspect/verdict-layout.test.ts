import { describe, expect, it } from 'vitest'
import type { RunState, ScenarioInput } from '../../session/session-types.ts'
import { History } from '../../trace/history.ts'
import { lostReply } from './lost-reply-fixture.ts'
import { headline, holdingVariants, propertyRows } from './verdict-layout.ts'

const { trace, at, summary } = lostReply()
const done: RunState = { status: 'done', entries: trace.length, time: trace.endTime, summary }
const seen = (playhead: number, run: RunState = done) => ({
  trace,
  run,
  playhead,
  world: new History(trace).stateAt(playhead),
})
const unbroken: RunState = {
  ...done,
  summary: {
    ...summary,
    properties: summary.properties.map((known) => ({ ...known, holds: true, position: -1, time: -1 })),
  },
}

describe('the headline of the verdict', () => {
  it('says what broke and where, once the playhead has passed it', () => {
    expect(headline(seen(trace.length))).toEqual({
      tone: 'broken',
      title: 'Money kept',
      text: 'The order is rejected, yet 100 stays charged.',
      position: at.violated,
      where: `First broken at entry ${at.violated + 1}, 5.000 s.`,
      expected: true,
      property: 'all or nothing',
    })
  })

  it('says that it will break while the playhead is before it, and how far away that is', () => {
    const head = headline(seen(at.timedOut))
    expect(head).toMatchObject({ tone: 'ahead', title: 'Will break: Money kept', position: at.violated })
    const away = at.violated + 1 - at.timedOut
    expect(head.where).toBe(
      `all or nothing still holds here. It breaks at entry ${at.violated + 1}, 5.000 s: ${away} entries and 4.980 s from here.`,
    )
  })

  it('is broken at the very entry that broke it, and still whole one entry earlier', () => {
    expect(headline(seen(at.violated + 1)).tone).toBe('broken')
    expect(headline(seen(at.violated)).tone).toBe('ahead')
  })

  it('knows a violation from the world before the run is over', () => {
    const running: RunState = { ...done, status: 'running', summary: null }
    expect(headline(seen(at.violated, running))).toMatchObject({ tone: 'wait', title: 'Running' })
    expect(headline(seen(at.violated + 1, running))).toMatchObject({ tone: 'broken', title: 'Money kept' })
  })

  it('says what was checked when all promises hold', () => {
    const calm = {
      ...unbroken.summary,
      properties: unbroken.summary?.properties.map((p) => ({ ...p, expectedToBreak: false })),
    }
    const head = headline(seen(3, { ...unbroken, summary: calm as RunState['summary'] }))
    expect(head).toMatchObject({ tone: 'ok', title: 'All promises hold', position: -1 })
    expect(head.text).toBe(`2 properties checked over ${trace.length} entries; at rest after 5.000 s.`)
  })

  it('says so when what was expected to break held', () => {
    expect(headline(seen(3, unbroken)).text).toContain('“all or nothing” was expected to break')
  })

  it('gives no verdict on a run that was stopped', () => {
    const stopped: RunState = { status: 'stopped', entries: 12, time: 0, summary: null }
    expect(headline(seen(0, stopped))).toMatchObject({ tone: 'wait', title: 'Stopped' })
  })
})

describe('the list of properties', () => {
  it('tells broken from will break, and holds from not broken so far', () => {
    const states = (playhead: number, run?: RunState) => propertyRows(seen(playhead, run)).map((row) => row.state)
    expect(states(trace.length)).toEqual(['broken', 'holds'])
    expect(states(at.timedOut)).toEqual(['ahead', 'holds'])
    expect(states(at.timedOut, { ...done, summary: null })).toEqual(['open', 'open'])
  })

  it('says where it broke, or when it had to hold', () => {
    const notes = propertyRows(seen(trace.length)).map((row) => row.note)
    expect(notes).toEqual([`entry ${at.violated + 1}, 5.000 s`, 'always'])
  })
})

describe('the way out', () => {
  const faults = [{ kind: 'drop' }]
  const scenario = {
    faults,
    breaks: ['ATOM'],
    variants: {
      A: { title: 'a', patch: {}, breaks: ['ATOM'] },
      B: { title: 'b', patch: {}, breaks: ['MONEY'] },
      C: { title: 'c', patch: { faults: [] } },
      D: { title: 'd', patch: { faults } },
    },
  } as unknown as ScenarioInput

  it('is every variant in which the property holds under the same faults', () => {
    expect(holdingVariants(scenario, 'A', 'ATOM').map(({ name }) => name)).toEqual(['B', 'D'])
    expect(holdingVariants(scenario, null, 'ATOM').map(({ name }) => name)).toEqual(['B', 'D'])
  })

  it('is not offered for what this variant is not about', () => {
    expect(holdingVariants(scenario, 'A', 'STOCK')).toEqual([])
    expect(holdingVariants(scenario, 'B', 'ATOM')).toEqual([])
  })
})
