/** Wheel, drag, pinch and tap on a stretch of time, along either axis. */
import { type PointerEvent, type RefObject, useEffect, useRef } from 'react'
import { panBy, type TimeWindow, zoomAt } from './time-window.ts'
import type { TimeCamera } from './use-time-window.ts'

interface Gestures {
  readonly axis: 'x' | 'y'
  readonly camera: TimeCamera
  /** Pixels of the element along the axis. */
  readonly size: number
  /** Dragging moves the playhead (calls `scrub`) or the window. */
  readonly drag: 'scrub' | 'pan'
  /** Pixels along the axis. */
  readonly scrub: (pixels: number) => void
  readonly tap: (pixels: number, target: Element) => void
  /** A plain wheel zooms (true), or moves the window along the axis. */
  readonly wheelZooms: boolean
}

const DRAG_STARTS = 4
const WHEEL_ZOOM = 0.0022

interface Touch {
  readonly start: number
  last: number
}
interface Drag {
  readonly pointers: Map<number, Touch>
  readonly target: Element
  moved: boolean
  pinched: boolean
  window: TimeWindow
}

export function useTimeGestures(ref: RefObject<HTMLElement | null>, gestures: Gestures) {
  const latest = useRef(gestures)
  latest.current = gestures
  const drag = useRef<Drag | null>(null)
  useWheel(ref, latest)

  const place = (event: PointerEvent): number => {
    const box = (ref.current as HTMLElement).getBoundingClientRect()
    return latest.current.axis === 'x' ? event.clientX - box.left : event.clientY - box.top
  }
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return
      const at = place(event)
      const known = drag.current
      if (known === null) {
        const { window } = latest.current.camera
        drag.current = { pointers: new Map(), target: event.target as Element, moved: false, pinched: false, window }
      } else {
        known.pinched = true
        known.window = latest.current.camera.window
        for (const [id, touch] of known.pointers) known.pointers.set(id, { start: touch.last, last: touch.last })
      }
      drag.current?.pointers.set(event.pointerId, { start: at, last: at })
      event.currentTarget.setPointerCapture?.(event.pointerId)
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const known = drag.current
      const touch = known?.pointers.get(event.pointerId)
      if (known === null || touch === undefined) return
      touch.last = place(event)
      if (known.pinched) return pinch(known, latest.current)
      if (!known.moved && Math.abs(touch.last - touch.start) < DRAG_STARTS) return
      known.moved = true
      const { drag: kind, scrub, camera, size } = latest.current
      if (kind === 'scrub') scrub(touch.last)
      else camera.take(panBy(known.window, (touch.start - touch.last) / size))
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      const known = drag.current
      if (known === null || !known.pointers.delete(event.pointerId) || known.pointers.size > 0) return
      drag.current = null
      if (!known.moved && !known.pinched) latest.current.tap(place(event), known.target)
    },
    onPointerCancel(event: PointerEvent<HTMLElement>) {
      drag.current?.pointers.delete(event.pointerId)
      if (drag.current?.pointers.size === 0) drag.current = null
    },
  }
}

/** Two fingers: what was under each stays under it. */
function pinch(drag: Drag, { camera, size }: Gestures): void {
  const [one, other] = [...drag.pointers.values()]
  if (one === undefined || other === undefined || size === 0) return
  const before = Math.max(20, Math.abs(one.start - other.start))
  const now = Math.max(20, Math.abs(one.last - other.last))
  const middleBefore = (one.start + other.start) / 2
  const middleNow = (one.last + other.last) / 2
  const zoomed = zoomAt(drag.window, middleBefore / size, now / before)
  camera.take(panBy(zoomed, (middleBefore - middleNow) / size))
}

function useWheel(ref: RefObject<HTMLElement | null>, latest: RefObject<Gestures>): void {
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const onWheel = (event: WheelEvent) => {
      const { axis, camera, size, wheelZooms } = latest.current
      if (size === 0) return
      const unit = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? size : 1
      const [along, across] = axis === 'x' ? [event.deltaX, event.deltaY] : [event.deltaY, event.deltaX]
      const zooms = event.ctrlKey || event.metaKey
      const box = element.getBoundingClientRect()
      const place = axis === 'x' ? event.clientX - box.left : event.clientY - box.top
      if (zooms || (wheelZooms && !event.shiftKey && Math.abs(across) > Math.abs(along))) {
        event.preventDefault()
        camera.zoom(Math.exp(-event.deltaY * unit * WHEEL_ZOOM), place / size)
        return
      }
      const by = event.shiftKey && along === 0 ? across : along
      if (by === 0) return
      event.preventDefault()
      camera.pan((by * unit) / size)
    }
    // React's own wheel listeners are passive and could not keep the page from zooming.
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [ref, latest])
}
