/** Which faults of a run have struck, how often, and where first: the entries they cause carry their numbers. */
import type { FaultKind } from '../../session/session-types.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'

/** In which column an entry of a kind names its fault. */
const columns = new Map<number, 'a' | 'b'>([
  [Kind.dropped, 'b'],
  [Kind.duplicated, 'b'],
  [Kind.delayed, 'b'],
  [Kind.held, 'a'],
  [Kind.crashed, 'b'],
  [Kind.replicaCrashed, 'b'],
  [Kind.slowed, 'b'],
  [Kind.refused, 'b'],
  [Kind.failed, 'b'],
  [Kind.paused, 'b'],
  [Kind.partitioned, 'a'],
])

/** Kinds whose every strike leaves an entry with its number: of any other, silence says nothing. */
const telling = new Set<FaultKind>([
  'drop',
  'duplicate',
  'delay',
  'crash',
  'slow',
  'refuse',
  'fail',
  'poison',
  'pause',
  'amnesia',
  'partition',
])

export interface Strikes {
  readonly first: number
  count: number
}

class StruckFaults {
  readonly byFault = new Map<number, Strikes>()
  private read = 0

  grow(trace: Trace): this {
    for (; this.read < trace.length; this.read++) {
      const column = columns.get(trace.at('kind', this.read))
      const fault = column === undefined ? -1 : trace.at(column, this.read)
      if (fault < 0) continue
      const strikes = this.byFault.get(fault)
      if (strikes === undefined) this.byFault.set(fault, { first: this.read, count: 1 })
      else strikes.count++
    }
    return this
  }
}

const known = new WeakMap<Trace, StruckFaults>()

export function strikesOf(trace: Trace, fault: number): Strikes | undefined {
  let struck = known.get(trace)
  if (struck === undefined) {
    struck = new StruckFaults()
    known.set(trace, struck)
  }
  return struck.grow(trace).byFault.get(fault)
}

/** Of a run that has ended: the fault is in force, and nothing that happened shows it. */
export function neverStrikes(trace: Trace, fault: number, kind: FaultKind, isOn: boolean): boolean {
  return isOn && telling.has(kind) && strikesOf(trace, fault) === undefined
}
