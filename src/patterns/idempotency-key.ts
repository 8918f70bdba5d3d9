/**
 * KEY: a row (scope, key, fingerprint, status, reply) per request. Single transaction: claim, effect and reply commit
 * together, so a concurrent second request waits on the unique index and then gets the stored reply. Claim first: the
 * claim commits before the work; a request that finds it gets a conflict until the lock times out, and then takes the
 * work over at the last recovery point.
 */
import type { Row } from '../kernel/disk.ts'
import { createEnv, visibleRows } from '../kernel/evaluation.ts'
import { begin, commitTask, openTransaction } from '../kernel/handler.ts'
import { Next, type NextCode, type Step } from '../kernel/model.ts'
import { failTask, refuseTask } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { Outcome, Role } from '../trace/kinds.ts'
import { NONE, type Value } from '../trace/trace-format.ts'
import { keepClaimed, keepRenewed, keepUsed, purgeExpired, storeClock } from './dedup-store.ts'
import { placeOf } from './emitted.ts'
import { watchClaim } from './key-keeper.ts'
import {
  At,
  finishedRow,
  isExpired,
  isFree,
  type KeySettings,
  keyOf,
  matches,
  newRow,
  replaced,
  Status,
  scopeOf,
} from './key-row.ts'
import { claim, rewrite, turnAway } from './protections.ts'

const NAME = 'idempotency key'

/** The claim, before the operation. */
export function claimKey(operation: string, settings: KeySettings): Step {
  return (sim, task) => {
    const key = keyOf(task, settings)
    if (key === null) return isMissing(task, settings) ? (refuseTask(sim, task, 'KEY_MISSING') as NextCode) : Next.go
    purgeExpired(sim, task, settings, (cells) => isExpired(sim, cells, settings))
    if (settings.mode === 'check then insert') return lookUp(sim, task, operation, key, settings)
    const cells = newRow(sim, task, operation, key, settings)
    const result = claim(sim, task, settings.table, cells, `${NAME} ${key}`)
    if ('next' in result) return result.next
    if ('claimed' in result) {
      task.keyRow = result.claimed
      keepClaimed(sim, task, settings, result.claimed)
      return settings.mode === 'claim first' ? commitClaim(sim, task, settings) : Next.go
    }
    const hasExpired = isExpired(sim, result.cells, settings)
    const again = hasExpired ? cells : takenOver(sim, task, result.cells, settings)
    if (again === null) {
      keepUsed(sim, task, settings, result.existing)
      return answerFromKey(sim, task, key, result.cells, settings, result.existing)
    }
    const next = rewrite(sim, task, settings.table, result.existing, again, `${NAME} ${key}`)
    if (next !== Next.go) return next
    if (hasExpired) keepRenewed(sim, settings)
    task.keyRow = result.existing
    task.point = again[At.point] as string | null
    return settings.mode === 'claim first' ? commitClaim(sim, task, settings) : Next.go
  }
}

/** The record, after the operation has succeeded or was refused for good. */
export function recordKey(operation: string, settings: KeySettings): Step {
  return (sim, task) => {
    const key = keyOf(task, settings)
    if (key === null) return Next.go
    if (settings.mode === 'check then insert') {
      const done = finishedRow(task, newRow(sim, task, operation, key, settings))
      const result = isKept(task, settings) ? claim(sim, task, settings.table, done, NAME) : null
      if (result !== null && 'claimed' in result) keepClaimed(sim, task, settings, result.claimed)
      return Next.go
    }
    const row = task.keyRow
    const cells = row === null ? null : (row.pending ?? row.cells)
    if (row === null || cells === null) return Next.go
    return rewrite(sim, task, settings.table, row, isKept(task, settings) ? finishedRow(task, cells) : null, NAME)
  }
}

/**
 * After a refusal or an error, when the operation's transaction is gone: the outcome is stored, or the claim given back.
 * Work that has reached a recovery point keeps its row, unlocked: the next attempt goes on there.
 */
export function settleKey(operation: string, settings: KeySettings): Step {
  return (sim, task) => {
    const key = keyOf(task, settings)
    const { keyRow } = task
    const kept = isKept(task, settings)
    if (key === null || keyRow === null || (settings.mode !== 'claim first' && !kept)) return Next.go
    // No snapshot: there is nothing to do again, whoever was first.
    if (task.tx === null) openTransaction(sim, task, 'read committed')
    if (settings.mode === 'claim first') {
      const cells = keyRow.cells
      // An error behind the commit: the effect is there and the reply with it, so the key stands.
      const isOpen = cells !== null && cells[At.status] !== Status.done
      if (isOpen) rewrite(sim, task, settings.table, keyRow, settled(task, cells, kept), NAME)
    } else {
      const done = finishedRow(task, newRow(sim, task, operation, key, settings))
      const result = claim(sim, task, settings.table, done, `${NAME} ${key}`)
      if ('next' in result) return result.next
    }
    commitTask(sim, task)
    return Next.go
  }
}

/** The end of one phase of an operation: what it did is committed together with the name of the point it reached. */
export function reachPoint(name: string, settings: KeySettings | null): Step {
  return (sim, task) => {
    const cells = task.keyRow?.cells ?? null
    if (settings?.recoveryPoints && task.keyRow !== null && cells !== null) {
      const next = rewrite(sim, task, settings.table, task.keyRow, replaced(cells, At.point, name), NAME)
      if (next !== Next.go) return next
    }
    commitTask(sim, task)
    return begin(sim, task)
  }
}

function settled(task: Task, cells: readonly Value[], kept: boolean): readonly Value[] | null {
  if (kept) return finishedRow(task, cells)
  return cells[At.point] === null ? null : replaced(cells, At.lockedAt, null)
}

function isKept(task: Task, { stores }: KeySettings): boolean {
  if (task.outcome === Outcome.ok || stores === 'everything') return true
  return task.outcome === Outcome.refused && stores === 'successes and refusals'
}

function isMissing(task: Task, settings: KeySettings): boolean {
  return settings.required && task.message?.body.role === Role.request
}

function commitClaim(sim: Simulation, task: Task, settings: KeySettings): NextCode {
  watchClaim(sim, task, settings)
  commitTask(sim, task)
  return begin(sim, task)
}

function lookUp(sim: Simulation, task: Task, operation: string, key: string, settings: KeySettings): NextCode {
  const env = createEnv(sim, task.tx, task.payload, task.locals)
  const scope = scopeOf(operation, task, settings)
  const found = visibleRows(env, settings.table).find(
    (cells) => cells[At.scope] === scope && cells[At.key] === key && !isExpired(sim, cells, settings),
  )
  return found === undefined ? Next.go : answerFromKey(sim, task, key, found, settings)
}

/** The row of somebody who has not finished and whose lock has timed out, now ours; null when it is not to be had. */
function takenOver(
  sim: Simulation,
  task: Task,
  cells: readonly Value[],
  settings: KeySettings,
): readonly Value[] | null {
  if (cells[At.status] === Status.done || !matches(task, cells, settings)) return null
  return isFree(sim, cells, settings) ? replaced(cells, At.lockedAt, storeClock(sim, settings) / 1000) : null
}

function answerFromKey(
  sim: Simulation,
  task: Task,
  key: string,
  cells: readonly Value[],
  settings: KeySettings,
  row: Row | null = null,
): NextCode {
  if (!matches(task, cells, settings)) return refuseTask(sim, task, 'KEY_REUSED') as NextCode
  if (cells[At.status] !== Status.done) return failTask(sim, task, 'IN_PROGRESS') as NextCode
  const place = row === null ? NONE : placeOf(sim, settings.table, row)
  return turnAway(sim, task, NAME, key, cells[At.reply] as string, place)
}
