/**
 * The run from left to right: a lane per saga and per service on folded time, with the playhead to take hold of.
 * A projection of (trace, playhead); only the window and the open pool are its own.
 */
import { type PointerEvent, useMemo, useRef, useState } from 'react'
import type { TimeFold } from '../../session/time-fold.ts'
import { useSession } from '../../session/use-session.ts'
import { Lane } from './lane.tsx'
import { LaneLabel } from './lane-label.tsx'
import { canPool, type LaneRow, laneRows } from './lane-rows.ts'
import { Overview } from './overview.tsx'
import { Playhead } from './playhead.tsx'
import { CrossMarks, Ruler } from './ruler.tsx'
import { rulerLayout } from './ruler-layout.ts'
import { fromPixels, toPixels } from './time-window.ts'
import styles from './timeline.module.css'
import { timelineLayout } from './timeline-layout.ts'
import type { TraceIndex } from './trace-index.ts'
import { useSize } from './use-size.ts'
import { useTimeGestures } from './use-time-gestures.ts'
import { type TimeCamera, useTimeWindow } from './use-time-window.ts'
import { type IndexedTrace, useTraceIndex } from './use-trace-index.ts'
import { WindowControls } from './window-controls.tsx'

const ROW_HEIGHT = 26

export function Timeline() {
  const indexed = useTraceIndex()
  const fold = useSession((session) => session.fold)
  if (indexed === null || fold === null) return <div className={styles.timeline} />
  return <TimelineOf indexed={indexed} fold={fold} />
}

interface TimelineProps {
  indexed: IndexedTrace
  fold: TimeFold
}

function TimelineOf({ indexed, fold }: TimelineProps) {
  const { index } = indexed
  const time = useSession((session) => session.time)
  const playing = useSession((session) => session.playing)
  const at = fold.toFolded(time)
  const camera = useTimeWindow({ total: fold.total, at, playing })
  const [plotRef, plot] = useSize<HTMLDivElement>()
  const rows = useRows(indexed)
  const seekTime = useSession((session) => session.seekTime)
  const select = useSession((session) => session.select)

  const { window } = camera
  const scrub = (pixels: number) => {
    const x = Math.min(Math.max(pixels, 0), plot.width)
    seekTime(fold.toTime(fromPixels(window, plot.width, x)))
  }
  const tap = (pixels: number, target: Element) => {
    const position = positionOf(target)
    if (position === undefined) scrub(pixels)
    else select({ type: 'entry', position })
  }
  const fits = rows.list.length * ROW_HEIGHT <= plot.height
  const gestures = useTimeGestures(plotRef, {
    axis: 'x',
    camera,
    size: plot.width,
    drag: 'scrub',
    scrub,
    tap,
    wheelZooms: fits,
  })
  const ruler = useMemo(() => rulerLayout(indexed.index, fold, window, plot.width), [indexed, fold, window, plot.width])
  const place = (event: PointerEvent) => event.clientX - (plotRef.current?.getBoundingClientRect().left ?? 0)

  return (
    <section className={styles.timeline} aria-label="Timeline">
      <div className={styles.corner}>
        <WindowControls camera={camera} rows={canPool(index) ? rows : null} />
      </div>
      <div className={styles.rulerRow} {...gestures}>
        <Ruler drawing={ruler} width={plot.width} />
      </div>
      <Lanes
        indexed={indexed}
        camera={camera}
        rows={rows}
        plotRef={plotRef}
        width={plot.width}
        height={plot.height}
        ruler={ruler}
        gestures={gestures}
      />
      <div className={styles.over}>
        <Playhead
          axis="x"
          at={toPixels(window, plot.width, at)}
          size={plot.width}
          onDrag={(event) => scrub(place(event))}
        />
      </div>
      {!camera.whole && (
        <div className={styles.overview}>
          <Overview axis="x" camera={camera} total={fold.total} at={at} index={index} />
        </div>
      )}
    </section>
  )
}

/** The entry a drawn thing stands for. */
export function positionOf(target: Element): number | undefined {
  const position = target.closest('[data-position]')?.getAttribute('data-position')
  return position === null || position === undefined ? undefined : Number(position)
}

export interface Rows {
  readonly list: readonly LaneRow[]
  readonly expanded: boolean
  toggle(): void
}

function useRows(indexed: IndexedTrace): Rows {
  const [expanded, setExpanded] = useState(false)
  const selected = useSession(({ selection }) => (selection?.type === 'saga' ? selection.saga : -1))
  const list = useMemo(() => laneRows(indexed.index, expanded, selected), [indexed, expanded, selected])
  return { list, expanded, toggle: () => setExpanded(!expanded) }
}

interface LanesProps {
  indexed: IndexedTrace
  camera: TimeCamera
  rows: Rows
  plotRef: React.RefObject<HTMLDivElement | null>
  width: number
  height: number
  ruler: ReturnType<typeof rulerLayout>
  gestures: ReturnType<typeof useTimeGestures>
}

function Lanes({ indexed, camera, rows, plotRef, width, height, ruler, gestures }: LanesProps) {
  const { index } = indexed
  const [scrolled, setScrolled] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const first = Math.max(0, Math.floor(scrolled / ROW_HEIGHT))
  const count = Math.ceil(height / ROW_HEIGHT) + 1
  const shown = useMemo(() => rows.list.slice(first, first + count), [rows.list, first, count])
  const { window } = camera
  const drawing = useMemo(
    () => timelineLayout({ index: indexed.index, window, width, rowHeight: ROW_HEIGHT }, shown),
    [indexed, window, width, shown],
  )
  const message = useSelectedMessage(index)
  const top = (number: number) => (first + number) * ROW_HEIGHT - scrolled
  const marksHeight = Math.min(height, rows.list.length * ROW_HEIGHT - scrolled)
  return (
    <div className={styles.scroller} ref={scroller} onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}>
      <div style={{ height: rows.list.length * ROW_HEIGHT }} className={styles.spacer}>
        <div className={styles.view}>
          <div className={styles.labels}>
            {shown.map((row, number) => (
              <LaneLabel
                key={rowKey(row)}
                row={row}
                index={index}
                top={top(number)}
                height={ROW_HEIGHT}
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
              </defs>
              {shown.map((row, number) => (
                <g key={rowKey(row)} transform={`translate(0 ${top(number)})`}>
                  <path d={`M0 ${ROW_HEIGHT - 0.5}h${width}`} className={styles.rule} />
                  <Lane drawing={drawing.lanes[number] ?? noLane} message={message} />
                </g>
              ))}
              <CrossMarks drawing={ruler} partitions={drawing.partitions} height={marksHeight} />
            </svg>
          </div>
        </div>
      </div>
    </div>
  )
}

const noLane = { bars: [], strokes: [], marks: [], crowds: [] }

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
