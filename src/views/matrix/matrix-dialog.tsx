/** All variants of the scenario against all its failures, each cell a run of its own: press one to open it. */
import { Ban, Square } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import {
  type MatrixPlan,
  type MatrixProgress,
  type MatrixRun,
  matrixPlan,
  runMatrix,
  type Verdict,
} from '../../session/matrix.ts'
import type { Draft } from '../../session/session-types.ts'
import { engine, useSession } from '../../session/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { faultText } from '../break/fault-words.ts'
import { titleIn } from '../break/names.ts'
import { outcomeLooks } from '../compare/outcome-chip.tsx'
import styles from './matrix-dialog.module.css'
import { brokenAt, cellWords, columnTitle, summaryText } from './matrix-layout.ts'

export function MatrixDialog({ onClose }: { onClose: () => void }) {
  const draft = useSession((session) => session.draft)
  if (draft === null) return null
  return <Matrix draft={draft} onClose={onClose} />
}

function Matrix({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const plan = useMemo(() => matrixPlan(draft), [draft])
  const { progress, cancel } = useMatrix(plan)
  const goOnWith = useSession((session) => session.goOnWith)
  const setPanel = useSession((session) => session.setPanel)
  const [looked, setLooked] = useState<number | null>(null)
  const open = (cell: number) => {
    const broken = brokenAt(progress.verdicts[cell] ?? null)
    goOnWith(plan.drafts[cell] as Draft, broken)
    if (broken !== null) setPanel('verdict')
    onClose()
  }
  const known = progress.verdicts.filter((verdict) => verdict !== null).length
  return (
    <Dialog open onClose={onClose} title="All variants, all failures" className={styles.dialog}>
      <div className={styles.state}>
        <p role="status">{summaryText(progress.verdicts)}</p>
        {progress.status === 'running' && (
          <>
            <progress aria-label="Runs judged" max={plan.drafts.length} value={known} />
            <Button size="s" icon={<Square aria-hidden="true" />} onClick={cancel}>
              Stop
            </Button>
          </>
        )}
        {progress.problem !== '' && <p role="alert">{progress.problem}</p>}
      </div>
      <Grid plan={plan} verdicts={progress.verdicts} onOpen={open} onLook={setLooked} />
      <Look verdict={looked === null ? null : (progress.verdicts[looked] ?? null)} />
    </Dialog>
  )
}

function useMatrix(plan: MatrixPlan): { progress: MatrixProgress; cancel: () => void } {
  const [progress, setProgress] = useState<MatrixProgress>({
    verdicts: plan.drafts.map(() => null),
    status: 'running',
    problem: '',
  })
  const run = useRef<MatrixRun | null>(null)
  useEffect(() => {
    const started = runMatrix(engine, plan, setProgress)
    run.current = started
    return () => started.cancel()
  }, [plan])
  return { progress, cancel: () => run.current?.cancel() }
}

interface GridProps {
  plan: MatrixPlan
  verdicts: readonly (Verdict | null)[]
  onOpen: (cell: number) => void
  onLook: (cell: number | null) => void
}

function Grid({ plan, verdicts, onOpen, onLook }: GridProps) {
  const effective = useSession((session) => session.effective)
  const { rows, columns } = plan
  const titles = columns.map((column) => {
    return columnTitle(column, (fault) => faultText(fault, (name) => titleIn(effective, name)))
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that can scroll has to be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: it groups nothing to fill in
    <div className={styles.box} role="group" aria-label="Variants and failures" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <td />
            {titles.map((title, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move, and two failures may be told alike
              <th key={i} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ variant, title }, row) => (
            <tr key={variant ?? ''}>
              <th scope="row">
                {variant !== null && <b>{variant}</b>} {title}
              </th>
              {columns.map((column, i) => {
                const cell = row * columns.length + i
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                  <td key={i} data-kind={column.kind}>
                    <Cell
                      verdict={verdicts[cell] ?? null}
                      label={`${variant ?? title}, ${titles[i]}`}
                      onOpen={() => onOpen(cell)}
                      onLook={(isLooking) => onLook(isLooking ? cell : null)}
                    />
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface CellProps {
  verdict: Verdict | null
  label: string
  onOpen: () => void
  onLook: (isLooking: boolean) => void
}

function Cell({ verdict, label, onOpen, onLook }: CellProps) {
  const { outcome, note } = cellWords(verdict)
  if (outcome === null) return <span className={styles.waiting}>…</span>
  const { tone, Icon } = outcome === 'refused' ? { tone: 'plain' as const, Icon: Ban } : outcomeLooks[outcome]
  return (
    <button
      type="button"
      className={styles.cell}
      data-tone={tone}
      disabled={outcome === 'refused'}
      aria-label={`${label}: ${outcome}${note === '' ? '' : `, ${note}`}`}
      onClick={onOpen}
      onPointerEnter={() => onLook(true)}
      onPointerLeave={() => onLook(false)}
      onFocus={() => onLook(true)}
      onBlur={() => onLook(false)}
    >
      <Icon aria-hidden="true" />
      <span>
        {outcome}
        {note !== '' && <small>{note}</small>}
      </span>
    </button>
  )
}

/** The numbers of the cell under the pointer, or the one in focus. */
function Look({ verdict }: { verdict: Verdict | null }) {
  const { details } = cellWords(verdict)
  return (
    <p className={styles.look}>
      {details.length === 0
        ? 'Press a cell to open its run.'
        : details.map((detail) => <span key={detail}>{detail}</span>)}
    </p>
  )
}
