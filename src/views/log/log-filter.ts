/** Which entries a filter leaves, found a slice at a time so that a million of them never hold up a frame. */
import { describe, timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import { groupOf, type LogGroup } from './log-groups.ts'

export interface LogFilter {
  /** Lower case; empty for none. */
  readonly text: string
  /** Empty for every kind. */
  readonly groups: ReadonlySet<LogGroup>
}

export function filtersNothing(filter: LogFilter): boolean {
  return filter.text === '' && filter.groups.size === 0
}

function passes(trace: Trace, position: number, filter: LogFilter): boolean {
  if (filter.groups.size > 0) {
    const group = groupOf(trace.at('kind', position))
    if (group === undefined || !filter.groups.has(group)) return false
  }
  if (filter.text === '') return true
  const entry = trace.entry(position)
  const line = `${position + 1} ${timeText(entry.time)} ${describe(trace, entry)}`
  return line.toLowerCase().includes(filter.text)
}

/** The search for one filter over one trace; goes on where it stopped. */
export class LogSearch {
  readonly found: number[] = []
  /** Entries looked at so far. */
  scanned = 0
  private readonly trace: Trace
  private readonly filter: LogFilter

  constructor(trace: Trace, filter: LogFilter) {
    this.trace = trace
    this.filter = filter
  }

  /** Looks at up to `count` more entries; says whether there are more. */
  scan(count: number): boolean {
    const end = Math.min(this.trace.length, this.scanned + count)
    for (; this.scanned < end; this.scanned++) {
      if (passes(this.trace, this.scanned, this.filter)) this.found.push(this.scanned)
    }
    return this.scanned < this.trace.length
  }
}
