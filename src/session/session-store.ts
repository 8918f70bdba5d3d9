/**
 * The store behind every view: state and actions of session-types, made with whatever engine and clock it is given.
 * Nothing happens until an action is called, so a test or a page decides when things start.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { EngineClient } from '../worker/client.ts'
import { branchActions } from './branch-actions.ts'
import { compareActions } from './compare-actions.ts'
import { editActions } from './edit-actions.ts'
import { openActions } from './open-actions.ts'
import { type Frames, keepPlaying } from './playback.ts'
import { Runs } from './runs.ts'
import type { Session, SessionActions, SessionState } from './session-types.ts'
import { timeActions } from './time-actions.ts'
import { viewActions } from './view-actions.ts'

export interface SessionDeps {
  readonly engine: EngineClient
  readonly frames: Frames
  readonly prefersReducedMotion: () => boolean
  /** The page's address without its fragment. */
  readonly address: () => string
}

export type SessionStore = StoreApi<Session>

/** What the groups of actions share. */
export interface SessionContext extends SessionDeps {
  get(): Session
  set(change: Partial<SessionState>): void
  readonly runs: Runs
}

const nothingYet: SessionState = {
  library: [],
  draft: null,
  effective: null,
  faults: [],
  past: [],
  future: [],
  canUndo: false,
  canRedo: false,
  branches: [],
  branch: 0,
  trace: null,
  history: null,
  fold: null,
  run: { status: 'idle', entries: 0, time: 0, summary: null },
  curves: null,
  curvesBefore: null,
  playhead: 0,
  time: 0,
  world: null,
  playing: false,
  speed: 1,
  selection: null,
  armed: null,
  bottom: 'timeline',
  panel: 'verdict',
  sheet: 'none',
  comparison: null,
  notice: null,
  announcement: '',
}

export function createSession(deps: SessionDeps): SessionStore {
  const store = makeStore(deps)
  keepPlaying(store, deps)
  return store
}

/** Everything that moves the playhead, and what is said of it. */
export type ConductedActions = Pick<
  SessionActions,
  | 'play'
  | 'pause'
  | 'togglePlay'
  | 'setSpeed'
  | 'seek'
  | 'seekTime'
  | 'step'
  | 'jump'
  | 'toStart'
  | 'toEnd'
  | 'announce'
>

/** A session without a clock of its own: somebody else moves its playhead, together with that of others. */
export function createSide(deps: SessionDeps, conduct: (own: () => Session) => ConductedActions): SessionStore {
  const store = makeStore(deps)
  store.setState(conduct(store.getState))
  return store
}

function makeStore(deps: SessionDeps): SessionStore {
  return createStore<Session>()((set, get) => {
    const runs = new Runs(deps.engine, { get, set })
    const context: SessionContext = { ...deps, get, set, runs }
    return {
      ...nothingYet,
      ...openActions(context),
      ...editActions(context),
      ...timeActions(context),
      ...viewActions(context),
      ...compareActions(context),
      ...branchActions(context),
    }
  })
}
