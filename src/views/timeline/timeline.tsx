/**
 * The run from left to right: a lane per saga and per service on folded time, with the playhead to take hold of.
 * A projection of (trace, playhead); only the window and the open pool are its own.
 */
import { type PointerEvent, useMemo, useState } from 'react'
import type { TimeFold } from '../../session/time-fold.ts'
import { useSession } from '../../session/use-session.ts'
import { canPool, laneRows } from './lane-rows.ts'
import { Lanes, type Rows } from './lanes.tsx'
import { Overview } from './overview.tsx'
import { Playhead } from './playhead.tsx'
import { positionOf } from './position-of.ts'
import { Ruler } from './ruler.tsx'
import { rulerLayout } from './ruler-layout.ts'
import { fromPixels, toPixels } from './time-window.ts'
import styles from './timeline.module.css'
import { fontSizeFor, typeSize } from './type-size.ts'
import { useCoarse } from './use-coarse.ts'
import { useSize } from './use-size.ts'
import { useTimeGestures } from './use-time-gestures.ts'
import { useTimeWindow } from './use-time-window.ts'
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

function useRows(indexed: IndexedTrace): Rows {
  const [expanded, setExpanded] = useState(false)
  const selected = useSession(({ selection }) => (selection?.type === 'saga' ? selection.saga : -1))
  const list = useMemo(() => laneRows(indexed.index, expanded, selected), [indexed, expanded, selected])
  return { list, expanded, toggle: () => setExpanded(!expanded) }
}
