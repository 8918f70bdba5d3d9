/** The first entry at which runs part, as a sentence for each run. */
import type { Parting } from '../../session/comparison-types.ts'
import { describe, timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'

/** What a run does at the position where it parts from another. */
export function partingSentence(trace: Trace, position: number, otherTime: number): string {
  if (position >= trace.length) return 'nothing more happens'
  const said = describe(trace, trace.entry(position))
  const time = trace.timeAt(position)
  return time > otherTime ? `${said}, at ${timeText(time)}` : said
}

/** `The runs part at 5.010 s`, or that they do not. */
export function partingHeadline(partings: readonly Parting[]): string {
  const others = partings.slice(1)
  const times = others.flatMap((parting) => (parting.state === 'parts' ? [parting.moment.time] : []))
  if (times.length > 0) return `The runs part at ${timeText(Math.min(...times))}`
  if (others.length === 0 || others.some(({ state }) => state === 'looking')) return 'Looking for where the runs part …'
  return 'The runs never part: entry by entry, they tell the same'
}
