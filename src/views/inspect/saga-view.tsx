import { Workflow } from 'lucide-react'
import { useSession } from '../../session/use-session.ts'
import { describe, timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import type { SagaState } from '../../trace/world-state.ts'
import { Chip } from '../../ui/chip.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Select } from '../../ui/field.tsx'
import { Overline } from '../../ui/overline.tsx'
import { sagaColor } from '../timeline/saga-color.ts'
import { EntryLine, EntryLines } from './entry-line.tsx'
import {
  logAround,
  owedText,
  type SagaLog,
  type StepRow,
  sagaChoices,
  sagaLogs,
  sagaShown,
  sagaStatusWords,
  stepRows,
} from './saga-layout.ts'
import styles from './saga-view.module.css'
import { StepIcon, stepTone } from './step-icon.tsx'
import { toneOf } from './why-layout.ts'

/** One saga: where each step stands, what it owes, and its log. */
export function SagaView({ trace }: { trace: Trace }) {
  const selection = useSession((session) => session.selection)
  const playhead = useSession((session) => session.playhead)
  const world = useSession((session) => session.world)
  const select = useSession((session) => session.select)
  const logs = sagaLogs(trace)
  const number = sagaShown(trace, selection, playhead)
  const log = number === undefined ? undefined : logs[number]
  if (number === undefined || log === undefined) {
    return (
      <EmptyState icon={<Workflow aria-hidden="true" />} title="No saga has started">
        This run has none yet. Open a scenario with a saga, or play on.
      </EmptyState>
    )
  }
  return (
    <div className={styles.view} style={sagaColor(number)}>
      {logs.length > 1 && (
        <Select
          label="Saga"
          choices={sagaChoices(logs, number)}
          value={String(number)}
          onChange={(to) => select({ type: 'saga', saga: Number(to) })}
        />
      )}
      <SagaSteps trace={trace} log={log} saga={world?.sagas[number]} />
      <Log trace={trace} log={log} playhead={playhead} />
    </div>
  )
}

const statusTones = {
  Running: 'accent',
  Compensating: 'undo',
  Completed: 'ok',
  Compensated: 'undo',
  NeedsIntervention: 'bad',
  Aborted: 'undo',
} as const

function SagaSteps({ trace, log, saga }: { trace: Trace; log: SagaLog; saga: SagaState | undefined }) {
  const world = useSession((session) => session.world)
  const start = log.positions[0]
  if (saga === undefined) {
    const when = start === undefined ? 'later' : `at ${timeText(trace.timeAt(start))}`
    return <EmptyState title={`Saga ${log.id} starts ${when}`}>Play on, or press its first line below.</EmptyState>
  }
  const rows = stepRows(trace, saga)
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>
        Saga <span className={styles.id}>{log.id}</span>
        <Chip tone={statusTones[saga.status]}>{sagaStatusWords[saga.status]}</Chip>
      </h3>
      {trace.header.sagas[saga.definition]?.reconstructed === true && (
        <p className={styles.owed}>
          Put together from the events and the order they carry. No service holds it; each only reacts to what the
          others publish.
        </p>
      )}
      <ol className={styles.steps}>
        {rows.map((row) => (
          <Step key={row.name} row={row} />
        ))}
      </ol>
      <p className={styles.owed}>{owedText(rows, world)}</p>
    </section>
  )
}

function Step({ row }: { row: StepRow }) {
  return (
    <li className={styles.step} data-tone={stepTone(row.status)}>
      <StepIcon status={row.status} />
      <span className={styles.name}>
        {row.name}
        {row.kind !== 'compensatable' && <span className={styles.kind}>{row.kind}</span>}
        {row.attempts > 1 && <span className={styles.kind}>attempt {row.attempts}</span>}
      </span>
      <span className={styles.words}>{row.words}</span>
      <span className={styles.at}>
        {row.service}
        {row.owed && row.compensation !== null && (
          <Chip tone="undo" title="This compensation is owed if the saga turns back">
            owes {row.compensation}
          </Chip>
        )}
      </span>
    </li>
  )
}

function Log({ trace, log, playhead }: { trace: Trace; log: SagaLog; playhead: number }) {
  const positions = logAround(log.positions, playhead)
  return (
    <section className={styles.section}>
      <Overline level={3}>Saga log</Overline>
      {positions.length < log.positions.length && (
        <p className={styles.owed}>
          {positions.length} of {log.positions.length} entries, around the playhead
        </p>
      )}
      <EntryLines label={`Log of saga ${log.id}`}>
        {positions.map((position) => (
          <EntryLine key={position} trace={trace} position={position} tone={toneOf(trace.at('kind', position))}>
            {describe(trace, trace.entry(position))}
          </EntryLine>
        ))}
      </EntryLines>
    </section>
  )
}
