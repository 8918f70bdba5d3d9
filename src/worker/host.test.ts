import { describe, expect, it } from 'vitest'
import { library } from '../library/library.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { Trace } from '../trace/trace.ts'
import { createHost } from './host.ts'
import { FIRST_STORY_ID, type WorkerReply, type WorkerRequest } from './protocol.ts'

/** A host whose clock advances by `tickMs` at every look, and whose turns come when the test says so. */
function hostAt(tickMs: number) {
  const replies: WorkerReply[] = []
  const moved: ArrayBuffer[] = []
  const turns: (() => void)[] = []
  let now = 0
  const ask = createHost({
    post(reply, transfer) {
      replies.push(reply)
      moved.push(...transfer)
    },
    now: () => {
      now += tickMs
      return now
    },
    later: (callback) => turns.push(callback),
  })
  return {
    ask: (request: WorkerRequest) => ask(request),
    replies,
    moved,
    turn: () => turns.shift()?.(),
    rest() {
      while (turns.length > 0) turns.shift()?.()
    },
  }
}

const first = library[0] as ScenarioInput
/** Goes on for long: requests a second apart for a quarter of an hour. */
const busy: ScenarioInput = {
  sagascope: 1,
  id: 'busy',
  title: 'Busy',
  endMs: 3_600_000,
  services: { counter: { operations: { count: { do: [] } } } },
  workload: {
    requests: Array.from({ length: 900 }, (_, i) => ({ to: 'counter', message: 'count', atMs: i * 1000 })),
  },
}
const types = (replies: readonly WorkerReply[]) => replies.map(({ type }) => type)

describe('the host', () => {
  it('has the first story at hand, under the id the page asks for', () => {
    const host = hostAt(0)
    host.ask({ id: 1, type: 'open', libraryId: FIRST_STORY_ID })
    expect(host.replies).toEqual([{ id: 1, type: 'scenario', scenario: first }])
  })

  it('lists the library and opens one of it as written', async () => {
    const host = hostAt(0)
    const second = library[1] as ScenarioInput
    host.ask({ id: 1, type: 'library' })
    host.ask({ id: 2, type: 'open', libraryId: second.id })
    host.ask({ id: 3, type: 'open', libraryId: 'nonsense' })
    await expect.poll(() => host.replies.length).toBe(3)
    expect(host.replies[0]).toMatchObject({
      id: 1,
      items: [{ id: first.id, title: first.title }, ...Array(library.length - 1).fill({})],
    })
    expect(host.replies[1]).toEqual({ id: 2, type: 'scenario', scenario: second })
    expect(host.replies[2]).toMatchObject({ id: 3, type: 'refused' })
  })

  it('runs a short scenario in one part and moves its columns', () => {
    const host = hostAt(0)
    host.ask({ id: 4, type: 'run', scenario: first, variant: null })
    host.rest()
    expect(types(host.replies)).toEqual(['started', 'part', 'finished'])
    const [started, part, finished] = host.replies
    if (started?.type !== 'started' || part?.type !== 'part' || finished?.type !== 'finished') throw new Error()
    const trace = new Trace(started.header, [part.part])
    expect(finished.summary).toMatchObject({ entries: trace.length, asExpected: true })
    expect(host.moved.length).toBeGreaterThan(20)
  })

  it('streams a long run in parts that join to the same trace, and ends with one', () => {
    const whole = hostAt(0)
    const sliced = hostAt(30)
    for (const host of [whole, sliced]) {
      host.ask({ id: 1, type: 'run', scenario: busy, variant: null })
      host.rest()
    }
    const parts = (replies: WorkerReply[]) => replies.filter((reply) => reply.type === 'part').length
    const summary = (replies: WorkerReply[]) => replies.find((reply) => reply.type === 'finished')?.summary
    expect(parts(sliced.replies)).toBeGreaterThan(parts(whole.replies))
    expect(types(sliced.replies).slice(-2)).toEqual(['part', 'finished'])
    expect(summary(sliced.replies)?.hash).toBe(summary(whole.replies)?.hash)
  })

  it('hears a cancel between two slices and keeps what it has', () => {
    const host = hostAt(100)
    host.ask({ id: 1, type: 'run', scenario: busy, variant: null })
    host.turn()
    expect(types(host.replies)).not.toContain('finished')
    host.ask({ id: 2, type: 'cancel', run: 1 })
    host.rest()
    expect(host.replies.at(-1)).toMatchObject({ type: 'finished', summary: { reason: 'cancelled' } })
  })

  it('refuses a scenario that cannot run, naming the place', () => {
    const host = hostAt(0)
    const services = { counter: { handlerMs: -1 } }
    host.ask({ id: 1, type: 'run', scenario: { ...busy, services }, variant: null })
    expect(host.replies).toMatchObject([{ type: 'refused', problems: [{ path: 'services.counter.handlerMs' }] }])
  })
})

describe('checking a file', () => {
  const check = (text: string) => {
    const host = hostAt(0)
    host.ask({ id: 1, type: 'check', text })
    return host.replies[0]
  }

  it('gives back what was written, without filling in defaults', () => {
    expect(check(JSON.stringify(first))).toEqual({
      id: 1,
      type: 'scenario',
      scenario: JSON.parse(JSON.stringify(first)),
    })
  })

  it('says what is wrong with a variant', () => {
    const text = JSON.stringify({ ...busy, variants: { B: { title: 'b', patch: { endMs: -5 } } } })
    expect(check(text)).toMatchObject({
      type: 'refused',
      problems: [{ path: 'variants.B', message: expect.stringMatching(/^endMs: /) }],
    })
  })

  it.each([
    ['', 'JSON'],
    ['[]', ''],
    ['null', ''],
    ['{"sagascope": 2}', ''],
    [`{"a":${'['.repeat(3000)}${']'.repeat(3000)}}`, 'deep'],
    [' '.repeat(1_000_001), 'large'],
  ])('refuses %.20s without throwing', (text, word) => {
    const reply = check(text)
    expect(reply?.type).toBe('refused')
    expect(JSON.stringify(reply)).toContain(word)
  })
})

describe('a run under load', () => {
  const load = (count: number, keep: 'curves' | 'everything'): ScenarioInput => ({
    sagascope: 1,
    id: 'load',
    title: 'Load',
    keep,
    services: { counter: { operations: { count: { do: [] } } } },
    workload: { arrivals: [{ name: 'all', to: 'counter', message: 'count', rate: 100, count }] },
    observables: { answered: 'arrivals("count").answered' },
    expect: { answered: count },
  })

  it('brings its curves on the way and at the end', () => {
    const host = hostAt(60)
    host.ask({ id: 7, type: 'run', scenario: load(2000, 'everything'), variant: null })
    host.rest()
    const curves = host.replies.flatMap((reply) => (reply.type === 'curves' ? [reply.curves] : []))
    expect(curves.length).toBeGreaterThan(1)
    expect(curves.at(-1)?.curves.map(({ about, name }) => `${about} ${name}`)).toContain('Counter throughput')
    expect(curves.at(-1)?.time).toBeGreaterThan(curves[0]?.time ?? 0)
  })

  it('can keep them alone, and comes out as it would with every entry', () => {
    const host = hostAt(1)
    host.ask({ id: 7, type: 'run', scenario: load(2000, 'curves'), variant: null })
    host.rest()
    const last = host.replies.at(-1)
    expect(last).toMatchObject({ type: 'finished', summary: { reason: 'at rest', asExpected: true } })
    const entries = last?.type === 'finished' ? last.summary.entries : 0
    expect(entries).toBeGreaterThan(100)
    expect(entries).toBeLessThan(2100)
  })

  it('is not measured when nobody asks for it', () => {
    const host = hostAt(1)
    host.ask({ id: 7, type: 'run', scenario: first, variant: null })
    host.rest()
    expect(types(host.replies)).not.toContain('curves')
  })
})
