import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import { trialsOf } from '../../test/searching.ts'
import { library } from '../library/library.ts'
import { orderSaga } from '../library/order-world.ts'
import { readScenario } from '../scenario/compile.ts'
import { applyVariant } from '../scenario/patch.ts'
import type { FaultInput, ScenarioInput } from '../scenario/schema.ts'
import { conservedUnits } from './conserved.ts'
import { complete } from './fault-defaults.ts'
import { type PromiseName, withPromises } from './promises.ts'
import { calmSchedule } from './schedule.ts'

function promised(input: ScenarioInput, names?: readonly PromiseName[]) {
  const result = withPromises(input, names)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value
}

/** The generic promises that the order saga breaks when this goes wrong. */
function brokenBy(...faults: FaultInput[]) {
  const { input, added } = promised(orderSaga)
  const broken = trialsOf(input, 'every commit').broken({ ...calmSchedule(1), faults: faults.map(complete) })
  return broken.filter((name) => added.includes(name))
}

describe('a promise nobody had to write', () => {
  it('is kept by the calm run, whatever the story', () => {
    for (const story of library) {
      const { input, added } = promised(story)
      const trials = trialsOf(input)
      const broken = trials.broken(calmSchedule(trials.scenario.seed))
      expect([story.id, broken.filter((name) => added.includes(name))]).toEqual([story.id, []])
    }
  }, 20_000)

  it('breaks when an effect happens twice', () => {
    expect(brokenBy({ kind: 'duplicate', message: 'charge' })).toEqual(['ONCE'])
  })

  it('breaks when a saga says it is undone and something of it stands', () => {
    const stands = brokenBy({ kind: 'fail', service: 'shipping', on: 'ship', point: 'after commit' })
    expect(stands).toContain('ALL-OR-NOTHING')
  })

  it('breaks when a saga never ends', () => {
    expect(brokenBy({ kind: 'drop', message: 'charge' })).toEqual(['ENDS'])
  })

  it('breaks when units appear out of nothing', () => {
    const twice = brokenBy({ kind: 'crash', service: 'shipping', on: 'ship', point: 'after commit' })
    expect(twice).toContain('CONSERVED')
  })

  it('breaks when more is taken than there was', () => {
    const shop: ScenarioInput = {
      sagascope: 1,
      id: 'shop',
      title: 'Shop',
      services: {
        shop: {
          tables: { stock: { columns: ['sku', 'free'], key: 'sku', rows: [{ sku: 's1', free: 1 }] } },
          operations: { take: { do: [{ update: 'stock', change: 'free -= 1' }] } },
        },
      },
      workload: { requests: [{ to: 'shop', message: 'take' }] },
    }
    const { input } = promised(shop)
    const twice = { ...calmSchedule(1), faults: [complete({ kind: 'duplicate', message: 'take' })] }
    expect(trialsOf(input).broken(twice)).toEqual(['ONCE', 'NOT-BELOW-ZERO'])
  })

  it('breaks when an event is lost, or an outbox keeps what it should send', () => {
    const stall = library.find(({ id }) => id === 'silent-stall') as ScenarioInput
    const { input, added } = promised(stall)
    const trials = trialsOf(input)
    expect(added).toContain('NOTHING-LOST')
    const [, event = ''] = /dropped\("(.*?)"\)/.exec(trials.scenario.properties['NOTHING-LOST']?.check ?? '') ?? []
    const lost = { ...calmSchedule(1), faults: [complete({ kind: 'drop', message: event })] }
    expect(trials.broken(lost)).toContain('NOTHING-LOST')
  })

  it('is withheld where it does not hold even when nothing goes wrong', () => {
    const cancel = applyVariant(library.find(({ id }) => id === 'create-and-cancel') as ScenarioInput, 'C')
    expect(promised(cancel).withheld).toEqual(['ALL-OR-NOTHING'])
  })

  it('is only added when it is wanted, and never in place of one of the same name', () => {
    expect(promised(orderSaga, ['ENDS']).added).toEqual(['ENDS'])
    const own = { ...orderSaga, properties: { ENDS: { when: 'always', check: 'true' } } } as const
    expect(promised(own, ['ENDS']).added).toEqual([])
  })
})

describe('what is conserved', () => {
  it('is found by looking: the money, and the goods', () => {
    const read = readScenario({ ...orderSaga, faults: [] })
    if (!read.ok) throw new Error('the order saga is a scenario')
    const sums = conservedUnits(read.value)
    expect(sums).toContainEqual(
      expect.stringMatching(
        /^payment\.accounts.*balance.* \+ payment\.ledger.*'charge'.* - payment\.ledger.*'refund'.* == 1000$/,
      ),
    )
    expect(sums).toContainEqual(expect.stringMatching(/^inventory\.stock.*available.* \+ .*'ACTIVE'.* == 5$/))
    expect(sums).toHaveLength(3)
  })
})

describe('effects, as an expression sees them', () => {
  it('are counted by step, with what was undone', () => {
    const faults: FaultInput[] = [{ kind: 'refuse', service: 'shipping', on: 'ship' }]
    const { observables } = runScenario({
      ...orderSaga,
      faults,
      observables: { effects: 'effects' },
      expect: {},
      variants: {},
    })
    expect(observables.effects).toMatchObject([
      { saga: 'o1', status: 'Compensated', step: 'charge', operation: 'charge', done: 1, undone: 1, undoable: true },
      { saga: 'o1', status: 'Compensated', step: 'reserve', operation: 'reserve', done: 1, undone: 1, undoable: true },
    ])
  })
})
