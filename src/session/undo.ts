/** Ways back and forth between drafts. Drafts are values, so nothing is copied and nothing is undone by hand. */
import type { Draft, SessionState } from './session-types.ts'

type Ways = Pick<SessionState, 'past' | 'future' | 'canUndo' | 'canRedo'>
type Places = Pick<SessionState, 'past' | 'future' | 'draft'>

const KEPT = 200

export function waysOf(past: readonly Draft[], future: readonly Draft[]): Ways {
  return { past, future, canUndo: past.length > 0, canRedo: future.length > 0 }
}

/** A new edit leaves the present draft behind; what was undone before it is gone. */
export function leaveBehind({ past, draft }: Places): Ways {
  return waysOf(draft === null ? past : [...past.slice(1 - KEPT), draft], [])
}

export interface Travel {
  readonly to: Draft
  readonly ways: Ways
}

export function travel({ past, future, draft }: Places, direction: 'undo' | 'redo'): Travel | undefined {
  const isBack = direction === 'undo'
  const to = (isBack ? past : future).at(-1)
  if (to === undefined || draft === null) return undefined
  return {
    to,
    ways: isBack ? waysOf(past.slice(0, -1), [...future, draft]) : waysOf([...past, draft], future.slice(0, -1)),
  }
}
