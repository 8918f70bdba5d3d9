import { GitBranch } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useSession } from '../session/use-session.ts'
import { Popover } from '../ui/popover.tsx'
import styles from './branch-button.module.css'

const BranchPanel = lazy(() => import('../views/branches/branch-panel.tsx').then((m) => ({ default: m.BranchPanel })))

/** Shown once there is more than one line to be on. */
export function BranchButton() {
  const count = useSession((session) => session.branches.length)
  if (count < 2) return null
  const label = (
    <>
      <span className={styles.word}>Branches</span>
      <b className={styles.count}>{count}</b>
    </>
  )
  return (
    <Popover
      label={label}
      title="Branches"
      icon={<GitBranch aria-hidden="true" />}
      tone="quiet"
      className={styles.button}
    >
      <div className={styles.room}>
        <Suspense>
          <BranchPanel />
        </Suspense>
      </div>
    </Popover>
  )
}
