/**
 * Where two runs part: the first entry at which they no longer tell the same. Numbers are no measure of that: another
 * setting numbers its tables and values anew. So entries are compared by what they say, and when.
 */
import { describe } from './describe.ts'
import { Kind } from './kinds.ts'
import type { Trace } from './trace.ts'
import { NONE } from './trace-format.ts'

/**
 * The first position, from `from` on, whose entries differ in time or meaning. Where one trace is the beginning of the
 * other it is the length of the shorter one: while a run is still arriving, that is where to go on looking. Looks no
 * further than `until`.
 */
export function firstDifference(one: Trace, other: Trace, from = 0, until = Number.POSITIVE_INFINITY): number {
  const both = Math.min(one.length, other.length, until)
  let position = Math.min(from, both)
  while (position < both && tellsTheSame(one, other, position)) position++
  return position
}

/** Where two whole runs part; null when they tell the same from the first entry to the last. */
export function partingOf(one: Trace, other: Trace): number | null {
  const position = firstDifference(one, other)
  return position === one.length && position === other.length ? null : position
}

function tellsTheSame(one: Trace, other: Trace, position: number): boolean {
  const isLike = (['time', 'kind', 'saga', 'message', 'cause'] as const).every((column) => {
    return one.at(column, position) === other.at(column, position)
  })
  return isLike && meaningOf(one, position) === meaningOf(other, position)
}

/** Everything an entry says, without the numbers that only its own trace can read. */
function meaningOf(trace: Trace, position: number): string {
  const entry = trace.entry(position)
  const said = [trace.header.services[entry.service]?.name, describe(trace, entry)]
  return JSON.stringify([...said, ...messageMeaning(trace, entry.message), ...changeMeaning(trace, position)])
}

function messageMeaning(trace: Trace, id: number): readonly unknown[] {
  if (id === NONE) return []
  const { type, from, to, role, outcome, step, compensation, attempt, key, reason, payload, logical, answers } =
    trace.message(id)
  const ends = [from, to].map((service) => trace.header.services[service]?.name)
  return [type, ends, role, outcome, step, compensation, attempt, key, reason, payload, logical, answers]
}

function changeMeaning(trace: Trace, position: number): readonly unknown[] {
  if (trace.at('kind', position) !== Kind.rowChanged) return []
  const { table, row, before, after } = trace.change(trace.at('a', position))
  return [trace.header.tables[table]?.name, row, before, after]
}
