import { Hourglass, Layers, RefreshCw } from 'lucide-react'
import { useMemo } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { Chip } from '../../ui/chip.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DiskTable } from '../inspect/disk-table.tsx'
import { type ProjectionView, projectionViews, stripOf } from './projection-layout.ts'
import styles from './projections-view.module.css'

/** Projections beside each other: where each stands in the log it follows, and the read model that comes of it. */
export default function ProjectionsView({ trace }: { trace: Trace }) {
  const world = useSession((session) => session.world)
  const views = useMemo(() => (world === null ? [] : projectionViews(trace, world)), [trace, world])
  if (world === null || views.length === 0) {
    return (
      <EmptyState icon={<Layers aria-hidden="true" />} title="Nothing follows an event store here">
        Open a scenario of the chapter on CQRS and projections.
      </EmptyState>
    )
  }
  return (
    <div className={styles.view}>
      {views.map((view) => (
        <ProjectionBlock key={view.number} view={view} trace={trace} world={world} />
      ))}
    </div>
  )
}

interface BlockProps {
  view: ProjectionView
  trace: Trace
  world: WorldState
}

function ProjectionBlock({ view, trace, world }: BlockProps) {
  const { name, services, store, state } = view
  return (
    <section className={styles.projection} aria-label={`Projection ${name}`}>
      <h3 className={styles.head}>
        {name}
        <span className={styles.where}>
          {store} → {services.join(', ')}
        </span>
      </h3>
      <Strip view={view} trace={trace} world={world} />
      <Numbers view={view} />
      {state.rebuild !== null && <Rebuild view={view} />}
      {state.gap > 0 && (
        <p className={styles.gap}>
          <Hourglass size={13} aria-hidden="true" />
          Holds at position {state.gap}: nobody has committed it.
        </p>
      )}
      <AtWork view={view} />
      <Trouble view={view} />
      <ReadModel view={view} />
      {view.kept.map((table) => (
        <DiskTable key={table.table} table={table} service={services[0] ?? ''} />
      ))}
    </section>
  )
}

const STRIP = 14

/** The end of the log as the projection sees it: what it has applied, what is left. */
function Strip({ view, trace, world }: BlockProps) {
  const strip = stripOf(trace, world, view.number, STRIP)
  if (strip.length === 0) return <p className={styles.quiet}>The store is empty.</p>
  const { position, next, rebuild } = view.state
  return (
    <ol className={styles.strip} aria-label={`Position ${position} of ${view.head}`}>
      {strip.map((event) => (
        <li
          key={event.position}
          title={`${event.position} ${event.type ?? 'not committed'}`}
          data-gap={event.type === null ? '' : undefined}
          data-passed={event.type !== null && !event.followed ? '' : undefined}
          data-applied={event.position <= position ? '' : undefined}
          data-here={event.position === position ? '' : undefined}
          data-next={rebuild === 'blue/green' && event.position === next ? '' : undefined}
        >
          {event.position}
        </li>
      ))}
    </ol>
  )
}

function Numbers({ view }: { view: ProjectionView }) {
  const { state, checkpoint, lag, head, repeated } = view
  const isBehind = checkpoint !== null && checkpoint !== state.position
  return (
    <dl className={styles.numbers}>
      <Fact name="position" value={`${state.position} of ${head}`} />
      <Fact
        name="checkpoint"
        value={checkpoint === null ? 'kept by the store' : String(checkpoint)}
        tone={isBehind ? 'undo' : undefined}
      />
      <Fact name="lag" value={lag === 1 ? '1 event' : `${lag} events`} tone={lag > 0 ? 'undo' : 'ok'} />
      <Fact name="applied" value={String(state.applied)} />
      {repeated > 0 && <Fact name="applied again" value={String(repeated)} tone="bad" />}
      {view.owner !== null && <Fact name="claim" value={`${view.owner}, token ${state.token}`} />}
    </dl>
  )
}

function Fact({ name, value, tone }: { name: string; value: string; tone?: 'ok' | 'undo' | 'bad' | undefined }) {
  return (
    <div data-tone={tone}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Rebuild({ view: { state, nextCheckpoint, nextLag } }: { view: ProjectionView }) {
  const at = state.rebuild === 'in place' ? state.position : state.next
  const part = state.rebuildUntil === 0 ? 1 : Math.min(1, at / state.rebuildUntil)
  return (
    <div className={styles.rebuild} role="status">
      <p>
        <RefreshCw size={13} aria-hidden="true" />
        <b>Rebuilt {state.rebuild}</b>
        <span>
          {at} of {state.rebuildUntil}
          {nextCheckpoint !== null && `, checkpoint ${nextCheckpoint}, ${nextLag} behind`}
        </span>
      </p>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ inlineSize: `${part * 100}%` }} />
      </span>
    </div>
  )
}

function AtWork({ view: { atWork, onTheWay } }: { view: ProjectionView }) {
  const select = useSession((session) => session.select)
  if (atWork.length === 0 && onTheWay === 0) return <p className={styles.quiet}>No event is on its way to it.</p>
  return (
    <p className={styles.work}>
      {atWork.map(({ message, text }) => (
        <button key={message} type="button" onClick={() => select({ type: 'message', id: message })}>
          applies {text}
        </button>
      ))}
      {onTheWay > 0 && <span>{onTheWay} on the way</span>}
    </p>
  )
}

function Trouble({ view: { state, lastSkip, lastPark } }: { view: ProjectionView }) {
  if (state.skipped + state.parked + state.buffered + state.gapsSkipped === 0) return null
  return (
    <p className={styles.trouble}>
      {state.skipped > 0 && (
        <Chip tone="bad">
          {state.skipped} skipped{lastSkip === '' ? '' : `: ${lastSkip}`}
        </Chip>
      )}
      {state.parked > 0 && (
        <Chip tone="bad">
          {state.parked} parked{lastPark === '' ? '' : `: ${lastPark}`}
        </Chip>
      )}
      {state.buffered > 0 && <Chip tone="undo">{state.buffered} came too early, kept</Chip>}
      {state.gapsSkipped > 0 && <Chip tone="bad">{state.gapsSkipped} gaps passed over</Chip>}
    </p>
  )
}

/** As it is on disk; while another is built beside it, both. */
function ReadModel({ view }: { view: ProjectionView }) {
  const { tables, nextTables, services } = view
  const service = services[0] ?? ''
  if (nextTables.length === 0)
    return tables.map((table) => <DiskTable key={table.table} table={table} service={service} />)
  return (
    <div className={styles.beside}>
      <div>
        <h4>Serves queries</h4>
        {tables.map((table) => (
          <DiskTable key={table.table} table={table} service={service} />
        ))}
      </div>
      <div>
        <h4>Built beside it</h4>
        {nextTables.map((table) => (
          <DiskTable key={table.table} table={table} service={service} />
        ))}
      </div>
    </div>
  )
}
