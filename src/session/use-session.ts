/** The one session of the page, and which session a part of the page is about: each side of a comparison has its own. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createEngineClient } from '../worker/client.ts'
import { createSession, type SessionDeps, type SessionStore } from './session-store.ts'
import type { Session } from './session-types.ts'

const reducedMotion = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)')

/** The engine's worker starts with the first question put to it. */
export const engine = createEngineClient()

const deps: SessionDeps = {
  engine,
  frames: { request: (callback) => requestAnimationFrame(callback), cancel: (handle) => cancelAnimationFrame(handle) },
  prefersReducedMotion: () => reducedMotion?.matches ?? false,
  address: () => location.href.replace(/#.*$/, ''),
}

export const sessionStore = createSession(deps)

const SessionContext = createContext<SessionStore>(sessionStore)
/** Everything inside is about another session than the page's. */
export const SessionProvider = SessionContext.Provider

/** The session this part of the page is about, for what follows it without rendering. */
export function useSessionStore(): SessionStore {
  return useContext(SessionContext)
}

/** What a component reads of the session; it renders again only when the selected value changes. */
export function useSession<T>(selector: (session: Session) => T): T {
  return useStore(useSessionStore(), selector)
}
