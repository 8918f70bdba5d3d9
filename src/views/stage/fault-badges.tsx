import { useSession } from '../../session/use-session.ts'
import type { Density } from './card-size.ts'
import styles from './fault-badges.module.css'
import type { Badge } from './fault-place.ts'
import { useBadges } from './use-badges.ts'

const SHOWN_MAX: Record<Density, number> = { regular: 2, compact: 1 }

interface FaultBadgesProps {
  service: number
  density: Density
}

/** The faults of a service (−1: of no service in particular) as badges: the name opens it, the switch turns it off. */
export function FaultBadges({ service, density }: FaultBadgesProps) {
  const badges = useBadges(service)
  const setPanel = useSession((session) => session.setPanel)
  if (badges.length === 0) return null
  const shown = badges.slice(0, SHOWN_MAX[density])
  const more = badges.length - shown.length
  return (
    <ul className={styles.badges} aria-label="Faults">
      {shown.map((badge) => (
        <li key={`${badge.fault.origin}${badge.fault.place}`}>
          <FaultBadge badge={badge} />
        </li>
      ))}
      {more > 0 && (
        <li>
          <button type="button" className={styles.more} onClick={() => setPanel('faults')}>
            +{more} {more === 1 ? 'fault' : 'faults'}
          </button>
        </li>
      )}
    </ul>
  )
}

function FaultBadge({ badge: { fault, phrase, text, on } }: { badge: Badge }) {
  const select = useSession((session) => session.select)
  const toggle = useSession((session) => session.toggleFault)
  const selected = useSession(({ selection }) => selection?.type === 'fault' && selection.number === fault.number)
  return (
    <span className={styles.badge} data-on={on} data-selected={selected}>
      <button
        type="button"
        className={styles.text}
        aria-pressed={selected}
        aria-label={`Edit the fault ${phrase}`}
        title={phrase}
        onClick={() => select({ type: 'fault', number: fault.number })}
      >
        {text}
      </button>
      <button
        type="button"
        role="switch"
        className={styles.switch}
        aria-checked={on}
        aria-label={phrase}
        title={on ? 'Switch it off' : 'Switch it on'}
        onClick={() => toggle(fault)}
      >
        <span />
      </button>
    </span>
  )
}
