/** Messages on their way: from when they left to when they arrived or were lost. */
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { SpanList } from './span-list.ts'

export const Flight = { flying: 0, arrived: 1, lost: 2, held: 3 } as const

export class MessageIndex {
  /** lane: receiver; ref: message; tone: Flight. */
  readonly flights = new SpanList()
  private readonly trace: Trace
  private readonly open = new Map<number, number>()

  constructor(trace: Trace) {
    this.trace = trace
  }

  add(position: number, at: number): void {
    const kind = this.trace.at('kind', position)
    if (kind > Kind.held) return
    const message = this.trace.at('message', position)
    if (kind === Kind.sent || kind === Kind.duplicated) {
      const to = this.trace.messageAt('to', message)
      this.open.set(message, this.flights.open(at, to, message, position, Flight.flying))
      return
    }
    const flight = this.open.get(message)
    if (flight === undefined) return
    if (kind === Kind.held) this.flights.tone[flight] = Flight.held
    if (kind !== Kind.delivered && kind !== Kind.dropped) return
    this.flights.tone[flight] = kind === Kind.delivered ? Flight.arrived : Flight.lost
    this.flights.close(flight, at, position)
    this.open.delete(message)
  }
}
