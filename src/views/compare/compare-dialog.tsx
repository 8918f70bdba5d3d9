import { Columns2, Grid3x3 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { SIDES_MAX, whyNotBeside } from '../../session/comparable.ts'
import type { ComparisonStore } from '../../session/comparison-types.ts'
import type { Draft, Session, SessionFault } from '../../session/session-types.ts'
import { useSession, useSessionStore } from '../../session/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { faultText } from '../break/fault-words.ts'
import { titleIn } from '../break/names.ts'
import { type Choice, type ChoiceGroup, choiceGroups } from './compare-choices.ts'
import styles from './compare-dialog.module.css'

interface CompareDialogProps {
  onClose: () => void
  /** Asks for all variants against all failures instead. */
  onMatrix: () => void
}

/** With what? Up to three more runs, from what there is to vary, or another scenario of the library. */
export function CompareDialog({ onClose, onMatrix }: CompareDialogProps) {
  const beside = useBeside()
  const groups = useGroups(beside)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => firstOf(groups))
  const [problem, setProblem] = useState<string | null>(null)
  const put = usePut(beside)
  const choices = groups.flatMap((group) => group.choices)
  const room = SIDES_MAX - beside.length
  const tell = (reason: string | null) => (reason === null ? onClose() : setProblem(reason))
  const toggle = (key: string) => {
    const next = new Set(chosen)
    if (!next.delete(key)) next.add(key)
    setChosen(next)
    setProblem(null)
  }
  return (
    <Dialog open onClose={onClose} title="Put beside this run" className={styles.dialog}>
      <p className={styles.lead}>
        The same moment of each run, under one playhead. Choose up to {room === 1 ? 'one more' : `${room} more`}.
      </p>
      <div className={styles.groups}>
        {groups.map((group) => (
          <fieldset key={group.title} className={styles.group}>
            <legend>{group.title}</legend>
            {group.choices.map(({ key, title }) => (
              <label key={key} className={styles.choice}>
                <input
                  type="checkbox"
                  checked={chosen.has(key)}
                  disabled={!chosen.has(key) && chosen.size >= room}
                  onChange={() => toggle(key)}
                />
                {title}
              </label>
            ))}
          </fieldset>
        ))}
        <OtherScenario onChosen={(draft) => tell(put([draft]))} onProblem={setProblem} />
      </div>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.actions}>
        <Button
          tone="primary"
          icon={<Columns2 aria-hidden="true" />}
          disabled={chosen.size === 0}
          onClick={() => tell(put(draftsIn(choices, chosen)))}
        >
          Compare
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        {beside.length === 1 && (
          <Button tone="quiet" icon={<Grid3x3 aria-hidden="true" />} className={styles.matrix} onClick={onMatrix}>
            All variants, all failures …
          </Button>
        )}
      </div>
    </Dialog>
  )
}

function firstOf([group]: readonly ChoiceGroup[]): ReadonlySet<string> {
  return new Set(group?.choices.slice(0, 1).map(({ key }) => key))
}

function draftsIn(choices: readonly Choice[], chosen: ReadonlySet<string>): Draft[] {
  return choices.filter(({ key }) => chosen.has(key)).map(({ draft }) => draft)
}

/** The runs a further one would stand beside: those of the comparison, or the page's own. */
function useBeside(): readonly Draft[] {
  const comparison = useSession((session) => session.comparison)
  const draft = useSession((session) => session.draft)
  return useMemo(() => {
    if (comparison !== null) return sidesOf(comparison)
    return draft === null ? [] : [draft]
  }, [comparison, draft])
}

function sidesOf(comparison: ComparisonStore): Draft[] {
  return comparison.getState().sides.flatMap(({ session }) => session.getState().draft ?? [])
}

function useGroups(beside: readonly Draft[]): ChoiceGroup[] {
  const effective = useSession((session) => session.effective)
  const branches = useSession((session) => session.branches)
  const current = useSession((session) => session.branch)
  return useMemo(() => {
    const [first] = beside
    const words = ({ fault }: SessionFault) => faultText(fault, (name) => titleIn(effective, name))
    const others = branches.filter(({ id }) => id !== current)
    return first === undefined ? [] : choiceGroups(first, beside, words, others)
  }, [beside, effective, branches, current])
}

/** Puts them there; the reason when one of them cannot stand there. */
function usePut(beside: readonly Draft[]): (drafts: readonly Draft[]) => string | null {
  const comparison = useSession((session) => session.comparison)
  const compareWith = useSession((session) => session.compareWith)
  if (comparison === null) return compareWith
  return (drafts) => {
    const all = [...beside]
    for (const draft of drafts) {
      const reason = whyNotBeside(all, draft)
      if (reason !== null) return reason
      all.push(draft)
    }
    for (const draft of drafts) comparison.getState().add(draft)
    return null
  }
}

interface OtherScenarioProps {
  onChosen: (draft: Draft) => void
  onProblem: (problem: string) => void
}

/** Another story of the library; whether it can be held against this one is said once it is known. */
function OtherScenario({ onChosen, onProblem }: OtherScenarioProps) {
  const library = useSession((session) => session.library)
  const id = useSession((session) => session.draft?.base.id)
  const store = useSessionStore()
  const choose = (wanted: string) => {
    const { libraryDraft }: Session = store.getState()
    libraryDraft(wanted).then(
      (found) => (found.ok ? onChosen(found.value) : onProblem(found.problems[0]?.message ?? '')),
      (error) => onProblem(error instanceof Error ? error.message : String(error)),
    )
  }
  return (
    <fieldset className={styles.group}>
      <legend>Another scenario</legend>
      <select
        aria-label="Another scenario"
        className={styles.list}
        value=""
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">Choose from the library …</option>
        {library
          .filter((item) => item.id !== id)
          .map((item) => (
            <option key={item.id} value={item.id}>
              {item.title}
            </option>
          ))}
      </select>
    </fieldset>
  )
}
