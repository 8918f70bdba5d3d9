/** Every line the visit has taken: switch to one, hold one against what is at hand, name it, let it go. */
import { Check, Columns2, Pencil, Trash2 } from 'lucide-react'
import { type CSSProperties, type FormEvent, useMemo, useRef, useState } from 'react'
import { withPresent } from '../../session/branches.ts'
import type { Branch } from '../../session/session-types.ts'
import { useSession, useSessionStore } from '../../session/use-session.ts'
import { IconButton } from '../../ui/button.tsx'
import styles from './branch-panel.module.css'
import { type BranchRow, branchRows } from './branch-tree.ts'

export function BranchPanel() {
  const rows = useRows()
  const compareWith = useSession((session) => session.compareWith)
  const [problem, setProblem] = useState<string | null>(null)
  const panel = useRef<HTMLDivElement>(null)
  const compare = ({ draft }: Branch) => {
    const reason = compareWith([draft])
    setProblem(reason)
    // What it opens from lies above everything, the comparison too.
    if (reason === null) panel.current?.closest<HTMLElement>('[popover]')?.hidePopover()
  }
  return (
    <div ref={panel} className={styles.panel}>
      <p className={styles.lead}>Acting at a moment begins a branch; the run as it was stays beside it.</p>
      <ul className={styles.tree}>
        {rows.map((row) => (
          <Row key={row.branch.id} row={row} isOnly={rows.length === 1} onCompare={() => compare(row.branch)} />
        ))}
      </ul>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  )
}

function useRows(): BranchRow[] {
  const store = useSessionStore()
  const branches = useSession((session) => session.branches)
  const branch = useSession((session) => session.branch)
  const draft = useSession((session) => session.draft)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the draft at hand belongs to the branch at hand
  return useMemo(() => branchRows(withPresent(store.getState()), branch), [store, branches, branch, draft])
}

interface RowProps {
  row: BranchRow
  isOnly: boolean
  onCompare: () => void
}

function Row({ row, isOnly, onCompare }: RowProps) {
  const { branch, name, depth, isCurrent, about } = row
  const [isNaming, setNaming] = useState(false)
  const switchBranch = useSession((session) => session.switchBranch)
  const removeBranch = useSession((session) => session.removeBranch)
  return (
    <li className={styles.row} data-current={isCurrent} style={{ '--depth': depth } as CSSProperties}>
      {isNaming ? (
        <Naming branch={branch} name={name} onDone={() => setNaming(false)} />
      ) : (
        <button
          type="button"
          className={styles.branch}
          aria-current={isCurrent}
          title={isCurrent ? 'You are here' : 'Go on with this one'}
          onClick={() => switchBranch(branch.id)}
        >
          <span className={styles.name}>{name}</span>
          <span className={styles.about}>{isCurrent ? `you are here · ${about}` : about}</span>
        </button>
      )}
      <span className={styles.tools}>
        {!isCurrent && (
          <IconButton label={`Compare with ${name}`} size="s" onClick={onCompare}>
            <Columns2 aria-hidden="true" />
          </IconButton>
        )}
        <IconButton label={`Rename ${name}`} size="s" onClick={() => setNaming(true)}>
          <Pencil aria-hidden="true" />
        </IconButton>
        {!isCurrent && !isOnly && (
          <IconButton label={`Remove ${name}`} size="s" onClick={() => removeBranch(branch.id)}>
            <Trash2 aria-hidden="true" />
          </IconButton>
        )}
      </span>
    </li>
  )
}

const NAME_MAX = 80

function Naming({ branch, name, onDone }: { branch: Branch; name: string; onDone: () => void }) {
  const renameBranch = useSession((session) => session.renameBranch)
  const [text, setText] = useState(name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    renameBranch(branch.id, text)
    onDone()
  }
  return (
    <form className={styles.naming} onSubmit={submit}>
      <input
        // biome-ignore lint/a11y/noAutofocus: it stands where the visitor has just pressed
        autoFocus
        aria-label={`Name of ${name}`}
        maxLength={NAME_MAX}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={onDone}
      />
      <IconButton label="Keep the name" size="s" type="submit" onPointerDown={(event) => event.preventDefault()}>
        <Check aria-hidden="true" />
      </IconButton>
    </form>
  )
}
