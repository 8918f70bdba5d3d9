import type { KeyboardEvent } from 'react'
import type { EdgeProps } from 'reactflow'
import { useSession } from '../../session/use-session.ts'
import { serviceTitle } from '../../trace/describe.ts'
import styles from './bus-edge.module.css'
import type { BusEdge as BusEdgeType } from './stage-node.ts'

/** The line between two services: a lane each way, and one broad invisible path to hit both. */
export function BusEdge({ data }: EdgeProps<BusEdgeType>) {
  const armed = useSession((session) => session.armed)
  const dropFault = useSession((session) => session.dropFault)
  const from = data?.from ?? 0
  const to = data?.to ?? 0
  const ends = useSession(({ trace }) =>
    trace === null ? '' : `${serviceTitle(trace, from)} and ${serviceTitle(trace, to)}`,
  )
  if (data === undefined) return null
  const drop = () => {
    if (armed !== null) dropFault(armed, { type: 'edge', from, to })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (armed === null || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    event.stopPropagation()
    drop()
  }
  const target =
    armed === null
      ? {}
      : {
          role: 'button',
          tabIndex: 0,
          'aria-label': `Put ${armed} on the line between ${ends}`,
          onKeyDown,
          onClick: drop,
        }
  return (
    <g className={styles.edge} data-fault-target={`edge:${from}:${to}`} data-armed={armed !== null} {...target}>
      <path className={styles.reach} d={data.reach} />
      {data.lanes.map((path) => (
        <path key={path} className={styles.lane} d={path} />
      ))}
      {data.heads.map((path) => (
        <path key={path} className={styles.head} d={path} />
      ))}
    </g>
  )
}
