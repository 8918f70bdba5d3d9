/** The rows of the log: only those in sight exist, one page of them at a time. */
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import { IconButton } from '../../ui/button.tsx'
import { type Causes, threadAt } from './causes.ts'
import styles from './event-log.module.css'
import { LogRow, rowId } from './log-row.tsx'
import { type LogRows, PAGE_ROWS, pageOf } from './log-rows.ts'

const ROW_HEIGHT = 28

interface EntriesProps {
  trace: Trace
  rows: LogRows
  current: number
  causes: Causes
  onHover: (position: number) => void
}

export function Entries({ trace, rows, current, causes, onHover }: EntriesProps) {
  const select = useSession((session) => session.select)
  const list = useRef<VListHandle>(null)
  const [page, setPage] = useState(() => pageAt(rows, current))
  const shown = useMemo(() => pageOf(rows, page), [rows, page])
  const release = useFollow(list, rows, current, page, setPage)
  const currentRow = rows.rowAt(current)
  const isCurrent = currentRow >= 0 && rows.positionAt(currentRow) === current
  const choose = (position: number) => select({ type: 'entry', position })
  const chooseRef = useRef(choose)
  chooseRef.current = choose
  const onSelect = useRef((position: number) => chooseRef.current(position)).current

  const onKeyDown = (event: KeyboardEvent) => {
    const to = keyTarget(event.key, currentRow, rows.length, isCurrent)
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    choose(rows.positionAt(to))
  }
  return (
    <>
      {rows.length > PAGE_ROWS && <Pager page={page} rows={rows.length} onPage={setPage} />}
      <VList
        ref={list}
        data={shown.positions}
        itemSize={ROW_HEIGHT}
        className={styles.list}
        role="listbox"
        aria-label="Entries"
        tabIndex={0}
        aria-activedescendant={isCurrent ? rowId(current) : undefined}
        onKeyDown={onKeyDown}
        onWheel={release}
        onTouchMove={release}
        onMouseLeave={() => onHover(-1)}
      >
        {(position, row) => (
          <LogRow
            key={position}
            trace={trace}
            position={position}
            row={shown.first + row}
            rowCount={rows.length}
            current={position === current}
            future={position > current}
            thread={threadAt(causes, position)}
            onSelect={onSelect}
            onHover={onHover}
          />
        )}
      </VList>
    </>
  )
}

function pageAt(rows: LogRows, position: number): number {
  return Math.floor(Math.max(0, rows.rowAt(position)) / PAGE_ROWS)
}

/** Keeps the current entry in view, until the visitor scrolls away from a run that plays. */
function useFollow(
  list: RefObject<VListHandle | null>,
  rows: LogRows,
  current: number,
  page: number,
  setPage: (page: number) => void,
): () => void {
  const playing = useSession((session) => session.playing)
  const released = useRef(false)
  if (!playing) released.current = false
  const wanted = pageAt(rows, current)
  const seen = useRef(-2)
  useEffect(() => {
    if (released.current || seen.current === current) return
    if (wanted !== page) return setPage(wanted)
    seen.current = current
    list.current?.scrollToIndex(Math.max(0, rows.rowAt(current)) - wanted * PAGE_ROWS, { align: 'nearest' })
  }, [list, rows, current, page, wanted, setPage])
  return () => {
    released.current = true
  }
}

const PAGE_KEYS = 10

function keyTarget(key: string, row: number, count: number, onRow: boolean): number | undefined {
  const within = (wanted: number) => Math.min(Math.max(wanted, 0), count - 1)
  switch (key) {
    case 'ArrowDown':
      return within(row + 1)
    case 'ArrowUp':
      return within(onRow ? row - 1 : row)
    case 'PageDown':
      return within(row + PAGE_KEYS)
    case 'PageUp':
      return within(row - PAGE_KEYS)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}

function Pager({ page, rows, onPage }: { page: number; rows: number; onPage: (page: number) => void }) {
  const last = Math.ceil(rows / PAGE_ROWS) - 1
  const number = (row: number) => row.toLocaleString('en')
  return (
    <div className={styles.pager}>
      <IconButton label="Earlier entries" size="s" disabled={page === 0} onClick={() => onPage(page - 1)}>
        <ChevronLeft aria-hidden="true" />
      </IconButton>
      <span>
        rows {number(page * PAGE_ROWS + 1)} to {number(Math.min(rows, (page + 1) * PAGE_ROWS))} of {number(rows)}
      </span>
      <IconButton label="Later entries" size="s" disabled={page === last} onClick={() => onPage(page + 1)}>
        <ChevronRight aria-hidden="true" />
      </IconButton>
    </div>
  )
}
