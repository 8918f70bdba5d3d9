/** Read your own writes: a query waits until a projection has come as far as the write it must show. */
import { Action } from '../kernel/action.ts'
import { begin } from '../kernel/handler.ts'
import { Next, type NextCode } from '../kernel/model.ts'
import { failTask, note, sleep } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { Kind } from '../trace/kinds.ts'
import { type ProjectionModel, type ProjectionRun, projectionState, type Session } from './projection-model.ts'

/** The furthest that any instance of it has committed. */
export function reachedPosition(sim: Simulation, model: ProjectionModel): number {
  const state = projectionState(sim)
  let reached = 0
  for (const id of (state.runs[model.number] as ProjectionRun).sessions) {
    const session = state.sessions[id] as Session
    if (!session.isNext) reached = Math.max(reached, session.applied)
  }
  return model.persistent ? (state.runs[model.number] as ProjectionRun).seenUpTo : reached
}

/** Waits for the position, or fails after the time-out with PROJECTION_LAGS. `deadline` is the task's own lock deadline. */
export function awaitPosition(
  sim: Simulation,
  task: Task,
  model: ProjectionModel,
  position: number,
  timeout: number,
): NextCode {
  if (reachedPosition(sim, model) >= position) {
    task.lockDeadline = -1
    seeWhatIsThere(sim, task)
    return Next.go
  }
  if (task.lockDeadline >= 0 && sim.now >= task.lockDeadline) return failTask(sim, task, 'PROJECTION_LAGS') as NextCode
  const run = projectionState(sim).runs[model.number] as ProjectionRun
  run.waiters.push(task.slot, task.generation, position)
  if (timeout > 0 && task.lockDeadline < 0) {
    task.lockDeadline = sim.now + timeout
    sleep(sim, task, timeout)
  }
  task.cause = note(sim, task, Kind.waiting, sim.value(`${model.name} to reach position ${position}`))
  return Next.wait
}

/** A transaction that reads from a snapshot, and has written nothing yet, takes it after the wait and not before. */
function seeWhatIsThere(sim: Simulation, task: Task): void {
  if (task.tx?.snapshot && task.tx.writes.length === 0) begin(sim, task)
}

/** The projection has come further: whoever waited for no more goes on. */
export function wakeReached(sim: Simulation, model: ProjectionModel, reached: number): void {
  const run = projectionState(sim).runs[model.number] as ProjectionRun
  if (run.waiters.length === 0) return
  const still: number[] = []
  for (let i = 0; i < run.waiters.length; i += 3) {
    const [slot, generation, position] = run.waiters.slice(i, i + 3) as [number, number, number]
    if (position <= reached) sim.agenda.push(sim.now, Action.resume, slot, generation)
    else still.push(slot, generation, position)
  }
  run.waiters = still
}
