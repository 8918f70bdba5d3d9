/**
 * The proof: every order of deliveries and time-outs, with every placement of up to so many faults, for a scenario that
 * is small enough. It ends with one of four answers: nothing breaks within these bounds; here is the shortest way to
 * break a property; there were more states than it may look at; this scenario hangs on times, and a proof has none.
 *
 * `advance` works in slices, so that a worker hears a cancel; see docs/checking.md for what exactly is proved.
 */
import type { Model } from '../kernel/model.ts'
import type { Scenario } from '../scenario/schema.ts'
import type { Value } from '../trace/trace-format.ts'
import { TraceWriter } from '../trace/trace-writer.ts'
import { Explorer } from './prove-explorer.ts'
import { atomicServices, hasIdentity, hiddenTables, limitsOf } from './prove-limits.ts'
import { type ProofModel, withoutWeather } from './prove-model.ts'
import { type FaultKind, faultKinds, type Move } from './prove-moves.ts'
import { Unprovable } from './prove-onlooker.ts'
import { Replay } from './prove-replay.ts'
import { Merge, Split } from './prove-split.ts'
import { alikeRequests } from './prove-symmetry.ts'
import { STATES_MAX } from './prove-visited.ts'
import { moveSentences, verdictSentence } from './prove-words.ts'

export interface ProveOptions {
  /** At most so many faults in one run; 1 when absent. */
  readonly faults?: number
  /** Which ones; all four when absent. */
  readonly kinds?: readonly FaultKind[]
  /** More states than that are not looked at; two million when absent, 67 million at most. */
  readonly statesMax?: number
  /** Collect the observables of every state at rest. */
  readonly collectEnds?: boolean
  /** False looks at requests that are alike in every order; true unless ends are collected, which have names. */
  readonly symmetry?: boolean
}

export interface ProveCounts {
  readonly states: number
  /** Steps between states, those to known states included. */
  readonly transitions: number
  /** States found and not yet expanded. */
  readonly waiting: number
  /** States where nothing is left to happen. */
  readonly ends: number
  /** Memory of the visited states and of those that wait, bytes. */
  readonly visitedBytes: number
  readonly waitingBytes: number
}

export interface Counterexample {
  readonly property: string
  readonly moves: readonly Move[]
  /** One sentence per step. */
  readonly steps: readonly string[]
}

export interface ProveResult {
  readonly verdict: 'proved' | 'broken' | 'bound reached' | 'not provable' | 'unfinished'
  /** In plain words, bounds included. */
  readonly sentence: string
  readonly counts: ProveCounts
  /** Why it cannot be proved, one sentence each. */
  readonly reasons: readonly string[]
  readonly counterexample: Counterexample | null
  /** Properties of the kind "sometimes" that never held. */
  readonly neverSeen: readonly string[]
  /** The different ends, as observables by name; empty unless collected. */
  readonly ends: readonly Readonly<Record<string, Value>>[]
}

export const STATES_USUAL = 2_000_000
const NOTHING: ProveCounts = { states: 0, transitions: 0, waiting: 0, ends: 0, visitedBytes: 0, waitingBytes: 0 }

export class Proof {
  readonly model: Model
  readonly faults: number
  readonly kinds: readonly FaultKind[]
  readonly statesMax: number
  private readonly proof: ProofModel
  private readonly split: Split
  private readonly atomic: ReadonlySet<number>
  private readonly hasIdentity: boolean
  private readonly hidden: ReadonlySet<number>
  /** Requests that differ only in names: of those nothing has happened to, only the first is looked at. */
  readonly alike: readonly (readonly number[])[]
  private readonly collectEnds: boolean
  private readonly ends = new Map<string, Record<string, Value>>()
  private explorer: Explorer | null = null
  private reasons: string[]
  private isDone = false

  constructor(scenario: Scenario, model: Model, options: ProveOptions = {}) {
    this.model = model
    this.faults = Math.max(0, Math.floor(options.faults ?? 1))
    this.kinds = faultKinds.filter((kind) => (options.kinds ?? faultKinds).includes(kind))
    this.statesMax = Math.min(options.statesMax ?? STATES_USUAL, STATES_MAX)
    this.collectEnds = options.collectEnds ?? false
    this.proof = withoutWeather(model)
    this.split = new Split(this.proof.model)
    this.reasons = limitsOf(scenario, this.proof.model)
    this.atomic = atomicServices(scenario, model)
    this.hasIdentity = hasIdentity(scenario)
    this.hidden = hiddenTables(scenario, model)
    const usesSymmetry = (options.symmetry ?? !this.collectEnds) && !this.hasIdentity
    this.alike = usesSymmetry ? alikeRequests(scenario, this.proof.model) : []
  }

  /** Looks at up to so many further states; true while there is more to do. */
  advance(statesMax: number): boolean {
    if (this.isDone || this.reasons.length > 0) return false
    try {
      this.explorer ??= this.explore()
      this.isDone = !this.explorer.advance(statesMax)
    } catch (error) {
      this.recover(error)
    }
    return !this.isDone
  }

  /** To the end; for proofs known to be short. */
  run(): ProveResult {
    while (this.advance(10_000));
    return this.result()
  }

  get counts(): ProveCounts {
    const { explorer } = this
    if (explorer === null) return NOTHING
    return {
      states: explorer.visited.count,
      transitions: explorer.transitions,
      waiting: explorer.frontier.size,
      ends: explorer.ends,
      visitedBytes: explorer.visited.bytes,
      waitingBytes: explorer.frontier.bytes,
    }
  }

  result(): ProveResult {
    const { explorer, model, counts } = this
    const counterexample = this.counterexample()
    const verdict = this.verdict()
    const neverSeen = model.properties.flatMap(({ name, when }, i) =>
      verdict === 'proved' && when === 'sometimes' && explorer?.seen.has(i) === false ? [name] : [],
    )
    const bounds = { model, faults: this.faults, kinds: this.kinds, statesMax: this.statesMax, alike: this.alike }
    const { reasons } = this
    return {
      verdict,
      sentence: verdictSentence({ verdict, counts, reasons, neverSeen, property: counterexample?.property }, bounds),
      counts,
      reasons,
      counterexample,
      neverSeen,
      ends: [...this.ends.values()],
    }
  }

  /** The counterexample as a run with a trace: on the stage it plays like any other. */
  show(counterexample: Counterexample): { readonly trace: TraceWriter; readonly replay: Replay } {
    const trace = new TraceWriter()
    const replay = new Replay(this.proof, this.explorer as Explorer, this.atomic, trace)
    for (const move of counterexample.moves) replay.step(move)
    replay.finish()
    return { trace, replay }
  }

  /** What the message of a path's word is called. */
  typeOf(word: number): string {
    const type = this.explorer?.contents.list[word >> 1]?.body.type ?? 0
    return this.model.messageTypes[type] ?? ''
  }

  private explore(): Explorer {
    const { proof, split, faults, atomic, model } = this
    const explorer = new Explorer(proof, split, {
      faults,
      atomic,
      statesMax: this.statesMax,
      kinds: new Set(this.kinds),
      hasIdentity: this.hasIdentity,
      numbered: new Set(model.tables.flatMap(({ name }, i) => (name === 'outbox' ? [i] : []))),
      hidden: this.hidden,
      alike: this.alike,
    })
    this.ends.clear()
    if (this.collectEnds) explorer.onEnd = (locals) => this.collect(explorer, locals)
    return explorer
  }

  private collect(explorer: Explorer, locals: Int32Array): void {
    const values: Record<string, Value> = {}
    for (const { name, value, needsTrace } of this.model.observables) {
      if (needsTrace) continue
      try {
        values[name] = explorer.onlooker.value(value, locals)
      } catch (error) {
        // Counts of messages, conflicts and the like are no part of a state.
        if (!(error instanceof Unprovable)) throw error
      }
    }
    this.ends.set(JSON.stringify(values), values)
  }

  private recover(error: unknown): void {
    if (error instanceof Merge) {
      this.split.merge(error.one, error.other)
      this.explorer = null
    } else if (error instanceof Unprovable) {
      this.reasons = [error.message]
      this.isDone = true
    } else throw error
  }

  private verdict(): ProveResult['verdict'] {
    const { explorer } = this
    if (this.reasons.length > 0) return 'not provable'
    if (explorer !== null && explorer.breach !== null) return 'broken'
    if (explorer === null || !this.isDone) return 'unfinished'
    return explorer.frontier.size > 0 ? 'bound reached' : 'proved'
  }

  private counterexample(): Counterexample | null {
    const { explorer } = this
    if (explorer === null || explorer.breach === null) return null
    const { property, state } = explorer.breach
    const moves = explorer.pathTo(state)
    const name = this.model.properties[property]?.name ?? ''
    return { property: name, moves, steps: moveSentences(explorer, this.proof.model, moves) }
  }
}

/** Proves, or finds the shortest way to break a property. `onProgress` is called after every slice; false cancels. */
export function prove(
  scenario: Scenario,
  model: Model,
  options: ProveOptions = {},
  onProgress: (counts: ProveCounts) => boolean = () => true,
): ProveResult {
  const proof = new Proof(scenario, model, options)
  while (proof.advance(2000)) if (!onProgress(proof.counts)) break
  return proof.result()
}
