/**
 * The same failure with as little as possible: fewer sagas, fewer faults, simpler ones. Greedy: the first simpler
 * schedule that still breaks the same promise is taken, until none does.
 */
import type { Fault } from '../scenario/schema.ts'
import type { Schedule } from './schedule.ts'
import type { Trials } from './trials.ts'

/** A stubborn schedule must end somewhere: so many runs, or so many actions in all of them, are enough. */
const TRIES_MAX = 4000
const WORK_MAX = 3_000_000

/** The schedule is known to break the promise in these trials; `also` can ask for more. */
export function shrinkIn(trials: Trials, schedule: Schedule, promise: string, also = (_: Schedule) => true): Schedule {
  const enough = trials.work + WORK_MAX
  const breaks = (simpler: Schedule) => trials.work < enough && trials.breaks(simpler, promise) && also(simpler)
  const names = [...new Set(trials.menu.sendings.map(({ message }) => message))]
  return shrink(schedule, breaks, trials.scenario.seed, names)
}

/** `breaks` is asked of simpler and simpler schedules; the given one is known to break. "Any message" gets a name. */
export function shrink(
  schedule: Schedule,
  breaks: (simpler: Schedule) => boolean,
  ownSeed: number,
  names: readonly string[] = [],
): Schedule {
  let tries = 0
  let smallest = schedule
  for (;;) {
    const next = simplerThan(smallest, ownSeed, names).find((simpler) => ++tries <= TRIES_MAX && breaks(simpler))
    if (next === undefined) return smallest
    smallest = next
  }
}

function simplerThan(schedule: Schedule, ownSeed: number, names: readonly string[]): Schedule[] {
  const { faults, more, seed } = schedule
  const withFaults = (changed: readonly Fault[]): Schedule => ({ ...schedule, faults: changed })
  return [
    ...(more.length > 0 ? [{ ...schedule, more: [] }] : []),
    // The later half and the earlier half first: a long schedule gets short quickly.
    ...(faults.length > 3
      ? [withFaults(faults.slice(0, faults.length >> 1)), withFaults(faults.slice(faults.length >> 1))]
      : []),
    ...faults.map((_, i) => withFaults(faults.filter((_, j) => j !== i))),
    // One fault that strikes often instead of several that strike once.
    ...(faults.length > 1 ? faults.flatMap(oftener).map((fault) => withFaults([fault])) : []),
    ...(seed === ownSeed ? [] : [{ ...schedule, seed: ownSeed }]),
    ...more.flatMap(({ afterMs }, i) =>
      rounder(afterMs, 0).map((simpler) => ({
        ...schedule,
        more: more.with(i, { ...more[i], afterMs: simpler } as never),
      })),
    ),
    ...faults.flatMap((fault, i) => simplerFaults(fault).map((simpler) => withFaults(faults.with(i, simpler)))),
    ...faults.flatMap((fault, i) => named(fault, names).map((simpler) => withFaults(faults.with(i, simpler)))),
  ]
}

/** "The first charge" says more than "the second message of all". */
function named(fault: Fault, names: readonly string[]): Fault[] {
  if (!('message' in fault) || fault.message !== undefined) return []
  return names.map((message) => ({ ...fault, message, nth: 1 }))
}

const OFTEN = 6

function oftener(fault: Fault): Fault[] {
  return 'times' in fault ? [{ ...fault, nth: 1, times: OFTEN }] : []
}

type Fields = Readonly<Record<string, unknown>>

/** Fields with a simplest value of their own, which is tried first. */
const simplest: Fields = {
  times: 1,
  nth: 1,
  copies: 1,
  point: undefined,
  where: 'in transaction',
  direction: 'both',
  mode: 'buffer',
  restartMs: undefined,
}
/** Times that get rounder and smaller, with the least they can be. */
const times: Readonly<Record<string, number>> = { byMs: 0, atMs: 0, forMs: 1, fromMs: 0, windowMs: 1, restartMs: 0 }

function simplerFaults(fault: Fault): Fault[] {
  const fields = fault as unknown as Fields
  const changed = (name: string, value: unknown) => ({ ...fields, [name]: value }) as unknown as Fault
  const narrowed = narrower(fault)
  const plainer = Object.entries(simplest).flatMap(([name, value]) => {
    if (!(name in fields)) return []
    const plain = name === 'point' ? plainPoint(fault) : value
    return fields[name] === plain ? [] : [changed(name, plain)]
  })
  const fewer = typeof fields.nth === 'number' && fields.nth > 2 ? [changed('nth', fields.nth - 1)] : []
  const rounded = Object.entries(times).flatMap(([name, least]) => {
    const value = fields[name]
    return typeof value === 'number' ? rounder(value, least).map((simpler) => changed(name, simpler)) : []
  })
  return [...narrowed, ...plainer, ...fewer, ...rounded, ...shorterPartitions(fault)]
}

/** A loss says more than a partition that loses, and a crash at a gap more than one at a time. */
function narrower(fault: Fault): Fault[] {
  if (fault.kind !== 'partition' || fault.between[1].length < 2) return []
  return fault.between[1].map((far) => ({ ...fault, between: [fault.between[0], [far]] }))
}

function plainPoint(fault: Fault): string | undefined {
  if (fault.kind === 'fail') return 'before commit'
  return fault.kind === 'crash' ? 'after commit' : undefined
}

function shorterPartitions(fault: Fault): Fault[] {
  if (fault.kind !== 'partition' || fault.untilMs === undefined) return []
  const { fromMs, untilMs } = fault
  return rounder(untilMs - fromMs, 1).map((length) => ({ ...fault, untilMs: fromMs + length }))
}

/** The least, then the next rounder values below: 4837 → 0, 4000, 4800. */
function rounder(value: number, least: number): number[] {
  const floors = [10_000, 1000, 100, 10].map((unit) => Math.floor(value / unit) * unit)
  return [...new Set([least, ...floors])].filter((one) => one >= least && one < value)
}

/** How much there is to understand in a schedule: fewer sagas and faults first, then fewer settings. */
export function weight({ faults, more }: Schedule): number {
  return more.length * 1000 + faults.length * 100 + faults.reduce((sum, fault) => sum + settings(fault), 0)
}

function settings(fault: Fault): number {
  return Object.values(fault).filter((value) => value !== undefined).length
}
