/** Straight to the next or previous saga step, fault or violation, with how many there are. */
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from 'lucide-react'
import { useSession } from '../../session/use-session.ts'
import { IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { type Marks, marksBefore } from '../timeline/trace-index.ts'
import { useTraceIndex } from '../timeline/use-trace-index.ts'
import styles from './jumps.module.css'

type JumpKind = 'saga' | 'fault' | 'violation'
const names: Record<JumpKind, { one: string; many: string }> = {
  saga: { one: 'saga step', many: 'Steps' },
  fault: { one: 'fault', many: 'Faults' },
  violation: { one: 'violation', many: 'Violations' },
}
const none: Marks = { positions: [], at: [] }

export function Jumps() {
  const index = useTraceIndex()?.index
  return (
    <div className={styles.jumps}>
      <Jump kind="saga" marks={index?.sagaMarks ?? none} />
      <Jump kind="fault" marks={index?.faultMarks ?? none} />
      <Jump kind="violation" marks={index?.violationMarks ?? none} />
      <AnyJump />
      <span className={styles.keys} title="To the previous or next of all these">
        <Kbd>[</Kbd> <Kbd>]</Kbd>
      </span>
    </div>
  )
}

/** Where there is no room for three: to the next mark of any kind. */
function AnyJump() {
  const jump = useSession((session) => session.jump)
  return (
    <span className={styles.any}>
      <IconButton label="Previous mark" tone="plain" onClick={() => jump(-1, 'any')}>
        <ChevronFirst aria-hidden="true" />
      </IconButton>
      <IconButton label="Next mark" tone="plain" onClick={() => jump(1, 'any')}>
        <ChevronLast aria-hidden="true" />
      </IconButton>
    </span>
  )
}

function Jump({ kind, marks }: { kind: JumpKind; marks: Marks }) {
  const playhead = useSession((session) => session.playhead)
  const jump = useSession((session) => session.jump)
  const { one, many } = names[kind]
  const total = marks.positions.length
  const past = marksBefore(marks, playhead)
  // Standing on a mark, the previous one is the one before it.
  const standing = past > 0 && marks.positions[past - 1] === playhead - 1 ? 1 : 0
  return (
    <div className={classNames(styles.jump, styles[kind], total === 0 && styles.none)}>
      <button
        type="button"
        className={styles.arrow}
        aria-label={`Previous ${one}`}
        title={`Previous ${one}`}
        disabled={past - standing === 0}
        onClick={() => jump(-1, kind)}
      >
        <ChevronLeft size={14} aria-hidden="true" />
      </button>
      <span className={styles.name}>{many}</span>
      <span className={styles.count}>
        {past}/{total}
      </span>
      <button
        type="button"
        className={styles.arrow}
        aria-label={`Next ${one}`}
        title={`Next ${one}`}
        disabled={past === total}
        onClick={() => jump(1, kind)}
      >
        <ChevronRight size={14} aria-hidden="true" />
      </button>
    </div>
  )
}
