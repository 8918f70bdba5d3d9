import { Pause, Play, Search, Square } from 'lucide-react'
import { useState } from 'react'
import type { HuntView } from '../../session/search-store.ts'
import { useSearch } from '../../session/use-search.ts'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { amounts, budgetOf, type KindGroup, kindGroups, seedCounts } from './budget-words.ts'
import { FindingCard } from './finding-card.tsx'
import styles from './search-dialog.module.css'

/** Random schedules of faults, until a promise breaks. */
export function HuntTab({ onOpened }: { onOpened: () => void }) {
  const hunt = useSearch((search) => search.hunt)
  const facts = useSearch((search) => search.facts)
  const [faults, setFaults] = useState<number>(3)
  const [kinds, setKinds] = useState<KindGroup>('all')
  const [seeds, setSeeds] = useState<number>(20_000)
  const start = useSearch((search) => search.startHunt)
  const isUnderWay = hunt.status === 'running' || hunt.status === 'paused'
  return (
    <>
      <div className={styles.budget}>
        <Segmented label="How many faults" size="s" segments={amounts} value={faults} onChange={setFaults} />
        <Segmented label="Of which kind" size="s" segments={kindGroups} value={kinds} onChange={setKinds} />
        <Segmented label="How often" size="s" segments={seedCounts} value={seeds} onChange={setSeeds} />
      </div>
      <div className={styles.actions}>
        {isUnderWay ? (
          <UnderWay isPaused={hunt.status === 'paused'} />
        ) : (
          <Button
            tone="primary"
            icon={<Search aria-hidden="true" />}
            onClick={() => start(budgetOf(faults, kinds), seeds)}
          >
            {hunt.status === 'idle' ? 'Hunt' : 'Hunt again'}
          </Button>
        )}
        <Progress hunt={hunt} seeds={seeds} />
      </div>
      {facts !== null && facts.withheld.length > 0 && (
        <p className={styles.note}>
          Not promised here, since it does not hold even when nothing goes wrong: {facts.withheld.join(', ')}.
        </p>
      )}
      <ul className={styles.findings} aria-label="Findings">
        {hunt.groups.map((group) => (
          <FindingCard key={group.promise} group={group} onOpened={onOpened} />
        ))}
      </ul>
      {hunt.status === 'done' && hunt.groups.length === 0 && (
        <p className={styles.calm}>
          Nothing found: {facts?.promises.join(', ') || 'no promise'} held in all {hunt.runs.toLocaleString('en')}{' '}
          schedules. That is no proof; more tries, or more faults, may find something.
        </p>
      )}
    </>
  )
}

function UnderWay({ isPaused }: { isPaused: boolean }) {
  const { pause, resume, cancel } = useSearch((search) => search)
  return (
    <>
      {isPaused ? (
        <Button icon={<Play aria-hidden="true" />} onClick={resume}>
          Go on
        </Button>
      ) : (
        <Button icon={<Pause aria-hidden="true" />} onClick={pause}>
          Pause
        </Button>
      )}
      <Button icon={<Square aria-hidden="true" />} onClick={cancel}>
        Stop
      </Button>
    </>
  )
}

function Progress({ hunt, seeds }: { hunt: HuntView; seeds: number }) {
  if (hunt.status === 'idle') return null
  const rate = hunt.rate > 0 ? ` · ${hunt.rate.toLocaleString('en')} a second` : ''
  const words = { running: '', paused: ' · paused', done: '', failed: ' · failed', idle: '' }[hunt.status]
  const isSmall = hunt.runs >= seeds && hunt.status === 'running' ? ' · making the findings small' : ''
  return (
    <div className={styles.progress}>
      {(hunt.status === 'running' || hunt.status === 'paused') && (
        <progress aria-label="Schedules run" max={seeds} value={hunt.runs} />
      )}
      <span role="status">
        {hunt.runs.toLocaleString('en')} schedules{rate}
        {words}
        {isSmall}
      </span>
    </div>
  )
}
