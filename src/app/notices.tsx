import { CircleAlert, Info, X } from 'lucide-react'
import { useSession } from '../session/use-session.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import styles from './notices.module.css'

/** What the visitor has to know, over the stage until dismissed; and what a screen reader says next. */
export function Notices() {
  const notice = useSession((session) => session.notice)
  const dismiss = useSession((session) => session.dismissNotice)
  const announcement = useSession((session) => session.announcement)
  const action = notice?.action
  const act = (run: () => void) => {
    dismiss()
    run()
  }
  return (
    <>
      <div role="alert" className={styles.place}>
        {notice !== null && (
          <div className={classNames(styles.notice, styles[notice.tone])}>
            {notice.tone === 'error' ? <CircleAlert aria-hidden="true" /> : <Info aria-hidden="true" />}
            <div className={styles.text}>
              <p className={styles.title}>{notice.title}</p>
              {notice.lines.map((line) => (
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
        )}
      </div>
      <div role="status" className="sr-only">
        {announcement}
      </div>
    </>
  )
}
