/** The name of a lane, with its state at the playhead; pressing it selects the thing. */
import { ChevronDown } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { SagaStatus } from '../../trace/world-state.ts'
import { classNames } from '../../ui/class-names.ts'
import styles from './lane-label.module.css'
import type { LaneRow } from './lane-rows.ts'
import { sagaColor } from './saga-color.ts'
import { SignPath } from './sign.tsx'
import type { Sign } from './signs.ts'
import type { TraceIndex } from './trace-index.ts'
import { useCoarse } from './use-coarse.ts'

interface LaneLabelProps {
  row: LaneRow
  index: TraceIndex
  top: number
  height: number
  onExpand: () => void
}

export function LaneLabel({ row, index, top, height, onExpand }: LaneLabelProps) {
  const place = { transform: `translateY(${top}px)`, height }
  if (row.type === 'service') return <ServiceLabel service={row.service} index={index} place={place} />
  if (row.type === 'saga') return <SagaLabel saga={row.saga} index={index} place={place} />
  return (
    <button type="button" className={classNames(styles.label, styles.pool)} style={place} onClick={onExpand}>
      <span className={styles.name}>and {row.count.toLocaleString('en')} more</span>
      <ChevronDown size={14} aria-hidden="true" />
    </button>
  )
}

/** A lane is lower than a finger is wide: there the stage is the place to pick sagas and services. */
function Label({ className, style, pressed, onClick, children }: LabelProps) {
  const coarse = useCoarse()
  if (coarse) {
    return (
      <div className={className} style={style}>
        {children}
      </div>
    )
  }
  return (
    <button type="button" aria-pressed={pressed} className={className} style={style} onClick={onClick}>
      {children}
    </button>
  )
}

interface LabelProps {
  className: string | undefined
  style: CSSProperties
  pressed: boolean
  onClick: () => void
  children: ReactNode
}

interface Placed {
  index: TraceIndex
  place: { transform: string; height: number }
}

const statusSigns: Record<SagaStatus, { sign: Sign; word: string; tone: string | undefined }> = {
  Running: { sign: 'dots', word: 'running', tone: undefined },
  Compensating: { sign: 'undo', word: 'compensating', tone: styles.undo },
  Completed: { sign: 'check', word: 'completed', tone: styles.ok },
  Compensated: { sign: 'undo', word: 'compensated', tone: styles.undo },
  Aborted: { sign: 'undo', word: 'aborted', tone: styles.undo },
  NeedsIntervention: { sign: 'bang', word: 'needs a person', tone: styles.bad },
}

function SagaLabel({ saga, index, place }: Placed & { saga: number }) {
  const status = useSession((session) => session.world?.sagas[saga]?.status)
  const selected = useSession(({ selection }) => selection?.type === 'saga' && selection.saga === saga)
  const select = useSession((session) => session.select)
  const shown = status === undefined ? undefined : statusSigns[status]
  return (
    <Label
      pressed={selected}
      className={classNames(styles.label, styles.saga)}
      style={{ ...place, ...sagaColor(saga) }}
      onClick={() => select({ type: 'saga', saga })}
    >
      <span className={styles.swatch} aria-hidden="true" />
      <span className={styles.name}>{index.sagas.lanes[saga]?.id ?? saga}</span>
      {shown !== undefined && <State {...shown} />}
    </Label>
  )
}

function ServiceLabel({ service, index, place }: Placed & { service: number }) {
  const up = useSession((session) => session.world?.services[service]?.up ?? true)
  const selected = useSession(({ selection }) => selection?.type === 'service' && selection.service === service)
  const select = useSession((session) => session.select)
  return (
    <Label
      pressed={selected}
      className={styles.label}
      style={place}
      onClick={() => select({ type: 'service', service })}
    >
      <span className={styles.name}>{index.trace.header.services[service]?.title}</span>
      {!up && <State sign="bolt" word="down" tone={styles.bad} />}
    </Label>
  )
}

function State({ sign, word, tone }: { sign: Sign; word: string; tone: string | undefined }) {
  return (
    <span className={classNames(styles.state, tone)} title={word}>
      <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
        <SignPath sign={sign} className={styles.sign} />
      </svg>
      <span className={styles.word}>{word}</span>
    </span>
  )
}
