import { Code2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import type { ProgramLine } from '../../trace/trace-format.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { codeAt, type Hand } from './code-layout.ts'
import styles from './code-view.module.css'
import { handlingsOf } from './handlings.ts'

const FOLLOW = 'follow'

/** The program of the handler at work, line by line, and where each of those at work in it is. */
export default function CodeView({ trace }: { trace: Trace }) {
  const world = useSession((session) => session.world)
  const playhead = useSession((session) => session.playhead)
  const entries = useSession((session) => session.run.entries)
  // Between two entries time passes: what stands at a line is what runs then, not what was done last.
  const isLater = useSession((session) => session.playhead > 0 && session.time > trace.timeAt(session.playhead - 1))
  const [chosen, setChosen] = useState<number | null>(null)
  const programs = trace.header.programs ?? []
  const pinned = chosen !== null && chosen < programs.length ? chosen : null
  const code = useMemo(
    () => (world === null || entries < 0 ? null : codeAt(trace, handlingsOf(trace), world, playhead, pinned)),
    [trace, world, playhead, entries, pinned],
  )
  if (code === null) {
    return (
      <EmptyState icon={<Code2 aria-hidden="true" />} title="No service runs any code here">
        Open a scenario whose services have operations.
      </EmptyState>
    )
  }
  const lines = programs[code.program]?.lines ?? []
  const titleOf = (program: number) => {
    const { service, name } = programs[program] as (typeof programs)[number]
    return `${trace.header.services[service]?.title} · ${name}`
  }
  return (
    <div className={styles.view}>
      <label className={styles.picker}>
        <span className="sr-only">Program</span>
        <select
          value={pinned === null ? FOLLOW : String(pinned)}
          onChange={({ target }) => setChosen(target.value === FOLLOW ? null : Number(target.value))}
        >
          <option value={FOLLOW}>{titleOf(code.program)} (follows the playhead)</option>
          {programs.map((_, program) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a program is its place
            <option key={program} value={String(program)}>
              {titleOf(program)}
            </option>
          ))}
        </select>
      </label>
      <Hands hands={code.hands} />
      <ol className={styles.code} aria-label={`Code of ${titleOf(code.program)}`}>
        {lines.map((line, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <CodeLine key={number} line={line} number={number} hands={code.hands} isLater={isLater} />
        ))}
      </ol>
    </div>
  )
}

/** Who is at work in it: a number for the margin, the message, and what it says. */
function Hands({ hands }: { hands: readonly Hand[] }) {
  const select = useSession((session) => session.select)
  if (hands.length === 0) return <p className={styles.quiet}>Nobody is at work in it now.</p>
  return (
    <ol className={styles.hands} aria-label="At work">
      {hands.map(({ message, label, payload }, i) => (
        <li key={message}>
          <button type="button" onClick={() => select({ type: 'message', id: message })}>
            <HandMark number={i + 1} />
            <span>
              {label}
              {payload !== '' && <code>{payload}</code>}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}

function HandMark({ number }: { number: number }) {
  return (
    <span className={styles.mark} data-hand={number}>
      {number}
    </span>
  )
}

interface CodeLineProps {
  line: ProgramLine
  number: number
  hands: readonly Hand[]
  isLater: boolean
}

function CodeLine({ line, number, hands, isLater }: CodeLineProps) {
  const ref = useRef<HTMLLIElement>(null)
  const here = hands.flatMap((hand, i) => ((hand.stands >= 0 ? hand.stands : hand.ran) === number ? [i] : []))
  const ran = hands.find((hand) => hand.isNow && (isLater && hand.stands >= 0 ? hand.stands : hand.ran) === number)
  const isHere = here.length > 0
  const isCurrent = ran !== undefined || (isHere && !hands.some((hand) => hand.isNow))
  useEffect(() => {
    if (isCurrent) ref.current?.scrollIntoView?.({ block: 'nearest' })
  }, [isCurrent])
  const waits = here.flatMap((i) => {
    const hand = hands[i] as Hand
    return hand.stands === number && hand.until !== '' ? [`until ${hand.until}`] : []
  })
  return (
    <li
      ref={ref}
      className={styles.line}
      data-phase={line.phase}
      data-ran={ran === undefined ? undefined : ran.tone}
      data-here={isHere ? '' : undefined}
      aria-current={isCurrent ? 'step' : undefined}
    >
      <span className={styles.margin}>
        {here.map((i) => (
          <HandMark key={i} number={i + 1} />
        ))}
      </span>
      <span className={styles.text} style={{ paddingInlineStart: `${line.indent * 2 + 2}ch` }}>
        {line.text}
        {waits.length > 0 && <span className={styles.until}>{waits.join(', ')}</span>}
      </span>
    </li>
  )
}
