/** Event stores as growing logs: every committed event up to the playhead, and the gaps between them. */
import { Layers } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { StoreLine } from './store-line.tsx'
import styles from './store-log.module.css'
import { type StoreFilter, type StoreRows, storeRows, typesIn } from './store-rows.ts'
import { StoreTools } from './store-tools.tsx'

/** Browsers limit how tall an element can be: so many rows of 40 pixels stay well below it everywhere. */
const PAGE_ROWS = 100_000
const ROW_HEIGHT = 28

export default function StoreLog() {
  const trace = useSession((session) => session.trace)
  const world = useSession((session) => session.world)
  if (trace === null || world === null) return null
  if ((trace.header.eventStores ?? []).length === 0) {
    return (
      <EmptyState icon={<Layers aria-hidden="true" />} title="No service keeps an event store">
        Open a scenario of the chapters on event sourcing and projections.
      </EmptyState>
    )
  }
  return <StoreLogOf trace={trace} world={world} />
}

function StoreLogOf({ trace, world }: { trace: Trace; world: WorldState }) {
  const stores = trace.header.eventStores ?? []
  const [chosen, setChosen] = useState(0)
  const table = (stores[chosen] ?? stores[0])?.events ?? -1
  const [stream, setStream] = useState('')
  const [type, setType] = useState('')
  const wanted = useDeferredValue(stream)
  const filter = useMemo<StoreFilter>(() => ({ stream: wanted.trim().toLowerCase(), type }), [wanted, type])
  const rows = useMemo(() => storeRows(world, table, filter), [world, table, filter])
  const isFiltered = filter.stream !== '' || filter.type !== ''
  const stored = world.tables[table]?.size ?? 0
  return (
    <section className={styles.log} aria-label="Event store">
      <StoreTools
        stores={stores.map(({ service }) => trace.header.services[service]?.title ?? '')}
        store={chosen}
        onStore={setChosen}
        stream={stream}
        onStream={setStream}
        type={type}
        types={typesIn(trace, world, table)}
        onType={setType}
      >
        {isFiltered
          ? `${count(rows.length)} of ${count(stored)}`
          : stored === 1
            ? '1 event'
            : `${count(stored)} events`}
      </StoreTools>
      {rows.length === 0 ? (
        <p className={styles.empty}>{isFiltered ? 'No event fits the filter.' : 'Nothing is stored yet.'}</p>
      ) : (
        <Rows key={`${table} ${filter.stream} ${filter.type}`} trace={trace} world={world} table={table} rows={rows} />
      )}
    </section>
  )
}

const count = (number: number) => number.toLocaleString('en')

interface RowsProps {
  trace: Trace
  world: WorldState
  table: number
  rows: StoreRows
}

/** The newest rows in sight, until the visitor scrolls up; only those in sight exist. */
function Rows({ trace, world, table, rows }: RowsProps) {
  const seek = useSession((session) => session.seek)
  const end = useEnd(world, table)
  const list = useRef<VListHandle>(null)
  const follows = useRef(true)
  const last = Math.max(0, Math.ceil(rows.length / PAGE_ROWS) - 1)
  const [held, setHeld] = useState<number | null>(null)
  const page = Math.min(held ?? last, last)
  // The last page is a full one: whoever looks at the newest sees those before it too.
  const first = page === last ? Math.max(0, rows.length - PAGE_ROWS) : page * PAGE_ROWS
  const shown = Math.min(PAGE_ROWS, rows.length - first)
  useEffect(() => {
    if (follows.current && page === last) list.current?.scrollToIndex(shown - 1, { align: 'end' })
  }, [shown, page, last])
  const onScroll = (offset: number) => {
    const { scrollSize = 0, viewportSize = 0 } = list.current ?? {}
    follows.current = offset + viewportSize >= scrollSize - ROW_HEIGHT
  }
  const toPage = (next: number) => {
    follows.current = next === last
    setHeld(next === last ? null : next)
  }
  return (
    <>
      {last > 0 && <Pages page={page} last={last} first={first} shown={shown} rows={rows.length} onPage={toPage} />}
      <div className={styles.head} aria-hidden="true">
        <span>position</span>
        <span>stream</span>
        <span>version</span>
        <span>event</span>
        <span>data</span>
        <span>effective</span>
        <span>recorded</span>
        <span>caused by</span>
      </div>
      <VList
        ref={list}
        data={placesOf(shown)}
        itemSize={ROW_HEIGHT}
        className={styles.list}
        role="list"
        aria-label="Events"
        tabIndex={0}
        onScroll={onScroll}
      >
        {(place: number) => (
          <StoreLine
            key={first + place}
            trace={trace}
            world={world}
            end={end}
            table={table}
            row={rows.rowAt(first + place)}
            onGo={seek}
          />
        )}
      </VList>
    </>
  )
}

/** Places on a page. Kept, and only grown, so that a run that plays builds no new list at every step. */
let places = new Int32Array(0)
function placesOf(length: number): Int32Array {
  if (places.length < length) places = Int32Array.from({ length: Math.min(PAGE_ROWS, length * 2) }, (_, i) => i)
  return places.subarray(0, length)
}

/** The end of the run as far as it has come, where there are gaps to explain. */
function useEnd(world: WorldState, table: number): WorldState | null {
  const history = useSession((session) => session.history)
  const length = useSession((session) => (session.run.status === 'running' ? -1 : session.run.entries))
  const rows = world.tables[table]
  const hasGaps = rows !== undefined && rows.size < rows.end
  return useMemo(
    () => (history === null || length < 0 || !hasGaps ? null : history.stateAt(length)),
    [history, length, hasGaps],
  )
}

interface PagesProps {
  page: number
  last: number
  first: number
  shown: number
  rows: number
  onPage: (page: number) => void
}

function Pages({ page, last, first, shown, rows, onPage }: PagesProps) {
  return (
    <div className={styles.pages}>
      <button type="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
        Earlier
      </button>
      <span>
        rows {count(first + 1)} to {count(first + shown)} of {count(rows)}
      </span>
      <button type="button" disabled={page === last} onClick={() => onPage(page + 1)}>
        Later
      </button>
    </div>
  )
}
