import { type PointerEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import type { FaultKind } from '../../session/session-types.ts'
import { type DragEffect, type DragEvent, type DragState, dragStep, idle } from './drag-machine.ts'
import { type Hit, hitTest } from './fault-target.ts'

export interface FaultDrag {
  readonly state: DragState
  /** Pointer handlers for the palette button of a kind. */
  handlers(kind: FaultKind): {
    onPointerDown(event: PointerEvent<HTMLElement>): void
    onPointerMove(event: PointerEvent<HTMLElement>): void
    onPointerUp(event: PointerEvent<HTMLElement>): void
    onPointerCancel(): void
    onLostPointerCapture(): void
  }
  /** Whether the click that follows belongs to a drag that has just ended. */
  endedByDrag(): boolean
}

/** Drags faults with mouse, pen or touch. The hovered target carries `data-hover`, the page `data-dragging`. */
export function useFaultDrag(perform: (effect: DragEffect) => void): FaultDrag {
  const [state, setState] = useState<DragState>(idle)
  const current = useRef(state)
  const swallowClick = useRef(false)
  const hovered = useRef<Hit | null>(null)

  const hover = (hit: Hit | null) => {
    if (hovered.current?.element === hit?.element) return
    hovered.current?.element.removeAttribute('data-hover')
    hit?.element.setAttribute('data-hover', '')
    hovered.current = hit
  }
  const send = (event: DragEvent) => {
    const before = current.current
    const step = dragStep(before, event)
    if (step.state === before) return
    current.current = step.state
    setState(step.state)
    if (before.phase === 'dragging' && step.state.phase === 'idle') swallowClick.current = true
    if (step.state.phase !== 'dragging') hover(null)
    if (step.effect !== undefined) perform(step.effect)
  }
  const cancel = () => send({ type: 'cancel' })
  useDragOnPage(state.phase === 'dragging', cancel)

  return {
    state,
    endedByDrag: () => {
      const ended = swallowClick.current
      swallowClick.current = false
      return ended
    },
    handlers: (kind) => ({
      onPointerDown(event) {
        if (event.button !== 0) return
        swallowClick.current = false
        event.currentTarget.setPointerCapture(event.pointerId)
        send({ type: 'press', kind, pointer: event.pointerId, x: event.clientX, y: event.clientY })
      },
      onPointerMove(event) {
        if (current.current.phase === 'idle') return
        const { pointerId: pointer, clientX: x, clientY: y } = event
        const hit = hitTest(document, x, y)
        send({ type: 'move', pointer, x, y, target: hit?.target ?? null })
        if (current.current.phase === 'dragging') hover(hit)
      },
      onPointerUp: (event) => send({ type: 'release', pointer: event.pointerId }),
      onPointerCancel: cancel,
      onLostPointerCapture: cancel,
    }),
  }
}

/** While a fault is in the air: the page knows (a sheet can step aside), and Escape drops it nowhere. */
function useDragOnPage(dragging: boolean, cancel: () => void): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    cancel()
  })
  useEffect(() => {
    if (!dragging) return
    const root = document.documentElement
    root.dataset.dragging = 'fault'
    window.addEventListener('keydown', onKeyDown, true)
    return () => {
      delete root.dataset.dragging
      window.removeEventListener('keydown', onKeyDown, true)
    }
  }, [dragging])
}
