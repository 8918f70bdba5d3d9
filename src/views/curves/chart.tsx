import type { PointerEvent } from 'react'
import { useSession } from '../../session/use-session.ts'
import { timeText } from '../../trace/describe.ts'
import styles from './chart.module.css'
import { type ChartModel, HEIGHT, numberText, valuesAt, WIDTH } from './chart-model.ts'

interface ChartProps {
  readonly chart: ChartModel
  /** Length of a stretch, and virtual time at the right edge: microseconds. */
  readonly width: number
  readonly end: number
}

/** One measurement over virtual time. A press anywhere goes to that time. */
export function Chart({ chart, width, end }: ChartProps) {
  const seekTime = useSession((session) => session.seekTime)
  const seek = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width))
    seekTime(Math.round(share * end))
  }
  const { about, name, unit, lines, before, reference, top } = chart
  return (
    <figure className={styles.chart} data-curve={chart.key}>
      <figcaption className={styles.head}>
        <span className={styles.title}>
          <b>{name}</b> {about}
        </span>
        <Reading chart={chart} width={width} />
      </figcaption>
      <div
        className={styles.plot}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          seek(event)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event)
        }}
      >
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={spoken(chart)}>
          <path className={styles.grid} d={`M0 ${HEIGHT / 2}H${WIDTH}`} />
          {before.map((path) => (
            <path key={path.slice(0, 40)} className={styles.before} d={path} />
          ))}
          {reference !== null && (
            <path className={styles.reference} d={`M0 ${HEIGHT - reference.at * HEIGHT}H${WIDTH}`} />
          )}
          {lines.map(({ label, path }, i) => (
            <path key={label} className={styles.line} data-line={i} d={path} />
          ))}
        </svg>
        <span className={styles.top}>
          {numberText(top)} {unit}
        </span>
        {reference !== null && (
          <span className={styles.referenceLabel} style={{ bottom: `${reference.at * 100}%` }}>
            {reference.label}: {numberText(reference.value)}
          </span>
        )}
        <Playhead end={end} />
      </div>
      <div className={styles.foot} aria-hidden="true">
        <span>0</span>
        <span>{timeText(end)}</span>
      </div>
    </figure>
  )
}

function spoken({ about, name, unit, lines }: ChartModel): string {
  const highest = lines.map(({ label, values }) => {
    const most = values.reduce((top, value) => (value > top ? value : top), 0)
    return `${label === '' ? '' : `${label} `}at most ${numberText(most)} ${unit}`
  })
  return `${about} ${name} over virtual time: ${highest.join(', ')}`
}

/** The numbers at the playhead. */
function Reading({ chart, width }: { readonly chart: ChartModel; readonly width: number }) {
  const time = useSession((session) => session.time)
  const values = valuesAt(chart.lines, width, time)
  return (
    <span className={styles.reading}>
      {chart.lines.map(({ label }, i) => (
        <span key={label} className={styles.number} data-line={i}>
          {label !== '' && <span className={styles.label}>{label}</span>}
          {values[i] === null || values[i] === undefined ? '–' : numberText(values[i])}
        </span>
      ))}
    </span>
  )
}

function Playhead({ end }: { readonly end: number }) {
  const time = useSession((session) => session.time)
  return <div className={styles.playhead} style={{ left: `${Math.min(100, (time / end) * 100)}%` }} />
}
