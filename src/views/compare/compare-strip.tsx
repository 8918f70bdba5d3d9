import { memo, type PointerEvent, useMemo } from 'react'
import { useStore } from 'zustand'
import type { Parting, Side } from '../../session/comparison-types.ts'
import type { TimeFold } from '../../session/time-fold.ts'
import { timeText } from '../../trace/describe.ts'
import styles from './compare-strip.module.css'
import { STRIP_WIDTH, shareAt, stripOf } from './strip-layout.ts'
import { useComparison } from './use-comparison.ts'

/** All runs along one time, a row each, and the one playhead through all of them: press or drag to go there. */
export function CompareStrip() {
  const sides = useComparison((comparison) => comparison.sides)
  const partings = useComparison((comparison) => comparison.partings)
  const fold = useComparison((comparison) => comparison.fold)
  const time = useComparison((comparison) => comparison.moment.time)
  const seekTime = useComparison((comparison) => comparison.seekTime)
  if (fold === null) return <div className={styles.strip} />
  const seek = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    seekTime(fold.toTime(share * fold.total))
  }
  const first = partings.flatMap((parting) => (parting.state === 'parts' ? [parting.moment.time] : []))
  const end = fold.toTime(fold.total)
  return (
    <div
      role="slider"
      aria-label="Time of all runs"
      aria-valuemin={0}
      aria-valuemax={Math.round(end / 1000)}
      aria-valuenow={Math.round(time / 1000)}
      aria-valuetext={`${timeText(Math.round(time))} of ${timeText(end)}`}
      tabIndex={0}
      className={styles.strip}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        seek(event)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event)
      }}
    >
      <Rows sides={sides} fold={fold} partings={partings} />
      {first.length > 0 && (
        <div className={styles.parting} style={{ left: `${shareAt(fold, Math.min(...first)) * 100}%` }} />
      )}
      <div className={styles.playhead} style={{ left: `${shareAt(fold, time) * 100}%` }} />
    </div>
  )
}

interface RowsProps {
  sides: readonly Side[]
  fold: TimeFold
  partings: readonly Parting[]
}

/** What stays as it is while the playhead moves over it. */
const Rows = memo(function Rows({ sides, fold, partings }: RowsProps) {
  return sides.map((side, i) => <Row key={side.id} side={side} fold={fold} parting={partings[i]} />)
})

function Row({ side, fold, parting }: { side: Side; fold: TimeFold; parting: Parting | undefined }) {
  const trace = useStore(side.session, (session) => session.trace)
  const entries = useStore(side.session, (session) => session.run.entries)
  const position = parting?.state === 'parts' ? parting.position : Number.POSITIVE_INFINITY
  // A trace grows in place.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of entries stands for what the trace holds
  const strip = useMemo(
    () => (trace === null ? null : stripOf(trace, fold, position)),
    [trace, fold, position, entries],
  )
  return (
    <svg className={styles.row} viewBox={`0 0 ${STRIP_WIDTH} 1`} preserveAspectRatio="none" aria-hidden="true">
      <title>Entries of one run</title>
      {strip !== null && (
        <>
          <path className={styles.line} d={`M0 .5H${strip.end}`} />
          <path className={styles.same} d={strip.same} />
          <path className={styles.own} d={strip.own} />
          <path className={styles.fault} d={strip.faults} />
          <path className={styles.violation} d={strip.violations} />
        </>
      )}
    </svg>
  )
}
