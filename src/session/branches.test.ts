import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { branchName } from './branch-actions.ts'
import { FakeEngine, FakeFrames, ORDER, PAYMENT, scenario } from './fixture.ts'
import { createSession, type SessionStore } from './session-store.ts'
import type { Branch, Draft, Session } from './session-types.ts'
import { startSession } from './start.ts'
import type { SavedWork } from './storage.ts'

let engine: FakeEngine
let store: SessionStore
const now = () => store.getState()

function fresh(): SessionStore {
  engine = new FakeEngine()
  engine.rounds = 2
  const deps = { engine, frames: new FakeFrames(), prefersReducedMotion: () => true, address: () => '' }
  return createSession(deps)
}
async function opened(): Promise<void> {
  now().openLibrary('two-services')
  await vi.waitFor(() => expect(now().trace).not.toBeNull())
}
const crash = () => now().dropFault('crash', { type: 'service', service: PAYMENT })
const drop = () => now().dropFault('drop', { type: 'edge', from: ORDER, to: PAYMENT })
const named = () => now().branches.map((branch) => branchName(branch))
const kindsOf = (draft: Draft | null) => draft?.added.map(({ kind }) => kind)

beforeEach(async () => {
  store = fresh()
  await opened()
})

describe('acting at a moment', () => {
  it('begins a branch that says what was done and when; the run as it was stays beside it', () => {
    now().seek(4)
    crash()
    expect(named()).toEqual(['Two services', 'Crash on payment at 15 ms'])
    const [start, act] = now().branches as [Branch, Branch]
    expect(act).toMatchObject({ parent: start.id, origin: 'act', forkedAt: 15_000 })
    expect(now().branch).toBe(act.id)
    expect([kindsOf(start.draft), start.playhead]).toEqual([[], 4])
  })

  it('leaves undo and redo as they were, and they lead back onto the branches they belong to', () => {
    crash()
    drop()
    const [start, first, second] = now().branches.map(({ id }) => id)
    now().undo()
    expect([kindsOf(now().draft), now().branch]).toEqual([['crash'], first])
    now().undo()
    expect([kindsOf(now().draft), now().branch]).toEqual([[], start])
    now().redo()
    now().redo()
    expect([kindsOf(now().draft), now().branch]).toEqual([['crash', 'drop'], second])
    expect(now().canRedo).toBe(false)
  })

  it('twice from the same moment gives two branches of one run', () => {
    crash()
    now().undo()
    drop()
    const [start, one, other] = now().branches as [Branch, Branch, Branch]
    expect([one.parent, other.parent]).toEqual([start.id, start.id])
    now().switchBranch(one.id)
    expect(kindsOf(now().draft)).toEqual(['crash'])
  })
})

describe('an edit', () => {
  it('of a setting stays on its branch', () => {
    now().setSeed(5)
    now().setVariant('calm')
    expect(now().branches).toHaveLength(1)
  })

  it('after an undo keeps what was undone as a branch', () => {
    now().setSeed(5)
    now().setVariant('calm')
    now().undo()
    now().undo()
    now().setSeed(6)
    expect(named()).toEqual(['Two services', 'Two services, undone'])
    now().switchBranch(now().branches[1]?.id as number)
    expect(now().draft).toMatchObject({ seed: 5, variant: 'calm' })
    now().undo()
    expect(now().draft).toMatchObject({ seed: 5, variant: null })
  })

  it('that the engine refuses leaves the branches as they were', () => {
    now().setSeed(5)
    now().undo()
    const before = now()
    engine.rounds = 0
    crash()
    engine.last.listener.refused([{ path: 'faults[0]', message: 'no such service' }])
    expect(now()).toMatchObject({ branch: before.branch, draft: before.draft, canRedo: true })
    expect(now().branches).toEqual(before.branches)
  })
})

describe('another scenario', () => {
  const openAgain = async () => {
    const before = now().draft
    now().openLibrary('two-services')
    await vi.waitFor(() => expect(now().draft).not.toBe(before))
  }

  it('takes the place of one that was only looked at', async () => {
    await openAgain()
    expect(now().branches).toHaveLength(1)
  })

  it('stands beside one that was worked on, and undo leads back there', async () => {
    now().setSeed(9)
    await openAgain()
    expect(now().branches.map(({ parent }) => parent)).toEqual([null, null])
    now().undo()
    expect([now().draft?.seed, now().branch]).toEqual([9, now().branches[0]?.id])
  })
})

describe('the tree of branches', () => {
  it('can be gone about in: each is found as it was left', () => {
    now().seek(3)
    crash()
    now().seek(7)
    const [start, act] = now().branches as [Branch, Branch]
    now().switchBranch(start.id)
    expect(now()).toMatchObject({ playhead: 3, branch: start.id, playing: false, canUndo: false })
    now().switchBranch(act.id)
    expect(now()).toMatchObject({ playhead: 7, canUndo: true })
  })

  it('takes in what a hunt has found, and switches to nothing', () => {
    const id = now().addBranch('Charged twice', { ...scenario, faults: [] }, 5)
    expect(now().branch).not.toBe(id)
    expect(now().branches.at(-1)).toMatchObject({ name: 'Charged twice', origin: 'finding', parent: now().branch })
    now().switchBranch(id)
    expect(now()).toMatchObject({ playhead: 5, canUndo: false })
    expect(now().effective?.faults).toEqual([])
  })

  it('can be named anew, and lets go of a branch: what grew from it grows from its parent', () => {
    crash()
    drop()
    const [start, first, second] = now().branches as [Branch, Branch, Branch]
    now().renameBranch(second.id, '  both  ')
    now().removeBranch(first.id)
    now().removeBranch(second.id)
    expect(now().branches.map(({ id, name, parent }) => [id, name, parent])).toEqual([
      [start.id, '', null],
      [second.id, 'both', start.id],
    ])
  })

  it('survives a reload, with the way back and forth of each branch', async () => {
    crash()
    now().setSeed(3)
    now().undo()
    let kept: SavedWork | undefined
    const storage = {
      load: async () => structuredClone(kept),
      save: async (work: SavedWork) => {
        kept = work
      },
    }
    const deps = { engine, storage, fragment: () => '', clearFragment: () => {} }
    const save = await startSession(store, deps)
    await opened()
    now().undo()
    save()
    const left = now()
    store = fresh()
    await startSession(store, { ...deps, engine })
    expect(named()).toEqual(left.branches.map((branch) => branchName(branch)))
    expect(now().branch).toBe(left.branch)
    expect(now().canRedo).toBe(left.canRedo)
    now().redo()
    expect(now().branch).toBe(left.branches.find(({ from }) => from === left.branch)?.id ?? left.branch)
  })

  it('discards nothing, whatever is done in whatever order', async () => {
    const step = fc.constantFrom('crash', 'drop', 'seed', 'variant', 'undo', 'redo', 'switch', 'switch back')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        store = fresh()
        await opened()
        const seen = new Set<string>()
        steps.forEach((what, i) => {
          act(what, i)
          seen.add(JSON.stringify(now().draft))
          const kept = new Set(reachable(now()).map((draft) => JSON.stringify(draft)))
          for (const draft of seen) expect(kept).toContain(draft)
          expect(now().branches.filter(({ id }) => id === now().branch)).toHaveLength(1)
        })
      }),
      { numRuns: 60 },
    )
  })
})

function act(what: string, i: number): void {
  const { branches } = now()
  if (what === 'crash') crash()
  else if (what === 'drop') drop()
  else if (what === 'seed') now().setSeed(i + 2)
  else if (what === 'variant') now().setVariant(i % 2 === 0 ? 'calm' : null)
  else if (what === 'undo') now().undo()
  else if (what === 'redo') now().redo()
  else now().switchBranch(branches[what === 'switch' ? i % branches.length : 0]?.id as number)
}

/** Every draft there is a way to. */
function reachable({ draft, past, future, branches, branch }: Session): (Draft | null)[] {
  const others = branches.filter(({ id }) => id !== branch)
  return [draft, ...past, ...future, ...others.flatMap((one) => [one.draft, ...one.past, ...one.future])]
}
