import { AnimatePresence } from 'framer-motion'
import * as m from 'framer-motion/m'
import { CircleAlert, Info, X } from 'lucide-react'
import type { Notice } from '../session/session-types.ts'
import { useSession } from '../session/use-session.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import styles from './notices.module.css'

const away = { opacity: 0, y: -8 }
const here = { opacity: 1, y: 0 }

/** What the visitor has to know, over the stage until dismissed. */
export function Notices() {
  const notice = useSession((session) => session.notice)
  return (
    <div role="alert" className={styles.place}>
      <AnimatePresence mode="popLayout">
        {notice !== null && (
          <m.div key={keyOf(notice)} initial={away} animate={here} exit={away}>
            <NoticeCard notice={notice} />
          </m.div>
        )}
      </AnimatePresence>
    </div>
  )
}

const keyOf = ({ title, lines }: Notice) => [title, ...lines].join('\n')

function NoticeCard({ notice }: { notice: Notice }) {
  const dismiss = useSession((session) => session.dismissNotice)
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
