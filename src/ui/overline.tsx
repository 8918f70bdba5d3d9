import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './overline.module.css'

interface OverlineProps {
  level?: 2 | 3
  id?: string
  className?: string
  children: ReactNode
}

/** The quiet capitals above a group. */
export function Overline({ level = 2, id, className, children }: OverlineProps) {
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <Heading id={id} className={classNames(styles.overline, className)}>
      {children}
    </Heading>
  )
}
