import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Simulation } from '../kernel/simulation.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import { dealRanges, dealSticky } from './deal-partitions.ts'

type Group = Record<string, unknown>
type Fault = Record<string, unknown>

/** Jobs of four customers at a group of workers; what they did, in order. */
function group(settings: Group, faults: readonly Fault[], worker: Record<string, unknown> = {}, jobs = 12) {
  const scenario = readScenario({
    sagascope: 1,
    id: 'g',
    title: 'g',
    services: {
      worker: {
        instances: 3,
        concurrency: 2,
        group: { partitions: 4, by: 'customer', sessionMs: 1000, ...settings },
        tables: { done: { columns: ['job', 'customer'] } },
        operations: { process: { do: [{ insert: 'done', row: { job: 'job', customer: 'customer' } }] } },
        ...worker,
      },
    },
    workload: {
      requests: Array.from({ length: jobs }, (_, i) => ({
        to: 'worker',
        message: 'process',
        atMs: i * 10,
        payload: { job: i, customer: i % 4 },
      })),
    },
    faults,
    observables: {
      jobs: 'worker.done.map(d, d.job)',
      committed: 'worker.partitions.map(p, p.committed)',
      owners: 'worker.partitions.map(p, p.owner)',
      generation: 'max(worker.partitions.map(p, p.generation))',
      turnedAway: 'sum(worker.partitions.map(p, p.turnedAway))',
    },
  })
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  const sim = new Simulation(model.value).run()
  const value = (name: string) => model.value.observables.find((one) => one.name === name)?.value(sim)
  return {
    end: sim.end,
    jobs: value('jobs') as unknown as number[],
    committed: value('committed'),
    owners: value('owners'),
    generation: value('generation'),
    turnedAway: value('turnedAway'),
  }
}

const all = (jobs: number) => Array.from({ length: jobs }, (_, i) => i)
const byCustomer = (jobs: readonly number[], customer: number) => jobs.filter((job) => job % 4 === customer)

describe('a consumer group', () => {
  it('handles every message once, and each partition in order, while everyone lives', () => {
    const run = group({}, [])
    expect([...run.jobs].sort((a, b) => a - b)).toEqual(all(12))
    expect(run.committed).toEqual([3, 3, 3, 3])
    expect(run.generation).toBe(1)
  })

  it('gives a partition away when its owner has been silent for a session, and not before', () => {
    const pause = (forMs: number) => [{ kind: 'pause', service: 'worker', atMs: 1, forMs }]
    expect(group({}, pause(900)).generation).toBe(1)
    // Thrown out, and let in again when it is back.
    expect(group({}, pause(1100)).generation).toBe(3)
  })

  it('begins again at the committed offset, so that what was not committed is handled twice', () => {
    const crash = [{ kind: 'crash', service: 'worker', atMs: 60, restartMs: 10_000 }]
    const each = group({ commitEvery: 1 }, crash)
    const lazy = group({ commitEvery: 10 }, crash)
    expect(each.jobs.length).toBe(12)
    expect(lazy.jobs.length).toBe(16)
    expect(new Set(lazy.jobs)).toEqual(new Set(all(12)))
  })

  it('loses what was committed on receipt and never done', () => {
    const crash = [
      { kind: 'crash', service: 'worker', on: 'process', nth: 1, point: 'before commit', restartMs: 10_000 },
    ]
    const run = group({}, crash, { acknowledge: 'first' })
    expect(run.jobs).not.toContain(0)
    expect(run.jobs.length).toBe(11)
  })

  it('commits by time', () => {
    const run = group({ commitMs: 500 }, [])
    expect(run.committed).toEqual([3, 3, 3, 3])
    const crash = [{ kind: 'crash', service: 'worker', atMs: 200, restartMs: 10_000 }]
    expect(group({ commitMs: 500 }, crash).jobs.length).toBeGreaterThan(12)
    expect(group({ commitMs: 20 }, crash).jobs.length).toBe(12)
  })

  it('turns the commit of a zombie away, and accepts it without fencing', () => {
    const pause = [{ kind: 'pause', service: 'worker', atMs: 2, forMs: 5000 }]
    expect(group({}, pause).turnedAway).toBe(1)
    const unfenced = group({ fencing: false }, pause)
    expect(unfenced.turnedAway).toBe(0)
    expect(unfenced.committed).not.toEqual([3, 3, 3, 3])
  })

  it('lets a poison message block its partition, until it is parked', () => {
    const poison = [{ kind: 'poison', service: 'worker', on: 'process', nth: 1 }]
    const worker = { onError: 'redeliver' }
    const run = group({}, poison, worker)
    expect(byCustomer(run.jobs, 0)).toEqual([])
    expect(byCustomer(run.jobs, 1)).toEqual([1, 5, 9])
  })

  it('is a group with one member, too', () => {
    const crash = [{ kind: 'crash', service: 'worker', atMs: 33, restartMs: 3000 }]
    const run = group({}, crash, { instances: 1 })
    expect(run.end).toBe('at rest')
    expect(new Set(run.jobs)).toEqual(new Set(all(12)))
    expect(run.owners).toEqual(['worker', 'worker', 'worker', 'worker'])
  })

  it('never loses a message nor the order of a partition, whatever crashes and sleeps', () => {
    const names = ['worker', 'worker_2', 'worker_3']
    const fault = fc.oneof(
      fc.record({
        kind: fc.constant('crash'),
        service: fc.constantFrom(...names),
        atMs: fc.integer({ min: 0, max: 3000 }),
        restartMs: fc.integer({ min: 1, max: 4000 }),
      }),
      fc.record({
        kind: fc.constant('pause'),
        service: fc.constantFrom(...names),
        atMs: fc.integer({ min: 0, max: 3000 }),
        forMs: fc.integer({ min: 1, max: 4000 }),
      }),
    )
    const settings = fc.record({
      commitEvery: fc.constantFrom(1, 3),
      rebalanceMs: fc.constantFrom(0, 50, 1500),
      rebalancing: fc.constantFrom('eager', 'cooperative'),
      heartbeats: fc.constantFrom('always', 'between messages'),
      joinsMs: fc.constantFrom([], [70]),
    })
    fc.assert(
      fc.property(settings, fc.array(fault, { maxLength: 5 }), (chosen, faults) => {
        const run = group(chosen, faults, { handlerMs: 15 }, 40)
        expect(run.end).toBe('at rest')
        expect(new Set(run.jobs)).toEqual(new Set(all(40)))
        for (let customer = 0; customer < 4; customer++) {
          // The first time each is done: in the order of the partition.
          const firsts = [...new Set(byCustomer(run.jobs, customer))]
          expect(firsts).toEqual([...firsts].sort((a, b) => a - b))
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('dealing partitions', () => {
  it('deals in ranges', () => {
    expect(dealRanges([3, 5, 9], 4)).toEqual([3, 3, 5, 9])
    expect(dealRanges([], 2)).toEqual([-1, -1])
  })

  it('is fair and moves no more than it must, when it sticks to what is', () => {
    const members = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(
        members,
        fc.array(fc.integer({ min: -1, max: 9 }), { minLength: 1, maxLength: 12 }),
        (who, owners) => {
          const dealt = dealSticky(who, owners)
          const counts = who.map((member) => dealt.filter((owner) => owner === member).length)
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
          expect(dealSticky(who, dealt)).toEqual(dealt)
        },
      ),
    )
  })
})
