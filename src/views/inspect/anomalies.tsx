import { Shuffle } from 'lucide-react'
import { useMemo } from 'react'
import { useSession } from '../../session/use-session.ts'
import { findAnomalies } from '../../trace/anomalies.ts'
import { anomalyWords } from '../../trace/anomaly-text.ts'
import { timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import { Overline } from '../../ui/overline.tsx'
import styles from './anomalies.module.css'

/** Longer traces are not searched on the page: the list would be too long to read as well. */
const SEARCHED_MAX = 400_000
const SHOWN = 12

/** What sagas did to each other for want of isolation: a name, the two that met, and where. */
export function Anomalies({ trace }: { trace: Trace }) {
  const seek = useSession((session) => session.seek)
  const { length } = trace
  const found = useMemo(() => (length > SEARCHED_MAX ? [] : findAnomalies(trace)), [trace, length])
  if (found.length === 0) return null
  return (
    <section className={styles.anomalies} aria-label="Anomalies between sagas">
      <Overline level={3}>Anomalies: sagas that met</Overline>
      <ul>
        {found.slice(0, SHOWN).map((anomaly) => {
          const { text } = anomalyWords(trace, anomaly)
          return (
            <li key={`${anomaly.name} ${anomaly.position} ${anomaly.other}`}>
              <button type="button" title="Go there" onClick={() => seek(anomaly.position + 1)}>
                <Shuffle aria-hidden="true" />
                <span className={styles.words}>
                  <b>{anomaly.name}</b> {text}
                </span>
                <span className={styles.time}>{timeText(trace.timeAt(anomaly.position))}</span>
              </button>
            </li>
          )
        })}
      </ul>
      {found.length > SHOWN && <p className={styles.more}>and {found.length - SHOWN} more</p>}
    </section>
  )
}
