/**
 * KEY: a row (operation, key, fingerprint, status, reply). Single transaction: claim, effect and reply commit together,
 * so a concurrent second request waits on the unique index and then gets the stored reply. Claim first: the claim
 * commits before the work; a request that finds it gets a conflict. A transient error keeps nothing.
 */
import { hashText } from '../base/hash.ts'
import { visibleRows } from '../kernel/evaluation.ts'
import { begin, commitTask } from '../kernel/handler.ts'
import { Next, type NextCode, type Payload, type Step } from '../kernel/model.ts'
import { failTask, refuseTask } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { Outcome } from '../trace/kinds.ts'
import type { Value } from '../trace/trace-format.ts'
import { claim, replyText, rewrite, turnAway } from './protections.ts'

export interface KeySettings {
  readonly mode: 'single transaction' | 'claim first' | 'check then insert'
  readonly fingerprint: boolean
  /** Microseconds from the key's creation; Infinity for ever. */
  readonly retention: number
  readonly storeRefusals: boolean
  readonly table: number
}

export const keyColumns = ['operation', 'key', 'fingerprint', 'status', 'reply', 'at'] as const
const STATUS = 3
const NAME = 'idempotency key'

/** The claim, before the operation. */
export function claimKey(operation: string, settings: KeySettings): Step {
  if (settings.mode === 'check then insert') return (sim, task) => lookUp(sim, task, operation, settings)
  return (sim, task) => {
    const key = task.message?.body.key
    if (key === null || key === undefined) return Next.go
    const cells = newRow(sim, task, operation, key, settings)
    const result = claim(sim, task, settings.table, cells, `${NAME} ${key}`)
    if ('next' in result) return result.next
    if ('claimed' in result) {
      task.keyRow = result.claimed
      return settings.mode === 'claim first' ? commitClaim(sim, task) : Next.go
    }
    if (!isExpired(sim, result.cells, settings)) return answerFromKey(sim, task, key, result.cells, settings)
    const next = rewrite(sim, task, settings.table, result.existing, cells, `${NAME} ${key}`)
    if (next === Next.go) task.keyRow = result.existing
    return next === Next.go && settings.mode === 'claim first' ? commitClaim(sim, task) : next
  }
}

/** The record, after the operation has succeeded or was refused for good. */
export function recordKey(operation: string, settings: KeySettings): Step {
  return (sim, task) => {
    const key = task.message?.body.key
    if (key === null || key === undefined) return Next.go
    const keep = task.outcome === Outcome.ok || settings.storeRefusals
    if (settings.mode === 'check then insert') {
      if (keep)
        claim(
          sim,
          task,
          settings.table,
          [...newRow(sim, task, operation, key, settings).slice(0, STATUS), 'DONE', replyText(task), sim.now / 1000],
          NAME,
        )
      return Next.go
    }
    const row = task.keyRow
    if (row === null) return Next.go
    const cells = row.pending ?? row.cells
    if (cells === null) return Next.go
    const done = [...cells.slice(0, STATUS), 'DONE', replyText(task), cells[5] as Value]
    return rewrite(sim, task, settings.table, row, keep ? done : null, NAME)
  }
}

/** A transient error after a claim that has committed: the claim is given back. */
export function giveBackClaim(settings: KeySettings): Step {
  return (sim, task) => {
    if (settings.mode !== 'claim first' || task.keyRow === null) return Next.go
    if (task.tx === null) begin(sim, task)
    rewrite(sim, task, settings.table, task.keyRow, null, NAME)
    commitTask(sim, task)
    return Next.go
  }
}

function commitClaim(sim: Simulation, task: Task): NextCode {
  commitTask(sim, task)
  return begin(sim, task)
}

function lookUp(sim: Simulation, task: Task, operation: string, settings: KeySettings): NextCode {
  const key = task.message?.body.key
  if (key === null || key === undefined) return Next.go
  const env = { sim, tx: task.tx, request: task.payload, row: null, locals: task.locals }
  const found = visibleRows(env, settings.table).find((cells) => cells[0] === operation && cells[1] === key)
  if (found === undefined || isExpired(sim, found, settings)) return Next.go
  return answerFromKey(sim, task, key, found, settings)
}

function answerFromKey(
  sim: Simulation,
  task: Task,
  key: string,
  cells: readonly Value[],
  settings: KeySettings,
): NextCode {
  if (settings.fingerprint && cells[2] !== fingerprintOf(task.payload)) {
    return refuseTask(sim, task, 'KEY_REUSED') as NextCode
  }
  if (cells[STATUS] !== 'DONE') return failTask(sim, task, 'IN_PROGRESS') as NextCode
  return turnAway(sim, task, NAME, key, cells[4] as string)
}

function newRow(sim: Simulation, task: Task, operation: string, key: string, settings: KeySettings): Value[] {
  const fingerprint = settings.fingerprint ? fingerprintOf(task.payload) : null
  return [operation, key, fingerprint, 'IN_PROGRESS', null, sim.now / 1000]
}

function isExpired(sim: Simulation, cells: readonly Value[], settings: KeySettings): boolean {
  return sim.now >= (cells[5] as number) * 1000 + settings.retention
}

const fingerprints = new WeakMap<Payload, string>()
/** Of the fields in order of their names: two payloads that differ in the order of fields only are the same. */
function fingerprintOf(payload: Payload): string {
  let known = fingerprints.get(payload)
  if (known === undefined) {
    const fields = Object.keys(payload).sort()
    const text = JSON.stringify(fields.map((name) => [name, payload[name]]))
    known = (hashText(text) >>> 0).toString(16).padStart(8, '0')
    fingerprints.set(payload, known)
  }
  return known
}
