/** A handler as a line of stages and the gaps between them, where a crash can land. Named as in the catalogue. */
import type { FaultOf } from './fault-edit.ts'

export type CrashPoint = NonNullable<FaultOf<'crash'>['point']>

export type HandlerPart =
  | { readonly type: 'stage'; readonly text: string; readonly inTransaction?: boolean }
  | {
      readonly type: 'gap'
      readonly point: CrashPoint
      readonly title: string
      readonly text: string
      readonly inTransaction?: boolean
    }

const gap = (point: CrashPoint, title: string, text: string): HandlerPart => ({ type: 'gap', point, title, text })
const stage = (text: string): HandlerPart => ({ type: 'stage', text })

const receipt = [stage('takes the message'), gap('on receipt', 'on receipt', 'Nothing was done yet.')]
const transaction: HandlerPart[] = [
  { type: 'stage', text: 'begins, changes rows', inTransaction: true },
  {
    type: 'gap',
    point: 'before commit',
    title: 'before commit',
    text: 'The transaction rolls back: no effect.',
    inTransaction: true,
  },
  { type: 'stage', text: 'commits', inTransaction: true },
]
const reply = [
  gap('after commit', 'after commit, before the reply', 'The effect is on disk, but nobody hears of it.'),
  stage('sends the reply'),
]

const acknowledgesAfter: readonly HandlerPart[] = [
  ...receipt,
  ...transaction,
  ...reply,
  gap('after send', 'after the reply, before the ack', 'All done, yet the broker delivers the message again.'),
  stage('acknowledges'),
  gap('ack lost', 'ack lost', 'The acknowledgement never reaches the broker.'),
]
const acknowledgesFirst: readonly HandlerPart[] = [
  ...receipt,
  stage('acknowledges'),
  gap('after ack', 'after the ack, before the transaction', 'The broker forgets the message, and nothing was done.'),
  ...transaction,
  ...reply,
  gap('after send', 'after the reply', 'All done: the crash costs only memory.'),
]

export function handlerParts(acknowledge: 'after' | 'first'): readonly HandlerPart[] {
  return acknowledge === 'first' ? acknowledgesFirst : acknowledgesAfter
}

/** Whether a handler that acknowledges so ever passes this gap. */
export function reaches(acknowledge: 'after' | 'first', point: CrashPoint): boolean {
  return handlerParts(acknowledge).some((part) => part.type === 'gap' && part.point === point)
}
