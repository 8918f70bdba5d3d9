import { Pin } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useSession } from '../../session/use-session.ts'
import { timeText } from '../../trace/describe.ts'
import { EventCell } from '../../trace/projection-state.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { Button } from '../../ui/button.tsx'
import { Table } from '../../ui/table.tsx'
import { question, type State, type Subject } from './audit-layout.ts'
import { type CellDifference, differenceOf, tableDifferences } from './difference-layout.ts'
import styles from './time-view.module.css'
import { useAnswers } from './use-answers.ts'

interface DifferenceProps {
  trace: Trace
  world: WorldState
  subject: Subject | null
}

/** Two moments: one that is held, and the playhead. */
export function Difference({ trace, world, subject }: DifferenceProps) {
  const history = useSession((session) => session.history)
  const seek = useSession((session) => session.seek)
  const [from, setFrom] = useState(0)
  const was = useMemo(() => history?.stateAt(Math.min(from, history.trace.length)) ?? null, [history, from])
  const tables = useMemo(() => (was === null ? [] : tableDifferences(trace, was, world)), [trace, was, world])
  if (was === null) return null
  return (
    <>
      <div className={styles.moments}>
        <button type="button" onClick={() => seek(from)} title="Go there">
          <small>Was</small> {momentText(from, was)}
        </button>
        <span aria-hidden="true">→</span>
        <span>
          <small>Now</small> {momentText(world.position, world)}
        </span>
        <Button size="s" icon={<Pin aria-hidden="true" />} onClick={() => setFrom(world.position)}>
          Hold this moment
        </Button>
      </div>
      {subject !== null && <StateDifference trace={trace} was={was} now={world} subject={subject} />}
      {tables.length === 0 && <p className={styles.quiet}>No table differs. Move the playhead.</p>}
      {tables.map(({ table, title, cells, more }) => (
        <div key={table}>
          <h4 className={styles.name}>{title}</h4>
          <WasNow label={title} cells={cells} />
          {more > 0 && <p className={styles.quiet}>{more} more</p>}
        </div>
      ))}
    </>
  )
}

function momentText(position: number, world: WorldState): string {
  return position === 0 ? 'the start' : `entry ${position}, ${timeText(world.time)}`
}

function StateDifference({ trace, was, now, subject }: DifferenceStateProps) {
  const answer = useAnswers(trace, [question.audit(subject)])?.[0]
  if (answer === undefined) return null
  if (!answer.ok) return <p className={styles.problem}>{answer.message}</p>
  const trail = (Array.isArray(answer.value) ? answer.value : []) as unknown as readonly Step[]
  const [before, after] = [lastIn(was, subject, trail), lastIn(now, subject, trail)]
  const names = Object.keys(after?.state ?? before?.state ?? {})
  const cells = names.flatMap((name) => differenceOf(name, before?.state[name] ?? '–', after?.state[name] ?? '–') ?? [])
  const versions = differenceOf('version', before?.version ?? 0, after?.version ?? 0)
  return (
    <div>
      <h4 className={styles.name}>{subject.stream}</h4>
      {cells.length === 0 && versions === null ? (
        <p className={styles.quiet}>The same at both moments.</p>
      ) : (
        <WasNow label={subject.stream} cells={versions === null ? cells : [...cells, versions]} />
      )}
    </div>
  )
}

interface DifferenceStateProps {
  trace: Trace
  was: WorldState
  now: WorldState
  subject: Subject
}

interface Step {
  readonly position: number
  readonly version: number
  readonly state: State
}

/** The last step of the trail that is committed in a world. */
function lastIn(world: WorldState, { events }: Subject, trail: readonly Step[]): Step | undefined {
  const rows = world.tables[events]
  return trail.findLast(({ position }) => rows?.get(position - 1)?.cells[EventCell.position] === position)
}

function WasNow({ label, cells }: { label: string; cells: readonly CellDifference[] }) {
  return (
    <Table label={label} columns={['', 'Was', 'Now', 'Δ']}>
      {cells.map(({ name, was, now, delta }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without a key share their names
        <tr key={i} className={styles.difference}>
          <th scope="row">{name}</th>
          <td>{was}</td>
          <td>{now}</td>
          <td>{delta}</td>
        </tr>
      ))}
    </Table>
  )
}
