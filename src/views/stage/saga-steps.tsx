import { Check, CircleHelp, Undo2, X } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useSession } from '../../session/use-session.ts'
import { classNames } from '../../ui/class-names.ts'
import type { SagaBar, SagaView, StepTone, StepView } from './saga-model.ts'
import styles from './saga-steps.module.css'

/** The saga log as a line of stations: filled downwards going forward, dashed upwards when it turns back. */
export function SagaSteps({ view }: { view: SagaView }) {
  return (
    <section
      className={classNames(styles.saga, view.reconstructed && styles.reconstructed)}
      aria-label={`Saga ${view.id}`.trim()}
    >
      {view.reconstructed && (
        <p className={styles.source} title="No service keeps a saga log here: each reacts to what the others publish">
          put together from events, held by nobody
        </p>
      )}
      <p className={styles.head}>
        <span className={styles.swatch} style={{ background: colourOf(view.saga) }} />
        <b>{view.id === '' ? view.name : view.id}</b>
        <Others bars={view.others} more={view.othersMore} />
        <span className={styles.status} data-status={view.status}>
          {statusWords[view.status]}
        </span>
      </p>
      <ol
        className={classNames(styles.steps, view.turningBack && styles.back)}
        style={{ '--rows': Math.ceil(view.steps.length / 2) } as CSSProperties}
      >
        {view.steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
    </section>
  )
}

const statusWords: Record<SagaView['status'], string> = {
  'not started': 'not started',
  Running: 'running',
  Compensating: 'compensating',
  Completed: 'completed',
  Compensated: 'compensated',
  NeedsIntervention: 'needs a person',
  Aborted: 'aborted',
}

function colourOf(saga: number): string {
  return saga < 0 ? 'var(--no-saga)' : `var(--saga-${saga % 6})`
}

function Step({ step }: { step: StepView }) {
  return (
    <li className={styles.step} data-tone={step.tone} data-status={step.status}>
      <span className={styles.mark}>
        <Mark tone={step.tone} />
      </span>
      <span className={styles.name}>{step.name}</span>
      {step.owed && step.tone !== 'undo' && (
        <span className={styles.owed} title="Its compensation is owed should the saga turn back">
          <Undo2 size={9} strokeWidth={2.6} aria-hidden />
          <span className={styles.owedWord}>owed</span>
        </span>
      )}
      {step.kind === 'pivot' && step.tone === 'waiting' && <span className={styles.note}>pivot</span>}
      {step.note !== '' && <span className={styles.note}>{step.note}</span>}
    </li>
  )
}

function Mark({ tone }: { tone: StepTone }) {
  const size = 12
  switch (tone) {
    case 'done':
      return <Check size={size} strokeWidth={3.2} aria-hidden />
    case 'bad':
      return <X size={size} strokeWidth={3.2} aria-hidden />
    case 'unknown':
      return <CircleHelp size={size + 1} strokeWidth={2.4} aria-hidden />
    case 'undo':
      return <Undo2 size={size} strokeWidth={2.8} aria-hidden />
    case 'running':
      return <span className={styles.running} />
    default:
      return <span className={styles.waiting} />
  }
}

function Others({ bars, more }: { bars: readonly SagaBar[]; more: number }) {
  const select = useSession((session) => session.select)
  const count = bars.length + more
  if (count === 0) return null
  return (
    <span className={styles.others}>
      {bars.map((bar) => (
        <button
          type="button"
          key={bar.saga}
          className={styles.bar}
          data-status={bar.status}
          title={`${bar.id}: ${statusWords[bar.status]}`}
          aria-label={`Show saga ${bar.id}, ${statusWords[bar.status]}`}
          onClick={() => select({ type: 'saga', saga: bar.saga })}
        >
          <span style={{ height: `${Math.round(bar.progress * 100)}%`, background: colourOf(bar.saga) }} />
        </button>
      ))}
      +{count} saga{count === 1 ? '' : 's'}
    </span>
  )
}
