/**
 * The search: from the state at the beginning to every state that any order of deliveries, time-outs and up to so many
 * faults can lead to, breadth first, so that what it finds is as short as can be. A state is a few numbers: the faults
 * left, one local state per part, and the messages under way.
 */
import { NONE } from '../trace/trace-format.ts'
import { Contents } from './prove-contents.ts'
import { Frontier } from './prove-frontier.ts'
import type { ProofModel } from './prove-model.ts'
import { Onlooker } from './prove-onlooker.ts'
import { crashOf, deliveryOf, type Happening, happeningOf, type Outcome, Part, pendingOf } from './prove-part.ts'
import type { Split } from './prove-split.ts'
import type { Rules } from './prove-stage.ts'
import { Visited } from './prove-visited.ts'

export const faultKinds = ['drop', 'duplicate', 'delay', 'crash'] as const
export type FaultKind = (typeof faultKinds)[number]

/** One step of the whole: what happened, where, and to which message. */
export type Move =
  | { readonly is: 'part'; readonly part: number; readonly happening: Happening; readonly outcome: Outcome }
  | { readonly is: 'drop' | 'delay'; readonly word: number }
  | { readonly is: 'duplicate'; readonly word: number; readonly copy: number }

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
}

const WORDS_MAX = 4096
/** Copies of one message get numbers of their own where numbers count. */
const COPY = 2 ** 22

export class Explorer {
  readonly contents: Contents
  readonly parts: readonly Part[]
  readonly onlooker: Onlooker
  readonly visited = new Visited()
  readonly frontier = new Frontier()
  expanded = 0
  /** Steps from one state to another, those to known states included. */
  transitions = 0
  /** States where nothing is left to happen. */
  ends = 0
  breach: Breach | null = null
  /** Called with every state at rest. */
  onEnd: ((locals: Int32Array) => void) | null = null
  /** Properties of the kind "sometimes" that have held. */
  readonly seen = new Set<number>()
  private readonly proof: ProofModel
  private readonly settings: Settings
  private readonly base: number
  private readonly partOf: readonly number[]
  private words = new Int32Array(WORDS_MAX)
  private next = new Int32Array(WORDS_MAX)
  private length = 0
  private low = 0
  private high = 0
  /** While a path is walked once more: the hash that is looked for, and the move that leads to it. */
  private wanted: { low: number; high: number; move: Move | null } | null = null
  private reached = new Int32Array(0)

  constructor(proof: ProofModel, split: Split, settings: Settings) {
    this.proof = proof
    this.settings = settings
    this.contents = new Contents(proof.model, settings.hasIdentity)
    this.parts = split.parts().map((services) => new Part(proof, services, split, this.contents, settings))
    this.base = this.parts.length + 1
    this.partOf = proof.model.services.map((_, one) => this.parts.findIndex(({ services }) => services.includes(one)))
    this.onlooker = new Onlooker(proof.model, this.parts, split, this.contents)
    const length = this.begin()
    this.frontier.push(this.words, length)
    this.hash(this.words, length)
    this.visited.add(this.low, this.high)
  }

  /** Expands up to so many states; false when none is left, a property is broken or too many states were found. */
  advance(statesMax: number): boolean {
    for (let i = 0; i < statesMax && this.breach === null; i++) {
      if (this.visited.count >= this.settings.statesMax) return false
      this.length = this.frontier.shift(this.words)
      if (this.length === 0) return false
      const before = this.visited.count
      this.expand()
      this.visited.noteChildren(this.expanded, this.visited.count - before)
      this.expanded++
    }
    return this.breach === null
  }

  /** The moves that lead from the beginning to a state. */
  pathTo(state: number): Move[] {
    const moves: Move[] = []
    this.length = this.begin()
    for (const { low, high } of this.visited.pathTo(state)) {
      this.wanted = { low, high, move: null }
      this.expand()
      const { move } = this.wanted as { move: Move | null }
      this.wanted = null
      if (move === null) throw new Error('a path of a proof cannot be walked once more')
      moves.push(move)
      this.words.set(this.reached)
      this.length = this.reached.length
    }
    return moves
  }

  /** The words of the state at the beginning; their number. */
  private begin(): number {
    this.words[0] = this.settings.faults
    let length = this.base
    this.parts.forEach((part, i) => {
      const { next, sends } = part.begin()
      this.words[i + 1] = next
      for (const word of sends) length = this.insert(this.words, length, word)
    })
    return length
  }

  /** Every state that one step leads to. */
  private expand(): void {
    const { words, settings, parts } = this
    const left = words[0] as number
    const canCrash = left > 0 && settings.kinds.has('crash')
    let moved = false
    let held = false
    for (let part = 0; part < parts.length; part++) {
      const local = words[part + 1] as number
      const { pending, isDue } = (parts[part] as Part).states[local] as Part['states'][number]
      for (let index = 0; index < pending.length; index++) {
        if (!isDue[index]) continue
        const { key } = pending[index] as (typeof pending)[number]
        if (key >= 0 && this.isHeldBack(key)) {
          held = true
          continue
        }
        moved = true
        this.happen(part, pendingOf(index), NONE, canCrash)
      }
    }
    moved = this.deliverAll(canCrash) || moved
    if (!moved && held) moved = this.fireHeldBack(canCrash)
    if (!moved) this.end()
    if (left > 0) this.strike(canCrash)
  }

  /** Every message that can arrive next. */
  private deliverAll(canCrash: boolean): boolean {
    const { words, length } = this
    for (let at = this.base; at < length; at++) {
      const word = words[at] as number
      if (at > this.base && this.isBehind(word, words[at - 1] as number)) continue
      const { to } = (this.contents.list[word >> 1] as Contents['list'][number]).body
      this.happen(this.partOf[to] as number, deliveryOf(word), at, canCrash)
    }
    return length > this.base
  }

  /** Nothing else can happen: then time passes, whatever the time-outs wait for. */
  private fireHeldBack(canCrash: boolean): boolean {
    let moved = false
    this.parts.forEach((one, part) => {
      const { pending, isDue } = one.states[this.words[part + 1] as number] as Part['states'][number]
      pending.forEach((_, index) => {
        if (!isDue[index]) return
        moved = true
        this.happen(part, pendingOf(index), NONE, canCrash)
      })
    })
    return moved
  }

  /** Something that a timer waits for is on its way in time, or at work. */
  private isHeldBack(key: number): boolean {
    const { words, length, parts } = this
    for (let at = this.base; at < length; at++) {
      const word = words[at] as number
      if ((word & 1) === 0 && this.contents.list[word >> 1]?.keys.includes(key)) return true
    }
    for (let part = 0; part < parts.length; part++) {
      const { holds } = (parts[part] as Part).states[words[part + 1] as number] as Part['states'][number]
      if (holds.includes(key)) return true
    }
    return false
  }

  private happen(part: number, happening: number, messageAt: number, canCrash: boolean): void {
    const one = this.parts[part] as Part
    const local = this.words[part + 1] as number
    const left = this.words[0] as number
    for (const outcome of one.outcomes(local, happening, false)) this.emit(part, outcome, messageAt, left, happening)
    if (!canCrash) return
    for (const outcome of one.outcomes(local, happening, true)) this.emit(part, outcome, messageAt, left - 1, happening)
  }

  /** The faults of the budget that are no part of a handling. */
  private strike(canCrash: boolean): void {
    const { words, length, settings } = this
    const left = (words[0] as number) - 1
    if (canCrash) {
      this.parts.forEach((one, part) => {
        for (const service of one.crashable(words[part + 1] as number)) {
          const happening = crashOf(service)
          for (const outcome of one.outcomes(words[part + 1] as number, happening, false)) {
            this.emit(part, outcome, NONE, left, happening)
          }
        }
      })
    }
    for (let at = this.base; at < length; at++) {
      const word = words[at] as number
      if (at > this.base && word === words[at - 1]) continue
      if (settings.kinds.has('drop')) this.emitWithout(at, left)
      if (settings.kinds.has('duplicate')) this.emitCopy(at, left)
      if (settings.kinds.has('delay') && (word & 1) === 0 && this.isWaitedFor(word)) this.emitLate(at, left)
    }
  }

  /** A timer waits for the message: only then does it matter that it is late. */
  private isWaitedFor(word: number): boolean {
    const { keys } = this.contents.list[word >> 1] as Contents['list'][number]
    if (keys.length === 0) return false
    return this.parts.some((one, part) =>
      (one.states[this.words[part + 1] as number] as Part['states'][number]).pending.some(({ key }) =>
        keys.includes(key),
      ),
    )
  }

  private emit(part: number, outcome: Outcome, messageAt: number, left: number, happening: number): void {
    const { next } = this
    let length = this.copyWithout(messageAt)
    next[0] = left
    const before = next[part + 1] as number
    next[part + 1] = outcome.next
    if (outcome.crashed >= 0) this.delayTo(outcome.crashed, length)
    for (const word of outcome.sends) length = this.insert(next, length, word)
    if (this.visit(length) && this.wanted === null) this.look(part, before)
    if (this.isWanted(length)) this.found({ is: 'part', part, happening: happeningOf(happening), outcome })
  }

  private emitWithout(at: number, left: number): void {
    const length = this.copyWithout(at)
    this.next[0] = left
    this.visit(length)
    if (this.isWanted(length)) this.found({ is: 'drop', word: this.words[at] as number })
  }

  /** The copy comes behind its original, and nobody can count on it. */
  private emitCopy(at: number, left: number): void {
    const { words, next } = this
    const word = words[at] as number
    const copy = this.copyOf(word >> 1, left) * 2 + 1
    let length = this.copyWithout(NONE)
    next[0] = left
    if (this.laneOf(copy) === this.laneOf(word)) {
      next.copyWithin(at + 2, at + 1, length)
      next[at + 1] = copy
      length++
    } else length = this.insert(next, length, copy)
    this.normalise(length)
    this.visit(length)
    if (this.isWanted(length)) this.found({ is: 'duplicate', word, copy })
  }

  private emitLate(at: number, left: number): void {
    const length = this.copyWithout(NONE)
    this.next[0] = left
    this.next[at] = (this.words[at] as number) | 1
    this.normalise(length)
    this.visit(length)
    if (this.isWanted(length)) this.found({ is: 'delay', word: this.words[at] as number })
  }

  /** What is on its way to a service that crashes may arrive before the crash and be handed out again after it. */
  private delayTo(service: number, length: number): void {
    const { next } = this
    for (let at = this.base; at < length; at++) {
      const word = next[at] as number
      if (this.contents.list[word >> 1]?.body.to === service) next[at] = word | 1
    }
    this.normalise(length)
  }

  private copyOf(content: number, left: number): number {
    if (!this.settings.hasIdentity) return content
    const original = this.contents.list[content] as Contents['list'][number]
    return this.contents.of({ ...original, id: original.id + COPY * (left + 1) })
  }

  private copyWithout(at: number): number {
    const { words, next, length } = this
    if (at < 0) {
      for (let i = 0; i < length; i++) next[i] = words[i] as number
      return length
    }
    for (let i = 0; i < at; i++) next[i] = words[i] as number
    for (let i = at + 1; i < length; i++) next[i - 1] = words[i] as number
    return length - 1
  }

  /** It comes after the one before it, or is just like it. */
  private isBehind(word: number, before: number): boolean {
    if (word === before) return true
    const { lane, isOrdered } = this.contents.list[word >> 1] as Contents['list'][number]
    return isOrdered && lane === this.laneOf(before)
  }

  private laneOf(word: number): number {
    return (this.contents.list[word >> 1] as Contents['list'][number]).lane
  }

  /** Lanes in order of their numbers, and within a lane the order of sending. */
  private insert(words: Int32Array, length: number, word: number): number {
    const lane = this.laneOf(word)
    let at = length
    while (at > this.base && this.laneOf(words[at - 1] as number) > lane) {
      words[at] = words[at - 1] as number
      at--
    }
    words[at] = word
    if (length + 1 >= WORDS_MAX) throw new Error('too many messages under way')
    this.holdUp(words, at, length + 1)
    this.settle(words, at)
    return length + 1
  }

  /** In a lane with order what stands behind a late message is late too. */
  private holdUp(words: Int32Array, from: number, length: number): void {
    for (let at = Math.max(from, this.base + 1); at < length; at++) {
      const before = words[at - 1] as number
      const word = words[at] as number
      const { lane, isOrdered } = this.contents.list[word >> 1] as Contents['list'][number]
      if (!isOrdered || this.laneOf(before) !== lane) {
        if (at > from) return
      } else if ((before & 1) === 1) words[at] = word | 1
    }
  }

  /** Messages that nobody can tell apart stand in a lane of their own: there the late ones come last. */
  private settle(words: Int32Array, from: number): void {
    for (let at = from; at > this.base; at--) {
      const before = words[at - 1] as number
      const word = words[at] as number
      if (before >> 1 !== word >> 1 || before <= word) return
      words[at - 1] = word
      words[at] = before
    }
  }

  private normalise(length: number): void {
    for (let at = this.base + 1; at < length; at++) {
      this.holdUp(this.next, at, at + 1)
      this.settle(this.next, at)
    }
  }

  private visit(length: number): boolean {
    this.hash(this.next, length)
    if (this.wanted !== null) return false
    this.transitions++
    if (!this.visited.add(this.low, this.high)) return false
    this.frontier.push(this.next, length)
    return true
  }

  private isWanted(length: number): boolean {
    const { wanted } = this
    if (wanted === null || wanted.move !== null || wanted.low !== this.low || wanted.high !== this.high) return false
    this.reached = this.next.slice(0, length)
    return true
  }

  private found(move: Move): void {
    if (this.wanted !== null) this.wanted.move = move
  }

  /** A commit may have broken what must always hold, or shown what must happen sometimes. */
  private look(part: number, before: number): void {
    if (this.breach !== null || this.next[part + 1] === before) return
    const property = this.onlooker.violated(this.next, 'always', part, before)
    if (property >= 0) this.breach = { property, state: this.visited.count - 1 }
    this.lookForSometimes(this.next)
  }

  private lookForSometimes(locals: Int32Array): void {
    this.proof.model.properties.forEach(({ when }, i) => {
      if (when === 'sometimes' && !this.seen.has(i) && this.onlooker.holds(i, locals)) this.seen.add(i)
    })
  }

  private end(): void {
    if (this.wanted !== null) return
    this.ends++
    const property = Math.max(
      this.onlooker.violated(this.words, 'always'),
      this.onlooker.violated(this.words, 'eventually'),
    )
    if (property >= 0 && this.breach === null) this.breach = { property, state: this.expanded }
    this.lookForSometimes(this.words)
    this.onEnd?.(this.words)
  }

  private hash(words: Int32Array, length: number): void {
    let a = 0x6a09e667
    let b = 0xbb67ae85
    for (let i = 0; i < length; i++) {
      const word = words[i] as number
      a = Math.imul(a ^ word, 0x9e3779b1)
      a ^= a >>> 15
      b = Math.imul(b + word, 0xc2b2ae35)
      b ^= b >>> 16
    }
    a = Math.imul(a ^ (b >>> 13), 0x85ebca6b)
    this.low = a ^ (a >>> 16)
    b = Math.imul(b ^ length, 0x27d4eb2f)
    this.high = b ^ (b >>> 15)
  }
}
