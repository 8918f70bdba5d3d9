import { useMemo } from 'react'
import { causesOf } from '../../trace/history.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Thread } from './log-row.tsx'

/** What led to an entry, itself first, the first cause last. */
export interface Causes {
  readonly chain: readonly number[]
  readonly set: ReadonlySet<number>
}

export function useCauses(trace: Trace, position: number): Causes {
  return useMemo(() => {
    const chain = position >= 0 && position < trace.length ? causesOf(trace, position) : []
    return { chain, set: new Set(chain) }
  }, [trace, position])
}

/** Where a row stands on the thread of causes. */
export function threadAt({ chain, set }: Causes, position: number): Thread {
  const end = chain[0] ?? -1
  const root = chain[chain.length - 1] ?? -1
  if (chain.length < 2 || position > end || position < root) return 'none'
  if (position === end) return 'end'
  if (position === root) return 'root'
  return set.has(position) ? 'cause' : 'between'
}
