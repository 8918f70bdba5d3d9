import { ArrowUpRight, GitFork, ListTree, X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { Parting, Side } from '../../session/comparison-types.ts'
import { SessionProvider, useSession } from '../../session/use-session.ts'
import { timeText } from '../../trace/describe.ts'
import { IconButton } from '../../ui/button.tsx'
import { headline } from '../inspect/verdict-layout.ts'
import { Stage } from '../stage/stage.tsx'
import { WhatHappened } from '../transport/what-happened.tsx'
import styles from './compare-column.module.css'
import { OutcomeChip } from './outcome-chip.tsx'
import { SideNumber } from './side-number.tsx'
import { sideOutcome } from './side-outcome.ts'
import type { SideTitle } from './side-title.ts'
import { useComparison } from './use-comparison.ts'

const SpaceTime = lazy(() => import('../space-time/space-time.tsx'))

interface CompareColumnProps {
  side: Side
  index: number
  title: SideTitle
  parting: Parting | undefined
  /** Its tables and messages are shown beside the runs. */
  isInspected: boolean
  onInspect: () => void
  onKeep: () => void
}

/** One of the runs: what is different about it, how it came out, and its stage. */
export function CompareColumn({ side, index, title, parting, isInspected, onInspect, onKeep }: CompareColumnProps) {
  const view = useComparison((comparison) => comparison.view)
  return (
    <SessionProvider value={side.session}>
      <article className={styles.column} aria-label={`Run ${index + 1}: ${title.title}`}>
        <header className={styles.head}>
          <SideNumber index={index} />
          <h3 className={styles.title} title={[title.title, ...title.details].join(', ')}>
            {title.title}
            {title.details.map((detail) => (
              <small key={detail}>{detail}</small>
            ))}
          </h3>
          <span className={styles.tools}>
            <IconButton
              label={`Look into run ${index + 1}`}
              size="s"
              aria-pressed={isInspected}
              className={isInspected ? styles.pressed : undefined}
              onClick={onInspect}
            >
              <ListTree aria-hidden="true" />
            </IconButton>
            <IconButton label={`Go on with run ${index + 1} alone`} size="s" onClick={onKeep}>
              <ArrowUpRight aria-hidden="true" />
            </IconButton>
            <Remove id={side.id} index={index} />
          </span>
          <div className={styles.second}>
            <Verdict />
            {index > 0 && <PartsAt id={side.id} parting={parting} />}
          </div>
        </header>
        <div className={styles.stage}>
          <Refused />
          {view === 'stage' ? (
            <Stage />
          ) : (
            <Suspense>
              <SpaceTime />
            </Suspense>
          )}
        </div>
        <footer className={styles.foot}>
          <WhatHappened />
        </footer>
      </article>
    </SessionProvider>
  )
}

function Remove({ id, index }: { id: number; index: number }) {
  const remove = useComparison((comparison) => comparison.remove)
  const canGo = useComparison((comparison) => comparison.sides.length > 2)
  if (!canGo) return null
  return (
    <IconButton label={`Take run ${index + 1} away`} size="s" onClick={() => remove(id)}>
      <X aria-hidden="true" />
    </IconButton>
  )
}

/** The outcome, and the first promise it broke: press to see it happen. */
function Verdict() {
  const trace = useSession((session) => session.trace)
  const history = useSession((session) => session.history)
  const run = useSession((session) => session.run)
  const seek = useSession((session) => session.seek)
  const outcome = sideOutcome(history, run)
  // At the end of the run nothing lies ahead any more.
  const head = trace === null ? null : headline({ trace, run, playhead: trace.length, world: null })
  const isBroken = head !== null && head.tone === 'broken' && head.position >= 0
  return (
    <p className={styles.verdict}>
      <OutcomeChip outcome={outcome} />
      {isBroken && trace !== null && (
        <button type="button" className={styles.broken} title={head.where} onClick={() => seek(head.position + 1)}>
          <span>{head.title}</span>
          <time>{timeText(trace.timeAt(head.position))}</time>
        </button>
      )}
    </p>
  )
}

function PartsAt({ id, parting }: { id: number; parting: Parting | undefined }) {
  const toParting = useComparison((comparison) => comparison.toParting)
  if (parting?.state !== 'parts') {
    return parting?.state === 'never' ? <p className={styles.parts}>tells the same as 1</p> : null
  }
  return (
    <button type="button" className={styles.parts} title="Go there" onClick={() => toParting(id)}>
      <GitFork aria-hidden="true" />
      <span className={styles.words}>parts from 1 at </span>
      {timeText(parting.moment.time)}
    </button>
  )
}

/** A side whose settings cannot run says so in its own place. */
function Refused() {
  const notice = useSession((session) => session.notice)
  if (notice === null || notice.tone !== 'error') return null
  return (
    <div className={styles.refused} role="alert">
      <strong>{notice.title}</strong>
      {notice.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}
