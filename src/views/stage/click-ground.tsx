import type { MouseEvent, ReactNode, RefObject } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { MotionLayer } from './motion-layer.ts'
import styles from './stage.module.css'

interface ClickGroundProps {
  ref: RefObject<HTMLDivElement | null>
  layer: RefObject<MotionLayer | null>
  /** Whether the view is from so far that only names can be read. */
  far: boolean
  children: ReactNode
}

/**
 * Clicks on what is no button itself. On a token: selects its message, before anything below it hears of the click. On
 * a line with a fault in the hand: puts it there. The keyboard has FlightList and LineTargets for the same.
 */
export function ClickGround({ ref, layer, far, children }: ClickGroundProps) {
  const armed = useSession((session) => session.armed)
  const select = useSession((session) => session.select)
  const dropFault = useSession((session) => session.dropFault)
  const messageUnder = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return layer.current?.messageAt(event.clientX - box.left, event.clientY - box.top)
  }
  const onClickCapture = (event: MouseEvent<HTMLElement>) => {
    // A key press on a button arrives as a click at no place.
    if (event.detail === 0) return
    if (armed !== null) {
      const line = lineUnder(event.target)
      if (line !== undefined) dropFault(armed, line)
      return
    }
    const id = messageUnder(event)
    if (id === undefined) return
    event.stopPropagation()
    select({ type: 'message', id })
  }
  const onPointerMove = (event: MouseEvent<HTMLElement>) => {
    // A pointer that drags the view points at nothing.
    if (event.buttons !== 0) return
    event.currentTarget.dataset.over = messageUnder(event) === undefined ? '' : 'message'
  }
  return (
    <div
      ref={ref}
      className={styles.ground}
      data-armed={armed !== null}
      data-far={far}
      onClickCapture={onClickCapture}
      onPointerMove={onPointerMove}
    >
      {children}
    </div>
  )
}

function lineUnder(target: EventTarget) {
  const line = target instanceof Element ? target.closest<SVGGElement>('g[data-fault-target]') : null
  const [, from, to] = /^edge:(\d+):(\d+)$/.exec(line?.dataset.faultTarget ?? '') ?? []
  return from === undefined || to === undefined
    ? undefined
    : ({ type: 'edge', from: Number(from), to: Number(to) } as const)
}
