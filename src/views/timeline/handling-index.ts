/** Which service handled which message from when to when, its transactions, and when it was down. */
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import { isAfterReplicaCrash } from '../../trace/world-state.ts'
import { SpanList } from './span-list.ts'

/** How a handling ended, as far as it shows. */
export const Handling = { plain: 0, committed: 1, turnedAway: 2, refused: 3, failed: 4, cut: 5 } as const
export const Transaction = { open: 0, committed: 1, aborted: 2, cut: 3 } as const

const tones = new Map<number, number>([
  [Kind.committed, Handling.committed],
  [Kind.deduplicated, Handling.turnedAway],
  [Kind.refused, Handling.refused],
  [Kind.failed, Handling.failed],
])
/** The last two: of a member of a group who has lost the partition meanwhile. */
const endings = new Set<number>([
  Kind.acknowledged,
  Kind.acknowledgementLost,
  Kind.deadLettered,
  Kind.commitTurnedAway,
  Kind.offsetCommitted,
])
const atHandler = new Set<number>([
  Kind.begun,
  Kind.executed,
  Kind.waiting,
  Kind.committed,
  Kind.aborted,
  Kind.refused,
  Kind.failed,
  Kind.deduplicated,
  ...endings,
])

interface Running {
  handling: number
  transaction: number
  acknowledged: boolean
}

export class HandlingIndex {
  /** lane: service; ref: message; tone: Handling. */
  readonly handlings = new SpanList()
  /** lane: service; ref: message; tone: Transaction. */
  readonly transactions = new SpanList()
  /** lane: service; ref: position of the crash. */
  readonly downs = new SpanList()
  private readonly trace: Trace
  /** By service: message → what runs for it. */
  private readonly running: Map<number, Running>[]
  private readonly taken: boolean[][]
  private readonly openDowns = new Map<number, number>()

  constructor(trace: Trace) {
    this.trace = trace
    this.running = trace.header.services.map(() => new Map())
    this.taken = trace.header.services.map(() => [])
  }

  add(position: number, at: number): void {
    const service = this.trace.at('service', position)
    if (service === NONE) return
    const kind = this.trace.at('kind', position)
    if (kind === Kind.received) this.receive(service, this.trace.at('message', position), position, at)
    else if (kind === Kind.crashed) this.crash(service, position, at)
    else if (kind === Kind.recovered) this.recover(service, position, at)
    else if (kind === Kind.redelivered && isAfterReplicaCrash(this.trace, position)) this.lose(service, position, at)
    else if (atHandler.has(kind)) this.advance(service, kind, position, at)
  }

  private receive(service: number, message: number, position: number, at: number): void {
    const before = this.running[service]?.get(message)
    if (before !== undefined && this.handlings.isOpen(before.handling)) {
      // Handed out again while the first handler was still at it: the entries that follow cannot tell the two apart.
      this.handlings.close(before.handling, at, position)
      this.freeSlot(service, before.handling)
    }
    const slot = this.takeSlot(service)
    const handling = this.handlings.open(at, service, message, position, Handling.plain, slot)
    this.running[service]?.set(message, { handling, transaction: NONE, acknowledged: false })
  }

  private advance(service: number, kind: number, position: number, at: number): void {
    const message = this.trace.at('message', position)
    const running = this.running[service]?.get(message)
    if (running === undefined) return
    const tone = tones.get(kind)
    if (tone !== undefined) this.handlings.tone[running.handling] = tone
    this.advanceTransaction(service, message, running, kind, position, at)
    if (endings.has(kind)) running.acknowledged = true
    // A service that acknowledges first goes on working: its bar ends with its transaction.
    if (running.acknowledged) this.handlings.close(running.handling, at, position)
    this.settle(service, message, running)
  }

  /** Frees the slot of a handler at rest; after an early acknowledgement a transaction may still follow. */
  private settle(service: number, message: number, running: Running): void {
    const { handling, transaction, acknowledged } = running
    const inTransaction = transaction !== NONE && this.transactions.isOpen(transaction)
    const taken = this.taken[service] as boolean[]
    taken[this.handlings.slot[handling] as number] = !acknowledged || inTransaction
    const nothingFollows = transaction !== NONE || this.handlings.tone[handling] !== Handling.plain
    if (acknowledged && !inTransaction && nothingFollows) this.running[service]?.delete(message)
  }

  private advanceTransaction(
    service: number,
    message: number,
    running: Running,
    kind: number,
    position: number,
    at: number,
  ): void {
    if (kind === Kind.begun) {
      const slot = this.handlings.slot[running.handling] as number
      running.transaction = this.transactions.open(at, service, message, position, Transaction.open, slot)
      return
    }
    if (running.transaction === NONE || (kind !== Kind.committed && kind !== Kind.aborted)) return
    this.transactions.tone[running.transaction] = kind === Kind.committed ? Transaction.committed : Transaction.aborted
    this.transactions.close(running.transaction, at, position)
  }

  private cut({ handling, transaction }: Running, position: number, at: number): void {
    if (this.handlings.isOpen(handling)) {
      this.handlings.tone[handling] = Handling.cut
      this.handlings.close(handling, at, position)
    }
    if (transaction === NONE || !this.transactions.isOpen(transaction)) return
    this.transactions.tone[transaction] = Transaction.cut
    this.transactions.close(transaction, at, position)
  }

  /** The replica that handled it is gone, the service is not. */
  private lose(service: number, position: number, at: number): void {
    const message = this.trace.at('message', position)
    const running = this.running[service]?.get(message)
    if (running === undefined) return
    this.cut(running, position, at)
    this.freeSlot(service, running.handling)
    this.running[service]?.delete(message)
  }

  private crash(service: number, position: number, at: number): void {
    for (const running of this.running[service]?.values() ?? []) this.cut(running, position, at)
    this.running[service]?.clear()
    this.taken[service] = []
    this.openDowns.set(service, this.downs.open(at, service, position, position, 0))
  }

  private recover(service: number, position: number, at: number): void {
    const down = this.openDowns.get(service)
    if (down !== undefined) this.downs.close(down, at, position)
    this.openDowns.delete(service)
  }

  private takeSlot(service: number): number {
    const taken = this.taken[service] as boolean[]
    const free = taken.indexOf(false)
    const slot = free === -1 ? taken.length : free
    // A bar has room for few: the rest lie over each other.
    if (slot > 255) return 255
    taken[slot] = true
    return slot
  }

  private freeSlot(service: number, handling: number): void {
    ;(this.taken[service] as boolean[])[this.handlings.slot[handling] as number] = false
  }
}
