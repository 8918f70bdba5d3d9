import { describe, expect, it } from 'vitest'
import { runScenario, sentences } from '../../test/run-scenario.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { History, positionAtTime } from '../trace/history.ts'

type Fault = NonNullable<ScenarioInput['faults']>[number]
type Service = ScenarioInput['services'][string]

/** Jobs for a service with several processes, one every 100 ms. */
function workers(worker: Partial<Service>, faults: Fault[] = [], copies = 4): ScenarioInput {
  return {
    sagascope: 1,
    id: 'workers',
    title: 'Workers',
    bus: { order: 'none' },
    services: {
      worker: {
        handlerMs: 50,
        instances: 2,
        tables: { done: { columns: ['job', 'atMs'] } },
        operations: { process: { do: [{ insert: 'done', row: { job: 'job', atMs: 'now' } }] } },
        ...worker,
      },
    },
    workload: { requests: [{ to: 'worker', message: 'process', payload: { job: 'j#' }, copies, everyMs: 100 }] },
    faults,
    observables: {
      jobs: 'worker.done.map(d, d.job)',
      at: 'worker.done.map(d, d.atMs)',
      by: "entries.filter(e, e.kind == 'received').map(e, e.service)",
      taken: "entries.filter(e, e.kind == 'leaseTaken').map(e, e.service)",
      takenAt: "entries.filter(e, e.kind == 'leaseTaken').map(e, e.ms)",
      lost: "entries.filter(e, e.kind == 'leaseLost').map(e, e.service)",
    },
  }
}
const see = (scenario: ScenarioInput) => runScenario(scenario).observables
const lease = { lease: { timeToLiveMs: 1000, renewMs: 300 } }

describe('several processes of one service', () => {
  it('take messages in turn, and write to one disk', () => {
    expect(see(workers({}))).toMatchObject({
      jobs: ['j1', 'j2', 'j3', 'j4'],
      by: ['worker', 'worker_2', 'worker', 'worker_2'],
    })
  })

  it('give a message to the one with less to do', () => {
    const busy = workers({ instances: 2, handlerMs: 250 }, [{ kind: 'slow', service: 'worker', byMs: 10_000 }], 5)
    expect(see(busy).by).toEqual(['worker', 'worker_2', 'worker', 'worker_2', 'worker_2'])
  })

  it('keep a group with the one that is at work on it', () => {
    const grouped = workers({ handlerMs: 250 })
    const [request] = grouped.workload?.requests ?? []
    const together = { ...grouped, bus: {}, workload: { requests: [{ ...request, group: 'g' }] } } as ScenarioInput
    expect(see(together)).toMatchObject({
      jobs: ['j1', 'j2', 'j3', 'j4'],
      by: ['worker', 'worker', 'worker', 'worker'],
    })
  })

  it('take over what one of them had when it crashed', () => {
    const crash: Fault = { kind: 'crash', service: 'worker', atMs: 20, restartMs: 'never' }
    expect(see(workers({}, [crash]))).toMatchObject({
      jobs: ['j1', 'j2', 'j3', 'j4'],
      by: ['worker', 'worker_2', 'worker_2', 'worker_2', 'worker_2'],
    })
  })

  it('do not take from one that stands still what it has in its hands', () => {
    const pause: Fault = { kind: 'pause', service: 'worker', atMs: 20, forMs: 1000 }
    expect(see(workers({}, [pause]))).toMatchObject({ jobs: ['j2', 'j3', 'j4', 'j1'] })
  })

  it('get it when its visibility time-out is over, and then it is done twice', () => {
    const pause: Fault = { kind: 'pause', service: 'worker', atMs: 20, forMs: 1000 }
    const visible = { ...workers({}, [pause], 1), bus: { order: 'none' as const, visibilityMs: 500 } }
    expect(see(visible)).toMatchObject({ by: ['worker', 'worker_2'], at: [550, 1020] })
  })

  it('cannot have the name of another service, nor a lease when there is only one', () => {
    const clash = workers({})
    expect(() => see({ ...clash, services: { ...clash.services, worker_2: {} } })).toThrow(/worker_2.*is a process of/)
    expect(() => see(workers({ instances: 1, ...lease }))).toThrow(/a lease is among several processes/)
  })
})

describe('a lease', () => {
  it('lets only its holder take messages', () => {
    expect(see(workers(lease))).toMatchObject({
      by: ['worker', 'worker', 'worker', 'worker'],
      taken: ['worker'],
      lost: [],
    })
  })

  it('is kept through a pause that is shorter than what is left of it', () => {
    const pause: Fault = { kind: 'pause', service: 'worker', atMs: 120, forMs: 600 }
    expect(see(workers(lease, [pause]))).toMatchObject({ taken: ['worker'], jobs: ['j1', 'j2', 'j3', 'j4'] })
  })

  it('expires so long after the last renewal, and goes to another with what waits', () => {
    const pause: Fault = { kind: 'pause', service: 'worker', atMs: 350, forMs: 5000 }
    expect(see(workers(lease, [pause], 8))).toMatchObject({
      taken: ['worker', 'worker_2'],
      // Renewed at 300; it lives for 1000.
      takenAt: [0, 1300],
      lost: ['worker'],
      by: [...Array(4).fill('worker'), ...Array(4).fill('worker_2')],
    })
  })

  it('is taken by nobody while nobody else runs, and at once by who comes back', () => {
    const faults: Fault[] = [
      { kind: 'crash', service: 'worker', atMs: 110, restartMs: 'never' },
      { kind: 'crash', service: 'worker_2', atMs: 50, restartMs: 3000 },
    ]
    expect(see(workers(lease, faults))).toMatchObject({ takenAt: [0, 3050], taken: ['worker', 'worker_2'] })
    expect(see(workers(lease, faults)).jobs).toEqual(['j1', 'j2', 'j3', 'j4'])
  })

  it('is taken again by a holder that was down, under a new epoch', () => {
    const crash: Fault = { kind: 'crash', service: 'worker', atMs: 110, restartMs: 200 }
    expect(see(workers(lease, [crash]))).toMatchObject({ taken: ['worker', 'worker'], takenAt: [0, 310] })
  })

  it('does not keep a run from coming to rest', () => {
    expect(runScenario(workers(lease)).summary).toMatchObject({ reason: 'at rest' })
  })

  it('is seen on the card of the one that believes it has it', () => {
    const pause: Fault = { kind: 'pause', service: 'worker', atMs: 350, forMs: 5000 }
    const { trace } = runScenario(workers(lease, [pause], 8))
    const history = new History(trace)
    const at = (ms: number) =>
      history.stateAt(positionAtTime(trace, ms * 1000)).services.map((service) => service.lease ?? 0)
    // Two believe it while the first stands still.
    expect([at(100), at(2000), at(6000)]).toEqual([
      [1, 0, 0],
      [1, 2, 0],
      [0, 2, 0],
    ])
  })

  it('goes to one whose clock is too far ahead, under the eyes of the holder', () => {
    const ahead = (offsetMs: number): Fault[] => [{ kind: 'skew', service: 'worker_2', offsetMs }]
    expect(see(workers(lease, ahead(700), 8))).toMatchObject({ taken: ['worker'] })
    // At a renewal 1000 are left; 900 later than that are shown by a clock 900 ahead after 100.
    expect(see(workers(lease, ahead(900), 8))).toMatchObject({ takenAt: [0, 100], lost: ['worker'] })
    const disk = { lease: { ...lease.lease, clock: 'disk' as const } }
    expect(see(workers(disk, ahead(900), 8))).toMatchObject({ taken: ['worker'] })
  })

  it('goes there when a clock has drifted far enough', () => {
    const drift: Fault = { kind: 'skew', service: 'worker_2', driftPpm: 100_000 }
    // 700 ms ahead after 7 s.
    const [, takenAt] = see(workers(lease, [drift], 100)).takenAt as unknown as number[]
    expect(takenAt).toBeGreaterThanOrEqual(7000)
    expect(takenAt).toBeLessThan(7400)
  })
})

describe('a zombie', () => {
  const pause: Fault = { kind: 'pause', service: 'worker', atMs: 110, forMs: 5000 }
  const handedOn = (worker: Partial<Service>): ScenarioInput => ({
    ...workers(worker, [pause], 2),
    bus: { order: 'none', visibilityMs: 2000 },
  })

  it('does what another has done meanwhile', () => {
    expect(see(handedOn(lease))).toMatchObject({ jobs: ['j1', 'j2', 'j2'], lost: ['worker'] })
  })

  it('is rolled back by a disk that looks at its epoch, and sends nothing', () => {
    const fenced = handedOn({ lease: { ...lease.lease, fencing: true } })
    expect(see(fenced)).toMatchObject({ jobs: ['j1', 'j2'] })
    expect(sentences(runScenario(fenced).trace)).toContainEqual(
      expect.stringMatching(/Worker refused process: STALE_EPOCH/),
    )
  })

  it('loses nothing to the fence: what it could not do, the holder does', () => {
    const fenced = workers({ lease: { ...lease.lease, fencing: true } }, [pause], 2)
    expect(see(fenced)).toMatchObject({ jobs: ['j1', 'j2'], by: ['worker', 'worker', 'worker_2'] })
  })

  it('is known to a receiver by the epoch of its message', () => {
    const asks = (epochs: boolean): ScenarioInput => ({
      ...handedOn({
        ...lease,
        operations: { process: { do: [{ send: 'note', to: 'store' }] } },
      }),
      services: {
        worker: {
          instances: 2,
          handlerMs: 50,
          ...lease,
          operations: { process: { do: [{ send: 'note', to: 'store' }] } },
        },
        store: {
          tables: { notes: { columns: ['job', 'under'] } },
          operations: { note: { do: [{ insert: 'notes', row: { job: 'job', under: 'epoch' } }] } },
          protections: { epochs },
        },
      },
      observables: {
        notes: 'store.notes.map(n, n.under)',
        refused: 'refused("note")',
        replies: 'replies("note")',
        ...(epochs ? { newest: 'store.epochs.first().epoch' } : {}),
      },
    })
    expect(see(asks(false))).toEqual({ notes: [1, 2, 1], refused: 0, replies: 0 })
    expect(see(asks(true))).toEqual({ notes: [1, 2], refused: 1, replies: 0, newest: 2 })
  })
})

describe('a lock’s token', () => {
  it('is higher with every holder, also after the lock was given back', () => {
    const take = { lock: "'file'", holder: 'job', as: 'lease' }
    const locks: ScenarioInput = {
      ...workers({}),
      services: {
        worker: {
          tables: { tokens: { columns: ['token', 'until'] } },
          operations: {
            process: {
              do: [
                { ...take, timeToLiveMs: 1000 },
                { insert: 'tokens', row: { token: 'lease.token', until: 'lease.until' } },
                { unlock: "'file'", holder: 'job' },
              ],
            },
          },
        },
      },
      observables: { tokens: 'worker.tokens.map(t, t.token)', until: 'worker.tokens.map(t, t.until)' },
    }
    expect(see(locks)).toEqual({ tokens: [1, 2, 3, 4], until: [1005, 1105, 1205, 1305] })
  })
})

describe('a pause in a gap of a handler', () => {
  it.each([
    ['on receipt', [1050]],
    ['before commit', [1050]],
    ['after commit', [50]],
    ['after send', [50]],
  ] as const)('%s: it commits at %j', (point, at) => {
    const pause: Fault = { kind: 'pause', service: 'worker', on: 'process', point, forMs: 1000 }
    const one = workers({ instances: 1 }, [pause], 1)
    const answered = {
      at: "entries.filter(e, e.kind == 'committed').map(e, e.ms)",
      answeredAt: 'clients.first().times',
    }
    const outcome = runScenario({ ...one, observables: { ...one.observables, ...answered } })
    expect(outcome.observables.at).toEqual(at)
    expect(outcome.observables.answeredAt).toEqual([point === 'after send' ? 60 : 1060].map((ms) => ms - 10))
  })
})
