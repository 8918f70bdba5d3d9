/** The words of a search: which faults it may place, one step of a path, and where a property was broken. */

import type { Rules } from './prove-normal.ts'
import type { Happening, Outcome } from './prove-part.ts'

export const faultKinds = ['drop', 'duplicate', 'delay', 'crash'] as const
export type FaultKind = (typeof faultKinds)[number]

/** One step of the whole: what happened, where, and to which message. */
export type Move =
  | { readonly is: 'part'; readonly part: number; readonly happening: Happening; readonly outcome: Outcome }
  | { readonly is: 'drop' | 'delay'; readonly word: number }
  /** `original`: what the message is called from then on. */
  | { readonly is: 'duplicate'; readonly word: number; readonly original: number; readonly copy: number }

export interface Breach {
  readonly property: number
  /** The number of the state that breaks it. */
  readonly state: number
}

export interface Settings extends Rules {
  readonly faults: number
  readonly statesMax: number
  readonly kinds: ReadonlySet<FaultKind>
  readonly hasIdentity: boolean
  /** Requests that differ in nothing but names nobody knows: lists of their numbers. */
  readonly alike: readonly (readonly number[])[]
}
