import { useState } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import { fieldsOf, question, type State, type Subject } from './audit-layout.ts'
import { Fields } from './audit-trail.tsx'
import styles from './time-view.module.css'
import { useAnswers } from './use-answers.ts'

/** What was true at one time, by what was known at another. Both follow the playhead until they are held. */
export function AsOf({ trace, subject }: { trace: Trace; subject: Subject }) {
  const now = useSession((session) => Math.round(session.time / 10) / 100)
  const length = useSession((session) => session.run.entries)
  const [effective, setEffective] = useState<number | null>(null)
  const [known, setKnown] = useState<number | null>(null)
  const end = Math.ceil((length === 0 ? 0 : trace.endTime) / 1000)
  const at = { effective: effective ?? now, known: known ?? now }
  const answers = useAnswers(trace, [
    question.asOf(subject, at.effective, at.known),
    question.asOf(subject, at.effective, end),
  ])
  const [then, later] = answers ?? []
  return (
    <>
      <Bound
        label="True at"
        hint="in effect by then"
        value={at.effective}
        end={end}
        held={effective !== null}
        onHold={setEffective}
      />
      <Bound
        label="Known at"
        hint="recorded by then"
        value={at.known}
        end={end}
        held={known !== null}
        onHold={setKnown}
      />
      {then === undefined || later === undefined ? (
        <p className={styles.quiet}>Asking the engine…</p>
      ) : !then.ok ? (
        <p className={styles.problem}>{then.message}</p>
      ) : (
        <>
          <p className={styles.here} role="status">
            <span>
              {subject.stream} at {at.effective} ms, as known at {at.known} ms
            </span>
            <Fields fields={fieldsOf(then.value as State, null)} />
          </p>
          {later.ok && <Later then={then.value as State} later={later.value as State} />}
        </>
      )}
    </>
  )
}

/** Whether events that came later have changed what was true then. */
function Later({ then, later }: { then: State; later: State }) {
  const fields = fieldsOf(later, then)
  const changed = fields.filter(({ before }) => before !== undefined)
  if (changed.length === 0) return <p className={styles.quiet}>Nothing that came later has changed this.</p>
  return (
    <p className={styles.here} data-tone="undo">
      <span>Events that came later say it was</span>
      <Fields fields={changed} />
    </p>
  )
}

interface BoundProps {
  label: string
  hint: string
  /** Milliseconds. */
  value: number
  end: number
  held: boolean
  onHold: (value: number | null) => void
}

function Bound({ label, hint, value, end, held, onHold }: BoundProps) {
  const hold = (text: string) => {
    const number = Number(text)
    if (text !== '' && Number.isFinite(number)) onHold(number)
  }
  return (
    <div className={styles.bound}>
      <span>
        {label} <small>{hint}</small>
      </span>
      <input
        type="range"
        aria-label={`${label}, milliseconds, as a slider`}
        min={0}
        max={Math.max(end, value)}
        step={1}
        value={Math.round(value)}
        onChange={({ target }) => hold(target.value)}
      />
      <input
        type="number"
        aria-label={`${label}, milliseconds`}
        value={value}
        onChange={({ target }) => hold(target.value)}
      />
      <button type="button" aria-pressed={!held} onClick={() => onHold(held ? null : value)}>
        {held ? 'Follow' : 'Follows'}
      </button>
    </div>
  )
}
