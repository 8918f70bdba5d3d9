/** The work in progress, kept in the browser so that a reload loses nothing. */
import { createStore, get, promisifyRequest } from 'idb-keyval'
import { withPresent } from './branches.ts'
import type { SessionStore } from './session-store.ts'
import type { Branch, Draft, Session, Work } from './session-types.ts'

export interface SavedWork extends Work {
  readonly version: 1
  /** The drafts that undo goes back to. They share most of their parts, and storing keeps that so. */
  readonly past: readonly Draft[]
  /** And those that redo goes on to; earlier versions kept none, and no branches. */
  readonly future?: readonly Draft[]
  readonly branches?: readonly Branch[]
  readonly branch?: number
}

export interface Storage {
  load(): Promise<SavedWork | undefined>
  save(work: SavedWork): Promise<void>
}

/** IndexedDB; where there is none (private windows, blocked storage) nothing is kept and nothing breaks. */
export function browserStorage(): Storage {
  const store = createStore('sagascope', 'work')
  return {
    load: async () => {
      const saved = await get<SavedWork>('work', store).catch(() => undefined)
      return saved?.version === 1 ? saved : undefined
    },
    save: (work) =>
      store('readwrite', (objects) => {
        objects.put(work, 'work')
        // Said outright, or a page that goes away takes what it was just writing with it.
        objects.transaction.commit()
        return promisifyRequest(objects.transaction)
      }).catch(() => {}),
  }
}

const EVERY_MS = 800
const PAST_KEPT = 30

function workOf(session: Session): SavedWork | undefined {
  const { draft, playhead, speed, bottom, panel, past, future, branch } = session
  if (draft === null) return undefined
  const sideBySide = sideBySideOf(session)
  return {
    version: 1,
    draft,
    playhead,
    speed,
    bottom,
    panel,
    past: past.slice(-PAST_KEPT),
    future: future.slice(-PAST_KEPT),
    branches: withPresent(session).map((one) => ({ ...one, past: one.past.slice(-PAST_KEPT) })),
    branch,
    ...(sideBySide === undefined ? {} : { sideBySide }),
  }
}

function sideBySideOf({ comparison }: Session): Work['sideBySide'] {
  if (comparison === null) return undefined
  const { sides, moment, view } = comparison.getState()
  const drafts = sides.flatMap(({ session }) => session.getState().draft ?? [])
  return drafts.length < 2 ? undefined : { drafts, moment, view }
}

/** Saves what changed, but never more than about once a second while playing. Returns a way to save at once. */
export function keepSaved(store: SessionStore, storage: Storage): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const save = () => {
    clearTimeout(timer)
    timer = undefined
    const work = workOf(store.getState())
    if (work !== undefined) void storage.save(work)
  }
  store.subscribe((now, before) => {
    const isSame =
      now.draft === before.draft &&
      now.playhead === before.playhead &&
      now.speed === before.speed &&
      now.bottom === before.bottom &&
      now.panel === before.panel &&
      now.comparison === before.comparison &&
      now.branches === before.branches
    if (!isSame) timer ??= setTimeout(save, EVERY_MS)
  })
  return save
}
