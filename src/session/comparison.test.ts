import { beforeEach, describe, expect, it, vi } from 'vitest'
import { whyIncomparable } from './comparable.ts'
import type { Comparison, ComparisonStore } from './comparison-types.ts'
import { effectiveScenario, newDraft } from './draft.ts'
import { FakeEngine, FakeFrames, roundTrips, scenario, summary } from './fixture.ts'
import { linkTo, workFrom } from './link.ts'
import { createSession, type SessionStore } from './session-store.ts'
import type { Session } from './session-types.ts'

let engine: FakeEngine
let frames: FakeFrames
let store: SessionStore
const now = () => store.getState()
const comparison = (): Comparison => (now().comparison as ComparisonStore).getState()
const side = (number: number): Session => comparison().sides[number]?.session.getState() as Session
const playheads = () => comparison().sides.map(({ session }) => session.getState().playhead)
const calm = () => newDraft(scenario, 'calm')

/** The second side makes two round trips where the first makes one. */
async function compared(others = [calm()]) {
  engine.rounds = 0
  expect(now().compareWith(others)).toBeNull()
  await vi.waitFor(() => expect(now().comparison).not.toBeNull())
  const runs = engine.runs.slice(-1 - others.length)
  runs.forEach((run, i) => engine.complete(run, Math.min(2, i + 1)))
}

beforeEach(async () => {
  engine = new FakeEngine()
  engine.rounds = 2
  frames = new FakeFrames()
  store = createSession({
    engine,
    frames,
    prefersReducedMotion: () => false,
    address: () => 'https://example.org/',
  })
  now().openLibrary('two-services')
  await vi.waitFor(() => expect(now().trace).not.toBeNull())
  now().pause()
})

describe('side by side', () => {
  it('runs each of the settings, beside the page’s own run, which stays as it is', async () => {
    now().seek(4)
    await compared()
    expect(engine.runs.slice(-2).map(({ variant }) => variant)).toEqual([null, 'calm'])
    expect(playheads()).toEqual([4, 4])
    comparison().toEnd()
    now().endComparison()
    expect(now()).toMatchObject({ comparison: null, playhead: 4, playing: false })
  })

  it('has one playhead: what one side seeks, all sides show', async () => {
    await compared()
    side(1).seek(8)
    expect(playheads()).toEqual([6, 8])
    side(0).seek(2)
    expect(playheads()).toEqual([2, 2])
    side(0).step(1)
    expect(playheads()).toEqual([3, 3])
    side(1).seekTime(15_000)
    expect(playheads()).toEqual([4, 4])
  })

  it('plays all sides by one clock, to the end of the longest', async () => {
    await compared()
    expect(comparison().playing).toBe(true)
    frames.pass(400)
    expect(playheads()[0]).toBeGreaterThan(0)
    expect(playheads()[0]).toBe(playheads()[1])
    frames.pass(20_000)
    expect(playheads()).toEqual([6, 12])
    expect(comparison().playing).toBe(false)
    expect(side(0).fold).toBe(side(1).fold)
  })

  it('says where the runs part, and goes there', async () => {
    await compared()
    expect(comparison().partings).toMatchObject([
      { state: 'never' },
      { state: 'parts', position: 6, moment: { time: 100_000, nth: 1 } },
    ])
    comparison().toParting()
    expect(playheads()).toEqual([6, 7])
  })

  it('does not speak of a parting before the runs are over', async () => {
    engine.rounds = 0
    now().compareWith([calm()])
    await vi.waitFor(() => expect(now().comparison).not.toBeNull())
    const [first, second] = engine.runs.slice(-2)
    engine.complete(first as NonNullable<typeof first>, 2)
    const { header, part } = roundTrips(1)
    second?.listener.started(header)
    second?.listener.part(part, 0)
    expect(comparison().partings[1]).toEqual({ state: 'looking' })
    second?.listener.finished(summary())
    expect(comparison().partings[1]).toMatchObject({ state: 'parts', position: 6 })
  })

  it('of two runs that tell the same says that they never part', async () => {
    engine.rounds = 2
    now().compareWith([calm()])
    await vi.waitFor(() => expect(now().comparison).not.toBeNull())
    expect(comparison().partings[1]).toEqual({ state: 'never' })
  })

  it('takes up to four, and lets go of all but two', async () => {
    await compared()
    const seeded = (seed: number) => ({ ...calm(), seed })
    expect(comparison().add(seeded(2))).toBeNull()
    expect(comparison().add(seeded(3))).toBeNull()
    expect(comparison().add(seeded(4))).toMatch(/At most 4/)
    const [first, second] = comparison().sides
    comparison().remove(first?.id as number)
    comparison().remove(second?.id as number)
    expect(comparison().sides).toHaveLength(2)
    comparison().remove(comparison().sides[0]?.id as number)
    expect(comparison().sides).toHaveLength(2)
  })

  it('keeps what was changed on a side as a branch when it is closed', async () => {
    await compared()
    engine.rounds = 2
    const own = side(0).faults[0] as NonNullable<Session['faults'][number]>
    side(0).toggleFault(own)
    now().endComparison()
    expect(now().branches.map(({ name }) => name)).toEqual(['', 'Run 1 of a comparison, changed'])
    now().switchBranch(now().branches[1]?.id as number)
    expect(now().faults[0]?.fault.enabled).toBe(false)
  })

  it('keeps what a side is refused for to that side', async () => {
    engine.rounds = 0
    now().compareWith([calm()])
    await vi.waitFor(() => expect(now().comparison).not.toBeNull())
    const problem = { path: 'services', message: 'no such thing' }
    engine.last.listener.refused([problem])
    expect(side(1).notice?.lines).toEqual(['services: no such thing'])
    expect(now().notice).toBeNull()
  })
})

describe('what cannot stand side by side', () => {
  it('is refused with the reason: the same run twice', () => {
    expect(now().compareWith([newDraft(scenario)])).toMatch(/same run/)
    expect(now().comparison).toBeNull()
  })

  it('is refused with the reason: nothing in common', () => {
    const other = { ...scenario, title: 'Trip', services: { flight: {}, hotel: {} } }
    expect(whyIncomparable(scenario, other)).toBe(
      '“Two services” (order, payment) and “Trip” (flight, hotel) have no service in common: no stage, no moment and no number of the one answers to one of the other.',
    )
    expect(now().compareWith([newDraft(other)])).toMatch(/no service in common/)
    expect(whyIncomparable(scenario, { ...other, services: { order: {}, hotel: {} } })).toBeNull()
  })
})

describe('a link to runs side by side', () => {
  const faster = () => ({ ...calm(), tuned: { services: { payment: { replicas: 3 } } } })
  const opened = async () => {
    const found = await workFrom(new URL(await linkTo(now(), engine, 'https://example.org/')).hash, engine)
    if (!found.ok) throw new Error(found.problems[0]?.message)
    return found.value
  }

  it('brings the settings a visitor has turned, each to the run it belongs to', async () => {
    now().tune({ bus: { hopMs: 7 } }, 'a slower bus')
    await vi.waitFor(() => expect(now().run.status).not.toBe('running'))
    await compared([faster(), calm()])
    const { sideBySide } = await opened()
    expect(sideBySide?.drafts.map(({ tuned }) => tuned)).toEqual([
      { bus: { hopMs: 7 } },
      { services: { payment: { replicas: 3 } } },
      undefined,
    ])
    const scenarios = (sideBySide?.drafts ?? []).map(effectiveScenario)
    expect(scenarios.map(({ services }) => services.payment?.replicas ?? 1)).toEqual([1, 3, 1])
  })

  it('runs what was turned when somebody follows it', async () => {
    await compared([faster()])
    const work = await opened()
    now().endComparison()
    now().openWork(work)
    await vi.waitFor(() => expect(now().comparison).not.toBeNull())
    const replicas = engine.runs.slice(-2).map(({ scenario: { services } }) => services.payment?.replicas ?? 1)
    expect(replicas).toEqual([1, 3])
  })
})
