import { CircleAlert, Info, X } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import type { Notice } from '../session/session-types.ts'
import { useSession } from '../session/use-session.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import styles from './notices.module.css'

const MovingNotice = lazy(() => import('./moving-notice.tsx').then((m) => ({ default: m.MovingNotice })))

/** What the visitor has to know, over the stage until dismissed; and what a screen reader says next. */
export function Notices() {
  const notice = useSession((session) => session.notice)
  const announcement = useSession((session) => session.announcement)
  const [wasNeeded, setWasNeeded] = useState(false)
  if (notice !== null && !wasNeeded) setWasNeeded(true)
  const card = notice === null ? null : <NoticeCard notice={notice} />
  return (
    <>
      <div role="alert" className={styles.place}>
        {wasNeeded && <Moved>{card}</Moved>}
      </div>
      <div role="status" className="sr-only">
        {announcement}
      </div>
    </>
  )
}

/** The library that moves things comes with the first notice. Until it is there, or should it never come, they stand still. */
function Moved({ children }: { children: ReactNode }) {
  return (
    <ErrorBoundary fallback={() => children}>
      <Suspense fallback={children}>
        <MovingNotice>{children}</MovingNotice>
      </Suspense>
    </ErrorBoundary>
  )
}

/** A remark that asks for nothing goes by itself: it lies over what it speaks of. */
const REMARK_MS = 7000

function NoticeCard({ notice }: { notice: Notice }) {
  const dismiss = useSession((session) => session.dismissNotice)
  useEffect(() => {
    if (notice.tone !== 'info' || notice.action !== undefined) return
    const timer = setTimeout(dismiss, REMARK_MS)
    return () => clearTimeout(timer)
  }, [notice, dismiss])
  const { tone, title, lines, action } = notice
  const act = (run: () => void) => {
    dismiss()
    run()
  }
  return (
    <div className={classNames(styles.notice, styles[tone])}>
      {tone === 'error' ? <CircleAlert aria-hidden="true" /> : <Info aria-hidden="true" />}
      <div className={styles.text}>
        <p className={styles.title}>{title}</p>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {action !== undefined && (
        <Button size="s" onClick={() => act(action.run)}>
          {action.label}
        </Button>
      )}
      <IconButton label="Dismiss" size="s" onClick={dismiss}>
        <X aria-hidden="true" />
      </IconButton>
    </div>
  )
}
