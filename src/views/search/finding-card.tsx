import { Check, Link2, Play, X } from 'lucide-react'
import { useState } from 'react'
import type { Found, FoundGroup } from '../../session/search-store.ts'
import { findingLink, openFinding } from '../../session/use-search.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import styles from './search-dialog.module.css'

/** One promise that breaks, with the smallest schedule that breaks it. */
export function FindingCard({ group, onOpened }: { group: FoundGroup; onOpened: () => void }) {
  const { promise, count, found } = group
  const times = `${count.toLocaleString('en')} ${count === 1 ? 'schedule breaks' : 'schedules break'} it`
  if (found === null) {
    return (
      <li className={styles.finding}>
        <Title promise={promise} />
        <span className={styles.count}>{times}; the smallest comes when the hunt is over</span>
      </li>
    )
  }
  return (
    <li className={styles.finding}>
      <Title promise={promise} />
      <p className={styles.broken}>{found.broken}</p>
      <code className={styles.faults}>{wordsOf(found.line)}</code>
      <span className={styles.count}>{times}</span>
      <FindingActions name={`${promise} breaks`} scenario={found.scenario} onOpened={onOpened} />
    </li>
  )
}

/** A finding can be looked at on a branch of its own, and handed on as a link. */
export function FindingActions({
  name,
  scenario,
  onOpened,
}: {
  name: string
  scenario: Found['scenario']
  onOpened: () => void
}) {
  const open = () => {
    openFinding(name, scenario)
    onOpened()
  }
  return (
    <div className={styles.cardActions}>
      <Button size="s" icon={<Play aria-hidden="true" />} onClick={open}>
        Show on the stage
      </Button>
      <CopyLink scenario={scenario} />
    </div>
  )
}

function Title({ promise }: { promise: string }) {
  return (
    <span className={styles.promise}>
      <X aria-hidden="true" />
      {promise} breaks
    </span>
  )
}

/** What stands behind the promise's name. */
export function wordsOf(line: string): string {
  return line.replace(/^.*? breaks: /, '')
}

function CopyLink({ scenario }: { scenario: Found['scenario'] }) {
  const [said, setSaid] = useState('')
  const copy = () =>
    findingLink(scenario)
      .then(copyText)
      .then(
        () => setSaid('Copied'),
        (problem: unknown) => setSaid(problem instanceof Error ? problem.message : String(problem)),
      )
  return (
    <>
      <Button
        size="s"
        icon={said === 'Copied' ? <Check aria-hidden="true" /> : <Link2 aria-hidden="true" />}
        onClick={copy}
      >
        Copy link
      </Button>
      <span role="status" className={styles.said}>
        {said}
      </span>
    </>
  )
}
