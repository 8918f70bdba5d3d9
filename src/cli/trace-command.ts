/** `trace`: a run as readable lines, one per entry. Golden traces are kept in this form. */
import { describe, timeText } from '../trace/describe.ts'
import { Trace } from '../trace/trace.ts'
import { type OptionKinds, readArguments, readSeed, theStory } from './arguments.ts'
import { Exit, type ExitCode, type Output } from './output.ts'
import { startRun } from './report.ts'
import { openStory, type Prepared, prepare, type Story } from './stories.ts'

const options: OptionKinds = { variant: 'value', seed: 'value' }

export function traceCommand(given: readonly string[], output: Output): ExitCode {
  const args = readArguments(given, options)
  const story = openStory(theStory(args, 'trace'))
  const prepared = prepare(story, args.value('variant') ?? null)
  for (const line of traceLines(story, prepared, readSeed(args))) output.out(line)
  return Exit.asExpected
}

/** Position (counted from 1, as everywhere on the page), time, and the sentence. */
export function* traceLines(story: Story, prepared: Prepared, seed: number | undefined): Generator<string> {
  const run = startRun(story, prepared, { seed })
  const trace = new Trace(run.header, [run.takePart()])
  const digits = String(trace.length).length
  for (let position = 0; position < trace.length; position++) {
    const entry = trace.entry(position)
    const number = String(position + 1).padStart(digits)
    yield `${number}  ${timeText(entry.time).padStart(10)}  ${describe(trace, entry)}`
  }
}
