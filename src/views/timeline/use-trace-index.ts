/** The index of the trace on the screen, gathered in slices so that a long trace never holds up a frame. */
import { useEffect, useMemo, useReducer } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import { TraceIndex } from './trace-index.ts'

/** Entries gathered before the first picture. */
const AT_ONCE = 10_000
/** After it, time for gathering in each frame, and entries between two looks at the clock. */
const FRAME_SHARE_MS = 6
const PER_LOOK = 2000

const indexes = new WeakMap<Trace, TraceIndex>()

export function indexOf(trace: Trace): TraceIndex {
  let index = indexes.get(trace)
  if (index === undefined) {
    index = new TraceIndex(trace)
    indexes.set(trace, index)
  }
  return index
}

/** Another object whenever the index, which grows in place, has grown. */
export interface IndexedTrace {
  readonly index: TraceIndex
  readonly entries: number
}

export function useTraceIndex(): IndexedTrace | null {
  const trace = useSession((session) => session.trace)
  const fold = useSession((session) => session.fold)
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const index = useMemo(() => {
    if (trace === null || fold === null) return null
    const found = indexOf(trace)
    found.extend(fold, AT_ONCE)
    return found
  }, [trace, fold])

  useEffect(() => {
    if (index === null || fold === null) return
    let frame = 0
    const more = () => {
      const before = index.length
      const until = performance.now() + FRAME_SHARE_MS
      let unfinished = true
      while (unfinished && performance.now() < until) unfinished = index.extend(fold, PER_LOOK)
      if (index.length > before) redraw()
      if (unfinished) frame = requestAnimationFrame(more)
    }
    more()
    return () => cancelAnimationFrame(frame)
  }, [index, fold])

  const entries = index?.length ?? 0
  return useMemo(() => (index === null ? null : { index, entries }), [index, entries])
}
