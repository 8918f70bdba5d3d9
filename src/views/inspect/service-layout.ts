/** What a service is doing at the playhead, in words. */
import { timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import type { ServiceState } from '../../trace/world-state.ts'

export interface ServiceNow {
  readonly up: boolean
  /** `idle`, `charge: in transaction`, `crashed after commit`. */
  readonly doing: string
  /** The names of the messages that wait for a free handler, oldest first. */
  readonly queue: readonly { readonly id: number; readonly type: string }[]
  /** What is only in memory, one line each: it would be gone after a crash. */
  readonly memory: readonly string[]
}

/** `in doubt: 2 rows locked`: prepared and voted for, and the decision has not been heard; empty for none. */
export function doubtText({ inDoubt }: ServiceState): string {
  if (inDoubt === undefined) return ''
  let rows = 0
  for (const locked of inDoubt.values()) rows += locked
  return `in doubt: ${rows} ${rows === 1 ? 'row' : 'rows'} locked`
}

export function serviceNow(trace: Trace, state: ServiceState, time: number): ServiceNow {
  const typeOf = (message: number) => trace.message(message).type
  // A timer's work has no message and no acknowledgement: it is over with its commit.
  const handling = [...state.handling]
    .filter(([message, phase]) => message !== NONE || phase !== 'committed')
    .map(([message, phase]) => `${message === NONE ? 'timer' : typeOf(message)}: ${phase}`)
  const queue = [...state.queue].map((id) => ({ id, type: typeOf(id) }))
  const doubt = doubtText(state)
  if (!state.up) {
    const { a: point, time: since } = trace.entry(state.crashedAt)
    const doing = `crashed ${trace.text(point)}, down for ${timeText(time - since)}${doubt === '' ? '' : `; ${doubt}`}`
    return { up: false, doing, queue, memory: ['lost in the crash'] }
  }
  return {
    up: true,
    doing: state.paused
      ? 'stands still'
      : handling.length === 0
        ? doubt || 'idle'
        : (handling[0] as string) + (handling.length > 1 ? ` and ${handling.length - 1} more` : ''),
    queue,
    memory: handling.length === 0 ? ['empty'] : handling,
  }
}
