import { useMemo } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import { type CostChart, costChart, snapshotEvery, snapshotRule } from './loads.ts'
import styles from './time-view.module.css'

/** Events read per load against the length of the stream: what was read, and what would be without snapshots. */
export function RebuildCost({ trace }: { trace: Trace }) {
  const playhead = useSession((session) => session.playhead)
  const entries = useSession((session) => session.run.entries)
  const every = useSession((session) => snapshotEvery(session.effective))
  const chart = useMemo(() => (entries < 0 ? null : costChart(trace, playhead)), [trace, playhead, entries])
  if (chart === null || chart.points.length === 0) {
    return <p className={styles.quiet}>No aggregate is loaded in this run: nothing is folded to decide on.</p>
  }
  return (
    <>
      <Curve chart={chart} every={every} />
      <p className={styles.summary} role="status">
        {chart.loads} {chart.loads === 1 ? 'load has' : 'loads have'} read <b>{chart.read.toLocaleString('en')}</b>{' '}
        events; without snapshots <b>{chart.without.toLocaleString('en')}</b>.
        {chart.snapshots > 0 && ` ${chart.snapshots} snapshots taken so far.`}
      </p>
      <p className={styles.quiet}>
        A fold reads the whole stream: the dashed line. After a snapshot it begins at none again, at the price of a row
        that can be wrong or old. Dots are the loads of this run.
      </p>
    </>
  )
}

const SIZE = { width: 320, height: 190, left: 40, bottom: 30, top: 10, right: 12 }

function Curve({ chart, every }: { chart: CostChart; every: number | null }) {
  const seek = useSession((session) => session.seek)
  const { top, points } = chart
  const inner = { width: SIZE.width - SIZE.left - SIZE.right, height: SIZE.height - SIZE.top - SIZE.bottom }
  const x = (value: number) => SIZE.left + (value / top) * inner.width
  const y = (value: number) => SIZE.top + inner.height - (value / top) * inner.height
  const line = points.toSorted((a, b) => a.length - b.length || a.at - b.at)
  const ticks = top % 2 === 0 ? [0, top / 2, top] : [0, top]
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      role="img"
      aria-label={`Events read per load against the length of the stream, up to ${top}`}
    >
      {ticks.map((tick) => (
        <g key={tick} className={styles.tick}>
          <line x1={SIZE.left} x2={SIZE.width - SIZE.right} y1={y(tick)} y2={y(tick)} />
          <text x={SIZE.left - 6} y={y(tick) + 3} textAnchor="end">
            {tick}
          </text>
          <text x={x(tick)} y={SIZE.height - 16} textAnchor={tick === top ? 'end' : 'middle'}>
            {tick}
          </text>
        </g>
      ))}
      <text className={styles.axis} x={SIZE.width - SIZE.right} y={SIZE.height - 3} textAnchor="end">
        events in the stream
      </text>
      <text className={styles.axis} x={SIZE.left + 5} y={SIZE.top + 9}>
        events read
      </text>
      <line className={styles.without} x1={x(0)} y1={y(0)} x2={x(top)} y2={y(top)} />
      <text className={styles.withoutName} x={x(top * 0.62)} y={y(top * 0.62) - 6} textAnchor="end">
        without snapshots
      </text>
      {every !== null && (
        <>
          <polyline
            className={styles.rule}
            points={snapshotRule(every, top)
              .map(([length, read]) => `${x(length)},${y(read)}`)
              .join(' ')}
          />
          <text
            className={styles.ruleName}
            x={SIZE.width - SIZE.right}
            y={y(Math.min(every, top)) - 5}
            textAnchor="end"
          >
            a snapshot every {every}
          </text>
        </>
      )}
      <polyline className={styles.with} points={line.map(({ length, read }) => `${x(length)},${y(read)}`).join(' ')} />
      {points.map(({ at, stream, length, read, isPast }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for a pointer; the log has the same entries for the keyboard
        <circle
          key={at}
          cx={x(length)}
          cy={y(read)}
          r={3.5}
          data-past={isPast ? '' : undefined}
          onClick={() => seek(at + 1)}
          onKeyDown={undefined}
        >
          <title>{`${stream}: ${read} of ${length} events read`}</title>
        </circle>
      ))}
    </svg>
  )
}
