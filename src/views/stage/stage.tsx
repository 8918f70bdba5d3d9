/**
 * The stage: services as cards, the bus as lanes, and one canvas above them for everything that moves. It shows the
 * session's playhead and time and moves neither.
 */
import { type ReactNode, useId, useRef } from 'react'
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

interface StageProps {
  /** What a first visit says: one sentence and one thing to try. */
  hint?: ReactNode
}

export function Stage({ hint }: StageProps) {
  const ref = useRef<HTMLElement>(null)
  const size = useElementSize(ref)
  const isEmpty = useSession((session) => session.trace === null)
  const description = useId()
  return (
    <section ref={ref} className={styles.stage} aria-label="Stage" aria-describedby={description}>
      <StageDescription id={description} />
      {isEmpty ? (
        <EmptyStage />
      ) : (
        <>
          {size !== null && size.width > 0 && (
            <ReactFlowProvider>
              <StageFlow size={size} />
            </ReactFlowProvider>
          )}
          <StageStamp />
          <FlightList />
          <StageLegend wide={size === null || size.width >= 620} />
          {hint !== undefined && <div className={styles.hint}>{hint}</div>}
        </>
      )}
    </section>
  )
}
