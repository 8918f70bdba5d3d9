import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fail } from '../base/result.ts'
import { newDraft, withAdded } from './draft.ts'
import { FakeEngine, FakeFrames, PAYMENT, scenario } from './fixture.ts'
import { linkTo } from './link.ts'
import { createSession, type SessionStore } from './session-store.ts'
import type { Work } from './session-types.ts'
import { followLink, type StartDeps, startSession } from './start.ts'
import type { SavedWork } from './storage.ts'

let engine: FakeEngine
let store: SessionStore
let saved: SavedWork | undefined
let fragment: string
const now = () => store.getState()
const deps = (): StartDeps => ({
  engine,
  storage: {
    load: () => Promise.resolve(saved),
    save: (work) => {
      saved = structuredClone(work)
      return Promise.resolve()
    },
  },
  fragment: () => fragment,
  clearFragment: () => {
    fragment = ''
  },
})
const work: Work = {
  draft: withAdded(newDraft(scenario, 'calm'), { kind: 'crash', service: 'payment', atMs: 12 }),
  playhead: 5,
  speed: 0.5,
  bottom: 'log',
  panel: 'saga',
}
const kept = (): SavedWork => ({ ...work, version: 1, past: [newDraft(scenario)] })
const linkOf = async (linked: Work) => linkTo({ ...now(), ...linked }, engine, '')

beforeEach(() => {
  engine = new FakeEngine()
  engine.items = [{ id: 'two-services', title: 'Two', case: '', chapter: '', text: '', variants: [] }]
  const address = () => ''
  store = createSession({ engine, frames: new FakeFrames(), prefersReducedMotion: () => false, address })
  saved = undefined
  fragment = ''
})

describe('a visit', () => {
  it('begins with the first story of the library, playing', async () => {
    await startSession(store, deps())
    await vi.waitFor(() => expect(now().trace).not.toBeNull())
    expect(now()).toMatchObject({ playing: true, playhead: 0, notice: null })
  })

  it('goes on where the last one ended, with its undo', async () => {
    saved = kept()
    await startSession(store, deps())
    expect(now()).toMatchObject({ ...work, playing: false, canUndo: true })
    now().undo()
    expect(now().draft?.variant).toBeNull()
  })

  it('begins anew when the work of the last one can no longer run', async () => {
    saved = kept()
    engine.checked = fail({ path: 'services', message: 'gone' })
    await startSession(store, deps())
    await vi.waitFor(() => expect(now().draft?.variant).toBeNull())
  })

  it('saves the work soon, also while it plays, and at once when the page goes away', async () => {
    const save = await startSession(store, deps())
    await vi.waitFor(() => expect(now().trace).not.toBeNull())
    now().dropFault('crash', { type: 'service', service: PAYMENT })
    save()
    expect(saved?.draft.added).toHaveLength(1)
    vi.useFakeTimers()
    now().seek(3)
    expect(saved?.playhead).toBe(0)
    vi.advanceTimersByTime(500)
    now().seek(4)
    vi.advanceTimersByTime(500)
    expect(saved?.playhead).toBe(4)
    vi.useRealTimers()
  })
})

describe('a link in the address', () => {
  it('opens exactly what it was made of, paused, and leaves the address', async () => {
    fragment = await linkOf(work)
    await startSession(store, deps())
    expect(now()).toMatchObject({ ...work, playing: false, notice: null })
    expect(fragment).toBe('')
  })

  it('wins over the work of the last visit, which one press brings back', async () => {
    fragment = await linkOf({ ...work, playhead: 2, draft: newDraft(scenario) })
    saved = kept()
    await startSession(store, deps())
    expect(now()).toMatchObject({ playhead: 2, draft: { variant: null } })
    now().notice?.action?.run()
    expect(now().draft).toEqual(work.draft)
  })

  it('put into the address of an open page is opened too', async () => {
    await startSession(store, deps())
    fragment = await linkOf(work)
    await followLink(store, deps())
    expect(now()).toMatchObject(work)
  })

  it.each([
    ['damaged', '#s1=AAAA', /damaged/],
    ['foreign', '#somewhere', /not a Sagascope link/],
    ['of a newer version', '#s2=AAAA', /newer/],
    ['too large', `#s1=${'A'.repeat(70_000)}`, /too large/],
  ])('that is %s is refused with a sentence and changes nothing', async (_what, bad, sentence) => {
    saved = kept()
    fragment = bad
    await startSession(store, deps())
    expect(now()).toMatchObject({ draft: work.draft, playhead: 5 })
    expect(now().notice).toMatchObject({ tone: 'error' })
    expect(now().notice?.lines[0]).toMatch(sentence)
    expect(fragment).toBe('')
  })

  it('with a scenario the engine refuses changes nothing either', async () => {
    fragment = await linkOf(work)
    engine.checked = fail({ path: 'sagas.order', message: 'no service "odrer"' })
    await startSession(store, deps())
    expect(now().notice?.lines[0]).toBe('sagas.order: no service "odrer"')
    await vi.waitFor(() => expect(now().draft?.variant).toBeNull())
  })
})
