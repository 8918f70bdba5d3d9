import { Check, CircleDashed, Clock, X } from 'lucide-react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import { classNames } from '../../ui/class-names.ts'
import { Anomalies } from './anomalies.tsx'
import { Cures } from './cures.tsx'
import { HoldingVariants } from './holding-variants.tsx'
import { Observables } from './observables.tsx'
import { type Headline, headline, type PropertyRow, propertyRows } from './verdict-layout.ts'
import styles from './verdict-view.module.css'
import { Warnings } from './warnings.tsx'
import { WhyStory } from './why-story.tsx'

const icons = {
  holds: Check,
  broken: X,
  ahead: Clock,
  open: CircleDashed,
  ok: Check,
  wait: CircleDashed,
}

/** What was promised, whether it held, and if not, why. */
export function VerdictView({ trace }: { trace: Trace }) {
  const run = useSession((session) => session.run)
  const playhead = useSession((session) => session.playhead)
  const world = useSession((session) => session.world)
  const input = { trace, run, playhead, world }
  const head = headline(input)
  const rows = propertyRows(input)
  return (
    <div className={styles.view}>
      <HeadlineCard head={head} />
      {rows.length > 0 && (
        <ul className={styles.properties} aria-label="Properties">
          {rows.map((row) => (
            <Property key={row.name} row={row} />
          ))}
        </ul>
      )}
      {run.summary !== null && <Anomalies trace={trace} />}
      {head.position >= 0 && head.position < trace.length && <WhyStory trace={trace} violation={head.position} />}
      {head.position >= 0 && run.summary !== null && <Cures promise={head.property} />}
      {head.expected && <HoldingVariants property={head.property} />}
      <Warnings lines={[...(trace.header.warnings ?? []), ...circle(run.summary?.cycle)]} />
      {run.summary !== null && <Observables summary={run.summary} />}
    </div>
  )
}

/** A run that cannot end says what it does again and again. */
function circle(cycle: string | null | undefined): string[] {
  return cycle === null || cycle === undefined ? [] : [`This run cannot end by itself. It goes round: ${cycle}.`]
}

function HeadlineCard({ head }: { head: Headline }) {
  const seek = useSession((session) => session.seek)
  const Icon = icons[head.tone]
  const body = (
    <>
      <span className={styles.title}>
        <Icon aria-hidden="true" />
        {head.title}
      </span>
      <span className={styles.sentence}>{head.text}</span>
      {head.where !== '' && <span className={styles.where}>{head.where}</span>}
      {head.expected && <span className={styles.expected}>Expected here: this variant shows the failure.</span>}
    </>
  )
  if (head.position < 0) return <div className={classNames(styles.card, styles[head.tone])}>{body}</div>
  return (
    <button
      type="button"
      className={classNames(styles.card, styles[head.tone])}
      title="Go there"
      onClick={() => seek(head.position + 1)}
    >
      {body}
    </button>
  )
}

const words = { holds: 'holds', broken: 'broken', ahead: 'will break', open: 'not broken so far' }

function Property({ row }: { row: PropertyRow }) {
  const seek = useSession((session) => session.seek)
  const Icon = icons[row.state]
  const body = (
    <>
      <Icon aria-hidden="true" />
      <span className={styles.name}>
        <span className="sr-only">{words[row.state]}: </span>
        {row.title === '' ? row.name : row.title}
      </span>
      <span className={styles.note}>
        {row.state === 'ahead' && 'breaks at '}
        {row.note}
      </span>
    </>
  )
  return (
    <li>
      {row.position < 0 ? (
        <div className={styles.property} data-state={row.state} title={`${row.name}: ${row.check}`}>
          {body}
        </div>
      ) : (
        <button
          type="button"
          className={styles.property}
          data-state={row.state}
          title={`${row.name}: ${row.check}`}
          onClick={() => seek(row.position + 1)}
        >
          {body}
        </button>
      )}
    </li>
  )
}

/** The verdict's sign on its tab. */
export function VerdictSign({ trace }: { trace: Trace }) {
  const run = useSession((session) => session.run)
  const playhead = useSession((session) => session.playhead)
  const world = useSession((session) => session.world)
  const { tone } = headline({ trace, run, playhead, world })
  const Icon = icons[tone]
  return <Icon className={classNames(styles.sign, styles[tone])} aria-hidden="true" />
}
