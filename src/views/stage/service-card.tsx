import { Archive, ClockAlert, Hourglass, KeyRound, Lock, RefreshCw, Rows3, Shield, Unplug } from 'lucide-react'
import { useMemo } from 'react'
import type { NodeProps } from 'reactflow'
import { useSession } from '../../session/use-session.ts'
import type { ServiceInfo } from '../../trace/trace-format.ts'
import { classNames } from '../../ui/class-names.ts'
import { useReducedMotion } from '../../ui/use-reduced-motion.ts'
import { type CardView, cardSelector } from './card-selector.ts'
import type { Density } from './card-size.ts'
import { DiskAndMemory } from './disk-and-memory.tsx'
import { FaultBadges } from './fault-badges.tsx'
import { Replicas } from './replicas.tsx'
import { SagaSteps } from './saga-steps.tsx'
import styles from './service-card.module.css'
import type { ServiceNode } from './stage-node.ts'
import type { Standing } from './standing.ts'

export function ServiceCard({ data: { service, density } }: NodeProps<ServiceNode>) {
  const reduced = useReducedMotion()
  const select = useMemo(() => cardSelector(service, density, reduced), [service, density, reduced])
  const view = useSession(select)
  const info = useSession((session) => session.trace?.header.services[service])
  if (info === undefined || view === undefined) return null
  return (
    <>
      <LaneEnds />
      {info.kind === 'client' ? (
        <ClientCard service={service} info={info} />
      ) : (
        <Card service={service} info={info} view={view} density={density} />
      )}
    </>
  )
}

/** React Flow draws an edge only between handles it can measure; a plain element is one, and costs no subscription. */
function LaneEnds() {
  return (
    <>
      <i className={classNames('source', styles.laneEnd)} data-handlepos="right" aria-hidden />
      <i className={classNames('target', styles.laneEnd)} data-handlepos="left" aria-hidden />
    </>
  )
}

interface CardProps {
  service: number
  info: ServiceInfo
}

function Card({ service, info, view, density }: CardProps & { view: CardView; density: Density }) {
  const selected = useSession(({ selection }) => selection?.type === 'service' && selection.service === service)
  return (
    <article
      className={classNames(
        styles.card,
        styles[density],
        view.saga !== null && styles.hub,
        !view.up && styles.down,
        selected && styles.selected,
      )}
      data-fault-target={`service:${service}`}
      data-density={density}
      data-paused={view.up && view.down !== null ? '' : undefined}
    >
      <header className={styles.title}>
        <span className={styles.health} data-up={view.up} />
        <TargetButton service={service} title={info.title} state={`${view.up ? 'up' : 'down'}, ${view.phase}`} />
        <span className={styles.phase}>{view.phase}</span>
      </header>
      <div className={styles.smallPrint}>
        {view.replicas !== null && <Replicas name={info.name} title={info.title} replicas={view.replicas} />}
        {view.saga !== null && <SagaSteps view={view.saga} />}
        <DiskAndMemory
          again={view.again?.changedAt ?? null}
          lines={view.lines}
          memory={view.memory}
          up={view.up}
          density={density}
        />
        {density === 'regular' && <Protections names={info.protections} />}
      </div>
      <StandingLine view={view} />
      <FaultBadges service={service} density={density} />
    </article>
  )
}

/** What is told below the card: it lies outside the service, or is there for a while only. */
function StandingLine({ view: { down, up, standing, again } }: { view: CardView }) {
  if (down === null && standing.length === 0 && again === null) return null
  return (
    <p className={styles.standing}>
      {again !== null && (
        <span className={styles.again} data-state={again.state} title={again.text}>
          <i aria-hidden>{again.count}×</i>
          {again.text}
        </span>
      )}
      {down !== null && <span className={up ? styles.pausedBadge : styles.downBadge}>{down}</span>}
      {standing.map(({ kind, text, title }) => (
        <span key={text} data-kind={kind} title={title}>
          <StandingSign kind={kind} />
          {text}
        </span>
      ))}
    </p>
  )
}

const signs = {
  lease: KeyRound,
  group: Rows3,
  clock: ClockAlert,
  circuit: Unplug,
  lock: Lock,
  wait: Hourglass,
  queued: null,
  parked: Archive,
  rebuild: RefreshCw,
} as const

function StandingSign({ kind }: { kind: Standing['kind'] }) {
  const Sign = signs[kind]
  return Sign === null ? null : <Sign size={10} strokeWidth={2.4} aria-hidden />
}

function ClientCard({ service, info }: CardProps) {
  return (
    <article className={classNames(styles.card, styles.client)} data-fault-target={`service:${service}`}>
      <TargetButton service={service} title={info.title} state="sends the requests" />
    </article>
  )
}

/** The whole card is its button: it selects the service, or takes the fault in the visitor's hand. */
function TargetButton({ service, title, state }: { service: number; title: string; state: string }) {
  const armed = useSession((session) => session.armed)
  const select = useSession((session) => session.select)
  const dropFault = useSession((session) => session.dropFault)
  const onClick = () => {
    if (armed === null) select({ type: 'service', service })
    else dropFault(armed, { type: 'service', service })
  }
  return (
    <button
      type="button"
      className={styles.hit}
      aria-label={armed === null ? `${title}: ${state}` : `Put ${armed} on ${title}`}
      onClick={onClick}
    >
      {title}
    </button>
  )
}

function Protections({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <ul className={styles.protections} aria-label="Protections">
      {names.map((name) => (
        <li key={name}>
          <Shield size={10} strokeWidth={2.4} aria-hidden />
          {name}
        </li>
      ))}
    </ul>
  )
}
