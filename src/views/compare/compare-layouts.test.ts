import { describe, expect, it } from 'vitest'
import { effectiveScenario, newDraft, sessionFaults, withAdded } from '../../session/draft.ts'
import type { Draft, RunSummary, ScenarioInput } from '../../session/session-types.ts'
import { TimeFold } from '../../session/time-fold.ts'
import type { Value } from '../../trace/trace-format.ts'
import { orderStory } from '../stage/order-story.ts'
import { choiceGroups } from './compare-choices.ts'
import { comparedRows } from './observables-layout.ts'
import { partingHeadline, partingSentence } from './parting-words.ts'
import { sharedWords, sideTitles } from './side-title.ts'
import { STRIP_WIDTH, stripOf, unitsAt } from './strip-layout.ts'

const scenario: ScenarioInput = {
  sagascope: 1,
  id: 'paying',
  title: 'Paying',
  services: { payment: {} },
  faults: [{ kind: 'drop', message: 'Paid' }],
  variants: {
    key: { title: 'with a key' },
    none: { title: 'without protection', patch: { seed: 1 } },
    calm: { title: 'nothing is lost', patch: { faults: [] } },
  },
}
const story = (draft: Draft) => ({ draft, effective: effectiveScenario(draft), faults: sessionFaults(draft) })
const named = (variant: string) => newDraft(scenario, variant)
const crashed = withAdded(named('none'), { kind: 'crash', service: 'payment', atMs: 12 })

describe('the title of a side', () => {
  it('names what differs and nothing else', () => {
    const [one, other] = sideTitles([named('key'), named('none')].map(story))
    expect(one).toEqual({ title: 'key · with a key', details: [] })
    expect(other).toEqual({ title: 'none · without protection', details: [] })
  })

  it('names seed and failures where the variant is the same', () => {
    const titles = sideTitles([named('none'), { ...crashed, seed: 7 }].map(story))
    expect(titles[0]).toEqual({ title: 'seed 1', details: ['without the other failures'] })
    expect(titles[1]).toMatchObject({ title: 'seed 7', details: [expect.stringMatching(/^Crash, Payment/)] })
  })

  it('says that nothing fails where something fails beside it', () => {
    const [, calm] = sideTitles([named('none'), named('calm')].map(story))
    expect(calm).toEqual({ title: 'calm · nothing is lost', details: ['nothing fails'] })
  })

  it('leaves to the bar above what all have in common', () => {
    expect(sharedWords([named('key'), named('none')].map(story))).toEqual(['Paying', 'seed 1', 'Drop, 1st Paid'])
    expect(sharedWords([named('key'), named('calm')].map(story))).toEqual(['Paying', 'seed 1'])
  })
})

describe('the choice of what to compare with', () => {
  const words = () => 'the crash'

  it('has every variant but the one that is there', () => {
    const [variants] = choiceGroups(named('key'), [named('key')], words)
    expect(variants?.choices.map(({ title }) => title)).toEqual(['none · without protection', 'calm · nothing is lost'])
  })

  it('has the run without each of its failures, and without all', () => {
    const groups = choiceGroups(crashed, [crashed], words)
    const settings = groups.find(({ title }) => title === 'Another setting')?.choices ?? []
    expect(settings.map(({ title }) => title)).toEqual([
      'Nothing fails',
      'Without: the crash',
      'Without: the crash',
      'Seed 2: other luck',
    ])
    expect(settings.map(({ draft }) => sessionFaults(draft).length)).toEqual([0, 1, 1, 2])
  })

  it('offers no setting that would only repeat a run already there', () => {
    const settings = (beside: Draft[]) => choiceGroups(named('calm'), beside, words).flatMap(({ choices }) => choices)
    const seeded = { ...named('calm'), seed: 2 }
    expect(settings([named('calm')]).map(({ key }) => key)).toContain('seed')
    expect(settings([named('calm'), seeded]).map(({ key }) => key)).not.toContain('seed')
  })
})

describe('the numbers side by side', () => {
  const summary = (values: Record<string, Value>, broken: string[] = []): RunSummary => ({
    quiescent: true,
    reason: 'at rest',
    cycle: null,
    asExpected: true,
    entries: 0,
    hash: '',
    observables: Object.entries(values).map(([name, value]) => ({ name, value })),
    properties: broken.map((name) => {
      return { name, when: 'always', holds: false, position: 1, time: 1, expectedToBreak: false } as const
    }),
  })

  it('have what differs first, and mark nothing that only one run counts', () => {
    const rows = comparedRows([
      { summary: summary({ charges: 1, statuses: [201] }), endTime: 10 },
      { summary: summary({ charges: 2, statuses: [201], emails: 3 }, ['ONCE']), endTime: 10 },
    ])
    expect(rows.map(({ name, cells, differs }) => [name, ...cells, differs])).toEqual([
      ['broken promises', 'none', 'ONCE', true],
      ['charges', '1', '2', true],
      ['statuses', '201', '201', false],
      ['emails', null, '3', false],
      ['ends', '0.01 ms, at rest', '0.01 ms, at rest', false],
    ])
  })

  it('wait for a run that has not ended', () => {
    const rows = comparedRows([
      { summary: summary({ charges: 1 }), endTime: 10 },
      { summary: null, endTime: 4 },
    ])
    expect(rows.map(({ cells, differs }) => [cells[1], differs])).toEqual([
      [null, false],
      [null, false],
      [null, false],
    ])
  })
})

describe('the parting in words', () => {
  const trace = orderStory()

  it('names the earliest of several', () => {
    const at = (time: number) => ({ state: 'parts', position: 1, moment: { time, nth: 1 } }) as const
    const never = { state: 'never' } as const
    expect(partingHeadline([never, at(5_010_000), at(20_000)])).toBe('The runs part at 20 ms')
    expect(partingHeadline([never, never])).toMatch(/never part/)
    expect(partingHeadline([never, { state: 'looking' }])).toMatch(/Looking/)
  })

  it('says when a run does something only later, or nothing more', () => {
    const last = trace.length - 1
    expect(partingSentence(trace, last, trace.endTime)).not.toContain(', at ')
    expect(partingSentence(trace, last, 0)).toContain(', at ')
    expect(partingSentence(trace, trace.length, 0)).toBe('nothing more happens')
  })
})

describe('the strip of a run', () => {
  const trace = orderStory()
  const fold = new TimeFold(trace)
  const marks = (path: string) =>
    path
      .split('M')
      .slice(1)
      .map((mark) => Number.parseFloat(mark))

  it('has what is common before the parting and its own from there on', () => {
    const parting = 8
    const { same, own, end } = stripOf(trace, fold, parting)
    const at = unitsAt(fold, trace.timeAt(parting))
    expect(marks(same).every((x) => x <= at)).toBe(true)
    expect(marks(own).every((x) => x >= at)).toBe(true)
    expect(end).toBe(STRIP_WIDTH)
    expect(stripOf(trace, fold, Number.POSITIVE_INFINITY).own).toBe('')
  })

  it('keeps faults and broken promises apart', () => {
    expect(marks(stripOf(trace, fold, 0).faults).length).toBeGreaterThan(0)
  })
})
