/** Where everything is put together: the page, the session, the engine's worker, the browser's storage and address. */
import '../ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { followLink, startSession } from '../session/start.ts'
import { browserStorage } from '../session/storage.ts'
import { engine, sessionStore } from '../session/use-session.ts'
import { App } from './app.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { applyTheme } from './theme.ts'
import { Trouble } from './trouble.tsx'

const start = {
  engine,
  storage: browserStorage(),
  fragment: () => location.hash,
  clearFragment: () => history.replaceState(history.state, '', location.pathname + location.search),
}

applyTheme()
// Before the first picture, so that the engine loads while the page is drawn.
const started = startSession(sessionStore, start)
const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary fallback={(error) => <Trouble error={error} />}>
        <App />
      </ErrorBoundary>
    </StrictMode>,
  )
}

started.then((save) => {
  window.addEventListener('pagehide', save)
  // A phone may put a hidden page away without another word.
  document.addEventListener('visibilitychange', save)
  window.addEventListener('hashchange', () => followLink(sessionStore, start))
})
