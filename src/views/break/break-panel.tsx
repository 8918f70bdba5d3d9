import { Overline } from '../../ui/overline.tsx'
import styles from './break-panel.module.css'
import { FaultList } from './fault-list.tsx'
import { Palette } from './palette.tsx'

/** Breaking it: the failures to choose from, and those in force. */
export function BreakPanel() {
  return (
    <div className={styles.panel}>
      <section aria-labelledby="break-title">
        <Overline id="break-title" className={styles.title}>
          Break something
        </Overline>
        <Palette />
      </section>
      <section aria-labelledby="faults-title">
        <Overline id="faults-title" className={styles.title}>
          In force
        </Overline>
        <FaultList />
      </section>
    </div>
  )
}
