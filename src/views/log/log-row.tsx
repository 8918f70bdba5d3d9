import { memo } from 'react'
import { describe, serviceTitle, timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import { classNames } from '../../ui/class-names.ts'
import { sagaColor } from '../timeline/saga-color.ts'
import { capitalized } from '../transport/what-happened.tsx'
import { iconOf, toneOf } from './log-icons.ts'
import styles from './log-row.module.css'

/** Where a row stands on the thread from the first cause (the root) to the entry that is looked at (the end). */
export type Thread = 'none' | 'root' | 'cause' | 'between' | 'end'

interface LogRowProps {
  trace: Trace
  position: number
  row: number
  rowCount: number
  current: boolean
  future: boolean
  thread: Thread
  onSelect: (position: number) => void
  onHover: (position: number) => void
}

export const rowId = (position: number) => `log-entry-${position}`

export const LogRow = memo(function LogRow({
  trace,
  position,
  row,
  rowCount,
  current,
  future,
  thread,
  onSelect,
  onHover,
}: LogRowProps) {
  const entry = trace.entry(position)
  const Icon = iconOf(entry.kind)
  const tone = toneOf(entry.kind)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys; its options never have the focus
    // biome-ignore lint/a11y/useFocusableInteractive: the list keeps the focus and names its active option
    <div
      id={rowId(position)}
      role="option"
      aria-selected={current}
      aria-setsize={rowCount}
      aria-posinset={row + 1}
      className={classNames(styles.row, styles[tone], current && styles.current, future && styles.future)}
      style={sagaColor(entry.saga)}
      onClick={() => onSelect(position)}
      onMouseEnter={() => onHover(position)}
    >
      <span
        className={classNames(styles.thread, thread !== 'none' && styles[thread])}
        title={thread === 'cause' || thread === 'root' ? 'It led to the entry looked at' : undefined}
        aria-hidden="true"
      />
      <span className={styles.number}>{position + 1}</span>
      <span className={styles.time}>{timeText(entry.time)}</span>
      <Icon className={styles.icon} size={15} aria-hidden="true" />
      <span className={styles.service}>{serviceTitle(trace, entry.service)}</span>
      <span className={styles.sentence}>{capitalized(describe(trace, entry))}</span>
    </div>
  )
})
