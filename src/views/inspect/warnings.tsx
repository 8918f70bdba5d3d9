import { TriangleAlert } from 'lucide-react'
import { Overline } from '../../ui/overline.tsx'
import styles from './warnings.module.css'

/** Settings that contradict each other: the run goes on, and says so. */
export function Warnings({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <section className={styles.warnings} aria-label="Contradictory settings">
      <Overline>Contradictory settings</Overline>
      <ul>
        {lines.map((line) => (
          <li key={line}>
            <TriangleAlert aria-hidden="true" />
            <span>{line}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
