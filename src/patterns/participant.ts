/** A service that is asked to do an operation: the handler program, with the protections woven around the operation. */
import {
  abortTask,
  acknowledgeStep,
  begin,
  commitAnd,
  commitStep,
  dawdle,
  giveBackOnError,
  meetInjectedAnswer,
  receive,
  savepoint,
  sendStep,
  succeed,
  undoAll,
  undoOperation,
  work,
} from '../kernel/handler.ts'
import { serviceOf } from '../kernel/instances.ts'
import { type Duration, Next, type Payload, type Program, type Step } from '../kernel/model.ts'
import { Assembler, type Label } from '../kernel/program.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { answerClients, commitTransaction, endTransaction, produce, undoProduced } from './broker-transactions.ts'
import { type ChoreographyModel, correlate, type EventModel, eventCopies } from './choreography.ts'
import { sendWithStoredIds, tableOf } from './emitted.ts'
import { checkEpoch } from './epochs.ts'
import { type FenceSettings, passFence, recordFence } from './fence.ts'
import { claimKey, recordKey, settleKey } from './idempotency-key.ts'
import { claimInbox, type InboxSettings, recordInbox } from './inbox.ts'
import type { KeySettings } from './key-row.ts'
import { relayStep, storeOutgoing } from './outbox.ts'
import type { OutboxSettings } from './outbox-rows.ts'

export interface ParticipantSettings {
  readonly operation: string
  readonly handlerTime: Duration
  /** Message types of the three answers. */
  readonly replies: { readonly ok: number; readonly refused: number; readonly failed: number }
  readonly key: KeySettings | null
  readonly inbox: InboxSettings | null
  readonly fence: FenceSettings | null
  /** The table of the newest epochs, −1 where nobody looks at them. */
  readonly epochs: number
  readonly outbox: OutboxSettings | null
  /** Acknowledgement, rows and messages are one transaction of the broker. */
  readonly transactional: boolean
  /** Events published when the operation has succeeded or was refused. */
  readonly emits: { readonly ok: EventModel | null; readonly refused: EventModel | null }
  /** The step of a choreographed saga this operation stands for. */
  readonly place: { readonly model: ChoreographyModel; readonly step: number; readonly compensation: boolean } | null
}

/** The statements of an operation: emitted into the program; `end` is where an early return goes. */
export type EmitOperation = (program: Assembler, end: Label) => void

export function participantProgram(settings: ParticipantSettings, emitOperation: EmitOperation): Program {
  const { key, inbox, fence, transactional } = settings
  const program = new Assembler()
  const labels = {
    refused: program.label(),
    failed: program.label(),
    duplicate: program.label(),
    skip: program.label(),
  }
  const end = program.label()
  const reply = prepareReply(settings)
  program.emit(identify(settings), receive, dawdle, begin)
  if (settings.epochs >= 0) program.emit(checkEpoch(settings.epochs))
  if (inbox !== null && !inbox.afterWork) program.emit(claimInbox(inbox))
  if (key !== null) program.emit(claimKey(settings.operation, key))
  if (fence !== null) program.emit(passFence(fence))
  program.emit(savepoint, work(settings.handlerTime), meetInjectedAnswer)
  emitOperation(program, end)
  program.place(end)
  if (inbox?.afterWork) program.emit(claimInbox(inbox))
  program.emit(succeed)
  program.place(labels.skip)
  if (inbox !== null) program.emit(recordInbox(inbox))
  if (key !== null) program.emit(recordKey(settings.operation, key))
  if (fence !== null) program.emit(recordFence(fence))
  program.emit(reply, ...commitAndSend(settings))

  program.place(labels.refused)
  program.emit(transactional ? undoProduced(undoOperation) : undoOperation, keepRefusal(labels.skip))
  if (key !== null) program.emit(settleKey(settings.operation, key))
  program.emit(...answerSteps(settings, reply))

  program.place(labels.failed)
  program.emit(transactional ? undoProduced(undoAll) : undoAll)
  if (key !== null) program.emit(settleKey(settings.operation, key))
  program.emit(giveBackOnError)
  program.emit(...(transactional ? answerSteps(settings, reply) : [reply, sendStep, acknowledgeStep]))

  program.place(labels.duplicate)
  program.emit(endAsDuplicate)
  if (key !== null) program.emit(settleKey(settings.operation, key))
  program.emit(...answerSteps(settings, reply))
  return program.finish(settings.operation, labels)
}

/** From the end of the work to the acknowledgement; with broker transactions all of it is one. */
function commitAndSend(settings: ParticipantSettings): Step[] {
  const { outbox, transactional } = settings
  if (transactional) return [produce, commitTransaction(commitAnd), answerClients, endTransaction]
  const store = outbox === null ? [] : [storeOutgoing(outbox)]
  return [...store, commitStep, sendingStep(settings), acknowledgeStep]
}

/** An answer outside the operation's transaction; with OUTBOX or broker transactions it gets one of its own. */
function answerSteps(settings: ParticipantSettings, reply: Step): Step[] {
  if (settings.outbox === null && !settings.transactional) return [reply, sendingStep(settings), acknowledgeStep]
  return [begin, reply, ...commitAndSend(settings)]
}

/** Through the outbox; or, where a stored answer may have to repeat an event, with a memory for the ids of events. */
function sendingStep({ outbox, emits, inbox, key, fence }: ParticipantSettings): Step {
  if (outbox !== null) return relayStep(outbox)
  const repeats = inbox !== null || key !== null || fence !== null
  if (!repeats || (emits.ok === null && emits.refused === null)) return sendStep
  return sendWithStoredIds({ inbox: inbox?.table ?? NONE, key: key?.table ?? NONE, fence: fence?.table ?? NONE })
}

/** Which step of which saga this handling is: a command says so, an event is placed by the operation it triggers. */
function identify(settings: ParticipantSettings): Step {
  const { place } = settings
  return (sim, task) => {
    if (place === null || task.step >= 0) return Next.go
    task.step = place.step
    task.compensation = place.compensation
    task.saga = correlate(sim, place.model, task.payload)
    return Next.go
  }
}

/** A refusal that a protection remembers is committed; otherwise nothing of the transaction is left. */
function keepRefusal(store: Label): Step {
  return (_sim, task) => {
    if (task.tx === null) return Next.go
    task.pc = store.at
    return Next.jump
  }
}

const endAsDuplicate: Step = (sim, task) => {
  abortTask(sim, task, 'duplicate')
  return Next.go
}

/** What an answer or an event carries: the fields it was asked with, and what the operation gives back. */
export function givenBack(task: Task, payload: Payload): Payload {
  return task.returned === null || task.outcome !== Outcome.ok ? payload : { ...payload, ...task.returned }
}

function isKnownMessage(sim: Simulation, task: Task, { inbox }: ParticipantSettings): boolean {
  return inbox !== null && !inbox.byBusinessKey && tableOf(sim, task.storedIn) === inbox.table
}

function prepareReply(settings: ParticipantSettings): Step {
  const { replies, emits } = settings
  return (sim, task) => {
    const { body, from, id } = task.message as Message
    task.sends = task.publications.slice()
    if (!task.answer) return Next.go
    const { outcome } = task
    const payload = givenBack(task, body.payload)
    const event = outcome === Outcome.ok ? emits.ok : outcome === Outcome.refused ? emits.refused : null
    // What the first handling stored in the outbox goes out from there.
    const isRepeated = (settings.outbox !== null || settings.transactional) && task.storedIn >= 0
    const copies =
      event === null || isRepeated ? [] : eventCopies(task, event, givenBack(task, task.payload), task.saga)
    if (copies.length > 0) task.sends.push(...copies)
    task.emitted = copies.length
    // The reply to this very message is in the outbox too; a resend is another message, and wants another one.
    if (isRepeated && body.role === Role.command && isKnownMessage(sim, task, settings)) return Next.go
    const isAsked = body.role === Role.request || (body.role === Role.command && body.request < 0)
    if (!isAsked) return Next.go
    const type = outcome === Outcome.ok ? replies.ok : outcome === Outcome.refused ? replies.refused : replies.failed
    task.sends.push({
      type,
      to: sim.calls.has(id) ? from : serviceOf(sim, from),
      role: body.role === Role.request ? Role.response : Role.reply,
      outcome,
      saga: body.saga,
      step: body.step,
      compensation: body.compensation,
      attempt: body.attempt,
      key: body.key,
      reason: outcome === Outcome.ok ? null : task.reason,
      payload,
      answers: id,
      group: body.group,
      request: body.request,
      hops: body.hops + 1,
      delay: 0,
      subscribers: NONE,
    })
    return Next.go
  }
}
