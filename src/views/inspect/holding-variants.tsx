import { useSession } from '../../session/use-session.ts'
import { Button } from '../../ui/button.tsx'
import styles from './holding-variants.module.css'
import { holdingVariants } from './verdict-layout.ts'

/** The way out: variants of the scenario in which the broken property holds. */
export function HoldingVariants({ property }: { property: string }) {
  const base = useSession((session) => session.draft?.base)
  const current = useSession((session) => session.draft?.variant ?? null)
  const setVariant = useSession((session) => session.setVariant)
  const variants = base === undefined ? [] : holdingVariants(base, current, property)
  if (variants.length === 0) return null
  return (
    <div className={styles.variants}>
      <p>{property} holds with</p>
      {variants.map(({ name, title }) => (
        <Button key={name} size="s" title={`Change to variant ${name}`} onClick={() => setVariant(name)}>
          <b>{name}</b> {title}
        </Button>
      ))}
    </div>
  )
}
