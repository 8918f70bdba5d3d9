/** One run, summed up: the stable document of `--json`, and the same for people. */
import { EvaluationError } from '../kernel/evaluation.ts'
import type { ObservableModel } from '../kernel/model.ts'
import { observe } from '../scenario/compile.ts'
import { Run, type Summary } from '../scenario/run.ts'
import type { Scenario } from '../scenario/schema.ts'
import { timeText, valueText } from '../trace/describe.ts'
import type { Value } from '../trace/trace-format.ts'
import { BadInput } from './output.ts'
import { accept, type Prepared, type Story } from './stories.ts'
import { columns } from './table.ts'

/** Keys are added to this document, never removed or renamed: scripts read it. */
export interface RunReport {
  readonly scenario: string
  readonly title: string
  readonly variant: string | null
  readonly seed: number
  /** True when nothing was left to happen; false when a limit of the scenario ended the run. */
  readonly quiescent: boolean
  /** `at rest`, `time limit` or `entry limit`. */
  readonly reason: string
  /** What repeated when a limit ended the run; null when it came to rest or nothing repeats. */
  readonly cycle: string | null
  readonly observables: Readonly<Record<string, Value>>
  /** What the scenario and its variant expect, by observable. */
  readonly expected: Readonly<Record<string, Value>>
  readonly properties: readonly PropertyReport[]
  /** Every expected observable has its value, and each property holds or breaks as expected. */
  readonly asExpected: boolean
  readonly entries: number
  /** Of the whole trace: the same scenario, variant and seed give the same one everywhere. */
  readonly hash: string
}

export interface PropertyReport {
  readonly name: string
  readonly when: 'always' | 'eventually' | 'sometimes'
  readonly holds: boolean
  readonly expectedToBreak: boolean
  /** The entry that broke it first, and its time; null for one that holds. */
  readonly position: number | null
  readonly timeMs: number | null
}

export interface RunOptions {
  readonly seed?: number | undefined
  /** Further observables: name → expression. */
  readonly observe?: ReadonlyMap<string, string>
}

export function startRun(story: Story, prepared: Prepared, options: RunOptions): Run {
  const { model, scenario } = prepared
  const asked = [...(options.observe ?? [])].map(([name, text]) => askFor(scenario, name, text))
  const run = new Run(
    {
      ...model,
      observables: [...model.observables, ...asked],
      countsEffects: model.countsEffects || asked.some(({ needsEffects }) => needsEffects),
    },
    scenario,
    options.seed === undefined ? {} : { seed: options.seed },
  )
  try {
    return run.runToEnd()
  } catch (error) {
    if (error instanceof EvaluationError) throw new BadInput(`${story.label}: ${error.message}`)
    throw error
  }
}

export function reportOn(story: Story, prepared: Prepared, options: RunOptions = {}): RunReport {
  const run = startRun(story, prepared, options)
  const summary = run.summary()
  return {
    scenario: prepared.scenario.id,
    title: prepared.scenario.title,
    variant: prepared.variant,
    seed: run.simulation.seed,
    quiescent: summary.quiescent,
    reason: summary.reason,
    cycle: summary.cycle,
    observables: Object.fromEntries(summary.observables.map(({ name, value }) => [name, value])),
    expected: Object.fromEntries(
      summary.observables.flatMap(({ name, expected }) => (expected === undefined ? [] : [[name, expected]])),
    ),
    properties: summary.properties.map(asPropertyReport),
    asExpected: summary.asExpected,
    entries: summary.entries,
    hash: summary.hash,
  }
}

function askFor(scenario: Scenario, name: string, text: string): ObservableModel {
  if (Object.hasOwn(scenario.observables, name)) {
    throw new BadInput(`--observe ${name}: the scenario has an observable of this name; choose another`)
  }
  const { value, needsTrace, needsEffects } = accept(observe(scenario, text), `--observe ${name}`)
  return {
    name,
    needsTrace,
    needsEffects,
    value: (sim) => {
      try {
        return value(sim)
      } catch (error) {
        if (error instanceof EvaluationError) throw new BadInput(`--observe ${name}: ${error.message}`)
        throw error
      }
    },
  }
}

function asPropertyReport({ name, when, holds, expectedToBreak, position, time }: Summary['properties'][number]) {
  return {
    name,
    when,
    holds,
    expectedToBreak,
    position: holds ? null : position,
    timeMs: holds ? null : time / 1000,
  }
}

/** The lines `run` prints for people. */
export function reportLines(report: RunReport): string[] {
  const { title, scenario, variant, seed, reason, cycle, entries, hash } = report
  return [
    `${title} (${scenario}${variant === null ? '' : `, variant ${variant}`}, seed ${seed})`,
    ...section('Observables', observableRows(report)),
    ...section('Properties', report.properties.map(propertyRow)),
    '',
    `${endText(reason)}, ${entries} entries, hash ${hash}`,
    ...(cycle === null ? [] : [`It went round: ${cycle}`]),
    verdictText(report),
  ]
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...columns(rows).map((line) => `  ${line}`)]
}

function observableRows({ observables, expected }: RunReport): string[][] {
  return Object.entries(observables).map(([name, value]) => {
    const differs = Object.hasOwn(expected, name) && !sameValue(value, expected[name] as Value)
    return [name, valueText(value), differs ? `expected ${valueText(expected[name] as Value)}` : '']
  })
}

function propertyRow({ name, when, holds, expectedToBreak, position, timeMs }: PropertyReport): string[] {
  if (holds) return [name, when, 'holds', expectedToBreak ? 'expected to break' : '']
  const at = position === null || position < 0 ? '' : ` at entry ${position + 1}, ${timeText((timeMs ?? 0) * 1000)}`
  return [name, when, `broken${at}`, expectedToBreak ? 'as expected' : 'expected to hold']
}

function endText(reason: string): string {
  return reason === 'at rest' ? 'Came to rest' : `Ended by the ${reason}`
}

function verdictText({ asExpected, properties, expected }: RunReport): string {
  const broken = properties.filter(({ holds }) => !holds).length
  if (!asExpected) return 'Not as expected.'
  if (broken > 0) return `As expected: ${broken} of ${properties.length} properties broken.`
  const hasExpectations = Object.keys(expected).length > 0
  if (properties.length === 0) return hasExpectations ? 'As expected.' : 'Nothing is expected of this scenario.'
  return hasExpectations ? 'As expected: every property holds.' : 'Every property holds.'
}

/** Why a report is not as expected: one line per surprise. */
export function surprises({ observables, expected, properties }: RunReport): string[] {
  const values = Object.entries(expected).flatMap(([name, wanted]) => {
    const found = observables[name] as Value
    return sameValue(found, wanted) ? [] : [`${name} is ${valueText(found)}, expected ${valueText(wanted)}`]
  })
  const broken = properties.flatMap(({ name, holds, expectedToBreak }) => {
    if (holds !== expectedToBreak) return []
    return [holds ? `${name} holds, expected to break` : `${name} is broken, expected to hold`]
  })
  return [...values, ...broken]
}

function sameValue(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
