import type { ReactNode } from 'react'
import { useSession } from '../../session/use-session.ts'
import { timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import styles from './entry-line.module.css'
import type { Tone } from './why-layout.ts'

interface EntryLineProps {
  trace: Trace
  position: number
  tone?: Tone
  children: ReactNode
}

/** An entry as a line of a list: when and what. Pressing it takes every view there. */
export function EntryLine({ trace, position, tone = 'plain', children }: EntryLineProps) {
  const playhead = useSession((session) => session.playhead)
  const seek = useSession((session) => session.seek)
  return (
    <li className={styles.item}>
      <button
        type="button"
        className={styles.line}
        data-tone={tone}
        data-future={position >= playhead ? '' : undefined}
        aria-current={position === playhead - 1 ? 'step' : undefined}
        onClick={() => seek(position + 1)}
      >
        <time className={styles.time}>{timeText(trace.timeAt(position))}</time>
        <span className={styles.text}>{children}</span>
      </button>
    </li>
  )
}

/** The line all entries of a story hang on. */
export function EntryLines({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol className={styles.lines} aria-label={label}>
      {children}
    </ol>
  )
}
