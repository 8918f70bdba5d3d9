import { Check, TriangleAlert } from 'lucide-react'
import type { ScenarioInput } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { type VariantRow, variantRows } from './library-layout.ts'
import styles from './open-scenario.module.css'

/** Under the open scenario: what to watch, and its variants. */
export function OpenScenario({ base }: { base: ScenarioInput }) {
  const variant = useSession((session) => session.draft?.variant ?? null)
  const rows = variantRows(base)
  const text = (variant === null ? undefined : base.variants?.[variant]?.text) ?? base.text
  return (
    <div className={styles.lesson}>
      {text !== undefined && <p className={styles.text}>{text}</p>}
      {rows.length > 0 && (
        <ul aria-label="Variants">
          {rows.map((row) => (
            <Variant key={row.name ?? ''} row={row} isShown={row.name === variant} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Variant({ row, isShown }: { row: VariantRow; isShown: boolean }) {
  const setVariant = useSession((session) => session.setVariant)
  const breaks = row.breaks.length > 0
  const Icon = breaks ? TriangleAlert : Check
  const says = breaks ? `shows the failure: breaks ${row.breaks.join(', ')}` : 'holds'
  return (
    <li>
      <button
        type="button"
        className={styles.variant}
        aria-current={isShown ? 'true' : undefined}
        title={says}
        onClick={() => setVariant(row.name)}
      >
        {row.name !== null && <span className={styles.name}>{row.name}</span>}
        <span className={styles.title}>{row.title}</span>
        <Icon className={styles.sign} data-breaks={breaks ? '' : undefined} aria-hidden="true" />
        <span className="sr-only">, {says}</span>
      </button>
    </li>
  )
}
