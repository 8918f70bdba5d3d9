import { assert } from '../base/assert.ts'
import { Fingerprint } from '../base/hash.ts'
import { type Chunk, type ColumnArray, ColumnWriter, type Spec } from './columns.ts'
import {
  type BodySpec,
  bodySpec,
  cellSpec,
  changeSpec,
  entrySpec,
  messageSpec,
  type TraceHeader,
  type TracePart,
  type Value,
} from './trace-format.ts'

const SMALL = 2 ** 29

/** A row of the bodies, as numbers: texts and payloads by value id, −1 for none. */
export type BodyRow = { readonly [column in keyof BodySpec]: number }

/** The append-only side of a trace. One writer can serve many runs: `reset()` keeps its memory. */
export class TraceWriter {
  readonly entries = new ColumnWriter(entrySpec)
  readonly messages = new ColumnWriter(messageSpec, 256)
  readonly bodies = new ColumnWriter(bodySpec, 256)
  readonly changes = new ColumnWriter(changeSpec, 256)
  readonly cells = new ColumnWriter(cellSpec, 512)
  private readonly values: Value[] = []
  private readonly ids = new Map<Value, number>()
  private valuesTaken = 0
  private lastValue: Value | undefined
  private lastId = 0
  private readonly fingerprints = new Map<string, Fingerprint>()

  /** Empties the writer. `names` get the first value ids, in order: a model's texts need no look-up then. */
  reset(names: readonly string[] = []): void {
    for (const columns of [this.entries, this.messages, this.bodies, this.changes, this.cells]) columns.reset()
    this.values.length = 0
    this.ids.clear()
    this.lastValue = undefined
    this.valuesTaken = 0
    this.fingerprints.clear()
    for (const name of names) this.value(name)
  }

  /** Appends a fact and returns its position. Times in microseconds; see `Kind` for the meaning of a and b. */
  append(
    time: number,
    kind: number,
    service: number,
    saga: number,
    message: number,
    cause: number,
    a: number,
    b: number,
  ): number {
    const row = this.entries.reserve()
    const to = this.entries.arrays
    to.time[row] = time
    to.kind[row] = kind
    to.service[row] = service
    to.saga[row] = saga
    to.message[row] = message
    to.cause[row] = cause
    to.a[row] = a
    to.b[row] = b
    return this.entries.sealedRows + row
  }

  /** Appends a message and returns its number. `body` is what `body()` returned; times in microseconds. */
  message(body: number, from: number, logical: number, departs: number, arrives: number): number {
    const row = this.messages.reserve()
    const to = this.messages.arrays
    to.body[row] = body
    to.from[row] = from
    to.logical[row] = logical
    to.departs[row] = departs
    to.arrives[row] = arrives
    return this.messages.sealedRows + row
  }

  /** A message that has not been taken yet arrives at another time than planned. */
  arrivesAt(message: number, time: number): void {
    const row = message - this.messages.sealedRows
    assert(row >= 0, 'the row of a message is changed before it is taken')
    this.messages.arrays.arrives[row] = time
  }

  /** Appends what a message says and returns its number, for any number of messages that say it. */
  body(body: BodyRow): number {
    const row = this.bodies.reserve()
    const to = this.bodies.arrays
    to.type[row] = body.type
    to.to[row] = body.to
    to.role[row] = body.role
    to.outcome[row] = body.outcome
    to.saga[row] = body.saga
    to.step[row] = body.step
    to.compensation[row] = body.compensation
    to.attempt[row] = body.attempt
    to.key[row] = body.key
    to.reason[row] = body.reason
    to.payload[row] = body.payload
    to.answers[row] = body.answers
    return this.bodies.sealedRows + row
  }

  /** The id of a value: texts by content, objects by identity (share the object, not a copy of it). */
  value(value: Value): number {
    // Messages of one saga share their payload and follow each other: remember the last one.
    if (value === this.lastValue) return this.lastId
    const id = this.find(value)
    this.lastValue = value
    this.lastId = id
    return id
  }

  private find(value: Value): number {
    const known = this.ids.get(value)
    if (known !== undefined) return known
    const id = this.values.length
    this.values.push(value)
    this.ids.set(value, id)
    return id
  }

  /** Stores a row's cells and returns where they begin. */
  row(cells: readonly Value[]): number {
    const start = this.cells.length
    for (let i = 0; i < cells.length; i++) {
      const value = cells[i] as Value
      const place = this.cells.reserve()
      this.cells.arrays.cell[place] =
        typeof value === 'number' && Number.isInteger(value) && value > -SMALL && value < SMALL
          ? value * 2
          : this.value(value) * 2 + 1
    }
    return start
  }

  change(table: number, row: number, before: number, after: number): number {
    const place = this.changes.reserve()
    const to = this.changes.arrays
    to.table[place] = table
    to.row[place] = row
    to.before[place] = before
    to.after[place] = after
    return this.changes.sealedRows + place
  }

  /** Takes what has come since the last call; the parts of a run, joined in order, are the run. */
  take(): TracePart {
    const part = {
      entries: this.entries.take(),
      messages: this.messages.take(),
      bodies: this.bodies.take(),
      changes: this.changes.take(),
      cells: this.cells.take(),
      values: this.values.slice(this.valuesTaken),
    }
    this.valuesTaken = this.values.length
    this.fold(part)
    return part
  }

  /** Everything not taken yet, without taking it: for reading at once. */
  peek(): TracePart {
    return {
      entries: this.entries.peek(),
      messages: this.messages.peek(),
      bodies: this.bodies.peek(),
      changes: this.changes.peek(),
      cells: this.cells.peek(),
      values: this.values.slice(this.valuesTaken),
    }
  }

  /** Everything written, as plain data; only before the first `take`. */
  save(): { part: TracePart; ids: Map<Value, number> } {
    assert(this.valuesTaken === 0 && this.fingerprints.size === 0, 'a trace is saved before any part of it is taken')
    return { part: this.peek(), ids: this.ids }
  }

  /** Goes on where `save` stood. */
  load(saved: { readonly part: TracePart; readonly ids: ReadonlyMap<Value, number> }): void {
    this.reset()
    this.entries.load(saved.part.entries)
    this.messages.load(saved.part.messages)
    this.bodies.load(saved.part.bodies)
    this.changes.load(saved.part.changes)
    this.cells.load(saved.part.cells)
    this.values.push(...saved.part.values)
    for (const [value, id] of saved.ids) this.ids.set(value, id)
  }

  /** The trace's fingerprint over all parts taken so far: the same wherever the parts were cut. */
  hash(header: TraceHeader): string {
    const all = new Fingerprint()
    all.text(JSON.stringify(header))
    all.text(JSON.stringify(this.values))
    for (const [name, print] of this.fingerprints) all.text(`${name}=${print.hex()}`)
    return all.hex()
  }

  private fold(part: TracePart): void {
    this.foldChunks('entries', entrySpec, part.entries)
    this.foldChunks('messages', messageSpec, part.messages)
    this.foldChunks('bodies', bodySpec, part.bodies)
    this.foldChunks('changes', changeSpec, part.changes)
    this.foldChunks('cells', cellSpec, part.cells)
  }

  private foldChunks<S extends Spec>(table: string, spec: S, chunks: Chunk<S>[]): void {
    for (const column of Object.keys(spec)) {
      const name = `${table}.${column}`
      let print = this.fingerprints.get(name)
      if (print === undefined) {
        print = new Fingerprint()
        this.fingerprints.set(name, print)
      }
      for (const chunk of chunks) print.words(asWords(chunk.arrays[column] as ColumnArray, chunk.length))
    }
  }
}

function asWords(array: ColumnArray, length: number): Int32Array {
  if (array instanceof Float64Array) return new Int32Array(array.buffer, array.byteOffset, length * 2)
  return array instanceof Int32Array ? array.subarray(0, length) : Int32Array.from(array.subarray(0, length))
}
