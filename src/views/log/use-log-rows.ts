import { useEffect, useMemo, useReducer } from 'react'
import type { Trace } from '../../trace/trace.ts'
import { filtersNothing, type LogFilter, LogSearch } from './log-filter.ts'
import { allRows, foundRows, type LogRows } from './log-rows.ts'

/** Time for searching in each frame, and entries between two looks at the clock. */
const FRAME_SHARE_MS = 7
const PER_LOOK = 100

export interface FilteredLog {
  readonly rows: LogRows
  /** How much of the trace was looked at, 0 … 1. */
  readonly searched: number
}

/** The rows a filter leaves of the first `length` entries; grows with the trace and with the search. */
export function useLogRows(trace: Trace, length: number, filter: LogFilter): FilteredLog {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const search = useMemo(() => {
    if (filtersNothing(filter)) return null
    const fresh = new LogSearch(trace, filter)
    scanFor(fresh, FRAME_SHARE_MS)
    return fresh
  }, [trace, filter])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer trace is searched further
  useEffect(() => {
    if (search === null) return
    let frame = 0
    const more = () => {
      const unfinished = scanFor(search, FRAME_SHARE_MS)
      redraw()
      if (unfinished) frame = requestAnimationFrame(more)
    }
    if (search.scanned < trace.length) frame = requestAnimationFrame(more)
    return () => cancelAnimationFrame(frame)
  }, [search, trace, length])

  const found = search?.found.length ?? 0
  const rows = useMemo(
    () => (search === null ? allRows(length) : foundRows(search.found, found)),
    [search, length, found],
  )
  return { rows, searched: search === null || trace.length === 0 ? 1 : search.scanned / trace.length }
}

/** Searches for so many milliseconds; says whether there is more to search. */
function scanFor(search: LogSearch, ms: number): boolean {
  const until = performance.now() + ms
  let unfinished = true
  while (unfinished && performance.now() < until) unfinished = search.scan(PER_LOOK)
  return unfinished
}
