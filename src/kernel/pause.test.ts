import { describe, expect, it } from 'vitest'
import { compile, readScenario } from '../scenario/compile.ts'
import { Run } from '../scenario/run.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { History, positionAtTime } from '../trace/history.ts'
import { Trace } from '../trace/trace.ts'

function observe(scenario: ScenarioInput): Record<string, unknown> {
  const read = readScenario(scenario)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const model = compile(read.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  const { observables } = new Run(model.value, read.value).runToEnd().summary()
  return Object.fromEntries(observables.map(({ name, value }) => [name, value]))
}

const worker: ScenarioInput = {
  sagascope: 1,
  id: 'paused',
  title: 'A paused worker',
  services: {
    worker: {
      handlerMs: 100,
      tables: { done: { columns: ['job', 'atMs'] } },
      operations: { process: { do: [{ insert: 'done', row: { job: 'job', atMs: 'now' } }] } },
    },
  },
  workload: { requests: [{ to: 'worker', message: 'process', payload: { job: 'j1' } }] },
  observables: { at: 'worker.done.map(d, d.atMs)', deliveries: 'deliveries("process")' },
}

describe('a paused service', () => {
  it('goes on where it stood, late and without knowing it', () => {
    const paused = { ...worker, faults: [{ kind: 'pause', service: 'worker', atMs: 50, forMs: 1000 } as const] }
    expect(observe(worker)).toEqual({ at: [100], deliveries: 1 })
    expect(observe(paused)).toEqual({ at: [1050], deliveries: 1 })
  })

  it('is seen to stand still, from the pause to its end and at no other time', () => {
    const read = readScenario({ ...worker, faults: [{ kind: 'pause', service: 'worker', atMs: 50, forMs: 1000 }] })
    const model = read.ok ? compile(read.value) : read
    if (!read.ok || !model.ok) throw new Error('the paused worker does not compile')
    const run = new Run(model.value, read.value).runToEnd()
    const trace = new Trace(run.header, [run.takePart()])
    const history = new History(trace)
    const pausedAt = (ms: number) => history.stateAt(positionAtTime(trace, ms * 1000)).services[0]?.paused !== undefined
    expect([0, 49, 50, 1049, 1050].map(pausedAt)).toEqual([false, false, true, true, false])
  })

  it('takes nothing new until it goes on', () => {
    const paused = { ...worker, faults: [{ kind: 'pause', service: 'worker', forMs: 500, atMs: 0 } as const] }
    expect(observe(paused)).toEqual({ at: [600], deliveries: 1 })
  })

  it('does its work twice when the broker gives up on it meanwhile', () => {
    const zombie: ScenarioInput = {
      ...worker,
      bus: { order: 'none', visibilityMs: 300 },
      faults: [{ kind: 'pause', service: 'worker', atMs: 50, forMs: 1000 }],
    }
    expect(observe(zombie)).toEqual({ at: [1050, 1150], deliveries: 2 })
  })

  it('comes back as a zombie after its lease: the lock has another holder and a higher token', () => {
    const lease: ScenarioInput = {
      sagascope: 1,
      id: 'lease',
      title: 'A lease that runs out',
      bus: { order: 'none' },
      services: {
        locks: { operations: { take: { do: [{ lock: "'leader'", holder: 'who', timeToLiveMs: 500 }] } } },
      },
      workload: {
        requests: [
          { to: 'locks', message: 'take', payload: { who: 'a' } },
          { to: 'locks', message: 'take', payload: { who: 'b' }, atMs: 300 },
          { to: 'locks', message: 'take', payload: { who: 'b' }, atMs: 600 },
        ],
      },
      observables: {
        answers: 'clients.map(c, c.answer)',
        holder: 'locks.locks.first().holder',
        token: 'locks.locks.first().token',
      },
    }
    expect(observe(lease)).toEqual({ answers: ['ok', 'refused LOCKED', 'ok'], holder: 'b', token: 2 })
  })
})

describe('a message that waits again when its first handling ends', () => {
  it('is not lost, and not handled a third time', () => {
    // One handler: the message is visible again at 30 ms, and its second hand-out cannot begin before the first is over.
    const slow: ScenarioInput = { ...worker, bus: { order: 'none', visibilityMs: 30, deliveriesMax: 2 } }
    const alone = { ...slow, services: { worker: { ...worker.services.worker, concurrency: 1 } } } as ScenarioInput
    expect(observe(alone)).toEqual({ at: [100, 200], deliveries: 2 })
  })
})
