import { X } from 'lucide-react'
import { useState } from 'react'
import { useSession } from '../session/use-session.ts'
import { IconButton } from '../ui/button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import styles from './welcome.module.css'

const KEY = 'sagascope-welcomed'

function isFirstVisit(): boolean {
  try {
    return localStorage.getItem(KEY) === null
  } catch {
    return false
  }
}

/** On a first visit: what this is in one sentence, and one thing to try; then the next thing. Closed for good with a press. */
export function Welcome() {
  const [isOpen, setIsOpen] = useState(isFirstVisit)
  const id = useSession((session) => session.draft?.base.id)
  const first = useSession((session) => session.library[0]?.id)
  const hasBroken = useSession((session) => (session.draft?.added.length ?? 0) > 0)
  if (!isOpen || id === undefined || id !== first) return null
  const close = () => {
    setIsOpen(false)
    try {
      localStorage.setItem(KEY, 'yes')
    } catch {
      // Storage is blocked: it will be said once more on the next visit.
    }
  }
  return (
    <section className={styles.strip} aria-label="Welcome">
      {hasBroken ? (
        <p>
          It is broken now, and nothing before it has changed. <b>Step back</b>
          <span className={styles.keys}>
            {' '}
            with <Kbd>←</Kbd>, jump to what went wrong with <Kbd>]</Kbd>,
          </span>{' '}
          and read the verdict.
        </p>
      ) : (
        <p>
          One order travels through four services, simulated in your browser and recorded step by step.{' '}
          <b>Try it: drag Crash onto Payment.</b>
        </p>
      )}
      <IconButton label="Close the welcome" size="s" onClick={close}>
        <X aria-hidden="true" />
      </IconButton>
    </section>
  )
}
