/**
 * A synchronous call inside a handler: send, wait for the answer, ask again, give up. The called service's effect is
 * its own: rolling back the caller's transaction does not take it back. A retry budget and a circuit breaker keep many
 * impatient layers from multiplying their attempts.
 */
import { send } from '../kernel/bus.ts'
import { Next, type NextCode, type Payload, type RetryModel, retryWait, type Step } from '../kernel/model.ts'
import { failTask, note, refuseTask, sleep } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { Kind, Outcome, Role } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'

export interface CallModel {
  readonly type: number
  readonly to: number
  readonly payload: (sim: Simulation, task: Task) => Payload
  readonly key: (sim: Simulation, task: Task) => string | null
  /** Microseconds one attempt may stay unanswered; 0 = for ever. */
  /** The slot that gets the answer's fields, −1 for none. */
  readonly as: number
  readonly timeout: number
  readonly retry: RetryModel
  /** Further attempts allowed per first attempt of this caller, 0…1; null = without limit. */
  readonly budget: number | null
  readonly breaker: { readonly failures: number; readonly open: number; readonly trials: number } | null
}

/** Per caller and callee, for budget and breaker. */
export interface Line {
  calls: number
  retries: number
  failures: number
  /** Until when the circuit is open; −1 when it is closed. */
  openUntil: number
  /** The one attempt of a half-open circuit is under way. */
  trying: boolean
  /** Attempts of a half-open circuit that have worked, in a row. */
  worked: number
}

/** Asks, and waits; then looks at the answer. Two steps of a program. */
export function callSteps(model: CallModel): [Step, Step] {
  return [(sim, task) => ask(sim, task, model), (sim, task) => hear(sim, task, model)]
}

function ask(sim: Simulation, task: Task, model: CallModel): NextCode {
  const line = lineOf(sim, task.service, model.to)
  const attempt = (task.call?.attempt ?? 0) + 1
  if (attempt === 1) line.calls++
  else line.retries++
  const token = sim.callCount++
  task.call = { attempt, token, outcome: Outcome.none, reason: null, payload: task.payload }
  task.pc++
  if (isOpen(sim, task, model, line)) {
    task.call.outcome = Outcome.failed
    task.call.reason = 'CIRCUIT_OPEN'
    return Next.jump
  }
  const message = send(
    sim,
    task.service,
    {
      type: model.type,
      to: model.to,
      role: Role.command,
      outcome: Outcome.none,
      saga: NONE,
      step: NONE,
      compensation: false,
      attempt,
      key: model.key(sim, task),
      reason: null,
      payload: model.payload(sim, task),
      answers: NONE,
      // A call waits for no other one: a group of its own.
      group: CALL_GROUPS + token,
      request: NONE,
      hops: (task.message?.body.hops ?? 0) + 1,
      delay: 0,
      subscribers: NONE,
    },
    task.cause,
  )
  sim.calls.set(message.id, { slot: task.slot, generation: task.generation, token })
  if (model.timeout > 0) sim.setCallTimeout(task.slot, token, sim.now + model.timeout)
  return Next.wait
}
const CALL_GROUPS = 2 ** 24

function hear(sim: Simulation, task: Task, model: CallModel): NextCode {
  const call = task.call as NonNullable<Task['call']>
  const line = lineOf(sim, task.service, model.to)
  const failed = call.outcome === Outcome.failed
  if (call.reason !== 'CIRCUIT_OPEN') settle(sim, task, model, line, failed)
  if (!failed) {
    task.call = null
    if (model.as >= 0) task.locals[model.as] = call.payload as Value
    return call.outcome === Outcome.refused ? (refuseTask(sim, task, call.reason ?? '') as NextCode) : Next.go
  }
  if (call.attempt < model.retry.attemptsMax && isWithinBudget(model, line)) {
    task.pc--
    const wait = retryWait(model.retry, call.attempt, sim.seed, call.token)
    if (wait === 0) return Next.jump
    sleep(sim, task, wait)
    return Next.wait
  }
  task.call = null
  return failTask(sim, task, call.reason ?? 'TIMEOUT') as NextCode
}

function isWithinBudget(model: CallModel, line: Line): boolean {
  return model.budget === null || line.retries + 1 <= model.budget * line.calls
}

function isOpen(sim: Simulation, task: Task, model: CallModel, line: Line): boolean {
  if (model.breaker === null || line.openUntil < 0) return false
  if (sim.now < line.openUntil || line.trying) return true
  line.trying = true
  if (line.worked === 0) task.cause = note(sim, task, Kind.circuit, sim.value('half-open'), model.to)
  return false
}

function settle(sim: Simulation, task: Task, model: CallModel, line: Line, failed: boolean): void {
  line.failures = failed ? line.failures + 1 : 0
  if (model.breaker === null) return
  const wasTrying = line.trying
  line.trying = false
  if (failed && (wasTrying || (line.openUntil < 0 && line.failures >= model.breaker.failures))) {
    line.openUntil = sim.now + model.breaker.open
    line.worked = 0
    task.cause = note(sim, task, Kind.circuit, sim.value('open'), model.to)
  } else if (!failed && wasTrying && ++line.worked >= model.breaker.trials) {
    line.openUntil = -1
    line.worked = 0
    task.cause = note(sim, task, Kind.circuit, sim.value('closed'), model.to)
  }
}

function lineOf(sim: Simulation, from: number, to: number): Line {
  const key = from * 1024 + to
  let line = sim.lines.get(key) as Line | undefined
  if (line === undefined) {
    line = { calls: 0, retries: 0, failures: 0, openUntil: -1, trying: false, worked: 0 }
    sim.lines.set(key, line)
  }
  return line
}
