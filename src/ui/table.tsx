import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './table.module.css'

interface TableProps {
  /** Read out as the table's name. */
  label: string
  columns: readonly ReactNode[]
  className?: string
  /** Rows: `<tr>` elements. */
  children: ReactNode
}

/** A dense table of data that scrolls sideways in its own box. */
export function Table({ label, columns, className, children }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that can scroll has to be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: it groups nothing to fill in
    <div className={classNames(styles.box, className)} role="group" aria-label={label} tabIndex={0}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              <th key={i} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
