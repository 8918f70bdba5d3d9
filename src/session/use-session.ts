/** The one session of the page. */
import { useStore } from 'zustand'
import { createEngineClient } from '../worker/client.ts'
import { createSession } from './session-store.ts'
import type { Session } from './session-types.ts'

const reducedMotion = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)')

/** The engine's worker starts with the first question put to it. */
export const engine = createEngineClient()

export const sessionStore = createSession({
  engine,
  frames: { request: (callback) => requestAnimationFrame(callback), cancel: (handle) => cancelAnimationFrame(handle) },
  prefersReducedMotion: () => reducedMotion?.matches ?? false,
  address: () => location.href.replace(/#.*$/, ''),
})

/** What a component reads of the session; it renders again only when the selected value changes. */
export function useSession<T>(selector: (session: Session) => T): T {
  return useStore(sessionStore, selector)
}
