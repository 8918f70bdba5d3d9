import { isAtEnd, isAtStart } from '../../session/shared-moment.ts'
import { SessionProvider } from '../../session/use-session.ts'
import { SpeedControl } from '../transport/speed-control.tsx'
import { TimeClock, TimeControls } from '../transport/time-controls.tsx'
import { CompareStrip } from './compare-strip.tsx'
import styles from './compare-transport.module.css'
import { useComparison } from './use-comparison.ts'

/** Time for all runs at once: step, play, speed, clock, and the strip to go anywhere. */
export function CompareTransport() {
  const lead = useComparison((comparison) => comparison.sides[0]?.session)
  return (
    <section className={styles.transport} aria-label="Time of all runs">
      <Controls />
      <Clock />
      <CompareStrip />
      {lead !== undefined && (
        <SessionProvider value={lead}>
          <SpeedControl />
        </SessionProvider>
      )}
    </section>
  )
}

function Controls() {
  const lead = useComparison((comparison) => comparison.sides[0]?.session)
  return (
    <TimeControls
      playing={useComparison((comparison) => comparison.playing)}
      atStart={useComparison(({ sides, moment }) => isAtStart(tracesOf(sides), moment))}
      atEnd={useComparison(({ sides, moment }) => isAtEnd(tracesOf(sides), moment))}
      isEmpty={useComparison(({ fold }) => fold === null || fold.total === 0)}
      toStart={useComparison((comparison) => comparison.toStart)}
      step={useComparison((comparison) => comparison.step)}
      togglePlay={useComparison((comparison) => comparison.togglePlay)}
      toEnd={useComparison((comparison) => comparison.toEnd)}
      jump={(direction) => lead?.getState().jump(direction, 'any')}
    />
  )
}

type Sides = Parameters<Parameters<typeof useComparison>[0]>[0]['sides']

function tracesOf(sides: Sides) {
  return sides.flatMap(({ session }) => session.getState().trace ?? [])
}

function Clock() {
  const time = useComparison((comparison) => comparison.moment.time)
  const end = useComparison(({ fold }) => (fold === null ? 0 : fold.toTime(fold.total)))
  return <TimeClock time={time} end={end} className={styles.clock} />
}
