import { describe, expect, it } from 'vitest'
import { runScenario } from '../../../test/run-scenario.ts'
import { library } from '../../library/library.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { secondEffectsOf } from './second-effects.ts'

const story = (id: string) => library.find((one) => one.id === id) as ScenarioInput
const told = (id: string, variant: string | null) => {
  const { trace } = runScenario(story(id), variant)
  return secondEffectsOf(trace).all.map(
    ({ service, title, cost }) => `${trace.header.services[service]?.name}: ${title}: ${cost}`,
  )
}

describe('an effect that happened again', () => {
  it('is told with what it cost, where nothing turned the duplicate away', () => {
    expect(told('lesson-key', 'none')).toEqual(['payment: second pay: balance −100'])
    expect(told('lesson-unique', 'none')).toEqual(['bank: second transfer: balance −100'])
    expect(told('lesson-state', 'none')).toEqual(['payment: second charge: balance −100'])
  })

  it('is not there with any of the three strategies', () => {
    for (const [id, variant] of [
      ['lesson-key', 'key'],
      ['lesson-unique', 'unique'],
      ['lesson-state', 'state'],
    ] as const) {
      expect(told(id, variant), id).toEqual([])
    }
  })

  it('is seen for two at the same time, for a key that has expired, and for a copy by the broker', () => {
    expect(told('lesson-state', 'at once')).toHaveLength(1)
    expect(told('retry-after-window', 'late')).toHaveLength(1)
    expect(told('retry-after-window', 'in time')).toEqual([])
    expect(told('visibility-timeout', 'A')).toEqual(['worker: second process: + done row'])
  })

  it('counts a compensation that was done twice, and the third and fourth time', () => {
    expect(told('compensation-repeated', 'i none')).toEqual(['payment: second refund: balance +100'])
    expect(told('partition-heals', 'none').slice(0, 3)).toEqual([
      'payment: second charge: balance −100',
      'payment: third charge: balance −100',
      'payment: fourth charge: balance −100',
    ])
  })

  it('breaks the promise of one effect only where it is found', () => {
    const promises = new Set(['ONCE', 'ONE-PSP-CHARGE', 'ONE-MAIL'])
    const missing: string[] = []
    for (const scenario of library) {
      for (const variant of Object.keys(scenario.variants ?? {})) {
        const { trace, broken } = runScenario(scenario, variant)
        const isBroken = broken.some((name) => promises.has(name))
        if (isBroken && secondEffectsOf(trace).all.length === 0) missing.push(`${scenario.id} ${variant}`)
      }
    }
    expect(missing).toEqual([])
  }, 60_000)

  it('is none where two clients bring keys of their own, or say nothing that tells them apart', () => {
    const requests = (more: object) =>
      [0, 1].map((n) => ({
        to: 'shop',
        message: 'buy',
        atMs: n * 100,
        ...more,
        ...(n ? { payload: { ...(more as { payload: object }).payload } } : {}),
      }))
    const shop = (list: object[]): ScenarioInput => ({
      sagascope: 1,
      id: 'two-buyers',
      title: 'Two buyers',
      services: {
        shop: {
          tables: { stock: { columns: ['sku', 'left'], key: 'sku', rows: [{ sku: 's', left: 5 }] } },
          operations: { buy: { do: [{ update: 'stock', change: 'left -= 1' }] } },
        },
      },
      workload: { requests: list as never },
    })
    const count = (list: object[]) => secondEffectsOf(runScenario(shop(list)).trace).all.length
    expect(count(requests({ payload: { amount: 1 } }))).toBe(0)
    expect(count(requests({ payload: { order: 'o1' } }))).toBe(1)
    expect(count(requests({ payload: { order: 'o1' } }).map((one, i) => ({ ...one, key: `k${i}` })))).toBe(0)
  })
})
