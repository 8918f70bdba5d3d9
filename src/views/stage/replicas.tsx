import { Minus, Plus } from 'lucide-react'
import { useSession } from '../../session/use-session.ts'
import { classNames } from '../../ui/class-names.ts'
import { replicaKnob } from '../curves/knob-model.ts'
import type { CardView } from './card-selector.ts'
import styles from './replicas.module.css'

interface ReplicasProps {
  readonly name: string
  readonly title: string
  readonly replicas: NonNullable<CardView['replicas']>
}

/** How many replicas a service has at the playhead, and how many of them stand; one more or less runs anew. */
export function Replicas({ name, title, replicas: { count, fallen } }: ReplicasProps) {
  const scenario = useSession((session) => session.effective)
  const tune = useSession((session) => session.tune)
  const knob = scenario === null ? null : replicaKnob(scenario, name)
  const turn = (value: number | null | undefined) => {
    if (knob !== null && typeof value === 'number') tune(knob.patch(value), `${knob.label}: ${value}`)
  }
  return (
    <fieldset className={classNames('nodrag nopan', styles.replicas)} data-fallen={fallen.length > 0 ? '' : undefined}>
      <legend className="sr-only">Replicas of {title}</legend>
      <span className={styles.figures} aria-hidden="true">
        {Array.from({ length: Math.min(count, FIGURES_MAX) }, (_, replica) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a replica is its number
          <i key={replica} data-down={fallen.includes(replica) ? '' : undefined} />
        ))}
      </span>
      <output title={fallen.length === 0 ? undefined : fallenWords(fallen)}>{countWords(count, fallen)}</output>
      <button
        type="button"
        aria-label={`One replica of ${title} less`}
        disabled={(knob?.less ?? null) === null}
        onClick={() => turn(knob?.less)}
      >
        <Minus size={12} aria-hidden="true" />
      </button>
      <button
        type="button"
        aria-label={`One replica of ${title} more`}
        disabled={(knob?.more ?? null) === null}
        onClick={() => turn(knob?.more)}
      >
        <Plus size={12} aria-hidden="true" />
      </button>
    </fieldset>
  )
}
/** More are a number only. */
const FIGURES_MAX = 6

function countWords(count: number, fallen: readonly number[]): string {
  const words = count === 1 ? '1 replica' : `${count} replicas`
  return fallen.length === 0 ? words : `${count - fallen.length} of ${words} up`
}

function fallenWords(fallen: readonly number[]): string {
  const numbers = [...fallen].sort((a, b) => a - b).map((replica) => replica + 1)
  return numbers.length === 1 ? `replica ${numbers[0]} is down` : `replicas ${numbers.join(', ')} are down`
}
