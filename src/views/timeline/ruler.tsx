/** The ruler's words and the marks that cross all lanes: ticks, torn gaps, violations, partitions. */
import { memo } from 'react'
import styles from './ruler.module.css'
import type { GapMark, RulerDrawing, ViolationMark } from './ruler-layout.ts'
import type { PartitionBand } from './timeline-layout.ts'

export const RULER_HEIGHT = 26
const MIDDLE = RULER_HEIGHT / 2
const TOOTH = 7

export const Ruler = memo(function Ruler({ drawing, width }: { drawing: RulerDrawing; width: number }) {
  return (
    <svg className={styles.ruler} width={width} height={RULER_HEIGHT} aria-hidden="true">
      {drawing.ticks.map((tick) => (
        <g key={tick.time} className={styles.tick}>
          <path d={`M${tick.x} ${RULER_HEIGHT}v-5`} />
          <text x={tick.x} y={MIDDLE - 1} className={tick.x < 24 ? styles.first : undefined}>
            {tick.label}
          </text>
        </g>
      ))}
      {drawing.gaps.map((gap) => gap.label !== '' && <GapPill key={gap.key} gap={gap} />)}
      {drawing.violations.map((violation) => (
        <ViolationFlag key={violation.position} violation={violation} />
      ))}
    </svg>
  )
})

function GapPill({ gap }: { gap: GapMark }) {
  return (
    <g className={styles.pill}>
      <rect x={gap.x - gap.width / 2} y={MIDDLE - 9} width={gap.width} height={18} rx={9} />
      <text x={gap.x} y={MIDDLE}>
        {gap.label}
      </text>
    </g>
  )
}

function ViolationFlag({ violation }: { violation: ViolationMark }) {
  return (
    <g className={styles.violation} transform={`translate(${violation.x} 0)`} data-position={violation.position}>
      <title>{violation.title}</title>
      <path d={`M-7 ${RULER_HEIGHT - 13}h14L0 ${RULER_HEIGHT - 2}z`} />
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
