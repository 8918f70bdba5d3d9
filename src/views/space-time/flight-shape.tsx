import { classNames } from '../../ui/class-names.ts'
import { textWidth } from '../timeline/bar-labels.ts'
import { sagaColor } from '../timeline/saga-color.ts'
import { SignPath } from '../timeline/sign.tsx'
import styles from './diagram.module.css'
import { RoleMark } from './role-mark.tsx'
import type { FlightLine } from './space-time-drawing.ts'

const HEAD = 7

/** One message: its line, and an arrowhead or the cross where it was lost. */
export function FlightShape({ line, selected }: { line: FlightLine; selected: boolean }) {
  const { x0, y0, x1, y1, end } = line
  const loop = x0 === x1
  const path = loop ? `M${x0} ${y0}c26 0 26 ${y1 - y0} 0 ${y1 - y0}` : `M${x0} ${y0}L${x1} ${y1}`
  return (
    <g
      className={classNames(styles.flight, line.compensation && styles.compensation, selected && styles.selected)}
      style={sagaColor(line.saga)}
      data-position={line.sentAt}
      data-end={line.endedAt}
      data-middle={(y0 + y1) / 2}
    >
      <title>{line.title}</title>
      <path d={path} className={styles.grasp} />
      <path d={line.twin ? twinPath(line) : path} className={styles.line} />
      {end === 'arrived' && <path d={loop ? '' : headPath(line)} className={styles.arrow} />}
      {end === 'lost' && (
        <g transform={`translate(${x1} ${y1})`}>
          <circle r="9" className={styles.lostGround} />
          <SignPath sign="cross" className={styles.lostSign} />
        </g>
      )}
    </g>
  )
}

interface FlightNameProps {
  line: FlightLine
  fontSize: number
  selected: boolean
}

/** Its shape and name; drawn after all lines, so that none runs through it. */
export function FlightName({ line, fontSize, selected }: FlightNameProps) {
  const width = textWidth(line.label, fontSize) + 22
  return (
    <g
      transform={`translate(${line.labelX} ${line.labelY})`}
      className={classNames(styles.name, selected && styles.selected)}
      style={sagaColor(line.saga)}
      data-position={line.sentAt}
    >
      <rect x={0} y={-8} width={width} height={16} rx={4} />
      <g transform="translate(9 0)">
        <RoleMark shape={line.shape} twin={line.twin} />
      </g>
      <text x={18}>{line.label}</text>
    </g>
  )
}

function direction({ x0, y0, x1, y1 }: FlightLine): [number, number] {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1
  return [(x1 - x0) / length, (y1 - y0) / length]
}

function headPath(line: FlightLine): string {
  const [dx, dy] = direction(line)
  const { x1, y1 } = line
  const back = (side: number) =>
    `${(x1 - dx * HEAD - dy * HEAD * 0.5 * side).toFixed(1)} ${(y1 - dy * HEAD + dx * HEAD * 0.5 * side).toFixed(1)}`
  return `M${back(1)}L${x1} ${y1}L${back(-1)}Z`
}

/** A copy is drawn double. */
function twinPath(line: FlightLine): string {
  const [dx, dy] = direction(line)
  const { x0, y0, x1, y1 } = line
  const beside = (by: number) => `M${x0 - dy * by} ${y0 + dx * by}L${x1 - dy * by} ${y1 + dx * by}`
  return beside(1.8) + beside(-1.8)
}
