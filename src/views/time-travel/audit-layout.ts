/** The life of one aggregate: its events, the state after each, and what caused it. Folded by the engine, drawn here. */
import { valueText } from '../../trace/describe.ts'
import { EventCell } from '../../trace/projection-state.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Value } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { dataText } from '../store/store-rows.ts'

/** An aggregate of a store, by the name of its stream. */
export interface Subject {
  readonly aggregate: string
  readonly id: string
  readonly stream: string
  /** The table of its events. */
  readonly events: number
}

/** The aggregates there are at the playhead, newest streams looked at first; not all of a very large store. */
export function subjectsIn(trace: Trace, world: WorldState, most = 60): Subject[] {
  const found = new Map<string, Subject>()
  for (const { events, aggregates } of trace.header.eventStores ?? []) {
    const rows = world.tables[events]
    const last = rows?.end ?? 0
    for (let row = 0; row < Math.min(last, LOOKED_AT) && found.size < most; row++) {
      const stream = rows?.cell(row, EventCell.stream)
      if (typeof stream !== 'string' || found.has(stream)) continue
      const subject = subjectOf(stream, events, aggregates)
      if (subject !== null) found.set(stream, subject)
    }
  }
  return [...found.values()]
}
const LOOKED_AT = 20_000

function subjectOf(stream: string, events: number, aggregates: readonly { readonly name: string }[]): Subject | null {
  for (const { name } of aggregates) {
    if (stream.startsWith(`${name}-`)) return { aggregate: name, id: stream.slice(name.length + 1), stream, events }
  }
  return null
}

/** A stream somebody has typed: an aggregate's name, a hyphen and an id. */
export function typedSubject(trace: Trace, stream: string): Subject | null {
  for (const { events, aggregates } of trace.header.eventStores ?? []) {
    const subject = subjectOf(stream.trim(), events, aggregates)
    if (subject !== null) return subject
  }
  return null
}

export type State = Readonly<Record<string, Value>>

interface AuditEvent {
  readonly position: number
  readonly version: number
  readonly type: string
  readonly data: Value
  readonly effective: number
  readonly recorded: number
  readonly causation: string | null
  readonly state: State
}

export interface FieldView {
  readonly name: string
  readonly text: string
  /** What stood here before this event; undefined when it was the same. */
  readonly before?: string
}

export interface AuditRow {
  readonly position: number
  readonly version: number
  readonly type: string
  readonly data: string
  readonly effective: number
  readonly recorded: number
  /** The message that caused it, −1 for none that is known. */
  readonly causeMessage: number
  readonly cause: string
  readonly fields: readonly FieldView[]
  readonly state: State
  /** Where to go to see it committed; −1 while it is still to come. */
  readonly committedAt: number
  readonly when: 'past' | 'now' | 'future'
}

export function auditRows(trace: Trace, world: WorldState, subject: Subject, answer: Value): AuditRow[] {
  const events = (Array.isArray(answer) ? answer : []) as unknown as readonly AuditEvent[]
  const rows = world.tables[subject.events]
  let before: State | null = null
  return events.map((event) => {
    const committed = rows?.get(event.position - 1)
    const fields = fieldsOf(event.state, before)
    before = event.state
    const committedAt = committed?.changedAt ?? -1
    const isNow = committed !== undefined && committedAt >= 0 && committedAt === world.position - 1
    return {
      position: event.position,
      version: event.version,
      type: event.type,
      data: dataText(event.data),
      effective: event.effective,
      recorded: event.recorded,
      ...causeOf(trace, event.causation),
      fields,
      state: event.state,
      committedAt,
      when: committed === undefined ? 'future' : isNow ? 'now' : 'past',
    }
  })
}

/** `message 12`: what kind of message that was. */
function causeOf(trace: Trace, causation: string | null): { cause: string; causeMessage: number } {
  const number = /^message (\d+)$/.exec(causation ?? '')?.[1]
  if (number === undefined) return { cause: causation ?? '', causeMessage: -1 }
  const message = Number(number)
  if (message >= trace.messageCount) return { cause: causation ?? '', causeMessage: -1 }
  return { cause: trace.text(trace.messageAt('type', message)), causeMessage: message }
}

export function fieldsOf(state: State, before: State | null): FieldView[] {
  return Object.entries(state).map(([name, value]) => {
    const was = before?.[name]
    const text = valueText(value)
    return was === undefined || valueText(was) === text ? { name, text } : { name, text, before: valueText(was) }
  })
}

/** The state after the last event that is committed at the playhead; null before the first. */
export function stateHere(rows: readonly AuditRow[]): AuditRow | null {
  return rows.findLast(({ when }) => when !== 'future') ?? null
}

export const question = {
  audit: ({ aggregate, id }: Subject) => `audit(${JSON.stringify(aggregate)}, ${JSON.stringify(id)})`,
  asOf: ({ aggregate, id }: Subject, effective: number, known: number) =>
    `state(${JSON.stringify(aggregate)}, ${JSON.stringify(id)}, ${effective}, ${known})`,
}
