import { useSession } from '../../session/use-session.ts'
import { timeText } from '../../trace/describe.ts'
import { FaultBadges } from './fault-badges.tsx'
import styles from './stage.module.css'

/** What a picture of the stage needs to be understood without the page. */
export function StageStamp() {
  const scenario = useSession((session) => session.trace?.header.scenario)
  const playhead = useSession((session) => session.playhead)
  const entries = useSession((session) => session.trace?.length ?? 0)
  if (scenario === undefined) return null
  return (
    <div className={styles.stamp}>
      <p>
        <b>{scenario.title}</b>
        <span>
          <span className={styles.settings}>
            {scenario.variant !== null && `variant ${scenario.variant} · `}
            seed {scenario.seed} ·{' '}
          </span>
          entry {playhead} / {entries} · <Clock />
        </span>
      </p>
      <div className={styles.anywhere}>
        <FaultBadges service={-1} density="regular" />
      </div>
    </div>
  )
}

function Clock() {
  const text = useSession((session) => timeText(Math.round(session.time / 1000) * 1000))
  return <time className={styles.clock}>{text}</time>
}
