/**
 * What keeps a part on its own stage: whoever reaches for a service, a table or a pattern's memory of another part says
 * so to the split, which merges the two. What belongs to the part is there as plain data.
 */
import type { Model } from '../kernel/model.ts'
import { copyState } from './prove-copy.ts'
import type { Split } from './prove-split.ts'

/** A list in which only some places are the part's own; `reach` is told of every other one. */
export function ownPlaces<T>(length: number, isOwn: (i: number) => boolean, reach: (i: number) => void): (T | null)[] {
  const list: (T | null)[] = new Array(length).fill(null)
  for (let i = 0; i < length; i++) {
    if (isOwn(i)) continue
    Object.defineProperty(list, i, {
      get: () => {
        reach(i)
        return null
      },
      enumerable: true,
    })
  }
  return list
}

/** The memory of the patterns. It belongs to whichever part is the first to use it. */
export class Memories {
  readonly list: unknown[] = []
  private initial: readonly unknown[] = []
  private readonly split: Split
  private readonly me: number
  /** What a pattern does at a crash or a recovery is about its own service, whatever it looks at. */
  private inHook = false

  constructor(split: Split, me: number) {
    this.split = split
    this.me = me
  }

  /** What the patterns know before the first step. */
  begin(initial: readonly unknown[]): void {
    this.initial = copyState(initial)
    for (let i = 0; i < initial.length; i++) this.hide(i)
  }

  /** Puts a state's memories in place. */
  put(states: readonly unknown[]): void {
    for (let i = 0; i < this.initial.length; i++) {
      if (this.split.owns(i, this.me)) this.show(i, states[i] ?? copyState(this.initial[i]))
    }
  }

  /** The memories that are the part's own, null for every other. */
  own(): unknown[] {
    return this.initial.map((_, i) => (this.split.owns(i, this.me) ? this.list[i] : null))
  }

  /** The model with its patterns watched. */
  watched(model: Model): Model {
    const aside = <T extends unknown[]>(hook: ((...given: T) => void) | undefined, owner: object) =>
      hook === undefined
        ? undefined
        : (...given: T) => {
            this.inHook = true
            try {
              hook.apply(owner, given)
            } finally {
              this.inHook = false
            }
          }
    const patterns = model.patterns.map((pattern) => {
      const onCrash = aside(pattern.onCrash, pattern)
      const onReturn = aside(pattern.onReturn, pattern)
      const onRecover = aside(pattern.onRecover, pattern)
      return {
        ...pattern,
        ...(onCrash === undefined ? {} : { onCrash }),
        ...(onReturn === undefined ? {} : { onReturn }),
        ...(onRecover === undefined ? {} : { onRecover }),
      }
    })
    return { ...model, patterns }
  }

  private hide(i: number): void {
    Object.defineProperty(this.list, i, {
      get: () => {
        if (this.inHook && !this.split.owns(i, this.me)) return this.initial[i]
        this.split.claim(i, this.me)
        const state = copyState(this.initial[i])
        this.show(i, state)
        return state
      },
      enumerable: true,
      configurable: true,
    })
  }

  private show(i: number, state: unknown): void {
    Object.defineProperty(this.list, i, { value: state, writable: true, enumerable: true, configurable: true })
  }
}
