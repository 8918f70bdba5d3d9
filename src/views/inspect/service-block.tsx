import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { Chip } from '../../ui/chip.tsx'
import { DiskTable } from './disk-table.tsx'
import styles from './service-block.module.css'
import { type ServiceNow, serviceNow } from './service-layout.ts'
import { type TableView, tableViews } from './tables-layout.ts'

interface ServiceBlockProps {
  trace: Trace
  service: number
  isSelected: boolean
}

/** A service at the playhead: what it is doing, what would be lost in a crash, and its disk. */
export function ServiceBlock({ trace, service, isSelected }: ServiceBlockProps) {
  const world = useSession((session) => session.world)
  const time = useSession((session) => (session.playing ? (session.world?.time ?? 0) : session.time))
  const info = trace.header.services[service]
  const state = world?.services[service]
  if (world === null || info === undefined || state === undefined) return null
  const now = serviceNow(trace, state, time)
  return (
    <section className={styles.service} data-selected={isSelected ? '' : undefined}>
      <h3 className={styles.head}>
        <span className={styles.health} data-up={now.up ? '' : undefined} aria-hidden="true" />
        {info.title}
        <span className={styles.doing}>{now.doing}</span>
      </h3>
      {info.protections.length > 0 && (
        <p className={styles.protections}>
          <span className="sr-only">Protections: </span>
          {info.protections.map((protection) => (
            <Chip key={protection}>{protection}</Chip>
          ))}
        </p>
      )}
      <Queue now={now} />
      <Disk trace={trace} world={world} service={service} title={info.title} />
      <div className={styles.memory}>
        <b>memory</b> {now.memory.join(' · ')}
      </div>
    </section>
  )
}

const QUEUE_SHOWN = 8

function Queue({ now }: { now: ServiceNow }) {
  const select = useSession((session) => session.select)
  if (now.queue.length === 0) return null
  return (
    <p className={styles.queue}>
      {now.queue.length} waiting:
      {now.queue.slice(0, QUEUE_SHOWN).map((message) => (
        <button
          key={message.id}
          type="button"
          className={styles.message}
          onClick={() => select({ type: 'message', id: message.id })}
        >
          {message.type}
        </button>
      ))}
      {now.queue.length > QUEUE_SHOWN && ` and ${now.queue.length - QUEUE_SHOWN} more`}
    </p>
  )
}

interface DiskProps {
  trace: Trace
  world: WorldState
  service: number
  title: string
}

function Disk({ trace, world, service, title }: DiskProps) {
  const tables = tableViews(trace, world, world.position, service)
  const own = tables.filter((table) => !table.system)
  const system = tables.filter((table) => table.system)
  return (
    <>
      {own.map((table) => (
        <DiskTable key={table.table} table={table} service={title} />
      ))}
      {tables.length === 0 && <p className={styles.quiet}>Nothing on disk: this service keeps no tables.</p>}
      {system.length > 0 && <SystemTables tables={system} service={title} />}
    </>
  )
}

function SystemTables({ tables, service }: { tables: readonly TableView[]; service: string }) {
  const changed = tables.some((table) => table.changed)
  const rows = tables.reduce((sum, table) => sum + table.rows.length + table.more, 0)
  return (
    <details className={styles.system}>
      <summary>
        Kept by patterns: {tables.map((table) => table.name).join(', ')}{' '}
        <span className={styles.count}>
          {rows} {rows === 1 ? 'row' : 'rows'}
        </span>
        {changed && <Chip tone="undo">just changed</Chip>}
      </summary>
      {tables.map((table) => (
        <DiskTable key={table.table} table={table} service={service} />
      ))}
    </details>
  )
}
