/** Messages under way: made for a slot, written into the trace once, forgotten. */
import { NONE } from '../trace/trace-format.ts'
import type { TraceWriter } from '../trace/trace-writer.ts'
import type { ServiceState } from './service-state.ts'
import type { Simulation } from './simulation.ts'
import type { Message, Outgoing } from './task.ts'

/** A message in a free slot; a recycled one lends it its memory. */
export function createMessage(sim: Simulation, from: number, body: Outgoing, logical: number): Message {
  const id = sim.messageCount++
  const slot = sim.freeMessages.length > 0 ? (sim.freeMessages.pop() as number) : sim.messages.length
  const first = logical === NONE ? id : logical
  const recycled: Refillable | null = slot < sim.messages.length ? (sim.messages[slot] as Message | null) : null
  if (recycled === null) {
    const message = blankMessage(sim, id, slot, from, body, first)
    sim.messages[slot] = message
    return message
  }
  recycled.id = id
  recycled.from = from
  recycled.body = body
  recycled.logical = first
  recycled.departs = sim.now
  recycled.lost = false
  recycled.epoch = sim.epoch
  recycled.position = NONE
  return recycled
}
type Refillable = { -readonly [field in keyof Message]: Message[field] }

function blankMessage(
  sim: Simulation,
  id: number,
  slot: number,
  from: number,
  body: Outgoing,
  logical: number,
): Message {
  return {
    id,
    slot,
    from,
    body,
    logical,
    deliveries: 0,
    receipt: 0,
    epoch: sim.epoch,
    visibleAt: -1,
    failures: 0,
    departs: sim.now,
    queuedAt: sim.now,
    lost: false,
    position: NONE,
  }
}

/** The kernel forgets a message that is delivered for good, lost or parked. */
export function release(sim: Simulation, message: Message): void {
  sim.messages[message.slot] = null
  sim.freeMessages.push(message.slot)
}

/** The same for a message that no queue and no handler has ever held: its memory serves the next one in its slot. */
export function recycle(sim: Simulation, message: Message): void {
  message.lost = true
  sim.freeMessages.push(message.slot)
}

/** Writes the message's row, and what it says unless its sender has said just that before. */
export function describeMessage(sim: Simulation, message: Message, arrives: number): void {
  const { trace } = sim
  if (trace === null) return
  const sender = sim.services[message.from] as ServiceState
  if (sender.lastBody !== message.body) {
    sender.lastBody = message.body
    sender.lastBodyRow = describeBody(trace, message.body)
  }
  trace.message(sender.lastBodyRow, message.from, message.logical, sim.now, arrives)
}

function describeBody(trace: TraceWriter, body: Outgoing): number {
  return trace.body({
    type: body.type,
    to: body.to,
    role: body.role,
    outcome: body.outcome,
    saga: body.saga,
    step: body.step,
    compensation: body.compensation ? 1 : 0,
    attempt: body.attempt,
    key: body.key === null ? NONE : trace.value(body.key),
    reason: body.reason === null ? NONE : trace.value(body.reason),
    payload: trace.value(body.payload),
    answers: body.answers,
  })
}
