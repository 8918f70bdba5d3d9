/**
 * The run as a space-time diagram: services side by side, time downwards, messages as slanted lines. The same trace and
 * playhead as everywhere; only the window is its own.
 */
import { type PointerEvent, useMemo } from 'react'
import type { TimeFold } from '../../session/time-fold.ts'
import { useSession } from '../../session/use-session.ts'
import { classNames } from '../../ui/class-names.ts'
import { Overview } from '../timeline/overview.tsx'
import { Playhead } from '../timeline/playhead.tsx'
import { positionOf } from '../timeline/position-of.ts'
import { fromPixels, toPixels } from '../timeline/time-window.ts'
import { fontSizeFor, typeSize } from '../timeline/type-size.ts'
import { useSize } from '../timeline/use-size.ts'
import { useTimeGestures } from '../timeline/use-time-gestures.ts'
import { useTimeWindow } from '../timeline/use-time-window.ts'
import { type IndexedTrace, useTraceIndex } from '../timeline/use-trace-index.ts'
import { WindowControls } from '../timeline/window-controls.tsx'
import { type Columns, columnsOf, GUTTER } from './columns.ts'
import { Diagram } from './diagram.tsx'
import { InFlight } from './in-flight.tsx'
import styles from './space-time.module.css'
import { spaceTimeLayout } from './space-time-layout.ts'
import { tileSize, useTile } from './use-tile.ts'

/** Fold seconds per pixel to begin with: a hop of 10 ms falls 36 pixels, or 25 where there is little height. */
const PER_PIXEL = 1 / 66
const PER_PIXEL_LOW = 1 / 46
const LOW = 260
const margins = { before: 34, after: 40 }
/** The widest look, fold seconds. */
const SPAN_MAX = 400

export default function SpaceTime() {
  const indexed = useTraceIndex()
  const fold = useSession((session) => session.fold)
  if (indexed === null || fold === null) return null
  return <SpaceTimeOf indexed={indexed} fold={fold} />
}

interface SpaceTimeProps {
  indexed: IndexedTrace
  fold: TimeFold
}

function SpaceTimeOf({ indexed, fold }: SpaceTimeProps) {
  const { index } = indexed
  const time = useSession((session) => session.time)
  const playing = useSession((session) => session.playing)
  const seekTime = useSession((session) => session.seekTime)
  const [frameRef, frame] = useSize<HTMLDivElement>()
  const [bodyRef, body] = useSize<HTMLDivElement>()
  const at = fold.toFolded(time)
  const camera = useTimeWindow({
    total: fold.total,
    at,
    playing,
    size: body.height,
    margins,
    spanMax: SPAN_MAX,
    perPixel: body.height < LOW ? PER_PIXEL_LOW : PER_PIXEL,
  })
  const { window } = camera
  const fontSize = fontSizeFor(frame.width)
  const columns = useMemo(() => columnsOf(index.trace, frame.width), [index, frame.width])
  const tile = useTile(window)
  const drawnHeight = tileSize(body.height)
  const drawing = useMemo(
    () => spaceTimeLayout({ index: indexed.index, fold, window: tile, height: drawnHeight, columns, fontSize }),
    [indexed, fold, tile, drawnHeight, columns, fontSize],
  )
  const scrub = (pixels: number) => {
    const y = Math.min(Math.max(pixels, 0), body.height)
    seekTime(fold.toTime(fromPixels(window, body.height, y)))
  }
  const tap = useTap(scrub, -toPixels(window, body.height, tile.from))
  const shared = { axis: 'y', camera, size: body.height, scrub, tap, wheelZooms: false } as const
  const panning = useTimeGestures(bodyRef, { ...shared, drag: 'pan' })
  const place = (event: PointerEvent) => event.clientY - (bodyRef.current?.getBoundingClientRect().top ?? 0)
  const y = toPixels(window, body.height, at)

  return (
    <section className={styles.spaceTime} style={typeSize(fontSize)} aria-label="Space-time diagram">
      <div className={styles.frame} ref={frameRef}>
        <div className={styles.content} style={{ width: columns.width }}>
          <Heads columns={columns} />
          <div className={styles.body} ref={bodyRef} {...panning}>
            <div style={{ transform: `translateY(${toPixels(window, body.height, tile.from)}px)` }}>
              <Diagram drawing={drawing} columns={columns} height={drawnHeight} index={index} fontSize={fontSize} />
            </div>
            <InFlight columns={columns} y={y} />
            <Playhead axis="y" at={y} size={body.height} onDrag={(event) => scrub(place(event))} />
          </div>
        </div>
      </div>
      <div className={styles.controls}>
        <WindowControls camera={camera} rows={null} />
      </div>
      <div className={styles.overview}>
        <Overview axis="y" camera={camera} at={at} index={index} />
      </div>
      {drawing.drawnCount < drawing.flightCount && (
        <p className={styles.crowded}>
          {drawing.drawnCount.toLocaleString('en')} of {drawing.flightCount.toLocaleString('en')} messages drawn
        </p>
      )}
    </section>
  )
}

/** `shift`: how far up the drawing stands. A message's line goes to its sending or its arrival, whichever is nearer; empty ground to its time. */
function useTap(scrub: (pixels: number) => void, shift: number) {
  const select = useSession((session) => session.select)
  return (pixels: number, target: Element) => {
    const line = target.closest('[data-middle]')
    const middle = Number(line?.getAttribute('data-middle'))
    const position =
      line !== null && pixels + shift > middle ? Number(line.getAttribute('data-end')) : positionOf(target)
    if (position === undefined) scrub(pixels)
    else select({ type: 'entry', position })
  }
}

function Heads({ columns }: { columns: Columns }) {
  const world = useSession((session) => session.world)
  const selection = useSession((session) => session.selection)
  const select = useSession((session) => session.select)
  return (
    <div className={styles.heads}>
      <span className={styles.axisName} style={{ width: GUTTER }} />
      {columns.list.map(({ service, title, x }) => {
        const down = world?.services[service]?.up === false
        return (
          <button
            key={service}
            type="button"
            className={classNames(styles.head, down && styles.headDown)}
            style={{ left: x, maxWidth: columns.spacing - 8 }}
            aria-pressed={selection?.type === 'service' && selection.service === service}
            onClick={() => select({ type: 'service', service })}
          >
            {title}
            {down && ' · down'}
          </button>
        )
      })}
    </div>
  )
}
