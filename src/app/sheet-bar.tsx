import { FlaskConical, ListTree, Zap } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Sheet } from '../session/session-types.ts'
import { useSession } from '../session/use-session.ts'
import styles from './sheet-bar.module.css'

const sheets: readonly { sheet: Sheet; label: string; icon: ReactNode }[] = [
  { sheet: 'break', label: 'Break', icon: <Zap aria-hidden="true" /> },
  { sheet: 'scenarios', label: 'Scenarios', icon: <FlaskConical aria-hidden="true" /> },
  { sheet: 'inspect', label: 'Inspect', icon: <ListTree aria-hidden="true" /> },
]

/** On narrow screens: opens one of the panels over the stage, and closes it again. */
export function SheetBar() {
  const open = useSession((session) => session.sheet)
  const setSheet = useSession((session) => session.setSheet)
  return (
    <nav className={styles.bar} aria-label="Panels">
      {sheets.map(({ sheet, label, icon }) => (
        <button
          key={sheet}
          type="button"
          aria-expanded={open === sheet}
          className={styles.item}
          onClick={() => setSheet(open === sheet ? 'none' : sheet)}
        >
          {icon}
          {label}
        </button>
      ))}
    </nav>
  )
}
