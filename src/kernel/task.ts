/** One handling of one message (or timer) by a service: plain data, so that it can be stored, copied and resumed. */
import type { OutcomeCode, RoleCode } from '../trace/kinds.ts'
import type { Value } from '../trace/trace-format.ts'
import type { Row, Transaction } from './disk.ts'
import type { Payload, Timer } from './model.ts'

export interface Message {
  /** Number of this copy, as in the trace. */
  id: number
  /** Place in the kernel's list of messages under way. */
  slot: number
  type: number
  from: number
  to: number
  role: RoleCode
  outcome: OutcomeCode
  saga: number
  step: number
  compensation: boolean
  attempt: number
  key: string | null
  reason: string | null
  payload: Payload
  /** Id of the first copy. */
  logical: number
  /** Id of the message this one answers, −1 for none. */
  answers: number
  /** Messages of one group keep their order on a bus with order. */
  group: number
  /** Client request number, −1 for none. */
  request: number
  departs: number
  deliveries: number
  /** Trace position of the last entry about it. */
  position: number
}

/** A message somebody wishes to send: everything but number, time and fate. */
export interface Outgoing {
  type: number
  to: number
  role: RoleCode
  outcome: OutcomeCode
  saga: number
  step: number
  compensation: boolean
  attempt: number
  key: string | null
  reason: string | null
  payload: Payload
  answers: number
  group: number
  request: number
}

export interface Task {
  slot: number
  /** Counts reuses of the slot, so that a wake-up for a dead task is recognised. */
  generation: number
  alive: boolean
  service: number
  message: Message | null
  program: number
  pc: number
  tx: Transaction | null
  /** How many writes of the transaction belong to the protections and survive a refusal. */
  savepoint: number
  outcome: OutcomeCode
  reason: string | null
  /** False when a skipped duplicate must not be answered. */
  answer: boolean
  payload: Payload
  locals: Value[]
  sends: Outgoing[]
  /** Outbox rows written in the open transaction, by place in `sends`. */
  outboxRows: number[]
  /** Rows the protections wrote in the open transaction: idempotency key, inbox, fence; null for none. */
  keyRow: Row | null
  inboxRow: Row | null
  fenceRow: Row | null
  /** The saga instance it works for, −1 for none. */
  saga: number
  /** Gap of the handler at which the service will crash, −1 for none. */
  crashPoint: number
  crashRestart: number
  slowBefore: number
  slowInside: number
  refusal: string | null
  failure: string | null
  /** Trace position of the last entry of this task. */
  cause: number
  /** The timer that started it, when no message did. */
  timer: Timer | null
  /** What a pattern keeps between two steps. */
  scratch: unknown
  /** Program and step to return to after a local operation. */
  returnProgram: number
  returnPc: number
}
