import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { type AuditRow, auditRows, type FieldView, question, type Subject, stateHere } from './audit-layout.ts'
import styles from './time-view.module.css'
import { useAnswers } from './use-answers.ts'

interface AuditTrailProps {
  trace: Trace
  world: WorldState
  subject: Subject
}

const ROWS_MAX = 200

/** Every event of the stream with the state it led to; what lies behind the playhead is faint and one press away. */
export function AuditTrail({ trace, world, subject }: AuditTrailProps) {
  const answers = useAnswers(trace, [question.audit(subject)])
  const answer = answers?.[0]
  if (answer === undefined) return <p className={styles.quiet}>Asking the engine…</p>
  if (!answer.ok) return <p className={styles.problem}>{answer.message}</p>
  const rows = auditRows(trace, world, subject, answer.value)
  const here = stateHere(rows)
  const shown = near(rows, here)
  return (
    <>
      <Headline subject={subject} here={here} />
      {shown[0] !== rows[0] && <p className={styles.quiet}>{rows.indexOf(shown[0] as AuditRow)} earlier events</p>}
      <ol className={styles.trail} aria-label={`Audit trail of ${subject.stream}`}>
        {shown.map((row) => (
          <Moment key={row.version} row={row} />
        ))}
      </ol>
    </>
  )
}

/** Of a long stream, the stretch around the playhead. */
function near(rows: readonly AuditRow[], here: AuditRow | null): readonly AuditRow[] {
  const last = here === null ? 0 : rows.indexOf(here)
  const from = Math.max(0, Math.min(last - ROWS_MAX / 2, rows.length - ROWS_MAX))
  return rows.slice(from, from + ROWS_MAX)
}

function Headline({ subject, here }: { subject: Subject; here: AuditRow | null }) {
  return (
    <p className={styles.here} role="status">
      <span>
        {subject.stream} as of here{here === null ? ': no event yet' : `, version ${here.version}`}
      </span>
      {here !== null && <Fields fields={here.fields.map(({ name, text }) => ({ name, text }))} />}
    </p>
  )
}

export function Fields({ fields }: { fields: readonly FieldView[] }) {
  return (
    <span className={styles.fields}>
      {fields.map(({ name, text, before }) => (
        <span key={name} data-changed={before === undefined ? undefined : ''}>
          {name}{' '}
          {before !== undefined && (
            <>
              <del>{before}</del>{' '}
            </>
          )}
          <b>{text}</b>
        </span>
      ))}
    </span>
  )
}

function Moment({ row }: { row: AuditRow }) {
  const select = useSession((session) => session.select)
  const seekTime = useSession((session) => session.seekTime)
  const seek = useSession((session) => session.seek)
  const go = () => (row.when === 'future' ? seekTime(row.recorded * 1000) : seek(row.committedAt + 1))
  const isLate = row.effective < row.recorded
  return (
    <li className={styles.moment} data-when={row.when} aria-current={row.when === 'now' ? 'step' : undefined}>
      <button type="button" className={styles.event} onClick={go} title={`Position ${row.position}`}>
        <span className={styles.version}>v{row.version}</span>
        <b>{row.type}</b> {row.data}
        <span className={styles.times}>
          {row.recorded} ms{isLate && <em> in effect since {row.effective} ms</em>}
        </span>
      </button>
      <Fields fields={row.fields} />
      {row.cause !== '' && (
        <span className={styles.cause}>
          caused by{' '}
          {row.causeMessage < 0 ? (
            row.cause
          ) : (
            <button type="button" onClick={() => select({ type: 'message', id: row.causeMessage })}>
              {row.cause}
            </button>
          )}
        </span>
      )}
    </li>
  )
}
