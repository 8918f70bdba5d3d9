import { Database } from 'lucide-react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import styles from './service-block.module.css'
import { ServiceBlock } from './service-block.tsx'

/** Every service's disk and memory at the playhead; the selected service first. */
export function TablesView({ trace }: { trace: Trace }) {
  const selection = useSession((session) => session.selection)
  const services = trace.header.services.flatMap((info, number) => (info.kind === 'client' ? [] : [number]))
  const selected = selection?.type === 'service' ? selection.service : -1
  const ordered = services.includes(selected)
    ? [selected, ...services.filter((service) => service !== selected)]
    : services
  if (ordered.length === 0) {
    return (
      <EmptyState icon={<Database aria-hidden="true" />} title="No service has a disk">
        Open a scenario with tables to see them change.
      </EmptyState>
    )
  }
  return (
    <div className={styles.view}>
      {ordered.map((service) => (
        <ServiceBlock key={service} trace={trace} service={service} isSelected={service === selected} />
      ))}
    </div>
  )
}
