import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fail } from '../base/result.ts'
import { FakeEngine, FakeFrames, ORDER, PAYMENT, roundTrips, scenario, summary } from './fixture.ts'
import { createSession, type SessionStore } from './session-store.ts'

let engine: FakeEngine
let frames: FakeFrames
let store: SessionStore
let reduced: boolean
const now = () => store.getState()
const opened = async () => {
  now().openLibrary('two-services')
  await vi.waitFor(() => expect(now().trace).not.toBeNull())
}

beforeEach(() => {
  engine = new FakeEngine()
  engine.rounds = 2
  frames = new FakeFrames()
  reduced = false
  store = createSession({ engine, frames, prefersReducedMotion: () => reduced, address: () => 'https://example.org/' })
})

describe('opening a scenario', () => {
  it('runs it and plays from its start', async () => {
    await opened()
    expect(now()).toMatchObject({ playhead: 0, playing: true, run: { status: 'done', entries: 12 } })
  })

  it('waits for the visitor where motion is unwelcome', async () => {
    reduced = true
    await opened()
    expect(now().playing).toBe(false)
  })

  it('can be undone: what was open before is not lost', async () => {
    await opened()
    now().setSeed(9)
    now().openText('{}')
    await vi.waitFor(() => expect(now().draft?.seed).toBeNull())
    now().undo()
    expect(now().draft?.seed).toBe(9)
  })

  it('shows the problems of a bad file and changes nothing', async () => {
    await opened()
    const before = now().draft
    engine.checked = fail({ path: 'steps[2].operation', message: 'no operation "chrage"' })
    now().openText('{}')
    await vi.waitFor(() => expect(now().notice).not.toBeNull())
    expect(now().notice?.lines).toEqual(['steps[2].operation: no operation "chrage"'])
    expect(now().draft).toBe(before)
  })
})

describe('edits of faults', () => {
  beforeEach(opened)

  it('number the scenario’s own faults first, then the visitor’s', () => {
    now().dropFault('crash', { type: 'service', service: PAYMENT })
    expect(now().faults.map(({ origin, number, fault }) => [origin, number, fault.kind])).toEqual([
      ['scenario', 0, 'drop'],
      ['visitor', 1, 'crash'],
    ])
    expect(engine.last.scenario.faults).toEqual(now().faults.map(({ fault }) => fault))
  })

  it('can be undone and done again, one by one', () => {
    now().dropFault('crash', { type: 'service', service: PAYMENT })
    now().dropFault('refuse', { type: 'service', service: PAYMENT })
    now().undo()
    expect(now().faults.map(({ fault }) => fault.kind)).toEqual(['drop', 'crash'])
    now().undo()
    expect(now().faults.map(({ fault }) => fault.kind)).toEqual(['drop'])
    now().redo()
    expect(now().faults.map(({ fault }) => fault.kind)).toEqual(['drop', 'crash'])
    expect(now()).toMatchObject({ canUndo: true, canRedo: true })
    expect(engine.last.scenario.faults).toHaveLength(2)
  })

  it('let go of a fault that is no longer there', () => {
    now().dropFault('crash', { type: 'service', service: PAYMENT })
    expect(now().selection).toEqual({ type: 'fault', number: 1 })
    now().undo()
    expect(now().selection).toBeNull()
  })

  it('forget what was undone once another edit is made', () => {
    now().setSeed(3)
    now().undo()
    now().setSeed(4)
    expect(now().canRedo).toBe(false)
  })

  it('switch a fault of the scenario off, change it and remove it, for this variant only', () => {
    const own = () => now().faults[0] as (typeof scenario.faults & object)[number] & ReturnType<typeof now>['faults'][0]
    now().toggleFault(own())
    expect(own().fault.enabled).toBe(false)
    now().changeFault(own(), { kind: 'drop', message: 'Charged', nth: 1 })
    expect(own().fault).toEqual({ kind: 'drop', message: 'Charged', nth: 1 })
    now().removeFault(own())
    expect(now().faults).toEqual([])
    now().setVariant('calm')
    now().undo()
    now().undo()
    expect(own().fault).toMatchObject({ message: 'Charged' })
  })

  it('keep the visitor’s faults when the variant changes', () => {
    now().dropFault('crash', { type: 'service', service: PAYMENT })
    now().setVariant('calm')
    expect(now().faults.map(({ fault }) => fault.kind)).toEqual(['crash'])
    expect(engine.last.variant).toBe('calm')
  })

  it('go back when the engine refuses them, and say why', () => {
    engine.rounds = 0
    now().changeFault(now().faults[0] as never, { kind: 'drop', message: 'chrage' })
    engine.last.listener.refused([{ path: 'faults[0].message', message: 'no message "chrage"' }])
    expect(now().faults[0]?.fault).toEqual(scenario.faults?.[0])
    expect(now().notice?.lines).toEqual(['faults[0].message: no message "chrage"'])
  })
})

describe('a run that arrives', () => {
  beforeEach(opened)

  it('leaves the old one on the screen until it reaches the playhead, then keeps the playhead', () => {
    vi.useFakeTimers()
    now().seek(8)
    const old = now().trace
    engine.rounds = 0
    now().dropFault('crash', { type: 'service', service: PAYMENT })
    const { listener } = engine.last
    listener.started(roundTrips().header)
    listener.part(roundTrips(1).part, 0)
    vi.advanceTimersByTime(1000)
    expect(now().trace).toBe(old)
    listener.part(roundTrips(1).part, 0)
    vi.advanceTimersByTime(1000)
    expect(now().trace).not.toBe(old)
    expect(now()).toMatchObject({ playhead: 8, run: { status: 'running', entries: 12 } })
    vi.useRealTimers()
  })

  it('shows a short run in one change, together with its verdict', () => {
    engine.rounds = 0
    now().dropFault('crash', { type: 'service', service: PAYMENT })
    const old = now().trace
    const seen: [boolean, string | undefined][] = []
    const stop = store.subscribe((state) => seen.push([state.trace === old, state.run.summary?.reason]))
    const { listener } = engine.last
    listener.started(roundTrips().header)
    listener.part(roundTrips(2).part, 0)
    listener.finished(summary('time limit'))
    stop()
    expect(seen).toEqual([
      [true, 'at rest'],
      [false, 'time limit'],
    ])
  })

  it('is cancelled and no longer heard once another edit is made', () => {
    engine.rounds = 0
    now().setSeed(1)
    const first = engine.last
    now().setSeed(2)
    expect(first.isCancelled).toBe(true)
    const before = now().trace
    engine.complete(first)
    expect(now().trace).toBe(before)
  })

  it('lets the fold grow while parts come in, and the trace with it', () => {
    vi.useFakeTimers()
    engine.rounds = 0
    now().setSeed(1)
    const { listener } = engine.last
    listener.started(roundTrips().header)
    listener.part(roundTrips(1).part, 0)
    vi.advanceTimersByTime(1000)
    const { fold, trace } = now()
    listener.part(roundTrips(3).part, 0)
    expect(now().trace).toBe(trace)
    expect(now().trace?.length).toBe(24)
    expect(now().fold).not.toBe(fold)
    vi.useRealTimers()
  })

  it('that fails leaves the visitor’s work alone and offers to run again', () => {
    engine.rounds = 0
    now().setSeed(5)
    engine.last.listener.failed('The engine crashed and was restarted.')
    expect(now()).toMatchObject({ run: { status: 'failed' }, draft: { seed: 5 } })
    engine.rounds = 1
    now().notice?.action?.run()
    expect(now()).toMatchObject({ run: { status: 'done' }, draft: { seed: 5 } })
  })
})

describe('playing', () => {
  beforeEach(async () => {
    await opened()
    now().seek(0)
  })

  it('moves the playhead by folded time, then stops at the end', () => {
    now().play()
    frames.frame(16)
    frames.pass(200)
    const early = now()
    expect(early.playhead).toBe(1)
    expect(early.time).toBeGreaterThan(1000)
    expect(early.time).toBeLessThan(10_000)
    frames.pass(10_000)
    expect(now()).toMatchObject({ playhead: 12, time: 126_000, playing: false })
  })

  it('goes faster at a higher speed', () => {
    const timeAfter = (speed: number) => {
      now().toStart()
      now().setSpeed(speed)
      now().play()
      frames.frame(16)
      frames.pass(320)
      return now().time
    }
    expect(timeAfter(2)).toBeGreaterThan(timeAfter(1) * 1.5)
  })

  it('does not count a frame gap of a hidden tab', () => {
    now().play()
    frames.frame(16)
    frames.frame(60_000)
    expect(now()).toMatchObject({ time: 0, playing: true })
  })

  it('shows the same state at a position whichever way one came there', () => {
    now().play()
    frames.frame(16)
    frames.pass(900)
    const played = now()
    now().toEnd()
    now().seek(played.playhead)
    expect(now().world).toEqual(played.world)
    while (now().playhead < 12) now().step(1)
    while (now().playhead > played.playhead) now().step(-1)
    expect(now().world).toEqual(played.world)
  })

  it('starts over from the end', () => {
    now().toEnd()
    now().play()
    expect(now()).toMatchObject({ playhead: 0, playing: true })
  })

  it('goes from entry to entry where motion is unwelcome', () => {
    reduced = true
    now().play()
    frames.frame(16)
    frames.pass(704)
    expect(now()).toMatchObject({ playhead: 1, time: 0 })
    frames.pass(704)
    expect(now()).toMatchObject({ playhead: 2, time: 10_000 })
  })

  it('waits at the end of what has arrived while the run goes on', () => {
    engine.rounds = 0
    vi.useFakeTimers()
    now().setSeed(1)
    const { listener } = engine.last
    listener.started(roundTrips().header)
    listener.part(roundTrips(1).part, 0)
    vi.advanceTimersByTime(1000)
    vi.useRealTimers()
    frames.frame(16)
    frames.pass(10_000)
    expect(now()).toMatchObject({ playhead: 6, playing: true })
    listener.finished(summary())
    frames.pass(100)
    expect(now().playing).toBe(false)
  })
})

describe('moving by hand', () => {
  beforeEach(opened)

  it('pauses, clamps, and says where one is', () => {
    now().seek(99)
    expect(now()).toMatchObject({ playhead: 12, playing: false })
    now().seek(1)
    now().step(1)
    expect(now().announcement).toContain('Payment took charge')
    now().step(-1)
    now().step(-1)
    now().step(-1)
    expect(now().playhead).toBe(0)
  })

  it('jumps from mark to mark', () => {
    now().seek(0)
    now().jump(1, 'fault')
    expect(now().playhead).toBe(6)
    now().jump(1, 'any')
    expect(now().playhead).toBe(12)
    now().jump(1, 'fault')
    expect(now()).toMatchObject({ playhead: 12, announcement: 'No further fault' })
  })

  it('selecting an entry goes onto it and opens what belongs to it', () => {
    now().select({ type: 'entry', position: 3 })
    expect(now()).toMatchObject({ playhead: 4, playing: false, panel: 'message' })
    now().select({ type: 'service', service: ORDER })
    expect(now()).toMatchObject({ playhead: 4, panel: 'tables' })
  })
})

it('fileText gives the scenario with the edits; a variant is applied and the list of variants left out', async () => {
  await opened()
  now().setVariant('calm')
  now().dropFault('refuse', { type: 'service', service: PAYMENT })
  const file = JSON.parse(now().fileText())
  expect(file.variants).toBeUndefined()
  expect(file.faults).toMatchObject([{ kind: 'refuse', service: 'payment' }])
})
