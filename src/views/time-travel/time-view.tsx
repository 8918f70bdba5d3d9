/** One aggregate at any moment: its audit trail, what was true and known when, two moments compared, the cost of folding. */
import { History as Clock } from 'lucide-react'
import { useState } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { type Segment, Segmented } from '../../ui/segmented.tsx'
import { AsOf } from './as-of.tsx'
import { type Subject, subjectsIn, typedSubject } from './audit-layout.ts'
import { AuditTrail } from './audit-trail.tsx'
import { Difference } from './difference.tsx'
import { RebuildCost } from './rebuild-cost.tsx'
import styles from './time-view.module.css'

type Question = 'audit' | 'as of' | 'difference' | 'cost'
const questions: readonly Segment<Question>[] = [
  { value: 'audit', label: 'Audit trail' },
  { value: 'as of', label: 'As of' },
  { value: 'difference', label: 'Difference' },
  { value: 'cost', label: 'Cost', title: 'What it costs to fold a stream' },
]

export default function TimeView({ trace }: { trace: Trace }) {
  const world = useSession((session) => session.world)
  const [asked, setAsked] = useState<Question>('audit')
  const [chosen, setChosen] = useState('')
  if (world === null) return null
  const subjects = subjectsIn(trace, world)
  const subject = subjects.find(({ stream }) => stream === chosen) ?? typedSubject(trace, chosen) ?? subjects[0] ?? null
  return (
    <div className={styles.view}>
      <Segmented
        label="Question about time"
        segments={questions}
        value={asked}
        onChange={setAsked}
        size="s"
        className={styles.questions}
      />
      {asked !== 'cost' && subjects.length > 0 && (
        <StreamPicker subjects={subjects} stream={subject?.stream ?? ''} onStream={setChosen} />
      )}
      <Answered asked={asked} trace={trace} world={world} subject={subject} />
    </div>
  )
}

interface AnsweredProps {
  asked: Question
  trace: Trace
  world: WorldState
  subject: Subject | null
}

function Answered({ asked, trace, world, subject }: AnsweredProps) {
  if (asked === 'cost') return <RebuildCost trace={trace} />
  if (asked === 'difference') return <Difference trace={trace} world={world} subject={subject} />
  if (subject === null) {
    return (
      <EmptyState icon={<Clock aria-hidden="true" />} title="No aggregate has a history yet">
        Its first event has not been committed at this moment. Go on in time.
      </EmptyState>
    )
  }
  if (asked === 'as of') return <AsOf key={subject.stream} trace={trace} subject={subject} />
  return <AuditTrail trace={trace} world={world} subject={subject} />
}

const LISTED = 40

function StreamPicker({ subjects, stream, onStream }: StreamPickerProps) {
  if (subjects.length <= LISTED) {
    return (
      <label className={styles.picker}>
        <span>Stream</span>
        <select value={stream} onChange={({ target }) => onStream(target.value)}>
          {subjects.map((subject) => (
            <option key={subject.stream}>{subject.stream}</option>
          ))}
        </select>
      </label>
    )
  }
  return (
    <label className={styles.picker}>
      <span>Stream</span>
      <input list="streams" defaultValue={stream} onChange={({ target }) => onStream(target.value)} />
      <datalist id="streams">
        {subjects.map((subject) => (
          <option key={subject.stream} value={subject.stream} />
        ))}
      </datalist>
    </label>
  )
}

interface StreamPickerProps {
  subjects: readonly Subject[]
  stream: string
  onStream: (stream: string) => void
}
