import { useMemo } from 'react'
import { useSession } from '../../session/use-session.ts'
import { messageText } from '../../trace/describe.ts'
import { messagesOnStage } from './scene.ts'
import styles from './stage.module.css'
import { useStillMoment } from './use-still-moment.ts'

const LISTED_MAX = 40

/** The tokens as a list of buttons, for the keyboard and for those who do not see them; shown while one has focus. */
export function FlightList() {
  const { trace, world } = useStillMoment()
  const select = useSession((session) => session.select)
  const all = useMemo(() => (trace === null || world === null ? [] : messagesOnStage(trace, world)), [trace, world])
  if (trace === null || world === null || all.length === 0) return null
  return (
    <div className={styles.flights}>
      <h3>On the bus</h3>
      <ul>
        {all.slice(0, LISTED_MAX).map((id) => (
          <li key={id}>
            <button type="button" onClick={() => select({ type: 'message', id })}>
              {messageText(trace, trace.message(id))}: {world.flights.get(id) ?? 'queued'}
            </button>
          </li>
        ))}
      </ul>
      {all.length > LISTED_MAX && <p>and {all.length - LISTED_MAX} more</p>}
    </div>
  )
}
