import { Check, TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { ScenarioInput } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { classNames } from '../../ui/class-names.ts'
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
        <ul aria-label="Variants" className={classNames(styles.variants, hasLongNames(rows) && styles.stacked)}>
          {rows.map((row) => (
            <Variant key={row.name ?? ''} row={row} isShown={row.name === variant} />
          ))}
        </ul>
      )}
    </div>
  )
}

/** Letters stand before their titles; whole words need a line of their own. */
function hasLongNames(rows: readonly VariantRow[]): boolean {
  return rows.some(({ name }) => name !== null && name.length > 2)
}

function Variant({ row, isShown }: { row: VariantRow; isShown: boolean }) {
  const setVariant = useSession((session) => session.setVariant)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isShown) keepInSight(button.current)
  }, [isShown])
  const breaks = row.breaks.length > 0
  const Icon = breaks ? TriangleAlert : Check
  const says = breaks ? `shows the failure: breaks ${row.breaks.join(', ')}` : 'holds'
  return (
    <li>
      <button
        ref={button}
        type="button"
        className={styles.variant}
        aria-current={isShown ? 'true' : undefined}
        title={says}
        onClick={() => setVariant(row.name)}
      >
        <span className={styles.words}>
          {row.name !== null && <span className={styles.name}>{row.name}</span>}
          <span>{row.title}</span>
        </span>
        <Icon className={styles.sign} data-breaks={breaks ? '' : undefined} aria-hidden="true" />
        <span className="sr-only">, {says}</span>
      </button>
    </li>
  )
}

/** Scrolls the list of variants, and nothing around it. */
function keepInSight(button: HTMLElement | null): void {
  const list = button?.closest('ul')
  if (button === null || list === null || list === undefined) return
  const above = button.offsetTop - list.offsetTop
  if (above < list.scrollTop || above + button.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = above - list.clientHeight / 3
  }
}
