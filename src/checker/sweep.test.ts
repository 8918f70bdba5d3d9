import { describe, expect, it } from 'vitest'
import { safely } from '../../test/safely.ts'
import { trialsOf } from '../../test/searching.ts'
import { library } from '../library/library.ts'
import { applyVariant } from '../scenario/patch.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { Sweep } from './sweep.ts'

function sweepOf(input: ScenarioInput, faults = 1) {
  const sweep = new Sweep(trialsOf(input), { faults, shard: 0, of: 1 })
  while (sweep.advance(10));
  return sweep
}

describe('the sweep of the crash points', () => {
  const story = library.find(({ id }) => id === 'crash-points') as ScenarioInput
  const crashes = (variant: string) =>
    Object.fromEntries(
      sweepOf(applyVariant(story, variant)).cells.flatMap(({ placements: [at], outcome }) =>
        at?.row === 'Payment handles charge' ? [[at.column.replace('crash ', ''), outcome]] : [],
      ),
    )

  it('sees the second charge wherever the crash comes after the commit', () => {
    expect(crashes('CP2 none')).toMatchObject({
      'on receipt': 'completed',
      'before commit': 'completed',
      'after commit': 'promise broken',
      'after send': 'promise broken',
      'ack lost': 'promise broken',
    })
  })

  it('and nowhere with an idempotency key', () => {
    expect(new Set(Object.values(crashes('CP2 key')))).toEqual(new Set(['completed', 'compensated']))
  })
})

describe('the sweep of the safe configuration', () => {
  const sweep = sweepOf(safely('key'))

  it('ends done or undone, whatever is struck', () => {
    const bad = sweep.cells.filter(({ outcome }) => outcome !== 'completed' && outcome !== 'compensated')
    expect(bad).toEqual([])
    expect(sweep.cells.length).toBeGreaterThan(50)
    expect(sweep.calm).toBe('completed')
  })

  it('knows where each run leaves the calm one, and that a fault which struck changed something', () => {
    expect(sweep.cells.filter(({ difference }) => difference < 0)).toEqual([])
  })
})

describe('a second fault', () => {
  it('strikes what only the first one brought about', () => {
    const story = applyVariant(library.find(({ id }) => id === 'lost-response') as ScenarioInput, 'none')
    const rows = sweepOf(story, 2).cells.map(({ placements }) => placements.map(({ row }) => row))
    expect(rows.some(([, second]) => second?.startsWith('2nd charge'))).toBe(true)
    expect(rows.some(([first]) => first?.startsWith('2nd charge'))).toBe(false)
  })
})
