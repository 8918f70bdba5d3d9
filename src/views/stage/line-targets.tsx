import type { RefObject } from 'react'
import { useSession } from '../../session/use-session.ts'
import { serviceTitle } from '../../trace/describe.ts'

/**
 * The lines as buttons for the keyboard, after the cards in the order of Tab, while a fault is in the hand. The line
 * itself shows the focus.
 */
export function LineTargets({ ground }: { ground: RefObject<HTMLElement | null> }) {
  const armed = useSession((session) => session.armed)
  const trace = useSession((session) => session.trace)
  const dropFault = useSession((session) => session.dropFault)
  if (armed === null || trace === null) return null
  const mark = (from: number, to: number, isOn: boolean) =>
    ground.current?.querySelector(`g[data-fault-target="edge:${from}:${to}"]`)?.toggleAttribute('data-hover', isOn)
  return (
    <ul className="sr-only" aria-label="Lines">
      {trace.header.edges.map(([from, to]) => (
        <li key={`${from}-${to}`} data-fault-target={`edge:${from}:${to}`}>
          <button
            type="button"
            onFocus={() => mark(from, to, true)}
            onBlur={() => mark(from, to, false)}
            onClick={() => dropFault(armed, { type: 'edge', from, to })}
          >
            Put {armed} on the line between {serviceTitle(trace, from)} and {serviceTitle(trace, to)}
          </button>
        </li>
      ))}
    </ul>
  )
}
