/**
 * FENCE: one unique row per (saga, step). The forward action leaves TRIED; a compensation that finds nothing leaves a
 * tombstone, SUSPENDED, and does nothing else; a forward action that finds a tombstone is refused. One row decides, so
 * a compensation that meets a forward action with an open transaction waits for it and then really compensates.
 */
import { clockOf } from '../kernel/clock.ts'
import { Next, type NextCode, type Step } from '../kernel/model.ts'
import { refuseTask } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { Outcome } from '../trace/kinds.ts'
import type { Value } from '../trace/trace-format.ts'
import { placeOf } from './emitted.ts'
import { type ClaimResult, claim, replyText, rewrite, skipOperation, turnAway } from './protections.ts'

export interface FenceSettings {
  /** Microseconds a tombstone is kept; Infinity for ever. */
  readonly lifetime: number
  readonly table: number
}

export const fenceColumns = ['step', 'status', 'reason', 'at'] as const

export function passFence(settings: FenceSettings): Step {
  return (sim, task) => {
    const { message } = task
    if (message === null || task.saga < 0 || task.step < 0) return Next.go
    const key = `saga ${task.saga + 1} step ${task.step + 1}`
    const status = task.compensation ? 'SUSPENDED' : 'TRIED'
    const result = claim(
      sim,
      task,
      settings.table,
      [key, status, null, clockOf(sim, task.service) / 1000],
      `fence ${key}`,
    )
    if ('next' in result) return result.next
    return task.compensation
      ? compensate(sim, task, settings, key, result)
      : goForward(sim, task, settings, key, result)
  }
}

function goForward(
  sim: Simulation,
  task: Task,
  settings: FenceSettings,
  key: string,
  result: Exclude<ClaimResult, { next: NextCode }>,
): NextCode {
  if ('claimed' in result) {
    task.fenceRow = result.claimed
    return Next.go
  }
  const [, status, reason, at] = result.cells
  const place = placeOf(sim, settings.table, result.existing)
  if (status === 'TRIED') return turnAway(sim, task, 'fence', key, (reason ?? 'ok') as string, place)
  if (status === 'REFUSED') return turnAway(sim, task, 'fence', key, `refused ${reason}`, place)
  if (clockOf(sim, task.service) < (at as number) * 1000 + settings.lifetime)
    return refuseTask(sim, task, 'FENCED') as NextCode
  const next = rewrite(
    sim,
    task,
    settings.table,
    result.existing,
    [key, 'TRIED', null, clockOf(sim, task.service) / 1000],
    'fence',
  )
  if (next === Next.go) task.fenceRow = result.existing
  return next
}

function compensate(
  sim: Simulation,
  task: Task,
  settings: FenceSettings,
  key: string,
  result: Exclude<ClaimResult, { next: NextCode }>,
): NextCode {
  if ('claimed' in result) return skipOperation(sim, task)
  if (result.cells[1] !== 'TRIED') return skipOperation(sim, task)
  return rewrite(
    sim,
    task,
    settings.table,
    result.existing,
    [key, 'ROLLED_BACK', null, clockOf(sim, task.service) / 1000],
    'fence',
  )
}

/** A refused forward action did nothing: its compensation has nothing to undo. Values given back are kept for the next. */
export function recordFence(settings: FenceSettings): Step {
  return (sim, task) => {
    const row = task.fenceRow
    if (row === null || row.pending === null) return Next.go
    const isRefused = task.outcome === Outcome.refused
    if (!isRefused && task.returned === null) return Next.go
    const [key, status, , at] = row.pending as [Value, Value, Value, Value]
    const cells = isRefused
      ? [key, 'REFUSED', task.reason, clockOf(sim, task.service) / 1000]
      : [key, status, replyText(task), at]
    return rewrite(sim, task, settings.table, row, cells, 'fence')
  }
}
