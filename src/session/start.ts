/** How a visit begins: with the link in the address, else with the work of the last visit, else with a first story. */
import { problemLine } from '../base/result.ts'
import type { EngineClient } from '../worker/client.ts'
import { FIRST_STORY_ID } from '../worker/protocol.ts'
import { checkDraft } from './check-draft.ts'
import type { SessionStore } from './session-store.ts'
import type { SessionState, Work } from './session-types.ts'
import { keepSaved, type SavedWork, type Storage } from './storage.ts'
import { waysOf } from './undo.ts'

export interface StartDeps {
  readonly engine: EngineClient
  readonly storage: Storage
  /** The fragment of the address, with its `#`. */
  readonly fragment: () => string
  /** Takes the fragment out of the address, so that a reload shows the work and not the link again. */
  readonly clearFragment: () => void
}

/** Returns a way to save at once, for when the page goes away. */
export async function startSession(store: SessionStore, deps: StartDeps): Promise<() => void> {
  const [saved, linked] = await Promise.all([loadWork(deps), takeLink(store, deps)])
  const save = keepSaved(store, deps.storage)
  if (linked !== undefined) openLinked(store, linked, saved)
  else if (saved !== undefined) resume(store, saved)
  else store.getState().openLibrary(FIRST_STORY_ID)
  // Whatever is opened comes before the list of what else there is.
  await loadLibrary(store, deps.engine)
  return save
}

/** A link put into the address of an open page. */
export async function followLink(store: SessionStore, deps: StartDeps): Promise<void> {
  const linked = await takeLink(store, deps)
  if (linked !== undefined) openLinked(store, linked, undefined)
}

async function loadLibrary(store: SessionStore, engine: EngineClient): Promise<void> {
  try {
    store.setState({ library: await engine.library() })
  } catch (error) {
    const title = error instanceof Error ? error.message : String(error)
    store.getState().notify({ tone: 'error', title, lines: ['Reload the page to try again.'] })
  }
}

/** The work of the last visit, unless this version can no longer run it. */
async function loadWork({ storage, engine }: StartDeps): Promise<SavedWork | undefined> {
  try {
    const saved = await storage.load()
    return saved !== undefined && (await checkDraft(engine, saved.draft)).ok ? saved : undefined
  } catch {
    return undefined
  }
}

/** The work of the link in the address, if there is one that can be opened; says why not otherwise. */
async function takeLink(store: SessionStore, deps: StartDeps): Promise<Work | undefined> {
  const fragment = deps.fragment()
  if (fragment.length <= 1) return undefined
  deps.clearFragment()
  try {
    const { workFrom } = await import('./link.ts')
    const work = await workFrom(fragment, deps.engine)
    if (work.ok) return work.value
    refuseLink(store, work.problems.slice(0, 5).map(problemLine))
  } catch (error) {
    refuseLink(store, [error instanceof Error ? error.message : String(error)])
  }
  return undefined
}

function refuseLink(store: SessionStore, lines: readonly string[]): void {
  const notice = { tone: 'error', title: 'The link could not be opened', lines } as const
  store.getState().notify({ ...notice, lines: [...lines, 'Your own work is as you left it.'] })
}

function openLinked(store: SessionStore, work: Work, saved: SavedWork | undefined): void {
  // The work of the last visit becomes the first thing to undo to.
  if (saved !== undefined) store.setState({ draft: saved.draft, ...asLeft(saved) })
  const { openWork, notify, undo, draft } = store.getState()
  openWork(work)
  if (draft === null) return
  notify({
    tone: 'info',
    title: 'Opened from a link',
    lines: ['What you had open before is kept.'],
    action: { label: 'Back to my work', run: undo },
  })
}

function resume(store: SessionStore, saved: SavedWork): void {
  store.getState().openWork(saved)
  store.setState(asLeft(saved))
}

/** The ways back and forth and the branches, as another visit left them. */
function asLeft({ past, future = [], branches = [], branch = 0 }: SavedWork): Partial<SessionState> {
  const ways = waysOf(past, future)
  return branches.some(({ id }) => id === branch) ? { ...ways, branches, branch } : ways
}
