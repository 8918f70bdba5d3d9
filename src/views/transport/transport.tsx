/** Time in the visitor's hand: step, play, speed, clock, what just happened, and jumps between the marks. */
import { ChevronLeft, ChevronRight, Pause, Play, SkipBack, SkipForward } from 'lucide-react'
import type { ReactNode } from 'react'
import { useSession } from '../../session/use-session.ts'
import { IconButton } from '../../ui/button.tsx'
import { clockText } from './clock-text.ts'
import { Jumps } from './jumps.tsx'
import { RunProgress } from './run-progress.tsx'
import { SpeedControl } from './speed-control.tsx'
import styles from './transport.module.css'
import { WhatHappened } from './what-happened.tsx'

/** `children`: the switch between the views of time. */
export function Transport({ children }: { children: ReactNode }) {
  const running = useSession((session) => session.run.status === 'running')
  return (
    <div className={styles.transport}>
      <div className={styles.row}>
        <Controls />
        <Clock />
        <SpeedControl />
        <span className={styles.views}>{children}</span>
      </div>
      <div className={styles.status}>
        <WhatHappened />
        <div className={styles.aside}>{running ? <RunProgress /> : <Jumps />}</div>
      </div>
    </div>
  )
}

function Controls() {
  const playing = useSession((session) => session.playing)
  const atStart = useSession((session) => session.playhead === 0)
  const count = useSession((session) => session.trace?.length ?? 0)
  const atEnd = useSession((session) => session.playhead >= count)
  const { toStart, step, togglePlay, toEnd } = useControls()
  const empty = count === 0
  return (
    <div className={styles.controls}>
      <IconButton label="To the start" tone="plain" onClick={toStart} disabled={atStart} aria-keyshortcuts="Home">
        <SkipBack aria-hidden="true" />
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
        disabled={empty}
        aria-keyshortcuts="Space K"
      >
        {playing ? <Pause fill="currentColor" aria-hidden="true" /> : <Play fill="currentColor" aria-hidden="true" />}
      </IconButton>
      <IconButton
        label="One entry forward"
        tone="plain"
        onClick={() => step(1)}
        disabled={empty || atEnd}
        aria-keyshortcuts="ArrowRight"
      >
        <ChevronRight aria-hidden="true" />
      </IconButton>
      <IconButton label="To the end" tone="plain" onClick={toEnd} disabled={empty || atEnd} aria-keyshortcuts="End">
        <SkipForward aria-hidden="true" />
      </IconButton>
    </div>
  )
}

function useControls() {
  return {
    toStart: useSession((session) => session.toStart),
    step: useSession((session) => session.step),
    togglePlay: useSession((session) => session.togglePlay),
    toEnd: useSession((session) => session.toEnd),
  }
}

function Clock() {
  const time = useSession((session) => session.time)
  const end = useSession((session) => session.trace?.endTime ?? 0)
  const total = clockText(end, end)
  return (
    <div className={styles.clock} role="timer" aria-label="Virtual time">
      <b style={{ minWidth: `${total.length}ch` }}>{clockText(time, end)}</b>
      <span className={styles.total}> / {total}</span>
    </div>
  )
}
