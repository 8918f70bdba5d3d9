/** Messages on their way at the playhead, as tokens where the moment cuts their lines. */
import { useSession } from '../../session/use-session.ts'
import { sagaColor } from '../timeline/saga-color.ts'
import type { Columns } from './columns.ts'
import styles from './diagram.module.css'
import { shapeOf } from './flight-lines.ts'
import { RoleMark } from './role-mark.tsx'

const TOKENS_MAX = 120

export function InFlight({ columns, y }: { columns: Columns; y: number }) {
  const trace = useSession((session) => session.trace)
  const world = useSession((session) => session.world)
  const time = useSession((session) => session.time)
  if (trace === null || world === null) return null
  const flying: number[] = []
  for (const [message, flight] of world.flights) {
    if (flight === 'in flight' && flying.length < TOKENS_MAX) flying.push(message)
  }
  return (
    <svg className={styles.tokens} width={columns.width} height="100%" aria-hidden="true">
      {flying.map((id) => {
        const message = trace.message(id)
        const from = columns.x[message.from] ?? 0
        const to = columns.x[message.to] ?? 0
        const share = (time - message.departs) / (message.arrives - message.departs)
        const x = from + (to - from) * (Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0.5)
        return (
          <g key={id} transform={`translate(${x} ${y}) scale(1.35)`} style={sagaColor(message.saga)}>
            <RoleMark shape={shapeOf(message.role)} />
          </g>
        )
      })}
    </svg>
  )
}
