// Every protection must be needed: take one away, and something turns red. A row that stays green is a defect of the
// simulator or of the test. The matrix is printed as a table.
import { afterAll, describe, expect, it } from 'vitest'
import { type AloneRow, aloneRows, type FuzzRow, fuzzRows, nearMisses } from '../../test/ablation-rows.ts'
import { runScenario } from '../../test/run-scenario.ts'
import { safely } from '../../test/safely.ts'
import { findingsIn, trialsOf } from '../../test/searching.ts'
import type { Schedule } from '../checker/schedule.ts'
import { shrinkIn } from '../checker/shrink.ts'
import type { Trials } from '../checker/trials.ts'
import { findCures } from '../checker/why.ts'
import { columns } from '../cli/table.ts'
import { applyVariant } from '../scenario/patch.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { library } from './library.ts'

const SEEDS_MAX = 3000

const table: string[][] = []
afterAll(() => {
  console.log(['', ...columns([['removed', 'turns red', 'kind', 'where'], ...table])].join('\n'))
})

interface CounterExample {
  readonly trials: Trials
  /** The configuration with the protection. */
  readonly whole: ScenarioInput
  readonly schedule: Schedule
  readonly promise: string
  readonly seed: number
}

/** The first random schedule that breaks it without the protection and not with it, made small. */
function counterExample(row: FuzzRow): CounterExample | null {
  const variant = row.from ?? 'key'
  const whole = trialsOf(safely(variant, row.beside ?? {}))
  const trials = trialsOf(safely(variant, row.beside ?? {}, row.patch))
  for (const { schedule, promise, seed } of findingsIn(trials, SEEDS_MAX)) {
    const breaks = (one: Schedule) => trials.breaks(one, promise) && whole.broken(one).length === 0
    if (row.laws.includes(promise) && breaks(schedule)) {
      const small = shrinkIn(trials, schedule, promise, (one) => whole.broken(one).length === 0)
      return { trials, whole: whole.input, schedule: small, promise, seed }
    }
  }
  return null
}

function found(row: FuzzRow, kind: string): CounterExample | null {
  const example = counterExample(row)
  const faults = example?.schedule.faults.map(({ kind: name }) => name).join(', ') || 'no fault at all'
  table.push([row.removed, row.red, kind, example === null ? 'NOT FOUND' : `seed ${example.seed}: ${faults}`])
  return example
}

/** The kinds of protections that prevent it, as the checker finds by trying. */
function curesOf({ trials, whole, schedule, promise }: CounterExample): string[] {
  const { services, sagas } = whole
  const story = { ...trials.input, variants: { whole: { title: 'nothing taken away', patch: { services, sagas } } } }
  return findCures(trials, { story, variant: null, schedule, promise }).cures.flatMap(({ kinds }) => kinds)
}

/** Found, with no more faults than the catalogue's case, and what was removed is named among what prevents it. */
function expectFound(row: FuzzRow, kind: string): void {
  const example = found(row, kind)
  expect(example).not.toBeNull()
  if (example === null) return
  expect(example.schedule.faults.length).toBeLessThanOrEqual(row.faults ?? 1)
  expect(curesOf(example)).toEqual(expect.arrayContaining([expect.toBeOneOf([...row.cures])]))
}

describe('random schedules find what breaks', () => {
  it.each(fuzzRows.map((row) => [row.removed, row] as const))(
    'without: %s',
    (_, row) => {
      expectFound(row, 'fuzz')
    },
    60_000,
  )

  it.each(nearMisses.map((row) => [row.removed, row] as const))(
    'a near miss: %s',
    (_, row) => {
      expectFound(row, 'near miss')
    },
    60_000,
  )

  it('and nothing where the fence still turns a second compensation away', () => {
    const refund = fuzzRows.find(({ red }) => red.startsWith('more refunds')) as FuzzRow
    const withFence = (row: FuzzRow) =>
      safely('key', row.patch, { services: { payment: { protections: { fence: {} } } } })
    const [broken] = findingsIn(trialsOf(withFence(refund)), SEEDS_MAX)
    expect(broken).toBeUndefined()
  }, 60_000)
})

function look(story: string, variant: string | null, red: AloneRow['red']) {
  const scenario = library.find(({ id }) => id === story)
  if (scenario === undefined) throw new Error(`the library has no story "${story}"`)
  const { broken, observables } = runScenario(scenario, variant)
  return typeof red === 'string' ? broken.includes(red) : observables[red[0]]
}

/** The story's own variant hunted without its faults; the law, or the observable as one. */
function aloneExample(row: AloneRow) {
  const { red, bad, good } = row
  const story = library.find(({ id }) => id === row.story)
  if (story === undefined) throw new Error(`the library has no story "${row.story}"`)
  const promise = typeof red === 'string' ? red : 'RED'
  const told =
    typeof red === 'string' ? story : { ...story, properties: { ...story.properties, RED: asLaw(story, red) } }
  const trials = trialsOf(applyVariant(told, bad))
  const twin = typeof good === 'string' ? applyVariant(told, good) : library.find(({ id }) => id === good.story)
  const whole = trialsOf(twin as ScenarioInput)
  const breaks = (one: Schedule) => trials.breaks(one, promise) && whole.canPlace(one) && !whole.breaks(one, promise)
  for (const { schedule, promise: broken } of findingsIn(trials, SEEDS_MAX)) {
    if (broken !== promise || !breaks(schedule)) continue
    const small = shrinkIn(trials, schedule, promise, breaks)
    return { trials, schedule: small, promise, story: told, variant: bad }
  }
  return null
}

function asLaw({ observables = {} }: ScenarioInput, [name, bad, good]: readonly [string, number, number]) {
  return { when: 'eventually', check: `${observables[name]} ${bad > good ? '<=' : '>='} ${good}` } as const
}

describe('a story alone', () => {
  it.each(aloneRows.map((row) => [row.removed, row] as const))('turns red without: %s', (_, row) => {
    const { red, story, bad, good } = row
    const isLaw = typeof red === 'string'
    table.push([row.removed, isLaw ? red : `${red[0]} ${red[1]}`, 'alone', `${story} "${bad}"`])
    expect(look(story, bad, red)).toBe(isLaw ? true : red[1])
    const twin = typeof good === 'string' ? look(story, good, red) : look(good.story, null, red)
    expect(twin).toBe(isLaw ? false : red[2])
  })

  it.each(aloneRows.map((row) => [row.removed, row] as const))(
    'is found by the hunt, and explained, without: %s',
    (_, row) => {
      const example = aloneExample(row)
      expect(example).not.toBeNull()
      if (example === null) return
      expect(example.schedule.faults.length).toBeLessThanOrEqual(2)
      const { story, variant, ...suspect } = example
      const { cures } = findCures(example.trials, { ...suspect, story, variant })
      const named = cures.some(
        (cure) => cure.variant === row.good || cure.kinds.some((kind) => row.cures?.includes(kind)),
      )
      expect(named).toBe(true)
    },
    60_000,
  )
})
