/** Looks for where each run parts from the first, as they arrive, in slices that never hold up a frame. */
import { firstDifference } from '../trace/parting.ts'
import type { Trace } from '../trace/trace.ts'
import type { Parting } from './comparison-types.ts'
import type { RunState } from './session-types.ts'
import { compareMoments, momentOfPlayhead } from './shared-moment.ts'

/** Entries looked at before the page gets its turn. */
const AT_ONCE = 4000

interface Looked {
  readonly trace: Trace | null
  readonly run: RunState
}

interface Pair {
  readonly one: Trace
  readonly other: Trace
  /** Up to here they are known to tell the same. */
  position: number
}

export class PartingSearch {
  private readonly found: (partings: readonly Parting[]) => void
  private readonly pairs = new WeakMap<Trace, Pair>()
  private next: ReturnType<typeof setTimeout> | undefined

  constructor(found: (partings: readonly Parting[]) => void) {
    this.found = found
  }

  stop(): void {
    clearTimeout(this.next)
  }

  /** The first is the one the others are held against. */
  look(runs: readonly Looked[]): void {
    this.stop()
    const [first, ...others] = runs
    if (first === undefined) return
    let unfinished = false
    const partings = others.map((other): Parting => {
      if (first.trace === null || other.trace === null) return { state: 'looking' }
      const pair = this.pairOf(first.trace, other.trace)
      const until = pair.position + AT_ONCE
      pair.position = firstDifference(pair.one, pair.other, pair.position, until)
      unfinished ||= pair.position === until
      const isWhole = isOver(first.run) && isOver(other.run)
      return pair.position === until ? { state: 'looking' } : partingAt(pair, isWhole)
    })
    this.found([{ state: 'never' }, ...partings])
    if (unfinished) this.next = setTimeout(() => this.look(runs), 0)
  }

  private pairOf(one: Trace, other: Trace): Pair {
    const known = this.pairs.get(other)
    if (known?.one === one) return known
    const made = { one, other, position: 0 }
    this.pairs.set(other, made)
    return made
  }
}

function isOver({ status }: RunState): boolean {
  return status !== 'running'
}

function partingAt({ one, other, position }: Pair, isWhole: boolean): Parting {
  const both = Math.min(one.length, other.length)
  if (position === both && !isWhole) return { state: 'looking' }
  if (position === one.length && position === other.length) return { state: 'never' }
  const moments = [one, other].flatMap((trace) => {
    return position < trace.length ? [momentOfPlayhead(trace, position + 1)] : []
  })
  const moment = moments.sort(compareMoments)[0]
  return moment === undefined ? { state: 'never' } : { state: 'parts', position, moment }
}
