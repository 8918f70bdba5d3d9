// A fold that looks into tables gives what it gave then: a question about the past is answered with the tables of the past.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import type { ScenarioInput } from './schema.ts'

/** Three payments; before the second the rate doubles, before the third it is taken away and written anew. */
const rates: ScenarioInput = {
  sagascope: 1,
  id: 'rates',
  title: 'Rates',
  services: {
    bank: {
      handlerMs: 0,
      tables: { rates: { columns: ['name', 'rate'], key: 'name', rows: [{ name: 'EUR', rate: 100 }] } },
      store: {
        aggregates: { account: { state: { cents: 0 }, evolve: { Paid: 'cents += amount * rates["EUR"].rate' } } },
      },
      operations: {
        pay: { do: [{ append: 'Paid', stream: "'account-1'", with: { amount: 1 } }] },
        double: { do: [{ update: 'rates', where: { name: "'EUR'" }, change: 'rate = rate * 2' }] },
        renew: {
          do: [
            { delete: 'rates', where: { name: "'EUR'" } },
            { insert: 'rates', row: { name: "'EUR'", rate: 7 } },
          ],
        },
      },
    },
  },
  workload: {
    hopMs: 0,
    requests: [
      { to: 'bank', message: 'pay', atMs: 0 },
      { to: 'bank', message: 'double', atMs: 10 },
      { to: 'bank', message: 'pay', atMs: 20 },
      { to: 'bank', message: 'renew', atMs: 30 },
      { to: 'bank', message: 'pay', atMs: 40 },
    ],
  },
}

const ask = (expression: string) => runScenario({ ...rates, observables: { asked: expression } }).observables.asked

describe('a fold that looks into a table', () => {
  it('is asked about a moment, and finds the table as it was known then', () => {
    expect([5, 15, 25, 35, 45].map((ms) => ask(`state("account", "1", ${ms}, ${ms}).cents`))).toEqual([
      100, 200, 400, 14, 21,
    ])
  })

  it('answers for a version what it would have said with that event', () => {
    expect([1, 2, 3].map((version) => ask(`stateAtVersion("account", "1", ${version}).cents`))).toEqual([100, 400, 21])
  })

  it('tells in the audit trail what was seen after every event, not what is seen today', () => {
    expect(ask('audit("account", "1").map(e, e.state.cents)')).toEqual([100, 400, 21])
  })

  it('says without a moment what is true now', () => {
    expect(ask('state("account", "1").cents')).toBe(21)
  })
})
