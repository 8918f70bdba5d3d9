/**
 * The sweep: every placement of up to k faults on the calm run. A second fault is placed on the run that the first one
 * makes, at or after the place where it struck, so what only exists because something went wrong is struck as well.
 */
import type { Trace } from '../trace/trace.ts'
import { type Outcome, OutcomeJudge } from './outcome.ts'
import { columnsOf, type Placement, placementsOn } from './placements.ts'
import { calmSchedule, type Schedule } from './schedule.ts'
import type { TracedRun } from './traced-run.ts'
import type { Trials } from './trials.ts'

export interface Cell {
  /** One per fault, the first one first. */
  readonly placements: readonly { readonly row: string; readonly column: string }[]
  readonly schedule: Schedule
  readonly outcome: Outcome
  /** Names of the promises that break. */
  readonly broken: readonly string[]
  /** The first entry that is not as in the calm run; −1 when the whole run is the same. */
  readonly difference: number
}

export interface SweepOptions {
  /** At most so many faults in one cell, 1 to 3. */
  readonly faults: number
  /** Of the placements of the first fault, every `of`-th, beginning with the `shard`-th (from 0). */
  readonly shard: number
  readonly of: number
}

export class Sweep {
  readonly cells: Cell[] = []
  readonly columns: readonly string[]
  readonly calm: Outcome
  /** How many first placements there are in this shard. */
  readonly total: number
  private places = 0
  private readonly trials: Trials
  private readonly options: SweepOptions
  private readonly judge: OutcomeJudge
  private readonly calmTrace: Trace
  private readonly first: readonly Placement[]
  private readonly met = new Set<string>()

  constructor(trials: Trials, options: SweepOptions) {
    const { scenario } = trials
    this.trials = trials
    this.options = options
    this.judge = new OutcomeJudge(trials.ownScenario)
    const calm = this.look(calmSchedule(scenario.seed))
    this.calm = this.judge.outcome(calm)
    this.calmTrace = calm.trace
    this.first = placementsOn(calm.trace, trials.ownScenario, trials.menu).filter(
      (_, i) => i % options.of === options.shard,
    )
    this.total = this.first.length
    this.columns = columnsOf(Object.values(scenario.services).some(({ acknowledge }) => acknowledge === 'first'))
  }

  /** Places swept so far. */
  get swept(): number {
    return this.places
  }

  /** Sweeps so many more placements of the first fault; true while there are more. */
  advance(places: number): boolean {
    const end = Math.min(this.total, this.places + places)
    for (; this.places < end; this.places++) this.place([], this.first[this.places] as Placement)
    return this.places < this.total
  }

  /** The cells of these first placements alone, one fault each or more, as far as the options say. */
  between(from: number, to: number): Cell[] {
    const known = this.cells.length
    for (const placement of this.first.slice(from, to)) this.place([], placement)
    return this.cells.splice(known)
  }

  private place(before: readonly Placement[], placement: Placement): void {
    const all = [...before, placement]
    const schedule = { ...calmSchedule(this.trials.scenario.seed), faults: all.map(({ fault }) => fault) }
    const key = schedule.faults
      .map((fault) => JSON.stringify(fault))
      .sort()
      .join()
    if (this.met.has(key)) return
    this.met.add(key)
    const run = this.look(schedule)
    this.cells.push({
      placements: all.map(({ row, column }) => ({ row, column })),
      schedule,
      outcome: this.judge.outcome(run),
      broken: this.judge.broken(run),
      difference: firstDifference(run.trace, this.calmTrace),
    })
    if (all.length >= this.options.faults) return
    for (const next of placementsOn(run.trace, this.trials.ownScenario, this.trials.menu)) {
      if (next.position >= placement.position) this.place(all, next)
    }
  }

  private look(schedule: Schedule): TracedRun {
    return this.trials.trace(schedule)
  }
}

/** Causes and values are left out: they are numbers of what came before. */
const compared = ['time', 'kind', 'service', 'saga', 'message'] as const

function firstDifference(one: Trace, other: Trace): number {
  for (let position = 0; position < one.length; position++) {
    if (position >= other.length) return position
    if (compared.some((column) => one.at(column, position) !== other.at(column, position))) return position
  }
  return -1
}
