import { Minus, Plus } from 'lucide-react'
import type { ScenarioInput } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { numberText } from './chart-model.ts'
import { counts, type Knob, knobsOf, withCount } from './knob-model.ts'
import styles from './knobs.module.css'

interface KnobsProps {
  readonly scenario: ScenarioInput
  readonly hasBefore: boolean
}

/** Numbers to turn: each turn runs anew, and the curves of the run before stay as a ghost. */
export function Knobs({ scenario, hasBefore }: KnobsProps) {
  const tune = useSession((session) => session.tune)
  const count = scenario.workload?.arrivals?.[0]?.count ?? 0
  const segments = counts.map((value) => ({ value, label: shortCount(value) }))
  return (
    <div className={styles.knobs}>
      {knobsOf(scenario).map((knob) => (
        <Stepper key={knob.key} knob={knob} />
      ))}
      {count > 0 && (
        <div className={styles.count}>
          <span className={styles.label}>Requests</span>
          <Segmented
            label="Requests"
            size="s"
            segments={segments}
            value={count}
            onChange={(value) => tune(withCount(scenario, value), `${value.toLocaleString('en')} requests`)}
          />
        </div>
      )}
      {scenario.keep === 'curves' && <p className={styles.note}>Only the curves of this run are kept, no entries.</p>}
      {hasBefore && (
        <p className={styles.note}>
          <svg className={styles.ghost} viewBox="0 0 24 6" aria-hidden="true">
            <path d="M0 3H24" />
          </svg>
          the run before
        </p>
      )}
    </div>
  )
}

function Stepper({ knob }: { readonly knob: Knob }) {
  const tune = useSession((session) => session.tune)
  const { label, unit, value, less, more, patch } = knob
  const to = (next: number | null) => {
    if (next !== null) tune(patch(next), `${label}: ${numberText(next)} ${unit}`.trim())
  }
  return (
    <fieldset className={styles.stepper}>
      <legend className={styles.label}>{label}</legend>
      <button type="button" aria-label={`Fewer: ${label}`} disabled={less === null} onClick={() => to(less)}>
        <Minus size={14} aria-hidden="true" />
      </button>
      <output className={styles.value}>
        {numberText(value)}
        {unit !== '' && <span className={styles.unit}>/s</span>}
      </output>
      <button type="button" aria-label={`More: ${label}`} disabled={more === null} onClick={() => to(more)}>
        <Plus size={14} aria-hidden="true" />
      </button>
    </fieldset>
  )
}

function shortCount(count: number): string {
  if (count >= 1_000_000) return `${count / 1_000_000} M`
  return count >= 1000 ? `${count / 1000} k` : String(count)
}
