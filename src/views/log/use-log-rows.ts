import { useEffect, useMemo, useReducer } from 'react'
import type { Trace } from '../../trace/trace.ts'
import { filtersNothing, type LogFilter, LogSearch } from './log-filter.ts'
import { allRows, foundRows, type LogRows } from './log-rows.ts'

/** Entries looked at in one frame: a sentence each costs a few microseconds. */
const PER_FRAME = 3000

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
    fresh.scan(PER_FRAME)
    return fresh
  }, [trace, filter])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer trace is searched further
  useEffect(() => {
    if (search === null) return
    let frame = 0
    const more = () => {
      const unfinished = search.scan(PER_FRAME)
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
