/** The drawing itself, as SVG. Knows no time: it changes with the window, not with the playhead. */
import { memo } from 'react'
import { useSession } from '../../session/use-session.ts'
import { classNames } from '../../ui/class-names.ts'
import { sagaColor } from '../timeline/saga-color.ts'
import { SignPath } from '../timeline/sign.tsx'
import { markSigns } from '../timeline/signs.ts'
import type { TraceIndex } from '../timeline/trace-index.ts'
import { type Columns, GUTTER } from './columns.ts'
import styles from './diagram.module.css'
import { FlightName, FlightShape } from './flight-shape.tsx'
import type { AcrossLine, Note, SpaceTimeDrawing, Stretch } from './space-time-drawing.ts'

interface DiagramProps {
  drawing: SpaceTimeDrawing
  columns: Columns
  height: number
  index: TraceIndex
  fontSize: number
}

export const Diagram = memo(function Diagram({ drawing, columns, height, index, fontSize }: DiagramProps) {
  const selected = useSelected(index)
  return (
    <svg className={styles.diagram} width={columns.width} height={height} aria-hidden="true">
      <defs>
        <pattern
          id="lifeline-hatching"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="6" height="6" className={styles.hatchGround} />
          <path d="M0 0v6" className={styles.hatch} />
        </pattern>
      </defs>
      {columns.list.map(({ service, x }) => (
        <path key={service} d={`M${x} 0V${height}`} className={styles.lifeline} />
      ))}
      <Gaps drawing={drawing} columns={columns} />
      {drawing.stretches.map((stretch) => (
        <StretchShape key={stretch.key} stretch={stretch} />
      ))}
      {drawing.crowds.map(({ saga, path }) => (
        <path key={saga} d={path} className={styles.crowd} style={sagaColor(saga)} />
      ))}
      {drawing.flights.map((line) => (
        <FlightShape key={line.key} line={line} selected={line.message === selected} />
      ))}
      {drawing.flights.map(
        (line) =>
          line.label !== '' && (
            <FlightName key={line.key} line={line} fontSize={fontSize} selected={line.message === selected} />
          ),
      )}
      {drawing.notes.map((note) => (
        <NoteShape key={note.position} note={note} />
      ))}
      {drawing.across.map((line) => (
        <AcrossShape key={line.key} line={line} width={columns.width} />
      ))}
      <Axis drawing={drawing} height={height} />
    </svg>
  )
})

function useSelected(index: TraceIndex): number {
  return useSession(({ selection }) => {
    if (selection?.type === 'message') return selection.id
    if (selection?.type !== 'entry' || selection.position >= index.trace.length) return -2
    const message = index.trace.at('message', selection.position)
    return message === -1 ? -2 : message
  })
}

function StretchShape({ stretch }: { stretch: Stretch }) {
  const { x, y0, y1, tone, commit } = stretch
  const half = tone === 'down' ? 7 : tone === 'handling' || tone === 'turnedAway' ? 5 : 3
  return (
    <g className={styles[tone]} style={sagaColor(stretch.saga)} data-position={stretch.position}>
      <title>{stretch.title}</title>
      <rect x={x - half} y={y0} width={half * 2} height={Math.max(y1 - y0, 2)} rx={tone === 'down' ? 3 : 2} />
      {commit && <path d={`M${x - 8} ${y1}h16`} className={styles.commit} />}
    </g>
  )
}

function NoteShape({ note }: { note: Note }) {
  return (
    <g
      className={classNames(styles.note, styles[`${note.tone}Note`])}
      transform={`translate(${note.x} ${note.y})`}
      data-position={note.position}
    >
      {note.mark !== null && (
        <g transform="translate(5 0)">
          <SignPath sign={markSigns[note.mark]} className={styles.sign} />
        </g>
      )}
      <text x={note.mark === null ? 0 : 14}>{note.text}</text>
    </g>
  )
}

function AcrossShape({ line, width }: { line: AcrossLine; width: number }) {
  return (
    <g className={styles[line.tone]} data-position={line.position}>
      <path d={`M${GUTTER - 8} ${line.y}H${width}`} />
      <text x={GUTTER - 4} y={line.y - 7}>
        {line.text}
      </text>
    </g>
  )
}

const TOOTH = 7

function Gaps({ drawing, columns }: { drawing: SpaceTimeDrawing; columns: Columns }) {
  return (
    <>
      {drawing.gaps.map((gap) => (
        <g key={gap.key} className={styles.gap}>
          <path d={zigzag(gap.x, columns.width)} className={styles.tear} />
          <path d={`${zigzag(gap.x - 4, columns.width)}${zigzag(gap.x + 4, columns.width)}`} />
        </g>
      ))}
    </>
  )
}

function zigzag(y: number, width: number): string {
  let path = `M${GUTTER - 8} ${y}`
  for (let x = GUTTER - 8, side = 1; x < width; x += TOOTH, side = -side) path += `l${TOOTH} ${side * TOOTH * 0.5}`
  return path
}

/** The gutter: times, and how long the folded stretches were. */
function Axis({ drawing, height }: { drawing: SpaceTimeDrawing; height: number }) {
  return (
    <g className={styles.axis}>
      <rect width={GUTTER - 8} height={height} className={styles.gutter} />
      {drawing.ticks.map(({ y, label }) => (
        <g key={y}>
          <path d={`M${GUTTER - 8} ${y}h-5`} />
          <text x={GUTTER - 16} y={y}>
            {label}
          </text>
        </g>
      ))}
      {drawing.gaps.map((gap) => (
        <g key={gap.key} className={styles.pill}>
          <rect x={4} y={gap.x - 10} width={gap.width} height={20} rx={10} />
          <text x={4 + gap.width / 2} y={gap.x}>
            {gap.label}
          </text>
        </g>
      ))}
    </g>
  )
}
