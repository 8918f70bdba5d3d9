/** The shell: header, stage and what stands around it. On a phone the stage and the timeline come first, the rest is in sheets. */
import { lazy, Suspense, useEffect, useState } from 'react'
import { sessionStore, useSession } from '../session/use-session.ts'
import { Stage } from '../views/stage/stage.tsx'
import styles from './app.module.css'
import { followArmedFault } from './armed-focus.ts'
import { BottomSplit } from './bottom-split.tsx'
import { FileDrop } from './file-drop.tsx'
import { Header } from './header.tsx'
import { Notices } from './notices.tsx'
import { Part } from './part.tsx'
import { SheetBar } from './sheet-bar.tsx'
import { listenForShortcuts } from './shortcuts.ts'
import { Welcome } from './welcome.tsx'

const BottomPanel = lazy(() => import('../views/timeline/bottom-panel.tsx').then((m) => ({ default: m.BottomPanel })))
const BreakPanel = lazy(() => import('../views/break/break-panel.tsx').then((m) => ({ default: m.BreakPanel })))
const LibraryPanel = lazy(() => import('../views/library/library-panel.tsx').then((m) => ({ default: m.LibraryPanel })))
const InspectPanel = lazy(() => import('../views/inspect/inspect-panel.tsx').then((m) => ({ default: m.InspectPanel })))
const ShareDialog = lazy(() => import('./share-dialog.tsx').then((m) => ({ default: m.ShareDialog })))
const CompareView = lazy(() => import('../views/compare/compare-view.tsx').then((m) => ({ default: m.CompareView })))
const CompareDialog = lazy(() =>
  import('../views/compare/compare-dialog.tsx').then((m) => ({ default: m.CompareDialog })),
)
const MatrixDialog = lazy(() => import('../views/matrix/matrix-dialog.tsx').then((m) => ({ default: m.MatrixDialog })))
const SearchDialog = lazy(() => import('../views/search/search-dialog.tsx').then((m) => ({ default: m.SearchDialog })))
const HelpDialog = lazy(() => import('./help-dialog.tsx').then((m) => ({ default: m.HelpDialog })))

/** Two frames: the stage measures its cards in the first. */
const PICTURE_MS = 34

type OpenDialog = 'none' | 'share' | 'help' | 'compare' | 'matrix' | 'search'

export function App() {
  const [dialog, setDialog] = useState<OpenDialog>('none')
  const sheet = useSession((session) => session.sheet)
  const setSheet = useSession((session) => session.setSheet)
  const title = useSession((session) => session.effective?.title)
  const comparison = useSession((session) => session.comparison)
  const isComparing = comparison !== null
  const hasPicture = useHasPicture()
  useEffect(
    () =>
      listenForShortcuts(sessionStore, {
        share: () => setDialog('share'),
        help: () => setDialog('help'),
        compare: () => setDialog('compare'),
        matrix: () => setDialog('matrix'),
      }),
    [],
  )
  useEffect(() => followArmedFault(sessionStore), [])
  useEffect(() => {
    document.title = title === undefined ? 'Sagascope' : `${title} · Sagascope`
  }, [title])

  return (
    <>
      <div className={styles.shell} data-sheet={sheet} data-comparing={isComparing}>
        <Header
          onShare={() => setDialog('share')}
          onHelp={() => setDialog('help')}
          onCompare={() => setDialog('compare')}
          onSearch={() => setDialog('search')}
        />
        {comparison !== null && (
          <div className={styles.comparison}>
            <Part name="The comparison">
              <CompareView comparison={comparison} onAdd={() => setDialog('compare')} />
            </Part>
          </div>
        )}
        <Welcome />
        {/* Shown as a sheet's ground on phones only; the keyboard's way out is Escape. */}
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          className={styles.veil}
          onClick={() => setSheet('none')}
        />
        <aside inert={isComparing} className={styles.left} aria-label="Failures and scenarios">
          <div className={styles.break}>
            <Part name="The failures">
              <BreakPanel />
            </Part>
          </div>
          <div className={styles.scenarios}>
            <Part name="The library">
              <LibraryPanel />
            </Part>
          </div>
        </aside>
        <main inert={isComparing} className={styles.stage}>
          <Part name="The stage">
            <Stage />
          </Part>
        </main>
        <aside inert={isComparing} className={styles.right} aria-label="Inspector">
          {hasPicture && (
            <Part name="The inspector">
              <InspectPanel />
            </Part>
          )}
        </aside>
        <section inert={isComparing} className={styles.bottom} aria-label="Time">
          <BottomSplit />
          {hasPicture && (
            <Part name="The timeline">
              <BottomPanel />
            </Part>
          )}
        </section>
        <SheetBar />
      </div>
      <Notices />
      <FileDrop />
      <Suspense>
        {dialog === 'share' && <ShareDialog onClose={() => setDialog('none')} />}
        {dialog === 'compare' && (
          <CompareDialog onClose={() => setDialog('none')} onMatrix={() => setDialog('matrix')} />
        )}
        {dialog === 'matrix' && <MatrixDialog onClose={() => setDialog('none')} />}
        {dialog === 'search' && <SearchDialog onClose={() => setDialog('none')} />}
        {dialog === 'help' && <HelpDialog onClose={() => setDialog('none')} />}
      </Suspense>
    </>
  )
}

/** Engine and stage come first and have the line for themselves; what speaks of a run is loaded once one is drawn. */
function useHasPicture(): boolean {
  const hasRun = useSession(({ trace, run, notice }) => trace !== null || run.status === 'failed' || notice !== null)
  const [hasPicture, setHasPicture] = useState(false)
  useEffect(() => {
    if (!hasRun) return
    const soon = setTimeout(() => setHasPicture(true), PICTURE_MS)
    return () => clearTimeout(soon)
  }, [hasRun])
  return hasPicture
}
