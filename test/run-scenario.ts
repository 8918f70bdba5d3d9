/** For tests: a scenario run to its end, with everything a test wants to know of it. */
import { problemLine } from '../src/base/result.ts'
import { compile, readScenario } from '../src/scenario/compile.ts'
import { applyVariant } from '../src/scenario/patch.ts'
import { Run, type Summary } from '../src/scenario/run.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'
import { describe, timeText } from '../src/trace/describe.ts'
import { Trace } from '../src/trace/trace.ts'
import type { TracePart, Value } from '../src/trace/trace-format.ts'

export interface RunOutcome {
  readonly parts: readonly TracePart[]
  readonly trace: Trace
  readonly summary: Summary
  readonly observables: Readonly<Record<string, Value>>
  /** Names of the properties that broke. */
  readonly broken: readonly string[]
}

export interface Stepping {
  readonly seed?: number
  /** Actions per slice, one trace part each; the whole run at once when absent. */
  readonly slice?: number
}

export function runScenario(input: ScenarioInput, variant: string | null = null, stepping: Stepping = {}): RunOutcome {
  const read = readScenario(applyVariant(input, variant))
  if (!read.ok) throw new Error(read.problems.map(problemLine).join('\n'))
  const model = compile(read.value, variant)
  if (!model.ok) throw new Error(model.problems.map(problemLine).join('\n'))
  const run = new Run(model.value, read.value, stepping.seed === undefined ? {} : { seed: stepping.seed })
  const parts: TracePart[] = []
  while (run.advance(stepping.slice ?? 1_000_000)) parts.push(run.takePart())
  parts.push(run.takePart())
  const summary = run.summary()
  return {
    parts,
    trace: new Trace(run.header, parts),
    summary,
    observables: Object.fromEntries(summary.observables.map(({ name, value }) => [name, value])),
    broken: summary.properties.filter(({ holds }) => !holds).map(({ name }) => name),
  }
}

/** `105 ms  Payment committed charge`: the entries, as people read them. */
export function sentences(trace: Trace): string[] {
  return Array.from({ length: trace.length }, (_, position) => {
    const entry = trace.entry(position)
    return `${timeText(entry.time)}  ${describe(trace, entry)}`
  })
}
