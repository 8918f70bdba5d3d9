import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEngineClient, type EngineClient, type RunListener, type WorkerLike } from './client.ts'
import type { RunSummary, WorkerReply, WorkerRequest } from './protocol.ts'

class FakeWorker implements WorkerLike {
  readonly asked: WorkerRequest[] = []
  isTerminated = false
  onmessage: WorkerLike['onmessage'] = null
  onerror: WorkerLike['onerror'] = null
  onmessageerror: WorkerLike['onmessageerror'] = null

  postMessage(request: WorkerRequest): void {
    this.asked.push(request)
  }
  terminate(): void {
    this.isTerminated = true
  }
  reply(reply: WorkerReply): void {
    this.onmessage?.({ data: reply } as MessageEvent<WorkerReply>)
  }
  crash(message: string): void {
    this.onerror?.({ message, preventDefault() {} } as ErrorEvent)
  }
  get last(): WorkerRequest {
    return this.asked.at(-1) as WorkerRequest
  }
}

const scenario = { sagascope: 1, id: 'x', title: 'X', services: {} } as const
const part = { entries: [], messages: [], bodies: [], changes: [], cells: [], values: [] }

let workers: FakeWorker[]
let client: EngineClient
const worker = (): FakeWorker => workers.at(-1) as FakeWorker
const heard = (): RunListener & { events: string[] } => {
  const events: string[] = []
  return {
    events,
    started: () => events.push('started'),
    part: (_part, time) => events.push(`part at ${time}`),
    finished: ({ reason }) => events.push(reason),
    refused: (problems) => events.push(...problems.map(({ message }) => message)),
    failed: (message) => events.push(message),
  }
}
const start = (id: number) => worker().reply({ id, type: 'started', header: {} as never })

beforeEach(() => {
  vi.useFakeTimers()
  workers = []
  client = createEngineClient(() => {
    workers.push(new FakeWorker())
    return worker()
  })
})
afterEach(() => vi.useRealTimers())

describe('the engine client', () => {
  it('starts no worker before there is something to ask', () => {
    expect(workers).toHaveLength(0)
    client.library()
    expect(workers).toHaveLength(1)
  })

  it('gives each answer to who asked, in whatever order they come', async () => {
    const first = client.open('a')
    const second = client.check('{')
    const [one, two] = worker().asked
    worker().reply({ id: two?.id as number, type: 'refused', problems: [{ path: '', message: 'not JSON' }] })
    worker().reply({ id: one?.id as number, type: 'scenario', scenario })
    expect(await first).toEqual({ ok: true, value: scenario })
    expect(await second).toEqual({ ok: false, problems: [{ path: '', message: 'not JSON' }] })
  })

  it('hands on a run from its start to its end, and hears nothing after it', () => {
    const listener = heard()
    client.run(scenario, 'B', listener)
    expect(worker().last).toMatchObject({ type: 'run', scenario, variant: 'B' })
    const { id } = worker().last
    start(id)
    worker().reply({ id, type: 'part', part, time: 7 })
    worker().reply({ id, type: 'finished', summary: { reason: 'at rest' } as RunSummary })
    worker().reply({ id, type: 'part', part, time: 9 })
    expect(listener.events).toEqual(['started', 'part at 7', 'at rest'])
  })

  it('asks the worker to cancel a run that is under way, and only then', () => {
    const run = client.run(scenario, null, heard())
    const { id } = worker().last
    run.cancel()
    expect(worker().last).toMatchObject({ type: 'cancel', run: id })
    worker().reply({ id, type: 'finished', summary: { reason: 'cancelled' } as RunSummary })
    const asked = worker().asked.length
    run.cancel()
    expect(worker().asked).toHaveLength(asked)
  })

  it('tells of an error inside the engine', async () => {
    const listener = heard()
    client.run(scenario, null, listener)
    worker().reply({ id: worker().last.id, type: 'failed', message: 'action 7 lies before now' })
    expect(listener.events).toEqual(['The engine failed: action 7 lies before now'])
    const library = client.library()
    worker().reply({ id: worker().last.id, type: 'failed', message: 'no library' })
    await expect(library).rejects.toThrow('no library')
  })
})

describe('a worker that crashes', () => {
  it('is replaced; the run is lost and its owner told, questions are asked again', async () => {
    const listener = heard()
    client.run(scenario, null, listener)
    start(worker().last.id)
    const library = client.library()
    worker().crash('out of memory')
    expect(listener.events.at(-1)).toBe('The engine crashed (out of memory) and was restarted.')
    expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, false])
    expect(worker().asked.map(({ type }) => type)).toEqual(['library'])
    worker().reply({ id: worker().last.id, type: 'library', items: [] })
    expect(await library).toEqual([])
  })

  it('again and again is given up, not restarted for ever', async () => {
    const library = client.library()
    const listener = heard()
    client.run(scenario, null, listener)
    worker().crash('')
    worker().crash('')
    await expect(library).rejects.toThrow('could not be loaded')
    expect(listener.events).toHaveLength(1)
    vi.advanceTimersByTime(60_000)
    expect(workers).toHaveLength(2)
  })

  it('can be used again afterwards', () => {
    client.run(scenario, null, heard())
    start(worker().last.id)
    worker().crash('boom')
    const listener = heard()
    client.run(scenario, null, listener)
    start(worker().last.id)
    expect(listener.events).toEqual(['started'])
  })
})

describe('a worker that stops answering', () => {
  it('is replaced after 10 s of silence; a run that had not started yet gets its turn', () => {
    const stuck = heard()
    client.run(scenario, null, stuck)
    start(worker().last.id)
    const next = heard()
    vi.advanceTimersByTime(9000)
    client.run(scenario, null, next)
    expect(workers).toHaveLength(1)
    vi.advanceTimersByTime(1000)
    expect(workers).toHaveLength(2)
    expect(stuck.events.at(-1)).toBe('The engine stopped answering and was restarted.')
    start(worker().last.id)
    expect(next.events).toEqual(['started'])
  })

  it('is not suspected while parts keep coming, nor while there is nothing to do', () => {
    client.run(scenario, null, heard())
    const { id } = worker().last
    start(id)
    for (let i = 0; i < 5; i++) {
      vi.advanceTimersByTime(9000)
      worker().reply({ id, type: 'part', part, time: i })
    }
    worker().reply({ id, type: 'finished', summary: { reason: 'at rest' } as RunSummary })
    vi.advanceTimersByTime(60_000)
    expect(workers).toHaveLength(1)
  })
})
