/** One lane's drawing as SVG. */
import { memo } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { SIGN_ROOM } from './bar-labels.ts'
import styles from './lane.module.css'
import type { Bar, LaneDrawing, LaneMark } from './lane-drawing.ts'
import { sagaColor } from './saga-color.ts'
import { SignPath } from './sign.tsx'
import { barSigns, markSigns } from './signs.ts'

/** A bar narrower or lower than this shows no sign, pixels. */
const SIGN_MIN = 15
const SIGN_HEIGHT = 11

interface LaneProps {
  drawing: LaneDrawing
  /** The message that is selected, −1 for none. */
  message: number
}

export const Lane = memo(function Lane({ drawing, message }: LaneProps) {
  return (
    <>
      {drawing.crowds.map((crowd) => (
        <path key={crowd.tone} d={crowd.path} className={classNames(styles.crowd, styles[`${crowd.tone}Crowd`])} />
      ))}
      {drawing.bars.map((bar) => (
        <BarShape key={bar.key} bar={bar} selected={message !== -1 && bar.message === message} />
      ))}
      {drawing.strokes.map((stroke) => (
        <path key={stroke.key} d={`M${stroke.x} ${stroke.y}v${stroke.height}`} className={styles[stroke.tone]} />
      ))}
      {drawing.marks.map((mark) => (
        <MarkShape key={mark.key} mark={mark} />
      ))}
    </>
  )
})

function BarShape({ bar, selected }: { bar: Bar; selected: boolean }) {
  return (
    <g
      className={classNames(styles.bar, styles[bar.tone], selected && styles.selected)}
      style={sagaColor(bar.saga)}
      data-position={bar.position}
    >
      <title>{bar.title}</title>
      <rect x={bar.x} y={bar.y} width={bar.width} height={bar.height} rx={Math.min(4, bar.height / 3)} />
      <BarWords bar={bar} />
    </g>
  )
}

function BarWords({ bar }: { bar: Bar }) {
  const sign = barSigns[bar.tone]
  const middle = bar.y + bar.height / 2
  const inside = bar.labelInside || bar.label === ''
  const lead = sign === undefined ? 0 : SIGN_ROOM
  const left = bar.label === '' ? Math.max(bar.x, 0) + Math.min(bar.width, 18) / 2 - 4 : bar.labelX
  const showsSign = sign !== undefined && (bar.label !== '' || (bar.width >= SIGN_MIN && bar.height >= SIGN_HEIGHT))
  return (
    <g className={inside ? styles.inside : styles.beside}>
      {showsSign && (
        <g transform={`translate(${left + 4} ${middle})`}>
          <SignPath sign={sign} className={styles.sign} />
        </g>
      )}
      {bar.label !== '' && (
        <text x={bar.labelX + lead} y={middle}>
          {bar.label}
        </text>
      )}
    </g>
  )
}

function MarkShape({ mark }: { mark: LaneMark }) {
  return (
    <g className={styles.mark} transform={`translate(${mark.x} ${mark.y})`} data-position={mark.position}>
      <title>{mark.title}</title>
      <circle r="8" className={styles.markGround} />
      <SignPath sign={markSigns[mark.tone]} className={styles[`${mark.tone}Mark`]} />
    </g>
  )
}
