import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { moveWithin } from './roving.ts'
import styles from './segmented.module.css'

type Value = string | number | boolean

export interface Segment<T extends Value> {
  value: T
  label: ReactNode
  title?: string
}

interface SegmentedProps<T extends Value> {
  /** What is being chosen. */
  label: string
  segments: readonly Segment<T>[]
  value: T
  onChange: (value: T) => void
  size?: 'm' | 's'
  className?: string
}

/** One of a few, all in sight. Arrow keys choose. */
export function Segmented<T extends Value>({
  label,
  segments,
  value,
  onChange,
  size = 'm',
  className,
}: SegmentedProps<T>) {
  const index = segments.findIndex((segment) => segment.value === value)
  const choose = (next: number) => {
    const segment = segments[next]
    if (segment !== undefined) onChange(segment.value)
  }
  return (
    <div
      role="radiogroup"
      aria-label={label}
      tabIndex={-1}
      className={classNames(styles.row, styles[size], className)}
      onKeyDown={(event) => moveWithin(event, index, choose)}
    >
      {segments.map((segment, i) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot hold markup and be one press wide
        <button
          key={String(segment.value)}
          type="button"
          role="radio"
          aria-checked={i === index}
          tabIndex={i === Math.max(0, index) ? 0 : -1}
          title={segment.title}
          className={styles.segment}
          onClick={() => onChange(segment.value)}
        >
          {segment.label}
        </button>
      ))}
    </div>
  )
}
