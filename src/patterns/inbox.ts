/**
 * INBOX: a row per message, in the same transaction as the effect. By message id it catches redeliveries and copies of
 * the bus; by business key (saga or request, step, direction) it also catches resends. An inbox that merely skips a
 * duplicate can swallow a reply that was never sent: `reply: none` shows it.
 */
import { Next, type Step } from '../kernel/model.ts'
import type { Task } from '../kernel/task.ts'
import { claim, replyText, rewrite, turnAway } from './protections.ts'

export interface InboxSettings {
  readonly byBusinessKey: boolean
  readonly storedReply: boolean
  readonly afterWork: boolean
  readonly table: number
}

export const inboxColumns = ['message', 'reply'] as const

export function claimInbox(settings: InboxSettings): Step {
  return (sim, task) => {
    if (task.message === null) return Next.go
    const key = settings.byBusinessKey ? businessKey(task) : `message ${task.message.logical}`
    const result = claim(sim, task, settings.table, [key, null], `inbox ${key}`)
    if ('next' in result) return result.next
    if ('claimed' in result) {
      task.inboxRow = result.claimed
      return Next.go
    }
    task.answer = settings.storedReply
    return turnAway(sim, task, 'inbox', key, result.cells[1] as string | null)
  }
}

export function recordInbox(settings: InboxSettings): Step {
  return (sim, task) => {
    const row = task.inboxRow
    if (row === null || !settings.storedReply || row.pending === null) return Next.go
    return rewrite(sim, task, settings.table, row, [row.pending[0] ?? null, replyText(task)], 'inbox')
  }
}

/** Saga or request, step and direction: without the step, charge and refund would collide. */
export function businessKey(task: Task): string {
  const { message } = task
  if (message === null) return ''
  if (task.saga >= 0 && task.step >= 0)
    return `saga ${task.saga + 1} step ${task.step + 1}${task.compensation ? ' undo' : ''}`
  return message.body.request < 0 ? `message ${message.logical}` : `request ${message.body.request + 1}`
}
