/** The lanes in sight with their names; scrolls when there are more than fit. */
import { useMemo, useState } from 'react'
import { useSession } from '../../session/use-session.ts'
import { Lane } from './lane.tsx'
import { emptyLane } from './lane-drawing.ts'
import { LaneLabel } from './lane-label.tsx'
import type { LaneRow } from './lane-rows.ts'
import { CrossMarks } from './ruler.tsx'
import type { RulerDrawing } from './ruler-layout.ts'
import styles from './timeline.module.css'
import { timelineLayout } from './timeline-layout.ts'
import type { TraceIndex } from './trace-index.ts'
import type { useTimeGestures } from './use-time-gestures.ts'
import type { TimeCamera } from './use-time-window.ts'
import type { IndexedTrace } from './use-trace-index.ts'

export interface Rows {
  readonly list: readonly LaneRow[]
  readonly expanded: boolean
  toggle(): void
}

interface LanesProps {
  indexed: IndexedTrace
  camera: TimeCamera
  rows: Rows
  plotRef: React.RefObject<HTMLDivElement | null>
  width: number
  height: number
  rowHeight: number
  fontSize: number
  under: number
  ruler: RulerDrawing
  gestures: ReturnType<typeof useTimeGestures>
}

export function Lanes({
  indexed,
  camera,
  rows,
  plotRef,
  width,
  height,
  rowHeight,
  fontSize,
  under,
  ruler,
  gestures,
}: LanesProps) {
  const { index } = indexed
  const [scrolled, setScrolled] = useState(0)
  const first = Math.max(0, Math.floor(scrolled / rowHeight))
  const count = Math.ceil(height / rowHeight) + 1
  const shown = useMemo(() => rows.list.slice(first, first + count), [rows.list, first, count])
  const { window } = camera
  const drawing = useMemo(() => {
    const tears = ruler.gaps.map(({ x }) => x)
    return timelineLayout({ index: indexed.index, window, width, rowHeight, fontSize, tears }, shown)
  }, [indexed, window, width, rowHeight, fontSize, ruler, shown])
  const message = useSelectedMessage(index)
  const top = (number: number) => (first + number) * rowHeight - scrolled
  return (
    <div className={styles.scroller} onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}>
      <div style={{ height: rows.list.length * rowHeight + under }} className={styles.spacer}>
        <div className={styles.view}>
          <div className={styles.labels}>
            {shown.map((row, number) => (
              <LaneLabel
                key={rowKey(row)}
                row={row}
                index={index}
                top={top(number)}
                height={rowHeight}
                onExpand={rows.toggle}
              />
            ))}
          </div>
          <div className={styles.plot} ref={plotRef} {...gestures}>
            <svg className={styles.lanes} width={width} height={height} aria-hidden="true">
              <defs>
                <pattern
                  id="down-hatching"
                  width="7"
                  height="7"
                  patternUnits="userSpaceOnUse"
                  patternTransform="rotate(45)"
                >
                  <rect width="7" height="7" className={styles.hatchGround} />
                  <path d="M0 0v7" className={styles.hatch} />
                </pattern>
                <pattern id="still-hatching" width="6" height="6" patternUnits="userSpaceOnUse">
                  <rect width="6" height="6" className={styles.stillGround} />
                  <path d="M1 0v6" className={styles.stillHatch} />
                </pattern>
              </defs>
              {shown.map((row, number) => (
                <g key={rowKey(row)} transform={`translate(0 ${top(number)})`}>
                  <path d={`M0 ${rowHeight - 0.5}h${width}`} className={styles.rule} />
                  <Lane drawing={drawing.lanes[number] ?? noLane} message={message} />
                </g>
              ))}
              <CrossMarks drawing={ruler} partitions={drawing.partitions} height={height - under} />
            </svg>
          </div>
        </div>
      </div>
    </div>
  )
}

const noLane = emptyLane()

function rowKey(row: LaneRow): string {
  if (row.type === 'pool') return 'pool'
  return row.type === 'saga' ? `saga ${row.saga}` : `service ${row.service}`
}

/** The message of what is selected, so that its bars stand out. */
function useSelectedMessage(index: TraceIndex): number {
  return useSession(({ selection }) => {
    if (selection?.type === 'message') return selection.id
    if (selection?.type !== 'entry' || selection.position >= index.trace.length) return -1
    return index.trace.at('message', selection.position)
  })
}
