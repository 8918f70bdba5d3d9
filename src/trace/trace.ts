import { ColumnReader } from './columns.ts'
import { type KindName, kindName, type OutcomeCode, type RoleCode } from './kinds.ts'
import type { TraceHeader, TracePart, Value } from './trace-format.ts'
import {
  type BodySpec,
  type CellSpec,
  type ChangeSpec,
  type EntrySpec,
  type MessageSpec,
  messageSpec,
  NONE,
} from './trace-format.ts'

/** One fact, decoded for people and views. −1 stands for "none" in every number but the time. */
export interface Entry {
  readonly position: number
  /** Microseconds of virtual time. */
  readonly time: number
  readonly kind: KindName
  readonly service: number
  readonly saga: number
  readonly message: number
  readonly cause: number
  readonly a: number
  readonly b: number
}

export interface Message {
  readonly id: number
  /** The message's name: `charge`, `Charged`. */
  readonly type: string
  readonly from: number
  readonly to: number
  readonly role: RoleCode
  readonly outcome: OutcomeCode
  readonly saga: number
  readonly step: number
  readonly compensation: boolean
  readonly attempt: number
  readonly key: string | null
  readonly reason: string | null
  readonly payload: Value
  /** The first copy's id: equal for a duplicate, different for a resend. */
  readonly logical: number
  readonly answers: number
  readonly departs: number
  readonly arrives: number
}

export interface RowChange {
  readonly table: number
  readonly row: number
  readonly before: readonly Value[] | null
  readonly after: readonly Value[] | null
}

/** Everything known of a message: of this copy, and of what it says. */
export type MessageColumn = keyof MessageSpec | keyof BodySpec

/** A run, as far as it has arrived. Grows by `append`, never changes what is there. */
export class Trace {
  readonly header: TraceHeader
  private readonly entries = new ColumnReader<EntrySpec>()
  private readonly messages = new ColumnReader<MessageSpec>()
  private readonly bodies = new ColumnReader<BodySpec>()
  private readonly changes = new ColumnReader<ChangeSpec>()
  private readonly cells = new ColumnReader<CellSpec>()
  private readonly values: Value[] = []

  constructor(header: TraceHeader, parts: Iterable<TracePart> = []) {
    this.header = header
    for (const part of parts) this.append(part)
  }

  append(part: TracePart): void {
    for (const chunk of part.entries) this.entries.append(chunk)
    for (const chunk of part.messages) this.messages.append(chunk)
    for (const chunk of part.bodies) this.bodies.append(chunk)
    for (const chunk of part.changes) this.changes.append(chunk)
    for (const chunk of part.cells) this.cells.append(chunk)
    for (const value of part.values) this.values.push(value)
  }

  /** How many entries there are. */
  get length(): number {
    return this.entries.length
  }

  get messageCount(): number {
    return this.messages.length
  }

  /** One number of one entry, without building an object: for folds over many entries. */
  at(column: keyof EntrySpec, position: number): number {
    return this.entries.get(column, position)
  }

  messageAt(column: MessageColumn, id: number): number {
    if (column in messageSpec) return this.messages.get(column as keyof MessageSpec, id)
    return this.bodies.get(column as keyof BodySpec, this.messages.get('body', id))
  }

  timeAt(position: number): number {
    return this.entries.get('time', position)
  }

  /** Virtual time of the last entry, 0 for an empty trace. */
  get endTime(): number {
    return this.length === 0 ? 0 : this.timeAt(this.length - 1)
  }

  entry(position: number): Entry {
    const get = (column: keyof EntrySpec) => this.entries.get(column, position)
    return {
      position,
      time: get('time'),
      kind: kindName(get('kind')),
      service: get('service'),
      saga: get('saga'),
      message: get('message'),
      cause: get('cause'),
      a: get('a'),
      b: get('b'),
    }
  }

  message(id: number): Message {
    const get = (column: MessageColumn) => this.messageAt(column, id)
    return {
      id,
      type: this.text(get('type')),
      from: get('from'),
      to: get('to'),
      role: get('role') as RoleCode,
      outcome: get('outcome') as OutcomeCode,
      saga: get('saga'),
      step: get('step'),
      compensation: get('compensation') === 1,
      attempt: get('attempt'),
      key: this.textOrNull(get('key')),
      reason: this.textOrNull(get('reason')),
      payload: this.value(get('payload')),
      logical: get('logical'),
      answers: get('answers'),
      departs: get('departs'),
      arrives: get('arrives'),
    }
  }

  change(id: number): RowChange {
    const table = this.changes.get('table', id)
    return {
      table,
      row: this.changes.get('row', id),
      before: this.row(table, this.changes.get('before', id)),
      after: this.row(table, this.changes.get('after', id)),
    }
  }

  /** One number of one change, without building the rows: for folds over many. */
  changeAt(column: keyof ChangeSpec, id: number): number {
    return this.changes.get(column, id)
  }

  /** One cell of the row a change has led to. */
  cellAfter(id: number, column: number): Value {
    const offset = this.changes.get('after', id)
    return offset === NONE ? null : this.cellAt(offset + column)
  }

  value(id: number): Value {
    return id === NONE ? null : (this.values[id] ?? null)
  }

  /** A value that is known to be a text; empty when there is none. */
  text(id: number): string {
    const value = this.value(id)
    return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
  }

  private textOrNull(id: number): string | null {
    return id === NONE ? null : this.text(id)
  }

  private row(table: number, offset: number): readonly Value[] | null {
    if (offset === NONE) return null
    const columns = (this.header.tables[table]?.columns ?? []).length
    const row: Value[] = []
    for (let i = 0; i < columns; i++) {
      row.push(this.cellAt(offset + i))
    }
    return row
  }

  private cellAt(place: number): Value {
    const cell = this.cells.get('cell', place)
    return (cell & 1) === 0 ? cell / 2 : this.value((cell - 1) / 2)
  }
}
