import { Dices } from 'lucide-react'
import { useSession } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Popover } from '../ui/popover.tsx'
import { NumberField } from '../ui/text-fields.tsx'
import styles from './seed-control.module.css'

const SEED_MAX = 4_294_967_295

/** The source of every draw: another seed, another luck; the same seed, the same run. */
export function SeedControl() {
  const seed = useSession((session) => session.effective?.seed ?? 1)
  const isOpen = useSession((session) => session.draft !== null)
  const setSeed = useSession((session) => session.setSeed)
  if (!isOpen) return null
  return (
    <Popover
      label={
        <span className={styles.label}>
          seed <b>{seed}</b>
        </span>
      }
      title="Seed"
      tone="quiet"
      size="s"
      className={styles.button}
    >
      <div className={styles.panel}>
        <NumberField
          label="Seed"
          value={seed}
          whole
          min={0}
          max={SEED_MAX}
          onChange={(next) => next !== undefined && setSeed(next)}
        />
        <Button
          icon={<Dices aria-hidden="true" />}
          onClick={() => setSeed(crypto.getRandomValues(new Uint32Array(1))[0] as number)}
        >
          Another one
        </Button>
        <p>
          The same seed gives the same run, every time and everywhere. It decides whatever the scenario leaves to
          chance.
        </p>
      </div>
    </Popover>
  )
}
