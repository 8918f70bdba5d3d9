import type { ReactNode } from 'react'
import styles from './stage.module.css'

/** What the shapes mean. On a narrow stage it folds into one word. */
export function StageLegend({ wide }: { wide: boolean }) {
  return (
    <details key={String(wide)} className={styles.legend} open={wide} data-wide={wide}>
      <summary>Legend</summary>
      <ul>
        <Item name="command">
          <path d="M4 2h15l6 5-6 5H4a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3Z" className={styles.filled} />
        </Item>
        <Item name="event" width={16}>
          <path d="M8 1l6 6-6 6-6-6z" className={styles.filled} />
        </Item>
        <Item name="reply: yes, no" width={32}>
          <circle cx="8" cy="7" r="6" className={styles.filled} />
          <path d="M5 7h6M8 4v6" className={styles.cut} />
          <circle cx="24" cy="7" r="6" className={styles.filled} />
          <path d="M21 7h6" className={styles.cut} />
        </Item>
        <Item name="duplicate" width={18}>
          <circle cx="9" cy="7" r="4" className={styles.filled} />
          <circle cx="9" cy="7" r="6.3" className={styles.outline} />
        </Item>
        <Item name="compensation">
          <path d="M4 2h15l6 5-6 5H4a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3Z" className={styles.dashed} />
        </Item>
        <Item name="turned away" width={14}>
          <path d="M7 1l5 1.6C12.400 7.500 11 10.500 7 13 3 10.500 1.600 7.500 2 2.600z" className={styles.shield} />
        </Item>
        <Item name="lost" width={16}>
          <path d="M4 3l8 8M12 3l-8 8" className={styles.cross} />
        </Item>
      </ul>
    </details>
  )
}

function Item({ name, width = 27, children }: { name: string; width?: number; children: ReactNode }) {
  return (
    <li>
      <svg width={width} height="14" viewBox={`0 0 ${width} 14`} fill="none" aria-hidden>
        <title>{name}</title>
        {children}
      </svg>
      {name}
    </li>
  )
}
