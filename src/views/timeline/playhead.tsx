/** The moment shown: a line through everything with a handle to take hold of, and a veil over the future. */
import type { KeyboardEvent, PointerEvent } from 'react'
import { useSession } from '../../session/use-session.ts'
import { timeText } from '../../trace/describe.ts'
import { classNames } from '../../ui/class-names.ts'
import styles from './playhead.module.css'

interface PlayheadProps {
  /** Pixels along the axis. */
  at: number
  size: number
  axis: 'x' | 'y'
  /** Pixels along the axis, relative to the plot. */
  onDrag: (event: PointerEvent<HTMLElement>) => void
}

export function Playhead({ at, size, axis, onDrag }: PlayheadProps) {
  const playhead = useSession((session) => session.playhead)
  const count = useSession((session) => session.trace?.length ?? 0)
  const time = useSession((session) => session.time)
  const seek = useSession((session) => session.seek)
  const inSight = at >= -1 && at <= size + 1
  const place = Math.min(Math.max(at, 0), size)
  const shift = axis === 'x' ? `translateX(${place}px)` : `translateY(${place}px)`

  const onKeyDown = (event: KeyboardEvent) => {
    const to = keyTarget(event.key, playhead, count)
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    // The page's own arrow keys would step a second time.
    event.stopPropagation()
    seek(to)
  }
  return (
    <div className={classNames(styles.layer, styles[axis])}>
      {playhead < count && <div className={styles.future} style={{ transform: shift }} />}
      <div className={classNames(styles.line, !inSight && styles.away)} style={{ transform: shift }}>
        <div
          className={styles.handle}
          role="slider"
          tabIndex={0}
          aria-label="Playhead"
          aria-orientation={axis === 'x' ? 'horizontal' : 'vertical'}
          aria-valuemin={0}
          aria-valuemax={count}
          aria-valuenow={playhead}
          aria-valuetext={`${timeText(time)}, entry ${playhead} of ${count}`}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            event.stopPropagation()
            event.currentTarget.setPointerCapture(event.pointerId)
          }}
          onPointerMove={(event) => {
            if (event.currentTarget.hasPointerCapture(event.pointerId)) onDrag(event)
          }}
        />
      </div>
    </div>
  )
}

const PAGE = 10

function keyTarget(key: string, playhead: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowUp':
      return playhead - 1
    case 'ArrowRight':
    case 'ArrowDown':
      return playhead + 1
    case 'PageUp':
      return playhead - PAGE
    case 'PageDown':
      return playhead + PAGE
    case 'Home':
      return 0
    case 'End':
      return count
    default:
      return undefined
  }
}
