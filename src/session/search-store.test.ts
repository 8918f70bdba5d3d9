import { beforeEach, describe, expect, it } from 'vitest'
import type { StoreApi } from 'zustand/vanilla'
import { orderSaga } from '../library/order-world.ts'
import { createSearchHost } from '../worker/search-host.ts'
import type { SearchPool } from '../worker/search-pool.ts'
import type { Budget, SearchReply, SearchRequest } from '../worker/search-protocol.ts'
import { askWhy, createSearch, type Search, subjectOf } from './search-store.ts'

const budget: Budget = { faults: 1, kinds: ['drop', 'duplicate'], at: [], more: 0, withinMs: 1000 }
const subject = subjectOf(orderSaga, null, orderSaga)
let asked: SearchRequest[]
let stopped: number
let now: number

/** Workers without threads: each answers at its next turn. */
function pool(count: number): SearchPool {
  const workers = Array.from({ length: count }, () => {
    const answer = createSearchHost()
    return {
      ask: async (request: SearchRequest): Promise<SearchReply> => {
        asked.push(request)
        await new Promise((turn) => setTimeout(turn))
        now += 50
        return answer(request)
      },
      stop: () => {
        stopped++
      },
    }
  })
  return { workers, stop: () => workers.forEach((worker) => worker.stop()) }
}

const deps = { startPool: () => pool(2), now: () => now }
let search: StoreApi<Search>
const until = async (holds: (state: Search) => boolean) => {
  while (!holds(search.getState())) await new Promise((turn) => setTimeout(turn, 1))
}

beforeEach(() => {
  asked = []
  stopped = 0
  now = 0
  search = createSearch(deps)
  search.getState().open(subject)
})

describe('a hunt on the page', () => {
  it('deals every seed to one worker once, and ends with each promise’s finding made small', async () => {
    search.getState().startHunt(budget, 300)
    await until(({ hunt }) => hunt.status === 'done')
    const { hunt, facts } = search.getState()
    const seeds = asked.flatMap((request) => (request.type === 'hunt' ? [[request.from, request.to] as const] : []))
    const dealt = seeds.sort(([a], [b]) => a - b)
    expect(dealt.map(([from]) => from)).toEqual([1, ...dealt.map(([, to]) => to).slice(0, -1)])
    expect(hunt.runs).toBe(300)
    expect(hunt.rate).toBeGreaterThan(0)
    expect(facts?.promises).toContain('ONCE')
    const once = hunt.groups.find(({ promise }) => promise === 'ONCE')
    expect(once?.found?.faults).toEqual([{ kind: 'duplicate', message: 'charge' }])
    expect(hunt.groups.every(({ found }) => found !== null)).toBe(true)
  }, 30_000)

  it('stands still while it is paused, and goes on where it was', async () => {
    search.getState().startHunt(budget, 400)
    await until(({ hunt }) => hunt.runs > 0)
    search.getState().pause()
    await new Promise((turn) => setTimeout(turn, 20))
    const { runs } = search.getState().hunt
    const questions = asked.length
    await new Promise((turn) => setTimeout(turn, 20))
    expect([search.getState().hunt.status, search.getState().hunt.runs, asked.length]).toEqual([
      'paused',
      runs,
      questions,
    ])
    search.getState().resume()
    await until(({ hunt }) => hunt.status === 'done')
    expect(search.getState().hunt.runs).toBe(400)
  }, 30_000)

  it('is over at once when it is stopped, its workers too', async () => {
    search.getState().startHunt(budget, 1_000_000)
    await until(({ hunt }) => hunt.runs > 0)
    search.getState().cancel()
    expect([search.getState().hunt.status, stopped]).toEqual(['done', 2])
    const { runs } = search.getState().hunt
    await new Promise((turn) => setTimeout(turn, 20))
    expect(search.getState().hunt.runs).toBe(runs)
  }, 30_000)

  it('says what is wrong with a scenario that cannot run', async () => {
    const broken = { ...orderSaga, services: {} }
    search.getState().open(subjectOf(broken, null, broken))
    search.getState().startHunt(budget, 100)
    await until(({ hunt }) => hunt.status === 'failed')
    expect(search.getState().trouble).toMatch(/service/)
  })

  it('forgets what it found when another scenario is searched, and only then', async () => {
    search.getState().startHunt(budget, 100)
    await until(({ hunt }) => hunt.status === 'done')
    search.getState().open(subjectOf(orderSaga, null, { ...orderSaga }))
    expect(search.getState().hunt.runs).toBe(100)
    search.getState().open(subjectOf(orderSaga, null, { ...orderSaga, seed: 2 }))
    expect(search.getState().hunt).toMatchObject({ status: 'idle', runs: 0, groups: [] })
  }, 30_000)
})

describe('a sweep on the page', () => {
  it('has every placement once, in order, however many workers there are', async () => {
    search.getState().sweepAll()
    await until(({ sweep }) => sweep.status === 'done')
    const { sweep, facts } = search.getState()
    expect(sweep.cells).toHaveLength(facts?.placements ?? 0)
    expect(sweep.cells[0]?.placements[0]).toEqual({ row: 'PlaceOrder, Client → Order', column: 'lost' })
  }, 30_000)
})

describe('a proof on the page', () => {
  it('says what it has proved, or the shortest way to break it', async () => {
    search.getState().proveWith(1)
    await until(({ prove }) => prove.status === 'done')
    expect(search.getState().prove.result?.sentence).toMatch(/states|breaks|proof/)
  }, 30_000)
})

describe('why', () => {
  it('names what prevents it, with the change to make', async () => {
    const faulty = { ...orderSaga, faults: [{ kind: 'duplicate' as const, message: 'charge' }] }
    const why = await askWhy(deps, subjectOf(orderSaga, null, faulty), 'ONE-CHARGE')
    const key = why.cures.find(({ title }) => title === 'an idempotency key on Payment')
    expect(key?.patch).toEqual({ services: { payment: { protections: { idempotencyKey: {} } } } })
    expect(why.lastChance).toMatch(/^The last chance passed at/)
    expect(stopped).toBeGreaterThan(0)
  }, 30_000)
})
