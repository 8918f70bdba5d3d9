/** Faults that land while a service handles something: counted per fault, applied to one task. */
import { Kind } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { Action } from './action.ts'
import { Falls, type HandlingFault, type ServiceModel } from './model.ts'
import { crashReplica } from './replicas.ts'
import { crash, note, pause } from './service.ts'
import type { Simulation } from './simulation.ts'
import type { Task } from './task.ts'

/** The gaps of a handler, in the order of the scenario language's crash points. */
export const Point = {
  onReceipt: 0,
  beforeCommit: 1,
  afterCommit: 2,
  afterSend: 3,
  ackLost: 4,
  afterAck: 5,
} as const
export const pointNames = ['on receipt', 'before commit', 'after commit', 'after send', 'ack lost', 'after ack']

/**
 * Which faults strike this handling of `name` (a message, or an operation run inside another handler). `program`: what
 * handles it, where that has a name of its own: a projection, an operation that an event sets off.
 */
export function meetHandlingFaults(sim: Simulation, task: Task, name: string, program = name): void {
  const { faults } = sim.model.services[task.service] as ServiceModel
  for (const fault of faults) {
    if (fault.on !== null && fault.on !== name && fault.on !== program) continue
    if (sim.now < fault.after || sim.now >= fault.until) continue
    if (fault.replica >= 0 && fault.replica !== task.replica) continue
    // A poisoned message counts once, however often it is handed out.
    if (fault.kind === 'poison' && task.message !== null && task.message.deliveries > 1) continue
    const n = (sim.faultCounts[fault.number] as number) + 1
    sim.faultCounts[fault.number] = n
    if (n < fault.nth || n >= fault.nth + fault.times) continue
    apply(sim, task, fault)
  }
}

function apply(sim: Simulation, task: Task, fault: HandlingFault): void {
  if (fault.kind === 'crash') {
    task.crashPoint = fault.point
    task.crashRestart = fault.restart
    task.crashFault = fault.number
    task.crashesAlone = fault.replica !== Falls.service
  } else if (fault.kind === 'pause') {
    task.pausePoint = fault.point
    task.pauseLength = fault.by
    task.pauseFault = fault.number
  } else if (fault.kind === 'poison') {
    if (task.message !== null) sim.poisoned.set(task.message.logical, fault.number)
  } else if (fault.kind === 'slow') {
    task.slowFault = fault.number
    if (fault.inTransaction) task.slowInside += fault.by
    else task.slowBefore += fault.by
  } else {
    task.answerFault = fault.number
    if (fault.kind === 'refuse') task.refusal = fault.reason
    else if (fault.afterCommit) task.lateFailure = fault.reason
    else task.failure = fault.reason
  }
}

/** A crash fault that strikes while the relay publishes one row of an outbox. */
export function strikeRelay(sim: Simulation, service: number): HandlingFault | null {
  for (const fault of (sim.model.services[service] as ServiceModel).faults) {
    if (fault.kind !== 'crash' || fault.on !== 'relay' || sim.now < fault.after || sim.now >= fault.until) continue
    const n = (sim.faultCounts[fault.number] as number) + 1
    sim.faultCounts[fault.number] = n
    if (n === fault.nth) return fault
  }
  return null
}

/** Faults that slow a relay down on the row it takes now: microseconds more. */
export function slowRelay(sim: Simulation, service: number, cause: number): number {
  let more = 0
  for (const fault of (sim.model.services[service] as ServiceModel).faults) {
    if (fault.kind !== 'slow' || fault.on !== 'relay' || sim.now < fault.after || sim.now >= fault.until) continue
    const n = (sim.faultCounts[fault.number] as number) + 1
    sim.faultCounts[fault.number] = n
    if (n >= fault.nth && n < fault.nth + fault.times) more += fault.by
  }
  if (more > 0) sim.note(Kind.slowed, service, NONE, NONE, cause, more / 1000)
  return more
}

/** A poisoned message fails every time it is handled, until somebody mends the handler. */
export function meetPoison(sim: Simulation, task: Task): void {
  if (task.message === null || sim.poisoned.size === 0) return
  const number = sim.poisoned.get(task.message.logical)
  if (number === undefined) return
  const { faults } = sim.model.services[task.service] as ServiceModel
  const until = faults.find((fault) => fault.number === number)?.until ?? 0
  if (sim.now >= until) return
  task.isPoisoned = true
  task.answerFault = number
}

/** A gap of the handler has been reached: true when the service crashed here. */
export function crashedAt(sim: Simulation, task: Task, point: number): boolean {
  if (task.crashPoint !== point) return false
  const fault = { restart: task.crashRestart, number: task.crashFault }
  if (task.crashesAlone) {
    crashReplica(sim, task.service, task.replica, fault, task.cause)
    return true
  }
  const name = pointNames[point] as string
  crash(
    sim,
    task.service,
    `${name}${task.message === null ? '' : ` of ${sim.model.messageTypes[task.message.body.type]}`}`,
    fault,
    task.cause,
  )
  return true
}

/** A gap of the handler has been reached: true when the process stands still here, and goes on by itself. */
export function pausedAt(sim: Simulation, task: Task, point: number): boolean {
  if (task.pausePoint !== point) return false
  task.pausePoint = NONE
  pause(sim, { number: task.pauseFault, service: task.service, at: sim.now, length: task.pauseLength })
  sim.agenda.push(sim.now + task.pauseLength, Action.resume, task.slot, task.generation)
  return true
}

export function noteSlow(sim: Simulation, task: Task, by: number): void {
  task.cause = note(sim, task, Kind.slowed, by / 1000, task.slowFault)
}
