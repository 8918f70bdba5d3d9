/**
 * The hunt: random schedules by seed, each run to its end, until a promise breaks. Runs in slices, so that a worker can
 * hear a pause in between; what it finds is a seed and its choices, and the same everywhere.
 */
import type { Budget } from './budget.ts'
import { ScheduleDealer } from './draw-schedule.ts'
import { menuAt } from './menu.ts'
import type { Schedule } from './schedule.ts'
import type { Trials } from './trials.ts'

export interface Finding {
  /** The promise that breaks. */
  readonly promise: string
  /** The seed that was dealt; −1 for the calm run, in which nothing goes wrong. */
  readonly seed: number
  readonly schedule: Schedule
}

/** What breaks one promise: the first findings, and how many seeds there were. */
export interface FindingGroup {
  readonly promise: string
  count: number
  readonly first: Finding[]
}

export interface HuntState {
  /** Seeds looked at. */
  readonly runs: number
  readonly groups: readonly FindingGroup[]
  readonly done: boolean
}

/** Findings kept of each promise: the smallest of several is a better story than the first. */
const KEPT_PER_PROMISE = 5

export class Hunt {
  readonly groups: FindingGroup[] = []
  runs = 0
  private next: number
  private readonly to: number
  private readonly kept: number
  private readonly trials: Trials
  private readonly dealer: ScheduleDealer

  /** Seeds from `from` up to but not including `to`; of each promise, the first `kept` findings are kept. */
  constructor(trials: Trials, budget: Budget, from: number, to: number, kept = KEPT_PER_PROMISE) {
    const { scenario, copies } = trials
    const first = Object.entries(scenario.services).flatMap(([name, one]) =>
      one.acknowledge === 'first' ? [name] : [],
    )
    const menu = menuAt(trials.menu, budget.at)
    this.trials = trials
    this.dealer = new ScheduleDealer(budget, menu, copies.length, first, trials.model.requests.length)
    this.next = from
    this.to = to
    this.kept = kept
  }

  get done(): boolean {
    return this.next >= this.to
  }

  get state(): HuntState {
    const { runs, groups, done } = this
    return { runs, groups, done }
  }

  /** Looks at so many more seeds; true while there are more to look at. */
  advance(seeds: number): boolean {
    const end = Math.min(this.to, this.next + seeds)
    for (; this.next < end; this.next++, this.runs++) {
      const schedule = this.dealer.deal(this.next)
      for (const promise of this.trials.broken(schedule)) this.keep({ promise, seed: this.next, schedule })
    }
    return !this.done
  }

  private keep(finding: Finding): void {
    addFinding(this.groups, finding, this.kept)
  }
}

function addFinding(groups: FindingGroup[], finding: Finding, kept: number): void {
  let group = groups.find(({ promise }) => promise === finding.promise)
  if (group === undefined) {
    group = { promise: finding.promise, count: 0, first: [] }
    groups.push(group)
  }
  group.count++
  if (group.first.length < kept) group.first.push(finding)
}

/** What several searches have found, as if one had: in the order of seeds. */
export function mergeGroups(all: readonly (readonly FindingGroup[])[]): FindingGroup[] {
  const merged: FindingGroup[] = []
  for (const { promise, count, first } of all.flat()) {
    const known = merged.find((group) => group.promise === promise)
    if (known === undefined) merged.push({ promise, count, first: [...first] })
    else {
      known.count += count
      known.first.push(...first)
    }
  }
  for (const { first } of merged) {
    first.sort((a, b) => a.seed - b.seed)
    first.splice(KEPT_PER_PROMISE)
  }
  return merged.sort((a, b) => (a.first[0]?.seed ?? 0) - (b.first[0]?.seed ?? 0))
}
