/** The whole run as a slim strip: where the window lies in it, where things broke. Drag it to move. */
import { type PointerEvent, useRef } from 'react'
import { classNames } from '../../ui/class-names.ts'
import styles from './overview.module.css'
import { panBy, spanOf } from './time-window.ts'
import type { TraceIndex } from './trace-index.ts'
import type { TimeCamera } from './use-time-window.ts'

interface OverviewProps {
  axis: 'x' | 'y'
  camera: TimeCamera
  /** Folded time of the playhead. */
  at: number
  index: TraceIndex
}

const MARKS_MAX = 200
const THUMB_MIN = 0.03

export function Overview({ axis, camera, at, index }: OverviewProps) {
  const track = useRef<HTMLDivElement>(null)
  const grip = useRef<number | null>(null)
  const whole = camera.bounds
  const share = (folded: number) => (folded - whole.from) / spanOf(whole)
  const start = share(camera.window.from)
  const length = Math.max(share(camera.window.to) - start, THUMB_MIN)

  const shareUnder = (event: PointerEvent) => {
    const box = (track.current as HTMLElement).getBoundingClientRect()
    return axis === 'x' ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height
  }
  const moveTo = (wanted: number) => {
    const by = ((wanted - start) * spanOf(whole)) / spanOf(camera.window)
    camera.take(panBy(camera.window, by))
  }
  const { at: marks, positions } = index.violationMarks
  return (
    <div
      ref={track}
      className={classNames(styles.track, styles[axis])}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        const place = shareUnder(event)
        const onThumb = place >= start && place <= start + length
        grip.current = onThumb ? place - start : length / 2
        if (!onThumb) moveTo(place - length / 2)
      }}
      onPointerMove={(event) => {
        if (grip.current !== null) moveTo(shareUnder(event) - grip.current)
      }}
      onPointerUp={() => {
        grip.current = null
      }}
      onPointerCancel={() => {
        grip.current = null
      }}
    >
      <div className={styles.thumb} style={stretch(axis, start, length)} />
      {marks.slice(0, MARKS_MAX).map((mark, number) => (
        <div key={positions[number]} className={styles.violation} style={stretch(axis, share(mark), 0)} />
      ))}
      <div className={styles.playhead} style={stretch(axis, share(at), 0)} />
    </div>
  )
}

function stretch(axis: 'x' | 'y', from: number, length: number): React.CSSProperties {
  const start = `${from * 100}%`
  const size = length === 0 ? {} : { [axis === 'x' ? 'width' : 'height']: `${length * 100}%` }
  return axis === 'x' ? { left: start, ...size } : { top: start, ...size }
}
