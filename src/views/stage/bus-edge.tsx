import type { EdgeProps } from 'reactflow'
import { useSession } from '../../session/use-session.ts'
import styles from './bus-edge.module.css'
import type { BusEdge as BusEdgeType } from './stage-node.ts'

/** The line between two services: a lane each way, and one broad invisible path to hit both. */
export function BusEdge({ data }: EdgeProps<BusEdgeType>) {
  const isArmed = useSession((session) => session.armed !== null)
  if (data === undefined) return null
  return (
    <g className={styles.edge} data-fault-target={`edge:${data.from}:${data.to}`} data-armed={isArmed}>
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
