import type { EdgeProps } from 'reactflow'
import { useSession } from '../../session/use-session.ts'
import styles from './bus-edge.module.css'
import type { BusEdge as BusEdgeType } from './stage-node.ts'

/** The line between two services: a lane each way, and one broad invisible path to hit both. */
export function BusEdge({ data }: EdgeProps<BusEdgeType>) {
  const armed = useSession((session) => session.armed)
  const dropFault = useSession((session) => session.dropFault)
  if (data === undefined) return null
  const { from, to } = data
  const onClick = () => {
    if (armed !== null) dropFault(armed, { type: 'edge', from, to })
  }
  return (
    <g className={styles.edge} data-fault-target={`edge:${from}:${to}`} data-armed={armed !== null} onClick={onClick}>
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
