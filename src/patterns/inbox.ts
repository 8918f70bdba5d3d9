/**
 * INBOX: a row per message, in the same transaction as the effect. By message id it catches redeliveries and copies of
 * the bus; by business key (saga or request, step, direction) it also catches resends. An inbox that merely skips a
 * duplicate can swallow a reply that was never sent: `reply: none` shows it. What the inbox has forgotten, by age or for
 * want of room, is done again.
 */
import { Next, type Step } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import type { Value } from '../trace/trace-format.ts'
import {
  inStoreOf,
  keepClaimed,
  keepRenewed,
  keepUsed,
  purgeExpired,
  type StoreSettings,
  storeClock,
} from './dedup-store.ts'
import { placeOf } from './emitted.ts'
import { claim, replyText, rewrite, turnAway } from './protections.ts'

export interface InboxSettings extends StoreSettings {
  readonly byBusinessKey: boolean
  readonly storedReply: boolean
  readonly afterWork: boolean
}

const AT = 2

export function inboxColumns(hasRetention: boolean): readonly string[] {
  return hasRetention ? ['message', 'reply', 'at'] : ['message', 'reply']
}

export function claimInbox(settings: InboxSettings): Step {
  return (sim, task) => {
    if (task.message === null) return Next.go
    purgeExpired(sim, task, settings, (cells) => isExpired(sim, cells, settings))
    const name = settings.byBusinessKey ? businessKey(sim, task) : `message ${task.message.logical}`
    const key = inStoreOf(task, settings, name)
    const cells = newRow(sim, key, settings)
    const result = claim(sim, task, settings.table, cells, `inbox ${key}`)
    if ('next' in result) return result.next
    if ('claimed' in result) {
      task.inboxRow = result.claimed
      keepClaimed(sim, task, settings, result.claimed)
      return Next.go
    }
    if (isExpired(sim, result.cells, settings)) {
      task.inboxRow = result.existing
      keepRenewed(sim, settings)
      return rewrite(sim, task, settings.table, result.existing, cells, `inbox ${key}`)
    }
    keepUsed(sim, task, settings, result.existing)
    task.answer = settings.storedReply
    const place = placeOf(sim, settings.table, result.existing)
    return turnAway(sim, task, 'inbox', key, result.cells[1] as string | null, place)
  }
}

export function recordInbox(settings: InboxSettings): Step {
  return (sim, task) => {
    const row = task.inboxRow
    if (row === null || !settings.storedReply || row.pending === null) return Next.go
    const [key, , ...rest] = row.pending
    return rewrite(sim, task, settings.table, row, [key ?? null, replyText(task), ...rest], 'inbox')
  }
}

function newRow(sim: Simulation, key: string, settings: InboxSettings): readonly Value[] {
  return settings.retention === Number.POSITIVE_INFINITY ? [key, null] : [key, null, storeClock(sim, settings) / 1000]
}

function isExpired(sim: Simulation, cells: readonly Value[], settings: InboxSettings): boolean {
  const { retention } = settings
  return retention < Number.POSITIVE_INFINITY && storeClock(sim, settings) >= (cells[AT] as number) * 1000 + retention
}

/** Saga or request, step and direction: without the step, charge and refund would collide. */
export function businessKey(sim: Simulation, task: Task): string {
  const { message } = task
  if (message === null) return ''
  if (task.saga >= 0 && task.step >= 0)
    return `saga ${task.saga + 1} step ${task.step + 1}${task.compensation ? ' undo' : ''}`
  const { request } = message.body
  if (request < 0) return `message ${message.logical}`
  return `request ${(sim.model.load?.business(request) ?? request) + 1}`
}
