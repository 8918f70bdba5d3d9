/**
 * Looks at the properties of a state of the whole, which is one state of each part. What a property sees of a part is
 * worked out once per state of that part, and its verdict once per combination of what it sees.
 */
import type { Model, PropertyModel } from '../kernel/model.ts'
import { Simulation } from '../kernel/simulation.ts'
import { Canon } from './prove-canon.ts'
import type { Contents } from './prove-contents.ts'
import type { Part } from './prove-part.ts'
import type { Split } from './prove-split.ts'

/** A property or an observable asks for what a proof does not know. */
export class Unprovable extends Error {}

interface Watch {
  readonly property: PropertyModel
  readonly number: number
  /** Patterns whose memory it has looked at. */
  readonly patterns: Set<number>
  verdicts: Map<string, boolean>
  /** By part: the number of what it sees, by local state. */
  sights: (number[] | null)[]
}

export class Onlooker {
  private readonly model: Model
  private readonly parts: readonly Part[]
  private readonly split: Split
  private readonly canon: Canon
  private readonly initial: readonly unknown[]
  private readonly watches: Watch[]
  private readonly numbers = new Map<string, number>()
  private readonly view: Simulation
  private readonly partOf: readonly number[]
  private claims = 0
  private locals: Int32Array = new Int32Array(0)
  private touched = new Set<number>()

  constructor(model: Model, parts: readonly Part[], split: Split, contents: Contents) {
    this.model = model
    this.parts = parts
    this.split = split
    this.canon = new Canon(contents, new Set())
    this.initial = new Simulation(model, { checking: 'never' }).patterns
    this.partOf = model.services.map((_, service) => parts.findIndex((part) => part.services.includes(service)))
    this.view = this.makeView()
    this.watches = model.properties.map((property, number) => ({
      property,
      number,
      patterns: new Set(),
      verdicts: new Map(),
      sights: [],
    }))
  }

  /** The first property of a kind that does not hold, −1 for none. `changed`: look only at what sees this part. */
  violated(locals: Int32Array, when: PropertyModel['when'], changed = -1, before = -1): number {
    this.refresh()
    for (const watch of this.watches) {
      if (watch.property.when !== when) continue
      if (changed >= 0 && !this.seesChange(watch, changed, before, locals[changed + 1] as number)) continue
      if (!this.verdict(watch, locals)) return watch.number
    }
    return -1
  }

  /** Does the property hold here? */
  holds(number: number, locals: Int32Array): boolean {
    this.refresh()
    return this.verdict(this.watches[number] as Watch, locals)
  }

  /** The value of any expression over the end of a run. */
  value<T>(read: (sim: Simulation) => T, locals: Int32Array): T {
    this.locals = locals
    return read(this.view)
  }

  /** A pattern's memory has got an owner since: what was seen of it is worked out anew. */
  private refresh(): void {
    const claims = this.model.patterns.filter((_, i) => this.split.ownerOf(i) >= 0).length
    if (claims === this.claims) return
    this.claims = claims
    for (const watch of this.watches) this.forget(watch)
  }

  private forget(watch: Watch): void {
    watch.verdicts = new Map()
    watch.sights = []
  }

  private seesChange(watch: Watch, part: number, before: number, after: number): boolean {
    return this.sight(watch, part, before) !== this.sight(watch, part, after)
  }

  private verdict(watch: Watch, locals: Int32Array): boolean {
    const key = this.parts.map((_, part) => this.sight(watch, part, locals[part + 1] as number)).join()
    const known = watch.verdicts.get(key)
    if (known !== undefined) return known
    this.locals = locals
    this.touched = new Set()
    const holds = watch.property.holds(this.view)
    if ([...this.touched].some((pattern) => !watch.patterns.has(pattern))) {
      for (const pattern of this.touched) watch.patterns.add(pattern)
      this.forget(watch)
      return this.verdict(watch, locals)
    }
    watch.verdicts.set(key, holds)
    return holds
  }

  /** What a property sees of a part, as a number; 0 when it does not look there. */
  private sight(watch: Watch, part: number, local: number): number {
    let sights = watch.sights[part]
    if (sights === undefined || sights === null) {
      sights = []
      watch.sights[part] = sights
    }
    const known = sights[local]
    if (known !== undefined) return known
    const { saved } = (this.parts[part] as Part).states[local] as Part['states'][number]
    const tables = saved.tables.filter((table) => table !== null && watch.property.looksAt[table.number] === 1)
    const patterns = [...watch.patterns].filter((pattern) => this.partOf[this.split.ownerOf(pattern)] === part)
    const text = this.canon.look(
      tables as Simulation['tables'],
      patterns.map((pattern) => saved.patterns[pattern] ?? this.initial[pattern]),
    )
    let number = this.numbers.get(text)
    if (number === undefined) {
      number = this.numbers.size + 1
      this.numbers.set(text, number)
    }
    sights[local] = number
    return number
  }

  /** What a property may look at: tables and patterns of the state at hand; anything else is no part of a state. */
  private makeView(): Simulation {
    const tables = byIndex((i) => this.savedOf(this.model.tables[i]?.service ?? 0).tables[i])
    const patterns = byIndex((i) => {
      this.touched.add(i)
      const owner = this.split.ownerOf(i)
      return owner < 0 ? this.initial[i] : (this.savedOf(owner).patterns[i] ?? this.initial[i])
    })
    const known: Record<string, unknown> = { model: this.model, tables, patterns }
    return new Proxy({} as Simulation, {
      get: (_target, name) => {
        if (typeof name === 'string' && name in known) return known[name]
        throw new Unprovable(String(name))
      },
    })
  }

  private savedOf(service: number): Part['states'][number]['saved'] {
    const part = this.partOf[service] as number
    return ((this.parts[part] as Part).states[this.locals[part + 1] as number] as Part['states'][number]).saved
  }
}

function byIndex(at: (index: number) => unknown): unknown[] {
  return new Proxy([], {
    get: (target, name) => {
      const i = typeof name === 'string' ? Number(name) : Number.NaN
      return Number.isInteger(i) ? at(i) : Reflect.get(target, name)
    },
  })
}
