/**
 * Read, process, write as one transaction of the broker: the acknowledgement (or the offset), the changes of the tables and
 * the messages that go out take effect together, or not at all. Messages are written while the transaction is open; who
 * reads uncommitted sees them at once. What an operation asks of other services by a call is not part of it.
 */
import { publish, send } from '../kernel/bus.ts'
import type { Transaction } from '../kernel/disk.ts'
import { crashedAt, Point } from '../kernel/faults.ts'
import { abortTask } from '../kernel/handler.ts'
import { Metric } from '../kernel/metrics.ts'
import { Next, type NextCode, type PatternModel, type ServiceModel, type Step } from '../kernel/model.ts'
import { isFencedOff } from '../kernel/partitions.ts'
import { acknowledge, note } from '../kernel/service.ts'
import type { ServiceState } from '../kernel/service-state.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Outgoing, Task } from '../kernel/task.ts'
import { type Produced, settleProduced } from '../kernel/unsettled.ts'
import { Kind, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { BROKER_PATTERN } from './pattern-numbers.ts'

const STALE = 'STALE_GENERATION'

interface BrokerState {
  /** By transaction of the disk: what its handling has written at the broker. */
  readonly open: Map<number, Produced>
  count: number
}

export const brokerTransactions: PatternModel = {
  name: 'broker transactions',
  init: (): BrokerState => ({ open: new Map(), count: 0 }),
  isStale: (sim, timer) => find(sim, timer.subject) === null,
  onTimer: (sim, timer) => {
    const produced = find(sim, timer.subject)
    if (produced !== null) abort(sim, produced, 'it took longer than its time-out', NONE)
  },
  onCrash: (sim, process) => {
    for (const produced of brokerState(sim).open.values()) if (produced.process === process) produced.orphan = true
  },
  // Whoever is back under its name ends what it had left open.
  onStanding: abortOrphans,
  onRecover: abortOrphans,
}

function brokerState(sim: Simulation): BrokerState {
  return sim.patterns[BROKER_PATTERN] as BrokerState
}

/** The transaction of this number, while it is open. */
function find(sim: Simulation, number: number): Produced | null {
  for (const produced of brokerState(sim).open.values())
    if (produced.number === number && produced.state === 'open') return produced
  return null
}

function abortOrphans(sim: Simulation, _process: number, cause: number): void {
  const { open } = brokerState(sim)
  if (open.size === 0) return
  for (const [tx, produced] of [...open]) {
    const { up } = sim.services[produced.process] as ServiceState
    if (!produced.orphan || !up) continue
    if (produced.state === 'open') abort(sim, produced, 'its process crashed', cause)
    open.delete(tx)
  }
}

function abort(sim: Simulation, produced: Produced, why: string, cause: number): void {
  sim.note(Kind.brokerAborted, produced.process, NONE, NONE, cause, sim.value(why))
  settleProduced(sim, produced, 'aborted')
}

/** Writes a message at the broker, in the transaction of this handling. */
export function sendInTransaction(sim: Simulation, task: Task, out: Outgoing): void {
  publish(sim, task.service, out, task.cause)
  if (out.to === NONE) return
  const produced = transactionOf(sim, task)
  sim.produced.set(send(sim, task.service, out, task.cause).logical, produced)
}

function transactionOf(sim: Simulation, task: Task): Produced {
  const state = brokerState(sim)
  const { id } = task.tx as Transaction
  const known = state.open.get(id)
  if (known !== undefined) return known
  const produced: Produced = { number: state.count++, process: task.service, state: 'open', orphan: false }
  state.open.set(id, produced)
  const { transactionTime } = sim.model.services[task.service] as ServiceModel
  const timer = { pattern: BROKER_PATTERN, service: sim.model.client, subject: produced.number, step: 0, token: 0 }
  sim.setTimer({ ...timer, durable: false, cause: task.cause, own: true }, sim.now + transactionTime)
  return produced
}

/** Everything the handling wants to send, but the answer to a client: that goes over its own connection. */
export const produce: Step = (sim, task) => {
  for (const out of task.sends) if (out.role !== Role.response) sendInTransaction(sim, task, out)
  return Next.go
}

/** A commit with everything that belongs to it. `commitWith` commits the tables and calls back at that very moment. */
export function commitTransaction(
  commitWith: (sim: Simulation, task: Task, atOnce: (sim: Simulation, task: Task) => void) => NextCode,
): Step {
  return (sim, task) => {
    const tx = task.tx as Transaction
    const { open } = brokerState(sim)
    const produced = open.get(tx.id)
    const refusal = turnedAwayFor(sim, task, produced)
    if (refusal !== null) return turnAwayTransaction(sim, task, refusal)
    const next = commitWith(sim, task, () => {
      open.delete(tx.id)
      acknowledge(sim, task)
      if (produced !== undefined) settleProduced(sim, produced, 'committed')
    })
    if (task.alive && task.tx !== tx) abandon(sim, task, tx.id)
    return next
  }
}

/** Why the broker does not take the commit; null when it does. */
function turnedAwayFor(sim: Simulation, task: Task, produced: Produced | undefined): string | null {
  if (produced?.state === 'aborted') return 'TRANSACTION_ABORTED'
  if (task.message === null) return null
  return isFencedOff(sim, task, task.message) ? STALE : null
}

function turnAwayTransaction(sim: Simulation, task: Task, reason: string): NextCode {
  const { id } = task.tx as Transaction
  if (task.message !== null) sim.count(task.message.body.type, Metric.refused)
  task.cause = note(sim, task, Kind.refused, sim.value(reason))
  abortTask(sim, task, reason)
  abandon(sim, task, id)
  // With the offset it wanted to commit.
  if (reason === STALE) acknowledge(sim, task)
  if (task.timer?.durable) sim.setTimer(task.timer, sim.now)
  return Next.done
}

/** The handling has gone back on what it wrote in this transaction. */
function abandon(sim: Simulation, task: Task, id: number): void {
  const { open } = brokerState(sim)
  const produced = open.get(id)
  if (produced === undefined) return
  open.delete(id)
  if (produced.state === 'open') abort(sim, produced, task.reason ?? 'rolled back', task.cause)
}

/** Rolls the messages back with the operation: `undo` is the step that undoes the tables. */
export function undoProduced(undo: Step): Step {
  return (sim, task) => {
    const id = task.tx?.id
    const next = undo(sim, task)
    if (id !== undefined) abandon(sim, task, id)
    return next
  }
}

/** After the commit: clients hear their answer. What they do not hear is stored nowhere. */
export const answerClients: Step = (sim, task) => {
  for (const out of task.sends) if (out.role === Role.response) send(sim, task.service, out, task.cause)
  return crashedAt(sim, task, Point.afterSend) ? Next.done : Next.go
}

/** The acknowledgement was part of the commit: it cannot get lost. */
export const endTransaction: Step = (sim, task) => {
  crashedAt(sim, task, Point.ackLost)
  return Next.done
}
