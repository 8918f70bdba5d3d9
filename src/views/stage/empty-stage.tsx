import { useSession } from '../../session/use-session.ts'
import styles from './stage.module.css'

/** Before the first run: what is going on, or what to do. */
export function EmptyStage() {
  const status = useSession((session) => session.run.status)
  if (status === 'running') return <p className={styles.empty}>Running the scenario…</p>
  if (status === 'failed') {
    return (
      <p className={styles.empty}>
        The run did not get far enough to be shown. Open another scenario, or run it again.
      </p>
    )
  }
  return <p className={styles.empty}>Nothing runs yet. Choose a scenario, or drop a scenario file onto the page.</p>
}
