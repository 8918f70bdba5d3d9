import { classNames } from '../../ui/class-names.ts'
import type { Density } from './card-size.ts'
import styles from './disk-and-memory.module.css'
import type { DiskLine } from './disk-lines.ts'

interface DiskAndMemoryProps {
  lines: readonly DiskLine[]
  /** Since when a change is one that had happened before; null when there is none. */
  again: number | null
  memory: string
  up: boolean
  density: Density
}

/** What survives a crash stands on a solid ground with the sign of a disk; what dies in one is only dashed. */
export function DiskAndMemory({ lines, again, memory, up, density }: DiskAndMemoryProps) {
  return (
    <>
      {lines.length > 0 && (
        <dl className={styles.disk} aria-label="Disk">
          <DiskSign />
          {lines.map((line, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is a place on the card, whatever it shows
            <Line key={i} line={line} isAgain={again !== null && line.changedAt === again} />
          ))}
        </dl>
      )}
      {density === 'regular' && (
        <p className={classNames(styles.memory, !up && styles.gone)}>
          <span className={styles.memoryName}>memory</span>
          <span className={styles.memoryText}>{memory}</span>
        </p>
      )}
    </>
  )
}

function Line({ line, isAgain }: { line: DiskLine; isAgain: boolean }) {
  return (
    <div className={styles.line} data-state={line.state} data-kind={line.kind} data-again={isAgain ? '' : undefined}>
      <dt>{line.label}</dt>
      <dd>
        {line.before !== null && (
          <>
            <s>{line.before}</s>{' '}
          </>
        )}
        <b>{line.value}</b>
      </dd>
    </div>
  )
}

function DiskSign() {
  return (
    <svg className={styles.sign} width="11" height="12" viewBox="0 0 11 12" fill="none" aria-hidden>
      <title>disk</title>
      <ellipse cx="5.5" cy="2.6" rx="4.6" ry="1.9" />
      <path d="M.9 2.6v6.6c0 1 2 1.9 4.6 1.9s4.6-.9 4.6-1.9V2.6" />
      <path d="M.9 5.9c0 1 2 1.9 4.6 1.9s4.6-.9 4.6-1.9" />
    </svg>
  )
}
