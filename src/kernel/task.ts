/** One handling of one message (or timer) by a service: plain data, so that it can be stored, copied and resumed. */
import type { OutcomeCode, RoleCode } from '../trace/kinds.ts'
import type { Value } from '../trace/trace-format.ts'
import type { Branch } from './branches.ts'
import type { Row, Transaction } from './disk.ts'
import type { Payload, Timer } from './model.ts'

/** What a message says: never changed once sent, so copies and relays share it. */
export interface Outgoing {
  readonly type: number
  readonly to: number
  readonly role: RoleCode
  readonly outcome: OutcomeCode
  readonly saga: number
  readonly step: number
  readonly compensation: boolean
  readonly attempt: number
  readonly key: string | null
  readonly reason: string | null
  readonly payload: Payload
  /** The message this one answers, −1 for none. */
  readonly answers: number
  /** Messages of one group keep their order on a bus with order. */
  readonly group: number
  /** Client request number, −1 for none. */
  readonly request: number
  /** How many messages led to this one, itself included. */
  readonly hops: number
  /** Extra time before it arrives, microseconds: a message to be handled later. */
  readonly delay: number
  /** On the first copy of an event: how many subscribe. −1 on everything else. */
  readonly subscribers: number
}

/** One copy of a message on its way or in a queue. */
export interface Message {
  /** Number of this copy, as in the trace. */
  readonly id: number
  /** Place in the kernel's list of messages under way. */
  readonly slot: number
  readonly from: number
  /** Of several processes of the receiver, the one it is given to can change. */
  body: Outgoing
  /** Id of the first copy. */
  readonly logical: number
  deliveries: number
  /** Changes whenever the broker hands it out or takes it back: what an acknowledgement must name. */
  receipt: number
  /** The epoch of the lease its sender believed it held; 0 for none. */
  readonly epoch: number
  /** When the broker hands it out again unless it is acknowledged; −1 for never. */
  visibleAt: number
  /** How many handlings of it have ended in an error. */
  failures: number
  readonly departs: number
  /** When it came into its receiver's queue. */
  queuedAt: number
  /** The broker has forgotten it while it was on its way, or it is done with and its memory waits for the next one. */
  lost: boolean
  /** Trace position of the last entry about it. */
  position: number
}

export interface Task {
  readonly slot: number
  /** Counts reuses of the slot, so that a wake-up for a dead task is recognised. */
  generation: number
  alive: boolean
  service: number
  message: Message | null
  /** Which replica of the service does it, from 0. */
  replica: number
  program: number
  pc: number
  tx: Transaction | null
  /** The handling's own transaction, while an operation works in the branch of a distributed one; null otherwise. */
  ownTx: Transaction | null
  /** The branch that operations of this handling work in. */
  branch: Branch | null
  /** Since when it waits for somebody else's lock, −1 while it does not; and whether it ever had to. */
  waitingSince: number
  wasBlocked: boolean
  /** How many writes of the transaction belong to the protections and survive a refusal. */
  savepoint: number
  outcome: OutcomeCode
  reason: string | null
  /** False when a skipped duplicate must not be answered. */
  answer: boolean
  payload: Payload
  /** What the operation gives back with its success; null for nothing. */
  returned: Payload | null
  locals: Value[]
  sends: Outgoing[]
  /** What the operation itself wants to publish or send, once it commits. */
  publications: Outgoing[]
  /** Outbox rows written in the open transaction, by place in `sends`. */
  outboxRows: number[]
  /** Rows the protections wrote in the open transaction: idempotency key, inbox, fence; null for none. */
  keyRow: Row | null
  /** The recovery point an earlier attempt has reached; the work goes on there. */
  point: string | null
  inboxRow: Row | null
  fenceRow: Row | null
  /** How many of `sends`, behind the publications, are copies of the event that the operation emits. */
  emitted: number
  /** The row of a protection whose stored answer stands for this handling, see patterns/emitted.ts; −1 for none. */
  storedIn: number
  /** The saga instance it works for and the step of it, −1 for none. */
  saga: number
  step: number
  compensation: boolean
  /** Gap of the handler at which the service will crash, −1 for none. */
  crashPoint: number
  crashRestart: number
  /** Only its replica crashes. */
  crashesAlone: boolean
  /** The numbers of the faults that crash it, slow it down and answer in its place, −1 for none. */
  crashFault: number
  slowFault: number
  answerFault: number
  slowBefore: number
  slowInside: number
  refusal: string | null
  failure: string | null
  /** The message cannot even be read: the handling fails before anything else. */
  isPoisoned: boolean
  /** An error that strikes after the commit. */
  lateFailure: string | null
  /** Which hand-out of the message this is: an acknowledgement for an older one is void. */
  receipt: number
  /** The epoch of the lease its process believed it held when it began; 0 for none. */
  epoch: number
  /** Gap of the handler at which the process will stand still, −1 for none, and for how long. */
  pausePoint: number
  pauseLength: number
  pauseFault: number
  /** Trace position of the last entry of this task. */
  cause: number
  /** The timer that started it, when no message did. */
  timer: Timer | null
  /** The synchronous call it waits for. */
  call: { attempt: number; token: number; outcome: OutcomeCode; reason: string | null; payload: Payload } | null
  /** Waiting for a semantic lock: which wait it is (0 = none), and until when (−1 = for ever). */
  lockToken: number
  lockDeadline: number
  /** Semantic locks given back in the open transaction. */
  released: string[]
  /** What a pattern keeps between two steps. */
  scratch: unknown
  /** Where its latest transaction began, and what it had to publish by then: a conflict goes back there. */
  phasePc: number
  phasePublications: number
  /** Program and step to return to after a local operation. */
  returnProgram: number
  returnPc: number
}
