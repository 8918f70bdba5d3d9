/** What faults do to messages under way: each is lost, comes twice, or comes later than any time-out. */
import { NONE } from '../trace/trace-format.ts'
import type { Content, Contents } from './prove-contents.ts'
import type { Fresh } from './prove-fresh.ts'
import type { Lanes } from './prove-lanes.ts'
import type { Move, Settings } from './prove-moves.ts'

/** Copies of one message get numbers of their own where numbers count. */
const COPY = 2 ** 22

type Emit = (length: number, move: Move) => void

export class Strikes {
  private readonly contents: Contents
  private readonly lanes: Lanes
  private readonly fresh: Fresh
  private readonly base: number
  private readonly settings: Settings

  constructor(contents: Contents, lanes: Lanes, fresh: Fresh, base: number, settings: Settings) {
    this.contents = contents
    this.lanes = lanes
    this.fresh = fresh
    this.base = base
    this.settings = settings
  }

  /** Writes every state that one fault on one message leads to into `next`, and hands it on. */
  each(
    words: Int32Array,
    length: number,
    next: Int32Array,
    isWaitedFor: (keys: readonly number[]) => boolean,
    emit: Emit,
  ): void {
    const { kinds } = this.settings
    const left = (words[0] as number) - 1
    for (let at = this.base; at < length; at++) {
      const word = words[at] as number
      if (at > this.base && word === words[at - 1]) continue
      if (this.fresh.isNeeded && this.fresh.isSecond(words, this.base, at)) continue
      if (kinds.has('drop')) {
        copyWords(words, length, next, at)
        emit(length - 1, { is: 'drop', word })
      }
      if (kinds.has('duplicate')) this.duplicate(words, length, next, at, left, emit)
      // Only when a timer waits for it does it matter that a message is late.
      const keys = this.contents.waits[word >> 1] as readonly number[]
      if (kinds.has('delay') && (word & 1) === 0 && keys.length > 0 && isWaitedFor(keys)) {
        copyWords(words, length, next, NONE)
        next[at] = word | 1
        this.lanes.normalise(next, length)
        emit(length, { is: 'delay', word })
      }
    }
  }

  /** What is on its way to a service that crashes may arrive before the crash and be handed out again after it. */
  delayTo(service: number, next: Int32Array, length: number): void {
    for (let at = this.base; at < length; at++) {
      const word = next[at] as number
      if (this.contents.receivers[word >> 1] === service) next[at] = word | 1
    }
    this.lanes.normalise(next, length)
  }

  /** The copy comes behind its original, and nobody can count on it. */
  private duplicate(words: Int32Array, length: number, next: Int32Array, at: number, left: number, emit: Emit): void {
    const word = words[at] as number
    const copy = this.copyOf(word >> 1, left) * 2 + 1
    copyWords(words, length, next, NONE)
    const original = this.fresh.touched(word)
    next[at] = original
    const longer = this.lanes.insertCopy(next, length, at, copy)
    this.lanes.normalise(next, longer)
    emit(longer, { is: 'duplicate', word, original, copy })
  }

  private copyOf(content: number, left: number): number {
    if (!this.contents.hasIdentity) return content
    const original = this.contents.list[content] as Content
    return this.contents.of({ ...original, id: original.id + COPY * (left + 1) })
  }
}

/** All words but the one at `without`; −1 leaves none out. */
function copyWords(words: Int32Array, length: number, next: Int32Array, without: number): void {
  const until = without < 0 ? length : without
  for (let i = 0; i < until; i++) next[i] = words[i] as number
  for (let i = until + 1; i < length; i++) next[i - 1] = words[i] as number
}
