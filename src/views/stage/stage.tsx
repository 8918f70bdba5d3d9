/**
 * The stage: services as cards, the bus as lanes, and one canvas above them for everything that moves. It shows the
 * session's playhead and time and moves neither.
 */
import { useId, useRef } from 'react'
import { ReactFlowProvider } from 'reactflow'
import { useSession } from '../../session/use-session.ts'
import { useElementSize } from '../../ui/use-element-size.ts'
import { EmptyStage } from './empty-stage.tsx'
import { FlightList } from './flight-list.tsx'
import styles from './stage.module.css'
import { StageDescription } from './stage-description.tsx'
import { StageFlow } from './stage-flow.tsx'
import { StageLegend } from './stage-legend.tsx'
import { StageStamp } from './stage-stamp.tsx'

/** The legend takes one line or folds: a second line would lie over the cards. */
const LEGEND_ROOM = 700

export function Stage() {
  const ref = useRef<HTMLElement>(null)
  const size = useElementSize(ref)
  const header = useSession((session) => session.trace?.header)
  const description = useId()
  const isMeasured = size !== null && size.width > 0 && size.height > 0
  return (
    <section ref={ref} className={styles.stage} aria-label="Stage" aria-describedby={description}>
      <StageDescription id={description} />
      {header === undefined ? (
        <EmptyStage />
      ) : (
        <>
          {isMeasured && (
            <ReactFlowProvider>
              <StageFlow header={header} size={size} />
            </ReactFlowProvider>
          )}
          <StageStamp />
          <FlightList />
          <StageLegend wide={size === null || size.width >= LEGEND_ROOM} />
        </>
      )}
    </section>
  )
}
