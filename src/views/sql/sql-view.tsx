/** A box for SQL over every table and event as it is at the playhead. */
import { Play, Square } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { type SqlProgress, type SqlResult, sqlBox } from '../../session/sql.ts'
import { useSession, useSessionStore } from '../../session/use-session.ts'
import { timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import { Button } from '../../ui/button.tsx'
import { Table } from '../../ui/table.tsx'
import { type SavedQuery, savedQueries } from './saved-queries.ts'
import { tableNames, tablesFor, written } from './sql-tables.ts'
import styles from './sql-view.module.css'

interface Asked {
  readonly sql: string
  /** The playhead it was asked at. */
  readonly at: number
  readonly result: SqlResult | null
}

const NO_QUERIES: readonly SavedQuery[] = []
/** A query that took no longer is asked again whenever the playhead comes to rest elsewhere. */
const QUICK_MS = 400
const REST_MS = 200
/** How often a long loading is told. */
const TELL_MS = 100
const LOADING: SqlProgress = { stage: 'loading', done: 0, of: 0 }

export default function SqlView({ trace }: { trace: Trace }) {
  const own = useSession((session) => session.effective?.queries ?? NO_QUERIES)
  const saved = useMemo(() => savedQueries(trace, own), [trace, own])
  const [sql, setSql] = useState(saved[0]?.sql ?? '')
  const { asked, run, progress } = useQuery(trace)
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    run(sql)
  }
  const choose = (title: string) => {
    const found = saved.find((query) => query.title === title)
    if (found === undefined) return
    setSql(found.sql)
    run(found.sql)
  }
  return (
    <div className={styles.view}>
      <select
        className={styles.saved}
        aria-label="Saved queries"
        value={saved.find((query) => query.sql === sql)?.title ?? ''}
        onChange={({ target }) => choose(target.value)}
      >
        <option value="">Your own query</option>
        {saved.map(({ title }) => (
          <option key={title}>{title}</option>
        ))}
      </select>
      <textarea
        className={styles.query}
        aria-label="SQL query"
        spellCheck={false}
        rows={Math.min(9, Math.max(3, sql.split('\n').length + 1))}
        value={sql}
        onChange={({ target }) => setSql(target.value)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.run}>
        {progress !== null ? (
          <>
            <Button size="s" icon={<Square aria-hidden="true" />} onClick={() => sqlBox.cancel()}>
              Stop
            </Button>
            <span role="status">{progressText(progress)}</span>
          </>
        ) : (
          <Button size="s" icon={<Play aria-hidden="true" />} onClick={() => run(sql)}>
            Run at the playhead
          </Button>
        )}
        {progress === null && asked !== null && <span>{momentOf(trace, asked.at)}</span>}
      </div>
      <Answer result={asked?.result ?? null} />
      <Tables trace={trace} onName={(name) => setSql((text) => `${text}${/\s$|^$/.test(text) ? '' : ' '}${name}`)} />
    </div>
  )
}

function momentOf(trace: Trace, at: number): string {
  return at === 0 ? 'at the start' : `at entry ${at}, ${timeText(trace.timeAt(at - 1))}`
}

/** Nothing is said of what is over at once. */
function progressText(progress: SqlProgress): string {
  if (progress.stage === 'asking') return 'asking …'
  const { done, of } = progress
  return of < TOLD_FROM ? 'loading …' : `loading ${done.toLocaleString('en')} of ${of.toLocaleString('en')} rows`
}
const TOLD_FROM = 5000

/** Runs queries at the playhead. A quick one follows it: another moment is another answer. */
function useQuery(trace: Trace) {
  const store = useSessionStore()
  const playhead = useSession((session) => session.playhead)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [progress, setProgress] = useState<SqlProgress | null>(null)
  const isQuick = useRef(false)
  const turn = useRef(0)
  const run = async (sql: string) => {
    const { world } = store.getState()
    if (world === null) return
    const mine = ++turn.current
    let told = 0
    let began = 0
    const tell = (now: SqlProgress) => {
      if (now.stage === 'asking') began = performance.now()
      if (mine !== turn.current || (now.stage === 'loading' && performance.now() - told < TELL_MS)) return
      told = performance.now()
      setProgress(now)
    }
    tell(LOADING)
    const result = await sqlBox.query(tablesFor(trace, world, sql), sql, tell)
    if (mine !== turn.current) return
    // What had to be loaded for it says nothing of the next moment.
    isQuick.current = result.ok && performance.now() - began < QUICK_MS
    setProgress(null)
    setAsked({ sql, at: world.position, result })
  }
  const again = useRef(run)
  again.current = run
  const sql = asked?.sql
  useEffect(() => {
    if (sql === undefined || !isQuick.current || asked?.at === playhead) return
    const timer = setTimeout(() => again.current(sql), REST_MS)
    return () => clearTimeout(timer)
  }, [sql, asked, playhead])
  return { asked, run, progress }
}

function Answer({ result }: { result: SqlResult | null }) {
  if (result === null) return null
  if (!result.ok) {
    return (
      <p className={styles.problem} role="alert">
        {result.message}
      </p>
    )
  }
  const { columns, rows, isCut } = result
  const count = rows.length === 1 ? '1 row' : `${rows.length.toLocaleString('en')} rows`
  return (
    <div role="status" aria-label="Result">
      <Table label="Result" columns={columns} className={styles.result}>
        {rows.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a result has no other key
          <tr key={i}>
            {row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              <td key={column} data-number={typeof cell === 'number' ? '' : undefined}>
                {cell === null ? <i>null</i> : String(cell)}
              </td>
            ))}
          </tr>
        ))}
      </Table>
      <p className={styles.quiet}>{isCut ? `The first ${count}` : count}</p>
    </div>
  )
}

function Tables({ trace, onName }: { trace: Trace; onName: (name: string) => void }) {
  const names = useMemo(() => tableNames(trace), [trace])
  return (
    <details className={styles.tables}>
      <summary>{names.length} tables</summary>
      <ul>
        {names.map((table) => (
          <li key={`${table.schema}.${table.name}`}>
            <button type="button" onClick={() => onName(written(table))} title="Put it into the query">
              {written(table)}
            </button>
            <span>{table.columns.join(', ')}</span>
          </li>
        ))}
      </ul>
      <p>Events’ data is JSON: data -&gt;&gt; 'amount' reads a field of it.</p>
    </details>
  )
}
