/** A run still under way: how far it has come, and the way to stop it. Appears only when a run takes a while. */
import { useSession } from '../../session/use-session.ts'
import { timeText } from '../../trace/describe.ts'
import { Button } from '../../ui/button.tsx'
import styles from './run-progress.module.css'

/** Coarse enough not to flicker while it counts. */
function roughly(time: number): string {
  return timeText(time < 1e6 ? Math.round(time / 1000) * 1000 : time)
}

export function RunProgress() {
  const entries = useSession((session) => session.run.entries)
  const time = useSession((session) => session.run.time)
  const cancel = useSession((session) => session.cancelRun)
  return (
    <div className={styles.progress}>
      <div className={styles.strip} role="progressbar" aria-label="The run is under way">
        <span className={styles.runner} />
      </div>
      <span className={styles.text}>
        running · {entries.toLocaleString('en')} entries · {roughly(time)}
      </span>
      <Button size="s" onClick={cancel}>
        Stop here
      </Button>
    </div>
  )
}
