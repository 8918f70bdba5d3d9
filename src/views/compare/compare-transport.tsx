import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight, Pause, Play, SkipBack, SkipForward } from 'lucide-react'
import { isAtEnd, isAtStart } from '../../session/shared-moment.ts'
import { SessionProvider } from '../../session/use-session.ts'
import { IconButton } from '../../ui/button.tsx'
import { clockText } from '../transport/clock-text.ts'
import { SpeedControl } from '../transport/speed-control.tsx'
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
  const playing = useComparison((comparison) => comparison.playing)
  const atStart = useComparison(({ sides, moment }) => isAtStart(tracesOf(sides), moment))
  const atEnd = useComparison(({ sides, moment }) => isAtEnd(tracesOf(sides), moment))
  const isEmpty = useComparison(({ fold }) => fold === null || fold.total === 0)
  const { toStart, step, jump, togglePlay, toEnd } = useActions()
  return (
    <div className={styles.controls}>
      <IconButton label="To the start" tone="plain" onClick={toStart} disabled={atStart} aria-keyshortcuts="Home">
        <SkipBack aria-hidden="true" />
      </IconButton>
      <IconButton
        label="Previous mark of any run"
        tone="plain"
        className={styles.jump}
        onClick={() => jump(-1)}
        disabled={atStart}
        aria-keyshortcuts="["
      >
        <ChevronFirst aria-hidden="true" />
      </IconButton>
      <IconButton
        label="One entry back"
        tone="plain"
        onClick={() => step(-1)}
        disabled={atStart}
        aria-keyshortcuts="ArrowLeft"
      >
        <ChevronLeft aria-hidden="true" />
      </IconButton>
      <IconButton
        label={playing ? 'Pause' : 'Play'}
        tone="primary"
        className={styles.play}
        onClick={togglePlay}
        disabled={isEmpty}
        aria-keyshortcuts="Space K"
      >
        {playing ? <Pause fill="currentColor" aria-hidden="true" /> : <Play fill="currentColor" aria-hidden="true" />}
      </IconButton>
      <IconButton
        label="One entry forward"
        tone="plain"
        onClick={() => step(1)}
        disabled={atEnd}
        aria-keyshortcuts="ArrowRight"
      >
        <ChevronRight aria-hidden="true" />
      </IconButton>
      <IconButton
        label="Next mark of any run"
        tone="plain"
        className={styles.jump}
        onClick={() => jump(1)}
        disabled={atEnd}
        aria-keyshortcuts="]"
      >
        <ChevronLast aria-hidden="true" />
      </IconButton>
      <IconButton label="To the end" tone="plain" onClick={toEnd} disabled={atEnd} aria-keyshortcuts="End">
        <SkipForward aria-hidden="true" />
      </IconButton>
    </div>
  )
}

function useActions() {
  const lead = useComparison((comparison) => comparison.sides[0]?.session)
  return {
    toStart: useComparison((comparison) => comparison.toStart),
    step: useComparison((comparison) => comparison.step),
    togglePlay: useComparison((comparison) => comparison.togglePlay),
    toEnd: useComparison((comparison) => comparison.toEnd),
    jump: (direction: 1 | -1) => lead?.getState().jump(direction, 'any'),
  }
}

type Sides = Parameters<Parameters<typeof useComparison>[0]>[0]['sides']

function tracesOf(sides: Sides) {
  return sides.flatMap(({ session }) => session.getState().trace ?? [])
}

function Clock() {
  const time = useComparison((comparison) => comparison.moment.time)
  const end = useComparison(({ fold }) => (fold === null ? 0 : fold.toTime(fold.total)))
  const total = clockText(end, end)
  return (
    <div className={styles.clock} role="timer" aria-label="Virtual time">
      <b style={{ minWidth: `${total.length}ch` }}>{clockText(time, end)}</b>
      <span> / {total}</span>
    </div>
  )
}
