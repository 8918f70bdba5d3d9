/**
 * Dragging a fault as a state machine, without a page: pressed, dragging once the pointer has moved far enough, then
 * dropped on a target or let go beside one. A press that never becomes a drag is a click, and the button's own business.
 */
import type { FaultKind, Target } from '../../session/session-types.ts'

/** Pixels a pointer may tremble before a press becomes a drag. */
export const THRESHOLD = 4

export type DragState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'pressed'
      readonly kind: FaultKind
      readonly pointer: number
      readonly x: number
      readonly y: number
    }
  | {
      readonly phase: 'dragging'
      readonly kind: FaultKind
      readonly pointer: number
      readonly x: number
      readonly y: number
      readonly target: Target | null
    }

export type DragEvent =
  | {
      readonly type: 'press'
      readonly kind: FaultKind
      readonly pointer: number
      readonly x: number
      readonly y: number
    }
  | {
      readonly type: 'move'
      readonly pointer: number
      readonly x: number
      readonly y: number
      readonly target: Target | null
    }
  | { readonly type: 'release'; readonly pointer: number }
  | { readonly type: 'cancel' }

export type DragEffect =
  | { readonly type: 'drop'; readonly kind: FaultKind; readonly target: Target }
  /** Let go beside every target. */
  | { readonly type: 'miss'; readonly kind: FaultKind }

export interface DragStep {
  readonly state: DragState
  readonly effect?: DragEffect
}

export const idle: DragState = { phase: 'idle' }

export function dragStep(state: DragState, event: DragEvent): DragStep {
  switch (event.type) {
    case 'press': {
      const { kind, pointer, x, y } = event
      return state.phase === 'idle' ? { state: { phase: 'pressed', kind, pointer, x, y } } : { state }
    }
    case 'move':
      return { state: moved(state, event) }
    case 'release':
      return isOther(state, event.pointer) ? { state } : released(state)
    case 'cancel':
      return { state: idle }
  }
}

function isOther(state: DragState, pointer: number): boolean {
  return state.phase === 'idle' || state.pointer !== pointer
}

function moved(state: DragState, event: Extract<DragEvent, { type: 'move' }>): DragState {
  if (state.phase === 'idle' || state.pointer !== event.pointer) return state
  const { x, y, target } = event
  if (state.phase === 'pressed' && Math.hypot(x - state.x, y - state.y) < THRESHOLD) return state
  return { phase: 'dragging', kind: state.kind, pointer: state.pointer, x, y, target }
}

function released(state: DragState): DragStep {
  if (state.phase !== 'dragging') return { state: idle }
  const { kind, target } = state
  return { state: idle, effect: target === null ? { type: 'miss', kind } : { type: 'drop', kind, target } }
}
