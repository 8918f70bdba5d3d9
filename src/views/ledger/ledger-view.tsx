import { KeyRound, Shield } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useSession } from '../../session/use-session.ts'
import { timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import { shownBy } from '../../trace/world-state.ts'
import { Chip } from '../../ui/chip.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { encountersOf } from './encounters.ts'
import { expiryAt, KEYS_SHOWN, type KeyEntry, ledgerAt, type StoreView } from './ledger-layout.ts'
import styles from './ledger-view.module.css'

/** Every store that recognises duplicates, key by key, and what each request met there. */
export default function LedgerView({ trace }: { trace: Trace }) {
  const world = useSession((session) => session.world)
  const entries = useSession((session) => session.run.entries)
  const [filter, setFilter] = useState('')
  const stores = useMemo(() => {
    // The trace grows while it is read: its length is part of what is shown.
    return world === null || entries < 0 ? [] : ledgerAt(trace, encountersOf(trace), world, filter)
  }, [trace, world, entries, filter])
  if (stores.length === 0) {
    return (
      <EmptyState icon={<KeyRound aria-hidden="true" />} title="Nothing here recognises a duplicate">
        No keys, no inbox, no unique constraint, no check of the state. A second request is a second effect.
      </EmptyState>
    )
  }
  const isLong = filter !== '' || stores.some(({ entries, more }) => entries.length + more > KEYS_SHOWN / 4)
  return (
    <div className={styles.view}>
      {isLong && (
        <input
          type="search"
          className={styles.filter}
          aria-label="Find a key"
          placeholder="Find a key"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      )}
      {stores.map((store) => (
        <StoreBlock key={store.id} store={store} />
      ))}
    </div>
  )
}

function StoreBlock({ store }: { store: StoreView }) {
  return (
    <section className={styles.store} aria-label={`${store.title} of ${store.service}`}>
      <h3 className={styles.head}>
        <Shield aria-hidden="true" />
        {store.title}
        <span className={styles.service}>{store.service}</span>
      </h3>
      {store.settings.length > 0 && <p className={styles.settings}>{store.settings.join(' · ')}</p>}
      {store.entries.length === 0 && <p className={styles.quiet}>Nobody has come by yet.</p>}
      {store.more > 0 && <p className={styles.quiet}>{store.more} more keys, longer ago</p>}
      <ul className={styles.keys}>
        {store.entries.map((entry) => (
          <KeyBlock key={entry.id} entry={entry} />
        ))}
      </ul>
    </section>
  )
}

const stateWords = { held: '', claimed: 'claimed, not committed', gone: 'nothing kept' } as const

function KeyBlock({ entry }: { entry: KeyEntry }) {
  return (
    <li className={styles.key} data-state={entry.state}>
      <p className={styles.name}>
        <b>{entry.key}</b>
        {entry.scope !== '' && <span className={styles.scope}>{entry.scope}</span>}
        <span className={styles.chips}>
          {entry.state !== 'held' && <Chip>{stateWords[entry.state]}</Chip>}
          {entry.status !== '' && <Chip tone={statusTone(entry.status)}>{entry.status}</Chip>}
          {entry.reply !== null && <Chip mono>{entry.reply}</Chip>}
        </span>
      </p>
      {entry.facts.length > 0 && (
        <p className={styles.facts}>
          {entry.facts.map(({ name, value }) => (
            <span key={name}>
              {name} <b>{value}</b>
            </span>
          ))}
        </p>
      )}
      <Expiry entry={entry} />
      <Lines entry={entry} />
    </li>
  )
}

function statusTone(status: string): 'ok' | 'undo' | 'plain' {
  if (status === 'DONE' || status === 'TRIED') return 'ok'
  return status === 'IN_PROGRESS' ? 'undo' : 'plain'
}

/** Counts down in virtual time; redrawn only when its words change. */
function Expiry({ entry }: { entry: KeyEntry }) {
  const said = useSession(({ time, world }) => {
    const keeper = world?.services[entry.keeper]
    const expiry = expiryAt(entry, keeper === undefined ? time : shownBy(keeper, time))
    return expiry === null ? '' : `${expiry.left}|${expiry.text}`
  })
  if (said === '') return null
  const [left, text] = said.split('|') as [string, string]
  return (
    <p className={styles.expiry} data-over={left === '0' ? '' : undefined}>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ inlineSize: `${left}%` }} />
      </span>
      {text}
    </p>
  )
}

function Lines({ entry }: { entry: KeyEntry }) {
  const trace = useSession((session) => session.trace)
  const playhead = useSession((session) => session.playhead)
  const seek = useSession((session) => session.seek)
  if (entry.lines.length === 0 || trace === null) return null
  return (
    <ol className={styles.lines} aria-label={`What requests met at ${entry.key}`}>
      {entry.earlier > 0 && <li className={styles.quiet}>{entry.earlier} earlier</li>}
      {entry.lines.map(({ position, who, what, tone }) => (
        <li key={position}>
          <button
            type="button"
            className={styles.line}
            data-tone={tone}
            aria-current={position === playhead - 1 ? 'step' : undefined}
            onClick={() => seek(position + 1)}
          >
            <time>{timeText(trace.timeAt(position))}</time>
            <span>
              <b>{who}</b> {what}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}
