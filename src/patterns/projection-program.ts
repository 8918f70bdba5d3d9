/** How a projection handles one event: its place in the order, the rules, the position, and what happens in trouble. */

import { insert, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import { createEnv } from '../kernel/evaluation.ts'
import { meetHandlingFaults } from '../kernel/faults.ts'
import {
  abortTask,
  acknowledgeStep,
  begin,
  commitAnd,
  dawdle,
  meetInjectedAnswer,
  receive,
  sendStep,
  succeed,
  undoAll,
  work,
} from '../kernel/handler.ts'
import { Next, type NextCode, type Program, type Step, type TableModel } from '../kernel/model.ts'
import { Assembler, type Label } from '../kernel/program.ts'
import { failTask, note, sleep } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message, Task } from '../kernel/task.ts'
import { Kind, Outcome } from '../trace/kinds.ts'
import { wakeReached } from './await-position.ts'
import { currentToken } from './claims.ts'
import { relayStep, storeOutgoing } from './outbox.ts'
import { hasParkedBefore, isParkedEvent, parkEvent, unpark } from './parking.ts'
import { commitAlone, countApplied, resubscribe, setPosition, storedPosition, swapWhenCaughtUp } from './projection.ts'
import {
  type EventPayload,
  type Handling,
  type Lane,
  laneOf,
  type ProjectionModel,
  type ProjectionRun,
  projectionState,
  type Session,
  SUBSCRIPTION_GROUPS,
} from './projection-model.ts'
import { poll, watch } from './subscription.ts'

/** Emits the rules of one lane; each event type's begin at its label. */
export type EmitRules = (program: Assembler, end: Label) => ReadonlyMap<string, Label>

export function projectionProgram(model: ProjectionModel, lane: Lane, emitRules: EmitRules): Program {
  const program = new Assembler()
  const labels = { refused: program.label(), failed: program.label() }
  const [again, dispatch, end, pass, leave] = [0, 0, 0, 0, 0].map(() => program.label()) as [
    Label,
    Label,
    Label,
    Label,
    Label,
  ]
  const noteApplied = applied(model)
  program.emit(receive, enter(model, leave))
  program.place(again)
  program.emit(dawdle)
  if (model.checkpoint === 'before the update') program.emit(checkpointAlone(model))
  program.emit(begin, keepOrder(model, pass), work(model.handlerTime), meetInjectedAnswer)
  program.place(dispatch)
  const rules = { labels: new Map<string, Label>() as ReadonlyMap<string, Label> }
  program.emit(choose(rules, end))
  rules.labels = emitRules(program, end)
  program.place(end)
  program.emit(succeed, nextBuffered(model, dispatch))
  program.place(pass)
  program.emit(recordProgress(model), takeSends(model))
  if (model.outbox !== null) program.emit(storeOutgoing(model.outbox))
  program.emit((sim, task) => commitAnd(sim, task, noteApplied))
  if (model.checkpoint === 'after the update') program.emit(checkpointAlone(model))
  program.emit(model.outbox !== null ? relayStep(model.outbox) : sendStep)
  program.place(leave)
  program.emit(goOn(model), acknowledgeStep)

  program.place(labels.refused)
  program.place(labels.failed)
  program.emit(undoAll, meetTrouble(model, again, pass, leave))
  return program.finish(lane === model.live ? model.name : lane.name, labels)
}

function handlingOf(sim: Simulation, task: Task): Handling {
  return projectionState(sim).handlings[task.slot] as Handling
}

function sessionOf(sim: Simulation, handling: Handling): Session | null {
  return handling.session < 0 ? null : (projectionState(sim).sessions[handling.session] ?? null)
}

const eventOf = (task: Task) => task.payload as EventPayload
const positionOf = (event: EventPayload) => event.event.position as number

/**
 * What came for a subscription that has ended means nothing; what came out of turn shows that something was lost. One
 * that stood still and has lost its claim meanwhile looks before it begins anything new.
 */
function enter(model: ProjectionModel, leave: Label): Step {
  return (sim, task) => {
    const { group } = (task.message as Message).body
    const isParked = isParkedEvent(sim, model, positionOf(eventOf(task)))
    const session = model.persistent || group < SUBSCRIPTION_GROUPS ? -1 : group - SUBSCRIPTION_GROUPS
    const handling: Handling = { session, events: [eventOf(task)], isParked }
    projectionState(sim).handlings[task.slot] = handling
    const subscription = sessionOf(sim, handling)
    if (subscription === null) return Next.go
    const { stopped } = projectionState(sim).runs[model.number] as ProjectionRun
    if (!subscription.ended && !stopped) {
      const place = subscription.queue.indexOf(positionOf(eventOf(task)))
      if (place <= 0 && !hasLostClaim(sim, model, subscription)) return Next.go
      resubscribe(sim, model, subscription, task.cause)
    } else if (stopped) subscription.queue.length = 0
    task.pc = leave.at
    return Next.jump
  }
}

function checkpointAlone(model: ProjectionModel): Step {
  return (sim, task) => {
    const handling = handlingOf(sim, task)
    const session = sessionOf(sim, handling)
    if (session === null || session.ended || handling.isParked || !isDue(model, session)) return Next.go
    const tx: Transaction = { id: sim.transactionCount++, writes: [], waiters: [], waitsFor: null, open: true }
    storeProgress(sim, task, tx, model, session, handling)
    commitAlone(sim, tx, task.cause)
    return Next.go
  }
}

const isDue = (model: ProjectionModel, session: Session) => session.sinceCheckpoint + 1 >= model.checkpointEvery

function storeProgress(
  sim: Simulation,
  task: Task,
  tx: Transaction,
  model: ProjectionModel,
  session: Session,
  handling: Handling,
): void {
  let position = session.applied
  for (const event of handling.events) position = Math.max(position, positionOf(event))
  setPosition(sim, tx, model, laneOf(model, session).name, position)
  task.cause = note(sim, task, Kind.checkpointed, model.number, position)
}

/** Drops what is older than the stream's last, or keeps what has come too early. */
function keepOrder(model: ProjectionModel, pass: Label): Step {
  return (sim, task) => {
    const event = eventOf(task)
    if (event.event.unreadable === true) {
      const { version, stream, type } = event.event
      return failTask(sim, task, `event ${version} of ${stream} (${type}) cannot be read in today's form`) as NextCode
    }
    if (model.onError === 'park sequence' && hasParkedBefore(sim, model, event)) {
      return failTask(sim, task, 'parked behind an earlier event of its stream') as NextCode
    }
    if (model.outOfOrder === 'apply') return Next.go
    const version = event.event.version as number
    const last = lastVersion(sim, task, model, event)
    if (version > last + 1 && model.outOfOrder === 'buffer') {
      putBuffer(sim, task, model, event)
      return passOver(task, pass)
    }
    if (version > last) return Next.go
    const run = projectionState(sim).runs[model.number] as ProjectionRun
    run.dropped++
    task.cause = note(sim, task, Kind.projectionSkipped, model.number, sim.value('older than the last of its stream'))
    return passOver(task, pass)
  }
}

function passOver(task: Task, pass: Label): NextCode {
  task.scratch = PASSED
  task.outcome = Outcome.ok
  task.pc = pass.at
  return Next.jump
}
const PASSED = 'passed over'

const streamKey = (model: ProjectionModel, event: EventPayload) => `${model.name}/${event.event.stream}`

function lastVersion(sim: Simulation, task: Task, model: ProjectionModel, event: EventPayload): number {
  const row = (sim.tables[model.tables.versions] as Table).indexes[0]?.rows.get(streamKey(model, event))
  return (row === undefined ? 0 : (seen(row, task.tx)?.[1] as number | undefined)) ?? 0
}

function putBuffer(sim: Simulation, task: Task, model: ProjectionModel, event: EventPayload): void {
  const table = sim.tables[model.tables.buffer] as Table
  const cells = [`${streamKey(model, event)}/${event.event.version}`, event]
  insert(sim.model.tables[model.tables.buffer] as TableModel, table, task.tx as Transaction, cells)
  task.cause = note(sim, task, Kind.eventBuffered, model.number, positionOf(event))
}

/** The event that was waiting for this one is applied in the same transaction. */
function nextBuffered(model: ProjectionModel, dispatch: Label): Step {
  return (sim, task) => {
    if (model.outOfOrder !== 'apply') noteVersion(sim, task, model)
    if (model.outOfOrder !== 'buffer') return Next.go
    const event = eventOf(task)
    const table = sim.tables[model.tables.buffer] as Table
    const row = table.indexes[0]?.rows.get(`${streamKey(model, event)}/${(event.event.version as number) + 1}`)
    if (row === undefined || row.cells === null || row.lock !== null) return Next.go
    const next = row.cells[1] as EventPayload
    write(sim.model.tables[model.tables.buffer] as TableModel, table, task.tx as Transaction, row, null)
    handlingOf(sim, task).events.push(next)
    task.payload = next
    task.pc = dispatch.at
    return Next.jump
  }
}

function noteVersion(sim: Simulation, task: Task, model: ProjectionModel): void {
  const event = eventOf(task)
  const table = sim.tables[model.tables.versions] as Table
  const tableModel = sim.model.tables[model.tables.versions] as TableModel
  const cells = [streamKey(model, event), event.event.version as number]
  const outcome = insert(tableModel, table, task.tx as Transaction, cells)
  if ('violates' in outcome) write(tableModel, table, task.tx as Transaction, outcome.violates, cells)
}

function choose(rules: { labels: ReadonlyMap<string, Label> }, end: Label): Step {
  return (_sim, task) => {
    const type = eventOf(task).event.type as string
    task.pc = (rules.labels.get(type) ?? rules.labels.get('*') ?? end).at
    return Next.jump
  }
}

/** With the update: the position is part of the transaction. The claim must still be this instance's. */
function recordProgress(model: ProjectionModel): Step {
  return (sim, task) => {
    const handling = handlingOf(sim, task)
    if (handling.isParked && task.scratch !== PASSED) {
      for (const event of handling.events) unpark(sim, task, model, positionOf(event))
    }
    const session = sessionOf(sim, handling)
    if (session === null || handling.isParked) return Next.go
    if (session.ended) return lose(sim, task, 'its subscription has ended')
    if (model.checkpoint !== 'with the update') return Next.go
    if (isOvertaken(sim, model, session, handling)) {
      resubscribe(sim, model, session, task.cause)
      return lose(sim, task, 'another instance has the claim by now, or had it')
    }
    if (isDue(model, session)) storeProgress(sim, task, task.tx as Transaction, model, session, handling)
    return Next.go
  }
}

function hasLostClaim(sim: Simulation, model: ProjectionModel, session: Session): boolean {
  return model.claims && !session.isNext && currentToken(sim, model) !== session.token
}

/** Somebody else has the claim, or a zombie that had it has stored this position while this transaction waited. */
function isOvertaken(sim: Simulation, model: ProjectionModel, session: Session, { events }: Handling): boolean {
  if (hasLostClaim(sim, model, session)) return true
  if (!model.claims || session.isNext) return false
  return storedPosition(sim, model, model.live.name) >= positionOf(events[0] as EventPayload)
}

/** Rolled back without trouble: somebody else does it. */
function lose(sim: Simulation, task: Task, why: string): NextCode {
  abortTask(sim, task, why)
  return Next.done
}

/** Mail and messages: never a second time for what is only read again. */
function takeSends(model: ProjectionModel): Step {
  return (sim, task) => {
    const run = projectionState(sim).runs[model.number] as ProjectionRun
    const isReplay = positionOf(eventOf(task)) <= run.replayUntil
    task.sends = model.liveOnly && isReplay ? [] : task.publications.slice()
    return Next.go
  }
}

function applied(model: ProjectionModel): (sim: Simulation, task: Task) => void {
  return (sim, task) => {
    const handling = handlingOf(sim, task)
    const session = sessionOf(sim, handling)
    for (const event of handling.events) {
      const position = positionOf(event)
      if (task.scratch !== PASSED) {
        if (session?.isNext !== true) countApplied(sim, model, position)
        task.cause = note(sim, task, Kind.projected, model.number, position)
      }
      if (session !== null && !handling.isParked) session.applied = Math.max(session.applied, position)
    }
  }
}

/** The subscription moves on, and whoever waited for this position is told. */
function goOn(model: ProjectionModel): Step {
  return (sim, task) => {
    const state = projectionState(sim)
    const handling = handlingOf(sim, task)
    state.handlings[task.slot] = null
    const session = sessionOf(sim, handling)
    if (session === null) {
      wakeReached(sim, model, (state.runs[model.number] as ProjectionRun).seenUpTo)
      return Next.go
    }
    if (session.ended) return Next.go
    if (session.queue[0] === positionOf(handling.events[0] as EventPayload)) session.queue.shift()
    session.attempts = 0
    session.sinceCheckpoint = isDue(model, session) ? 0 : session.sinceCheckpoint + 1
    if (!session.isNext) wakeReached(sim, model, session.applied)
    pollNow(sim, model, session)
    watch(sim, session)
    swapWhenCaughtUp(sim, model, session, task.cause)
    return Next.go
  }
}

/** Room for further events: a projection that looks at every commit looks at once, a polling one at its next tick. */
function pollNow(sim: Simulation, model: ProjectionModel, session: Session): void {
  const env = createEnv(sim, null, {})
  if (session.queue.length < model.prefetch) poll(sim, model, session, env)
}

/** Refused or failed: once more, over it, aside with it, or no further. */
function meetTrouble(model: ProjectionModel, again: Label, pass: Label, leave: Label): Step {
  return (sim, task) => {
    const handling = handlingOf(sim, task)
    const session = sessionOf(sim, handling)
    const run = projectionState(sim).runs[model.number] as ProjectionRun
    task.payload = handling.events[0] as EventPayload
    handling.events.length = 1
    if (model.persistent && model.onError === 'retry') return Next.done
    const attempts = session === null ? model.attempts : ++session.attempts
    if (model.onError === 'retry' || attempts < model.attempts) return tryAgain(sim, task, model, again)
    if (model.onError === 'stop') {
      run.stopped = true
      task.pc = leave.at
      return Next.jump
    }
    begin(sim, task)
    task.scratch = PASSED
    if (model.onError === 'skip') {
      run.skipped++
      task.cause = note(sim, task, Kind.projectionSkipped, model.number, sim.value(task.reason))
    } else {
      if (!handling.isParked) run.parked++
      parkEvent(sim, task, model, handling.events[0] as EventPayload, task.reason ?? '')
      task.cause = note(sim, task, Kind.projectionParked, model.number, sim.value(task.reason))
    }
    task.pc = pass.at
    return Next.jump
  }
}

function tryAgain(sim: Simulation, task: Task, model: ProjectionModel, again: Label): NextCode {
  task.failure = null
  task.refusal = null
  task.lateFailure = null
  task.outcome = Outcome.none
  task.reason = null
  task.scratch = null
  const type = sim.model.messageTypes[(task.message as Message).body.type] as string
  meetHandlingFaults(sim, task, type, model.name)
  task.pc = again.at
  if (model.retryTime === 0) return Next.jump
  sleep(sim, task, model.retryTime)
  return Next.wait
}
