import type { ReactNode } from 'react'
import styles from './chip.module.css'
import { classNames } from './class-names.ts'

interface ChipProps {
  tone?: 'plain' | 'accent' | 'ok' | 'bad' | 'undo'
  /** Data (ids, keys, counts) stands in the monospace face. */
  mono?: boolean
  className?: string
  title?: string
  children: ReactNode
}

/** A small label that qualifies what stands beside it. */
export function Chip({ tone = 'plain', mono = false, className, title, children }: ChipProps) {
  return (
    <span className={classNames(styles.chip, styles[tone], mono && styles.mono, className)} title={title}>
      {children}
    </span>
  )
}
