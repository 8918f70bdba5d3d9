// Every protection must be needed: take one away, and something turns red. A row that stays green is a defect of the
// simulator or of the test. The matrix is printed as a table.
import { afterAll, describe, expect, it } from 'vitest'
import { type AloneRow, aloneRows, type FuzzRow, fuzzRows, missingRows, nearMisses } from '../../test/ablation-rows.ts'
import { runScenario } from '../../test/run-scenario.ts'
import { safely } from '../../test/safely.ts'
import { findingsIn, trialsOf } from '../../test/searching.ts'
import type { Schedule } from '../checker/schedule.ts'
import { shrink } from '../checker/shrink.ts'
import { columns } from '../cli/table.ts'
import { library } from './library.ts'

const SEEDS_MAX = 3000

const table: string[][] = []
afterAll(() => {
  console.log(['', ...columns([['removed', 'turns red', 'kind', 'where'], ...table])].join('\n'))
})

/** The first random schedule that breaks it without the protection and not with it, made small. */
function counterExample(row: FuzzRow): Schedule | null {
  const variant = row.from ?? 'key'
  const whole = trialsOf(safely(variant, row.beside ?? {}))
  const bare = trialsOf(safely(variant, row.beside ?? {}, row.patch))
  const breaks = (schedule: Schedule) =>
    bare.broken(schedule).some((law) => row.laws.includes(law)) && whole.broken(schedule).length === 0
  for (const { schedule, promise } of findingsIn(bare, SEEDS_MAX)) {
    if (row.laws.includes(promise) && breaks(schedule)) return shrink(schedule, breaks, whole.scenario.seed)
  }
  return null
}

function found(row: FuzzRow, kind: string): Schedule | null {
  const schedule = counterExample(row)
  const faults = schedule?.faults.map(({ kind: name }) => name).join(', ') || 'no fault at all'
  table.push([row.removed, row.red, kind, schedule === null ? 'NOT FOUND' : `seed ${schedule.seed}: ${faults}`])
  return schedule
}

describe('random schedules find what breaks', () => {
  it.each(fuzzRows.map((row) => [row.removed, row] as const))(
    'without: %s',
    (_, row) => {
      expect(found(row, 'fuzz')).not.toBeNull()
    },
    60_000,
  )

  it.each(nearMisses.map((row) => [row.removed, row] as const))(
    'a near miss: %s',
    (_, row) => {
      expect(found(row, 'near miss')).not.toBeNull()
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

describe('a story alone', () => {
  it.each(aloneRows.map((row) => [row.removed, row] as const))('turns red without: %s', (_, row) => {
    const { red, story, bad, good } = row
    const isLaw = typeof red === 'string'
    table.push([row.removed, isLaw ? red : `${red[0]} ${red[1]}`, 'alone', `${story} "${bad}"`])
    expect(look(story, bad, red)).toBe(isLaw ? true : red[1])
    const twin = typeof good === 'string' ? look(story, good, red) : look(good.story, null, red)
    expect(twin).toBe(isLaw ? false : red[2])
  })

  for (const row of missingRows) it.todo(`turns red without: ${row}`)
})
