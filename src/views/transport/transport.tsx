/** Time in the visitor's hand: step, play, speed, clock, what just happened, and jumps between the marks. */
import type { ReactNode } from 'react'
import { useSession } from '../../session/use-session.ts'
import { Jumps } from './jumps.tsx'
import { RunProgress } from './run-progress.tsx'
import { SpeedControl } from './speed-control.tsx'
import { TimeClock, TimeControls } from './time-controls.tsx'
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
  const count = useSession((session) => session.trace?.length ?? 0)
  return (
    <TimeControls
      playing={useSession((session) => session.playing)}
      atStart={useSession((session) => session.playhead === 0)}
      atEnd={useSession((session) => session.playhead >= count)}
      isEmpty={count === 0}
      toStart={useSession((session) => session.toStart)}
      step={useSession((session) => session.step)}
      togglePlay={useSession((session) => session.togglePlay)}
      toEnd={useSession((session) => session.toEnd)}
    />
  )
}

function Clock() {
  const time = useSession((session) => session.time)
  const end = useSession((session) => session.trace?.endTime ?? 0)
  return <TimeClock time={time} end={end} className={styles.clock} />
}
