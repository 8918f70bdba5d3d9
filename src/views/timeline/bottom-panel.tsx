/** Everything about time, along the foot of the page: the transport, and one of three views of the same run. */
import { lazy, Suspense } from 'react'
import type { BottomView } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { type Segment, Segmented } from '../../ui/segmented.tsx'
import { Transport } from '../transport/transport.tsx'
import styles from './bottom-panel.module.css'
import { Timeline } from './timeline.tsx'

const SpaceTime = lazy(() => import('../space-time/space-time.tsx'))
const CurvesPanel = lazy(() => import('../curves/curves-panel.tsx'))
const EventLog = lazy(() => import('../log/event-log.tsx'))
const StoreLog = lazy(() => import('../store/store-log.tsx'))

const segments: readonly Segment<BottomView>[] = [
  { value: 'timeline', label: 'Timeline' },
  { value: 'space-time', label: 'Space-time' },
  { value: 'log', label: 'Event log' },
  { value: 'curves', label: 'Curves' },
]
const store: Segment<BottomView> = { value: 'store', label: 'Store', title: 'The log of the event store' }

export function BottomPanel() {
  const view = useSession((session) => session.bottom)
  const setBottom = useSession((session) => session.setBottom)
  const hasStore = useSession(({ trace }) => (trace?.header.eventStores ?? []).length > 0)
  return (
    <div className={styles.panel}>
      <Transport>
        <Segmented
          label="View of time"
          segments={hasStore || view === 'store' ? [...segments, store] : segments}
          value={view}
          onChange={setBottom}
          className={styles.views}
        />
      </Transport>
      <div className={styles.view}>
        <Suspense fallback={<p className={styles.loading}>Loading…</p>}>
          {view === 'timeline' && <Timeline />}
          {view === 'space-time' && <SpaceTime />}
          {view === 'log' && <EventLog />}
          {view === 'curves' && <CurvesPanel />}
          {view === 'store' && <StoreLog />}
        </Suspense>
      </div>
    </div>
  )
}
