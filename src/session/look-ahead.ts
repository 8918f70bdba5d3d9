/** What a run still has in store after a moment: whether a fault put there would have anything to hit. */
import { Kind } from '../trace/kinds.ts'
import type { Trace } from '../trace/trace.ts'
import { NONE } from '../trace/trace-format.ts'

export interface Ends {
  readonly from: number
  readonly to: number
}

/** The first message wanted that leaves at or after a time (microseconds); copies of the bus do not count. */
export function nextMessage(trace: Trace, after: number, isWanted: (ends: Ends) => boolean): Ends | undefined {
  for (let id = 0; id < trace.messageCount; id++) {
    if (trace.messageAt('departs', id) < after || trace.messageAt('logical', id) !== id) continue
    const ends = { from: trace.messageAt('from', id), to: trace.messageAt('to', id) }
    if (isWanted(ends)) return ends
  }
  return undefined
}

/** Whether the service still begins to handle a message. */
export function hasHandling(trace: Trace, service: number, after: number): boolean {
  return hasEntry(trace, after, (at) => trace.at('service', at) === service && trace.at('kind', at) === Kind.received)
}

/** Whether the service still does anything for a message. */
export function hasWork(trace: Trace, service: number, after: number): boolean {
  return hasEntry(trace, after, (at) => trace.at('service', at) === service && trace.at('message', at) !== NONE)
}

function hasEntry(trace: Trace, after: number, isWanted: (position: number) => boolean): boolean {
  for (let at = trace.length - 1; at >= 0 && trace.timeAt(at) >= after; at--) if (isWanted(at)) return true
  return false
}
