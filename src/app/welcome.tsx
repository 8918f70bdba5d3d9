import { X } from 'lucide-react'
import { useState } from 'react'
import { useSession } from '../session/use-session.ts'
import { IconButton } from '../ui/button.tsx'
import styles from './welcome.module.css'

const KEY = 'sagascope-welcomed'

function isFirstVisit(): boolean {
  try {
    return localStorage.getItem(KEY) === null
  } catch {
    return false
  }
}

/** On a first visit: what this is in one sentence, and one thing to try. Goes away with the first thing broken. */
export function Welcome() {
  const [isOpen, setIsOpen] = useState(isFirstVisit)
  const id = useSession((session) => session.draft?.base.id)
  const first = useSession((session) => session.library[0]?.id)
  const hasBroken = useSession((session) => (session.draft?.added.length ?? 0) > 0)
  if (!isOpen || id === undefined || id !== first || hasBroken) return null
  const close = () => {
    setIsOpen(false)
    try {
      localStorage.setItem(KEY, 'yes')
    } catch {
      // Storage is blocked: it will be said once more on the next visit.
    }
  }
  return (
    <section className={styles.card} aria-label="Welcome">
      <p>This is one order travelling through four services, simulated in your browser and recorded step by step.</p>
      <p className={styles.try}>
        Try it: drag <b>Crash</b> onto <b>Payment</b>.
      </p>
      <IconButton label="Close" size="s" className={styles.close} onClick={close}>
        <X aria-hidden="true" />
      </IconButton>
    </section>
  )
}
