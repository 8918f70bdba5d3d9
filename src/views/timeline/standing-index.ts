/**
 * What stands at a service for a while beside its work: it stands still, a circuit is not closed, a handler waits for
 * somebody else, what it has prepared waits for a decision; and the moments at which a message was parked.
 */
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import { SpanList } from './span-list.ts'

export const Stands = { still: 0, open: 1, halfOpen: 2, waits: 3, inDoubt: 4, rebalances: 5 } as const

/** A caller and a callee as one number: there are fewer services than that. */
const SERVICES_MAX = 4096

export class StandingIndex {
  /** lane: service; ref: message of a wait, callee of a circuit, saga of a doubt, else −1; tone: Stands. */
  readonly spans = new SpanList()
  /** Positions and folded times of dead letters, in order. */
  readonly parked: { readonly positions: number[]; readonly at: number[] } = { positions: [], at: [] }
  private readonly trace: Trace
  private readonly still = new Map<number, number>()
  private readonly rebalances = new Map<number, number>()
  private readonly circuits = new Map<number, number>()
  /** By service: saga → its open doubt. A crash does not end it. */
  private readonly doubts: Map<number, number>[]
  /** By service: message → its open wait. */
  private readonly waits: Map<number, number>[]

  constructor(trace: Trace) {
    this.trace = trace
    this.waits = trace.header.services.map(() => new Map())
    this.doubts = trace.header.services.map(() => new Map())
  }

  add(position: number, at: number): void {
    const { trace } = this
    const service = trace.at('service', position)
    if (service === NONE) return
    const waits = this.waits[service] as Map<number, number>
    if (waits.size > 0) this.endWait(waits, position, at)
    switch (trace.at('kind', position)) {
      case Kind.paused:
        if (!this.still.has(service))
          this.still.set(service, this.spans.open(at, service, NONE, position, Stands.still))
        break
      case Kind.unpaused:
        this.close(this.still, service, at, position)
        break
      case Kind.circuit:
        this.addCircuit(service, position, at)
        break
      case Kind.waiting: {
        const message = trace.at('message', position)
        waits.set(message, this.spans.open(at, service, message, position, Stands.waits))
        break
      }
      case Kind.prepared: {
        const saga = trace.at('saga', position)
        this.close(this.doubts[service] as Map<number, number>, saga, at, position)
        this.doubts[service]?.set(saga, this.spans.open(at, service, saga, position, Stands.inDoubt))
        break
      }
      case Kind.resolved:
        this.close(this.doubts[service] as Map<number, number>, trace.at('saga', position), at, position)
        break
      case Kind.rebalanceBegan:
        this.addRebalance(service, position, at)
        break
      case Kind.assigned:
        this.close(this.rebalances, service, at, position)
        break
      case Kind.deadLettered:
        this.parked.positions.push(position)
        this.parked.at.push(at)
        break
    }
  }

  /** Every process of the service: who is no member has no partition either way. */
  private addRebalance(service: number, position: number, at: number): void {
    for (const [i, { instanceOf }] of this.trace.header.services.entries()) {
      if (i !== service && instanceOf !== service) continue
      this.close(this.rebalances, i, at, position)
      this.rebalances.set(i, this.spans.open(at, i, NONE, position, Stands.rebalances))
    }
  }

  private addCircuit(service: number, position: number, at: number): void {
    const callee = this.trace.at('b', position)
    const line = service * SERVICES_MAX + callee
    this.close(this.circuits, line, at, position)
    const state = this.trace.text(this.trace.at('a', position))
    if (state === 'closed') return
    const tone = state === 'open' ? Stands.open : Stands.halfOpen
    this.circuits.set(line, this.spans.open(at, service, callee, position, tone))
  }

  private endWait(waits: Map<number, number>, position: number, at: number): void {
    if (this.trace.at('kind', position) !== Kind.crashed) {
      return this.close(waits, this.trace.at('message', position), at, position)
    }
    for (const message of [...waits.keys()]) this.close(waits, message, at, position)
  }

  private close(open: Map<number, number>, key: number, at: number, position: number): void {
    const span = open.get(key)
    if (span === undefined) return
    this.spans.close(span, at, position)
    open.delete(key)
  }
}
