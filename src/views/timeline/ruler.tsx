/** The ruler's words and the marks that cross all lanes: ticks, torn gaps, violations, partitions. */
import { memo } from 'react'
import styles from './ruler.module.css'
import { FLAG_ROOM, type GapMark, type RulerDrawing, type ViolationMark } from './ruler-layout.ts'
import type { PartitionBand } from './timeline-layout.ts'

const TOOTH = 7
/** A partition narrower than this is not named, pixels. */
const BAND_LABEL_MIN = 84

interface RulerProps {
  drawing: RulerDrawing
  width: number
  height: number
}

export const Ruler = memo(function Ruler({ drawing, width, height }: RulerProps) {
  const middle = height / 2
  return (
    <svg className={styles.ruler} width={width} height={height} aria-hidden="true">
      {drawing.ticks.map((tick) => (
        <g key={tick.time} className={styles.tick}>
          <path d={`M${tick.x} ${height}v-5`} />
          <text x={tick.x} y={middle - 1} className={tick.x < 24 ? styles.first : undefined}>
            {tick.label}
          </text>
        </g>
      ))}
      {drawing.gaps.map((gap) => gap.label !== '' && <GapPill key={gap.key} gap={gap} middle={middle} />)}
      {drawing.violations.map((violation) => (
        <ViolationFlag key={violation.position} violation={violation} height={height} />
      ))}
    </svg>
  )
})

function GapPill({ gap, middle }: { gap: GapMark; middle: number }) {
  return (
    <g className={styles.pill}>
      <rect x={gap.x - gap.width / 2} y={middle - 9} width={gap.width} height={18} rx={9} />
      <text x={gap.x} y={middle}>
        {gap.label}
      </text>
    </g>
  )
}

function ViolationFlag({ violation, height }: { violation: ViolationMark; height: number }) {
  return (
    <g className={styles.violation} transform={`translate(${violation.x} 0)`} data-position={violation.position}>
      <title>{violation.title}</title>
      <path d={`M-7 ${height - 13}h14L0 ${height - 2}z`} />
      {violation.label !== '' && (
        <text x={violation.side * FLAG_ROOM} y={height / 2} textAnchor={violation.side === 1 ? 'start' : 'end'}>
          {violation.label}
        </text>
      )}
    </g>
  )
}

/** Lines through all lanes, `height` pixels tall. */
export const CrossMarks = memo(function CrossMarks({
  drawing,
  partitions,
  height,
}: {
  drawing: RulerDrawing
  partitions: readonly PartitionBand[]
  height: number
}) {
  return (
    <>
      {partitions.map((band) => (
        <g key={band.key} className={styles.partition} data-position={band.position}>
          <title>{band.title}</title>
          <rect x={band.x} y={0} width={band.width} height={height} />
          <path d={`M${band.x} 0v${height}M${band.x + band.width} 0v${height}`} />
          {band.width >= BAND_LABEL_MIN && (
            <text x={Math.max(band.x, 0) + 6} y={height - 9}>
              partition
            </text>
          )}
        </g>
      ))}
      {drawing.gaps.map((gap) => (
        <path key={gap.key} d={zigzag(gap.x, height)} className={styles.tear} />
      ))}
      {drawing.gaps.map((gap) => (
        <path key={gap.key} d={`${zigzag(gap.x - 3, height)}${zigzag(gap.x + 3, height)}`} className={styles.zigzag} />
      ))}
      {drawing.violations.map((violation) => (
        <path key={violation.position} d={`M${violation.x} 0v${height}`} className={styles.violationLine} />
      ))}
    </>
  )
})

function zigzag(x: number, height: number): string {
  let path = `M${x} 0`
  for (let y = 0, side = 1; y < height; y += TOOTH, side = -side) path += `l${side * TOOTH * 0.6} ${TOOTH}`
  return path
}
