/** What narrows the log: words, kinds of entries, and the causes of the one looked at. */
import { GitBranch, Search } from 'lucide-react'
import { classNames } from '../../ui/class-names.ts'
import { groupTitles, type LogGroup } from './log-groups.ts'
import styles from './log-tools.module.css'

interface LogToolsProps {
  text: string
  onText: (text: string) => void
  groups: ReadonlySet<LogGroup>
  onGroups: (groups: ReadonlySet<LogGroup>) => void
  causesOnly: boolean
  onCausesOnly: (only: boolean) => void
  children: React.ReactNode
}

export function LogTools({ text, onText, groups, onGroups, causesOnly, onCausesOnly, children }: LogToolsProps) {
  const toggle = (group: LogGroup) => {
    const next = new Set(groups)
    if (!next.delete(group)) next.add(group)
    onGroups(next)
  }
  return (
    <div className={styles.tools}>
      <label className={styles.search}>
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter the log"
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      </label>
      <fieldset className={styles.chips} aria-label="Kinds of entries">
        {groupTitles.map(({ group, title }) => (
          <button
            key={group}
            type="button"
            aria-pressed={groups.has(group)}
            className={styles.chip}
            onClick={() => toggle(group)}
          >
            {title}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={causesOnly}
          className={classNames(styles.chip, styles.causes)}
          title="Only the current entry and what led to it"
          onClick={() => onCausesOnly(!causesOnly)}
        >
          <GitBranch size={13} aria-hidden="true" />
          Its causes
        </button>
      </fieldset>
      {children}
    </div>
  )
}
