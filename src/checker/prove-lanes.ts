/**
 * The messages under way as words (content × 2 + late) behind the parts' local states: by lanes, and within a lane in
 * the order of their sending. Messages that nobody can tell apart stand in a lane of their own, the late ones last. So
 * two states with the same messages have the same words.
 */
import type { Contents } from './prove-contents.ts'
import { highOf, LEFT, lowOf, UNDERWAY } from './prove-hash.ts'

export const WORDS_MAX = 4096

export class Lanes {
  /** The hash last worked out. */
  low = 0
  high = 0
  private readonly contents: Contents
  /** Where the messages begin. */
  private readonly base: number

  constructor(contents: Contents, base: number) {
    this.contents = contents
    this.base = base
  }

  /** Puts a message behind those of its lane; the new length. */
  insert(words: Int32Array, length: number, word: number): number {
    if (length + 1 >= WORDS_MAX) throw new Error('too many messages under way')
    const { lanes } = this.contents
    const lane = lanes[word >> 1] as number
    let at = length
    while (at > this.base && (lanes[(words[at - 1] as number) >> 1] as number) > lane) {
      words[at] = words[at - 1] as number
      at--
    }
    words[at] = word
    if (this.contents.hasOrder) this.holdUp(words, at, length + 1)
    this.settle(words, at)
    return length + 1
  }

  /** Puts a copy right behind its original, or into a lane of its own; the new length. */
  insertCopy(words: Int32Array, length: number, at: number, copy: number): number {
    if (this.laneOf(copy) !== this.laneOf(words[at] as number)) return this.insert(words, length, copy)
    words.copyWithin(at + 2, at + 1, length)
    words[at + 1] = copy
    return length + 1
  }

  /** It comes after the one before it, or is just like it. */
  isBehind(word: number, before: number): boolean {
    if (word === before) return true
    const { hasOrder } = this.contents
    return hasOrder && this.isOrdered(word) && this.laneOf(word) === this.laneOf(before)
  }

  /** After words have become late. */
  normalise(words: Int32Array, length: number): void {
    for (let at = this.base + 1; at < length; at++) {
      this.holdUp(words, at, at + 1)
      this.settle(words, at)
    }
  }

  /** The hash of a whole state, word by word. */
  hash(words: Int32Array, length: number): void {
    let low = lowOf(LEFT, words[0] as number)
    let high = highOf(LEFT, words[0] as number)
    for (let part = 0; part < this.base - 1; part++) {
      low = (low + lowOf(part, words[part + 1] as number)) | 0
      high = (high + highOf(part, words[part + 1] as number)) | 0
    }
    const { hasOrder, lows, highs } = this.contents
    let place = 0
    for (let at = this.base; at < length; at++) {
      const word = words[at] as number
      const follows = hasOrder && at > this.base && this.isFollower(word, words[at - 1] as number)
      place = follows ? place + 1 : 0
      low = (low + (place === 0 ? (lows[word] as number) : lowOf(UNDERWAY + place, word))) | 0
      high = (high + (place === 0 ? (highs[word] as number) : highOf(UNDERWAY + place, word))) | 0
    }
    this.low = low
    this.high = high
  }

  private isFollower(word: number, before: number): boolean {
    return this.isOrdered(word) && this.laneOf(word) === this.laneOf(before)
  }

  private laneOf(word: number): number {
    return this.contents.lanes[word >> 1] as number
  }

  private isOrdered(word: number): boolean {
    return this.contents.list[word >> 1]?.isOrdered === true
  }

  /** In a lane with order what stands behind a late message is late too. */
  private holdUp(words: Int32Array, from: number, length: number): void {
    for (let at = Math.max(from, this.base + 1); at < length; at++) {
      const before = words[at - 1] as number
      const word = words[at] as number
      if (!this.isFollower(word, before)) {
        if (at > from) return
      } else if ((before & 1) === 1) words[at] = word | 1
    }
  }

  /** Of messages just alike the late ones come last. */
  private settle(words: Int32Array, from: number): void {
    for (let at = from; at > this.base; at--) {
      const before = words[at - 1] as number
      const word = words[at] as number
      if (before >> 1 !== word >> 1 || before <= word) return
      words[at - 1] = word
      words[at] = before
    }
  }
}
