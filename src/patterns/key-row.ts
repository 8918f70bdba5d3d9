/** The row of an idempotency key: its columns, how long it counts, whose payload it is bound to. */
import { TextHash } from '../base/hash.ts'
import type { Payload } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import type { Value } from '../trace/trace-format.ts'
import { inStoreOf, type StoreSettings, storeClock } from './dedup-store.ts'
import { replyText } from './protections.ts'

export interface KeySettings extends StoreSettings {
  readonly mode: 'single transaction' | 'claim first' | 'check then insert'
  readonly fingerprint: boolean
  /** The field of the message that carries the key; null when it comes beside the payload. */
  readonly field: string | null
  /** A request without a key is refused. */
  readonly required: boolean
  /** Keys of different operations never meet. */
  readonly perOperation: boolean
  /** Keys never meet when this field of the message differs; null for no such field. */
  readonly perField: string | null
  readonly stores: 'successes and refusals' | 'successes' | 'everything'
  /** Microseconds after which a claim that is not finished may be taken over; Infinity for never. */
  readonly lockTimeout: number
  readonly recoveryPoints: boolean
  /** Microseconds after which the completer takes up what nobody finished; Infinity without a completer. */
  readonly completer: number
  /** Microseconds after which the reaper deletes the row; Infinity without a reaper. */
  readonly reaper: number
}

/** Places of the columns. The last three exist where the settings need them. */
export const At = {
  scope: 0,
  key: 1,
  fingerprint: 2,
  status: 3,
  reply: 4,
  at: 5,
  point: 6,
  lockedAt: 7,
  request: 8,
} as const
export const Status = { running: 'IN_PROGRESS', done: 'DONE' } as const

const columns = ['scope', 'key', 'fingerprint', 'status', 'reply', 'at'] as const

export function keyColumns(mode: KeySettings['mode'], hasCompleter: boolean): readonly string[] {
  if (mode !== 'claim first') return columns
  return hasCompleter ? [...columns, 'point', 'lockedAt', 'request'] : [...columns, 'point', 'lockedAt']
}

/** A request as the completer sends it again. */
export interface StoredRequest {
  readonly message: string
  readonly payload: Payload
}

export function newRow(
  sim: Simulation,
  task: Task,
  operation: string,
  key: string,
  settings: KeySettings,
): readonly Value[] {
  const { payload } = task
  const now = storeClock(sim, settings) / 1000
  const scope = scopeOf(operation, task, settings)
  const row = [scope, key, settings.fingerprint ? fingerprintOf(payload) : null, Status.running, null, now]
  if (settings.mode !== 'claim first') return row
  if (settings.completer === Number.POSITIVE_INFINITY) return [...row, null, now]
  const message = sim.model.messageTypes[task.message?.body.type ?? 0] as string
  return [...row, null, now, { message, payload }]
}

/** The key of a request; null for none. What is no text, or an empty one, is no key. */
export function keyOf(task: Task, { field }: KeySettings): string | null {
  const key = field === null ? task.message?.body.key : task.payload[field]
  return typeof key === 'string' && key !== '' ? key : null
}

export function scopeOf(operation: string, task: Task, settings: KeySettings): string {
  const scope = settings.perOperation ? operation : '*'
  const field = settings.perField === null ? '' : ` ${task.payload[settings.perField] ?? ''}`
  return inStoreOf(task, settings, scope + field)
}

export function replaced(cells: readonly Value[], column: number, value: Value): readonly Value[] {
  return cells.map((cell, i) => (i === column ? value : cell))
}

/** The row with the outcome of the task in it. */
export function finishedRow(task: Task, cells: readonly Value[]): readonly Value[] {
  const done: Value[] = [...cells]
  done[At.status] = Status.done
  done[At.reply] = replyText(task)
  if (done.length > At.lockedAt) done[At.lockedAt] = null
  return done
}

/** An expired row counts as absent at once, whether it has been deleted or not. */
export function isExpired(sim: Simulation, cells: readonly Value[], settings: KeySettings): boolean {
  if (settings.retention === Number.POSITIVE_INFINITY) return false
  return storeClock(sim, settings) >= (cells[At.at] as number) * 1000 + settings.retention
}

/** Nobody works on it: the lock was given back or has timed out. */
export function isFree(sim: Simulation, cells: readonly Value[], settings: KeySettings): boolean {
  if (settings.mode !== 'claim first') return false
  const lockedAt = cells[At.lockedAt] as number | null
  return lockedAt === null || storeClock(sim, settings) >= lockedAt * 1000 + settings.lockTimeout
}

export function matches(task: Task, cells: readonly Value[], { fingerprint }: KeySettings): boolean {
  return !fingerprint || cells[At.fingerprint] === fingerprintOf(task.payload)
}

/** Of the fields in order of their names: two payloads that differ in the order of fields only are the same. */
function fingerprintOf(payload: Payload): string {
  // Asked for twice in one handling, when the key is claimed and when it is compared.
  if (payload === lastPayload) return lastFingerprint
  const hash = new TextHash()
  hash.add('[')
  const names = Object.keys(payload)
  if (names.length > 1) names.sort()
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string
    hash.add(i === 0 ? '[' : ',[')
    hash.addJson(name)
    hash.add(',')
    hash.addJson(payload[name])
    hash.add(']')
  }
  hash.add(']')
  lastFingerprint = hash.hex
  lastPayload = payload
  return lastFingerprint
}
let lastPayload: Payload | null = null
let lastFingerprint = ''
