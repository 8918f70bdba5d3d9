/**
 * Requests that are alike and that nothing has happened to yet: whichever of them is met first, the rest of the run is
 * the same but for names. So of those still fresh in a state only the first is looked at.
 */
import { NONE } from '../trace/trace-format.ts'
import type { Contents } from './prove-contents.ts'

export class Fresh {
  /** By content of a request as it was sent: its group; −1 for every other content. */
  private readonly groups: number[] = []
  private readonly twins = new Map<number, number>()
  private readonly contents: Contents
  readonly isNeeded: boolean

  /** `sent`: the words of the requests, in the order of their numbers. */
  constructor(contents: Contents, alike: readonly (readonly number[])[], sent: readonly number[]) {
    this.contents = contents
    alike.forEach((requests, group) => {
      for (const request of requests) this.groups[(sent[request] as number) >> 1] = group
    })
    this.isNeeded = alike.length > 0
  }

  /** One just like it stands before it: what can happen to this one is looked at there. Requests stand side by side. */
  isSecond(words: Int32Array, base: number, at: number): boolean {
    const group = this.groupOf(words[at] as number)
    if (group < 0) return false
    for (let before = base; before < at; before++) if (this.groupOf(words[before] as number) === group) return true
    return false
  }

  /** The word of a request that a copy is made of: the same, but fresh no more. */
  touched(word: number): number {
    if (this.groupOf(word) < 0) return word
    const twin = this.twins.get(word >> 1) ?? this.contents.twin(word >> 1)
    this.twins.set(word >> 1, twin)
    return twin * 2
  }

  private groupOf(word: number): number {
    return (word & 1) === 1 ? NONE : (this.groups[word >> 1] ?? NONE)
  }
}
