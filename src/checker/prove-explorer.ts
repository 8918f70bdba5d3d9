/**
 * The search: from the state at the beginning to every state that any order of deliveries, time-outs and up to so many
 * faults can lead to, breadth first, so that what it finds is as short as can be. A state is a few numbers: the faults
 * left, one local state per part, and the messages under way. Its hash is a sum, so a step to a known state costs a few
 * additions and one look; only a new state is put together.
 */
import { NONE } from '../trace/trace-format.ts'
import { Contents } from './prove-contents.ts'
import { Fresh } from './prove-fresh.ts'
import { Frontier } from './prove-frontier.ts'
import { highOf, LEFT, lowOf } from './prove-hash.ts'
import { Lanes, WORDS_MAX } from './prove-lanes.ts'
import type { ProofModel } from './prove-model.ts'
import type { Breach, Move, Settings } from './prove-moves.ts'
import { Onlooker } from './prove-onlooker.ts'
import { crashOf, deliveryOf, happeningOf, type LocalState, type Outcome, Part } from './prove-part.ts'
import type { Split } from './prove-split.ts'
import { Strikes } from './prove-strikes.ts'
import { Visited } from './prove-visited.ts'

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
  private readonly lanes: Lanes
  private readonly fresh: Fresh
  private readonly strikes: Strikes
  private readonly words = new Int32Array(WORDS_MAX)
  private readonly next = new Int32Array(WORDS_MAX)
  private length = 0
  /** The hash of the state at hand. */
  private low = 0
  private high = 0
  /** While a path is walked once more: the hash that is looked for, and the move that leads to it. */
  private wanted: { low: number; high: number; move: Move | null } | null = null
  private reached = new Int32Array(0)

  constructor(proof: ProofModel, split: Split, settings: Settings) {
    this.proof = proof
    this.settings = settings
    this.contents = new Contents(proof.model, settings.hasIdentity)
    this.parts = split
      .parts()
      .map((services, number) => new Part(proof, { number, services, split, contents: this.contents, rules: settings }))
    this.base = this.parts.length + 1
    this.partOf = proof.model.services.map((_, one) => this.parts.findIndex(({ services }) => services.includes(one)))
    this.onlooker = new Onlooker(proof.model, this.parts, split, this.contents)
    this.lanes = new Lanes(this.contents, this.base)
    const sent = (this.parts[this.partOf[proof.model.client] as number] as Part).begin().sends
    this.fresh = new Fresh(this.contents, sent.length === proof.model.requests.length ? settings.alike : [], sent)
    this.strikes = new Strikes(this.contents, this.lanes, this.fresh, this.base, settings)
    const length = this.begin()
    this.lanes.hash(this.words, length)
    this.frontier.push(this.words, length)
    this.visited.add(this.lanes.low, this.lanes.high)
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
      for (const word of sends) length = this.lanes.insert(this.words, length, word)
    })
    return length
  }

  /** Every state that one step leads to. */
  private expand(): void {
    const { words, settings } = this
    this.lanes.hash(words, this.length)
    this.low = this.lanes.low
    this.high = this.lanes.high
    const left = words[0] as number
    const canCrash = left > 0 && settings.kinds.has('crash')
    const fired = this.fireAll(canCrash)
    const moved = this.deliverAll(canCrash) || fired === 'some'
    if (!moved && fired === 'held back') this.fireHeldBack(canCrash)
    else if (!moved) this.end()
    if (left > 0) this.strike(canCrash)
  }

  /** Whatever the parts wait for that nothing on its way in time holds back. */
  private fireAll(canCrash: boolean): 'some' | 'held back' | 'none' {
    let fired: 'some' | 'held back' | 'none' = 'none'
    for (let part = 0; part < this.parts.length; part++) {
      const { due, dueKeys } = this.localOf(part)
      for (let i = 0; i < due.length; i++) {
        const key = dueKeys[i] as number
        if (key >= 0 && this.isHeldBack(key)) {
          if (fired === 'none') fired = 'held back'
        } else {
          fired = 'some'
          this.happen(part, due[i] as number, NONE, canCrash)
        }
      }
    }
    return fired
  }

  /** Every message that can arrive next. */
  private deliverAll(canCrash: boolean): boolean {
    const { words, length, base, fresh } = this
    for (let at = base; at < length; at++) {
      const word = words[at] as number
      if (at > base && this.lanes.isBehind(word, words[at - 1] as number)) continue
      if (fresh.isNeeded && fresh.isSecond(words, base, at)) continue
      const to = this.contents.receivers[word >> 1] as number
      this.happen(this.partOf[to] as number, deliveryOf(word), at, canCrash)
    }
    return length > base
  }

  /** Nothing else can happen: then time passes, whatever the time-outs wait for. */
  private fireHeldBack(canCrash: boolean): void {
    for (let part = 0; part < this.parts.length; part++) {
      for (const happening of this.localOf(part).due) this.happen(part, happening, NONE, canCrash)
    }
  }

  /** Something that a timer waits for is on its way in time, or at work. */
  private isHeldBack(key: number): boolean {
    const { words, length } = this
    const { waits } = this.contents
    for (let at = this.base; at < length; at++) {
      const word = words[at] as number
      if ((word & 1) === 0 && (waits[word >> 1] as readonly number[]).includes(key)) return true
    }
    for (let part = 0; part < this.parts.length; part++) {
      const { holds } = this.localOf(part)
      if (holds.length > 0 && holds.includes(key)) return true
    }
    return false
  }

  private localOf(part: number): LocalState {
    return (this.parts[part] as Part).states[this.words[part + 1] as number] as LocalState
  }

  private happen(part: number, happening: number, messageAt: number, canCrash: boolean): void {
    const one = this.parts[part] as Part
    const local = this.words[part + 1] as number
    const left = this.words[0] as number
    const calm = one.outcomes(local, happening, false)
    for (let i = 0; i < calm.length; i++) this.emit(part, calm[i] as Outcome, messageAt, left, happening)
    if (!canCrash) return
    const crashing = one.outcomes(local, happening, true)
    for (let i = 0; i < crashing.length; i++) this.emit(part, crashing[i] as Outcome, messageAt, left - 1, happening)
  }

  /** The faults of the budget that are no part of a handling. */
  private strike(canCrash: boolean): void {
    const left = (this.words[0] as number) - 1
    if (canCrash) {
      this.parts.forEach((one, part) => {
        const local = this.words[part + 1] as number
        for (const service of one.crashable(local)) {
          const happening = crashOf(service)
          for (const outcome of one.outcomes(local, happening, false)) this.emit(part, outcome, NONE, left, happening)
        }
      })
    }
    const isWaitedFor = (keys: readonly number[]) =>
      this.parts.some((_, part) => this.localOf(part).pending.some(({ key }) => keys.includes(key)))
    this.strikes.each(this.words, this.length, this.next, isWaitedFor, (length, move) => {
      this.next[0] = left
      this.lanes.hash(this.next, length)
      this.visit(length, this.lanes.low, this.lanes.high)
      if (this.isWanted(length, this.lanes.low, this.lanes.high)) this.found(move)
    })
  }

  private emit(part: number, outcome: Outcome, messageAt: number, left: number, happening: number): void {
    if (this.contents.hasOrder || outcome.crashed >= 0) {
      const length = this.build(part, outcome, messageAt, left)
      this.lanes.hash(this.next, length)
      this.arrive(length, part, outcome, happening)
      return
    }
    const { lows, highs } = this.contents
    const { words } = this
    const local = this.localOf(part)
    let low = (this.low - local.low + outcome.low) | 0
    let high = (this.high - local.high + outcome.high) | 0
    if (messageAt >= 0) {
      low = (low - (lows[words[messageAt] as number] as number)) | 0
      high = (high - (highs[words[messageAt] as number] as number)) | 0
    }
    if (left !== words[0]) {
      low = (low - lowOf(LEFT, words[0] as number) + lowOf(LEFT, left)) | 0
      high = (high - highOf(LEFT, words[0] as number) + highOf(LEFT, left)) | 0
    }
    if (this.wanted !== null) {
      if (low !== this.wanted.low || high !== this.wanted.high) return
    } else {
      this.transitions++
      if (!this.visited.add(low, high)) return
    }
    const length = this.build(part, outcome, messageAt, left)
    if (this.wanted === null) {
      this.frontier.push(this.next, length)
      this.look(part, words[part + 1] as number)
    } else if (this.isWanted(length, low, high)) this.foundPart(part, outcome, happening)
  }

  /** A state put together before it is known whether it is new. */
  private arrive(length: number, part: number, outcome: Outcome, happening: number): void {
    const { low, high } = this.lanes
    if (this.visit(length, low, high)) this.look(part, this.words[part + 1] as number)
    if (this.isWanted(length, low, high)) this.foundPart(part, outcome, happening)
  }

  /** Puts the next state together; its length. */
  private build(part: number, outcome: Outcome, messageAt: number, left: number): number {
    const { words, next, length } = this
    const until = messageAt < 0 ? length : messageAt
    for (let i = 0; i < until; i++) next[i] = words[i] as number
    for (let i = until + 1; i < length; i++) next[i - 1] = words[i] as number
    let built = messageAt < 0 ? length : length - 1
    next[0] = left
    next[part + 1] = outcome.next
    if (outcome.crashed >= 0) this.strikes.delayTo(outcome.crashed, next, built)
    for (const word of outcome.sends) built = this.lanes.insert(next, built, word)
    return built
  }

  private visit(length: number, low: number, high: number): boolean {
    if (this.wanted !== null) return false
    this.transitions++
    if (!this.visited.add(low, high)) return false
    this.frontier.push(this.next, length)
    return true
  }

  private isWanted(length: number, low: number, high: number): boolean {
    const { wanted } = this
    if (wanted === null || wanted.move !== null || wanted.low !== low || wanted.high !== high) return false
    this.reached = this.next.slice(0, length)
    return true
  }

  private foundPart(part: number, outcome: Outcome, happening: number): void {
    this.found({ is: 'part', part, happening: happeningOf(happening), outcome })
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
}
