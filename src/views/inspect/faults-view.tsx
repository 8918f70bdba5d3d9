import { useSession } from '../../session/use-session.ts'
import { Overline } from '../../ui/overline.tsx'
import { FaultEditor } from '../break/fault-editor.tsx'
import { FaultList } from '../break/fault-list.tsx'
import styles from './faults-view.module.css'

/** The selected fault with everything about it, or all of them to choose from. */
export function FaultsView() {
  const selection = useSession((session) => session.selection)
  const faults = useSession((session) => session.faults)
  const number = selection?.type === 'fault' ? selection.number : -1
  const fault = faults.find((known) => known.number === number)
  return (
    <div className={styles.view}>
      {fault !== undefined && <FaultEditor key={`${fault.origin} ${fault.place}`} fault={fault} />}
      {(fault === undefined || faults.length > 1) && (
        <section>
          <Overline level={3} className={styles.title}>
            {fault === undefined ? 'Choose a fault' : 'All faults'}
          </Overline>
          <FaultList />
        </section>
      )}
    </div>
  )
}
