/** What an operation can say: the statements of the scenario language, as they are written. */
import type * as v from 'valibot'
import type { retrySchema } from './schema-retry.ts'
import type { AppendStatement, AwaitStatement, LoadStatement, RebuildStatement } from './schema-store.ts'

export type Cell = string | number | boolean | null
export interface UpdateStatement {
  update: string
  where?: Record<string, Cell> | string
  require?: string
  otherwise?: string
  change: string | string[]
  limit?: number
}
export interface InsertStatement {
  insert: string
  row: Record<string, Cell>
  conflict?: 'refuse' | 'ignore' | 'replace'
}
export interface DeleteStatement {
  delete: string
  where?: Record<string, Cell> | string
}
export interface CheckStatement {
  check: string
  otherwise: string
}
export interface IfStatement {
  if: string
  do: Statement[]
  else?: Statement[]
}
export interface ReadStatement {
  read: string
  where?: Record<string, Cell> | string
  as: string
  lock?: boolean
}
export interface WorkStatement {
  work: number
}
export interface ReturnStatement {
  return: string
}
export interface PublishStatement {
  publish: string
  when?: 'after commit' | 'at once'
  with?: Record<string, Cell>
}
export interface CallStatement {
  call: string
  to: string
  with?: Record<string, Cell>
  as?: string
  key?: string
  timeoutMs?: number
  retry?: v.InferInput<typeof retrySchema>
  budget?: number
  breaker?: { failures?: number; openMs?: number; trials?: number }
}
export interface CommitStatement {
  commit: string
}
export interface LockStatement {
  lock: string
  holder: string
  whenHeld?: 'refuse' | 'wait'
  timeoutMs?: number
  timeToLiveMs?: number
  deadlocks?: 'ignore' | 'detect'
  as?: string
}
export interface UnlockStatement {
  unlock: string
  holder: string
}
export interface SendStatement {
  send: string
  to?: string
  afterMs?: number
  with?: Record<string, Cell>
}
export type Statement =
  | UpdateStatement
  | InsertStatement
  | DeleteStatement
  | CheckStatement
  | IfStatement
  | ReadStatement
  | WorkStatement
  | ReturnStatement
  | PublishStatement
  | SendStatement
  | CallStatement
  | LockStatement
  | UnlockStatement
  | CommitStatement
  | LoadStatement
  | AppendStatement
  | AwaitStatement
  | RebuildStatement
