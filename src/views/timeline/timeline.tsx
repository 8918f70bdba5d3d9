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
import { fontSizeFor, typeSize } from './type-size.ts'
import { useCoarse } from './use-coarse.ts'
import { useSize } from './use-size.ts'
import { useTimeGestures } from './use-time-gestures.ts'
import { type TimeCamera, useTimeWindow } from './use-time-window.ts'
import { type IndexedTrace, useTraceIndex } from './use-trace-index.ts'
import { WindowControls } from './window-controls.tsx'

/** What happened last is named after it; narrow screens have no room for that. */
const wideMargins = { before: 22, after: 104 }
const narrowMargins = { before: 14, after: 22 }
const marginsFor = (width: number) => (width < 640 ? narrowMargins : wideMargins)

/** Lanes grow when there is room to spare, pixels. */
const ROW_MIN = 26
const ROW_MAX = 38
/** Room for the overview, which lies over the foot of the lanes. */
const UNDER = 14
const UNDER_COARSE = 26
const RULER_HEIGHT = 26
const RULER_HEIGHT_COARSE = 40

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
  const [plotRef, plot] = useSize<HTMLDivElement>()
  const camera = useTimeWindow({ total: fold.total, at, playing, size: plot.width, margins: marginsFor(plot.width) })
  const rows = useRows(indexed)
  const fontSize = fontSizeFor(plot.width)
  const coarse = useCoarse()
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
  const rowHeight = Math.min(ROW_MAX, Math.max(ROW_MIN, Math.floor(plot.height / rows.list.length)))
  const fits = rows.list.length * rowHeight <= plot.height
  const gestures = useTimeGestures(plotRef, {
    axis: 'x',
    camera,
    size: plot.width,
    drag: 'scrub',
    scrub,
    tap,
    wheelZooms: fits,
  })
  const ruler = useMemo(
    () => rulerLayout(indexed.index, fold, window, plot.width, fontSize),
    [indexed, fold, window, plot.width, fontSize],
  )
  const place = (event: PointerEvent) => event.clientX - (plotRef.current?.getBoundingClientRect().left ?? 0)

  return (
    <section className={styles.timeline} style={typeSize(fontSize)} aria-label="Timeline">
      <div className={styles.corner}>
        <WindowControls camera={camera} rows={canPool(index) ? rows : null} />
      </div>
      <div className={styles.rulerRow} {...gestures}>
        <Ruler drawing={ruler} width={plot.width} height={coarse ? RULER_HEIGHT_COARSE : RULER_HEIGHT} />
      </div>
      <Lanes
        indexed={indexed}
        camera={camera}
        rows={rows}
        plotRef={plotRef}
        width={plot.width}
        height={plot.height}
        rowHeight={rowHeight}
        fontSize={fontSize}
        under={camera.whole ? 0 : coarse ? UNDER_COARSE : UNDER}
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
          <Overview axis="x" camera={camera} at={at} index={index} />
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
  rowHeight: number
  fontSize: number
  under: number
  ruler: ReturnType<typeof rulerLayout>
  gestures: ReturnType<typeof useTimeGestures>
}

function Lanes({
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
  const scroller = useRef<HTMLDivElement>(null)
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
    <div className={styles.scroller} ref={scroller} onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}>
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
