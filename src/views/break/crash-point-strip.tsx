import { Zap } from 'lucide-react'
import { useId } from 'react'
import { classNames } from '../../ui/class-names.ts'
import styles from './crash-point-strip.module.css'
import { type CrashPoint, type HandlerPart, handlerParts, reaches } from './crash-points.ts'

interface CrashPointStripProps {
  acknowledge: 'after' | 'first'
  value: CrashPoint
  onChange: (point: CrashPoint) => void
}

/** The handler from top to bottom; every gap can be chosen. */
export function CrashPointStrip({ acknowledge, value, onChange }: CrashPointStripProps) {
  const name = useId()
  return (
    <fieldset className={styles.strip}>
      <legend className={styles.legend}>Where in the handler</legend>
      {handlerParts(acknowledge).map((part) =>
        part.type === 'stage' ? (
          <div key={part.text} className={classNames(styles.stage, part.inTransaction && styles.inside)}>
            {part.text}
          </div>
        ) : (
          <Gap key={part.point} part={part} name={name} checked={part.point === value} onChange={onChange} />
        ),
      )}
      {!reaches(acknowledge, value) && (
        <p className={styles.unreached} role="alert">
          “{value}” never comes at this service: it acknowledges {acknowledge === 'first' ? 'on receipt' : 'at the end'}
          .
        </p>
      )}
    </fieldset>
  )
}

interface GapProps {
  part: Extract<HandlerPart, { type: 'gap' }>
  name: string
  checked: boolean
  onChange: (point: CrashPoint) => void
}

function Gap({ part, name, checked, onChange }: GapProps) {
  return (
    <label
      className={classNames(styles.gap, part.inTransaction && styles.inside)}
      data-checked={checked ? '' : undefined}
    >
      <input
        type="radio"
        className="sr-only"
        name={name}
        value={part.point}
        checked={checked}
        onChange={() => onChange(part.point)}
      />
      <span className={styles.bolt} aria-hidden="true">
        <Zap />
      </span>
      <span>
        <span className={styles.title}>{part.title}</span>
        {checked && <span className={styles.text}>{part.text}</span>}
      </span>
    </label>
  )
}
