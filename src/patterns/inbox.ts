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
import { claim, makeRoom, replyText, rewrite, touch, turnAway } from './protections.ts'

export interface InboxSettings {
  readonly byBusinessKey: boolean
  readonly storedReply: boolean
  readonly afterWork: boolean
  /** Microseconds from the row's creation; Infinity for ever. */
  readonly retention: number
  /** Rows it holds; the least recently used ones go. */
  readonly capacity: number
  readonly table: number
}

const AT = 2

export function inboxColumns(hasRetention: boolean): readonly string[] {
  return hasRetention ? ['message', 'reply', 'at'] : ['message', 'reply']
}

export function claimInbox(settings: InboxSettings): Step {
  return (sim, task) => {
    if (task.message === null) return Next.go
    const key = settings.byBusinessKey ? businessKey(task) : `message ${task.message.logical}`
    const cells = newRow(sim, key, settings)
    const result = claim(sim, task, settings.table, cells, `inbox ${key}`)
    if ('next' in result) return result.next
    if ('claimed' in result) {
      task.inboxRow = result.claimed
      makeRoom(sim, task, settings.table, settings.capacity)
      return Next.go
    }
    if (isExpired(sim, result.cells, settings)) {
      task.inboxRow = result.existing
      return rewrite(sim, task, settings.table, result.existing, cells, `inbox ${key}`)
    }
    if (settings.capacity < Number.POSITIVE_INFINITY) touch(sim, settings.table, result.existing)
    task.answer = settings.storedReply
    return turnAway(sim, task, 'inbox', key, result.cells[1] as string | null)
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
  return settings.retention === Number.POSITIVE_INFINITY ? [key, null] : [key, null, sim.now / 1000]
}

function isExpired(sim: Simulation, cells: readonly Value[], { retention }: InboxSettings): boolean {
  return retention < Number.POSITIVE_INFINITY && sim.now >= (cells[AT] as number) * 1000 + retention
}

/** Saga or request, step and direction: without the step, charge and refund would collide. */
export function businessKey(task: Task): string {
  const { message } = task
  if (message === null) return ''
  if (task.saga >= 0 && task.step >= 0)
    return `saga ${task.saga + 1} step ${task.step + 1}${task.compensation ? ' undo' : ''}`
  return message.body.request < 0 ? `message ${message.logical}` : `request ${message.body.request + 1}`
}
