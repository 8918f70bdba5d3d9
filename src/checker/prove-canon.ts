/**
 * The canonical text of a part's state: two states with the same text behave alike. Plain data is walked from its root
 * and shared objects become back references, so that the text says which places share one value. Left out is what
 * nobody's behaviour depends on: trace positions (there is no trace), slots' generations, indexes that follow from the
 * rows, numbers of rows and transactions where only their order counts.
 */
import type { Table, Transaction } from '../kernel/disk.ts'
import type { Message, Task } from '../kernel/task.ts'
import type { Contents } from './prove-contents.ts'

const TASK_LEFT_OUT = new Set(['slot', 'generation', 'cause', 'waitingSince', 'wasBlocked'])
const MESSAGE_LEFT_OUT = new Set(['id', 'slot', 'from', 'body', 'logical', 'position'])

/** What one part of a state is made of. */
export interface Parts {
  readonly tables: readonly (Table | null)[]
  readonly tasks: readonly (Task | undefined)[]
  readonly messages: readonly (Message | null)[]
  /** Everything else. */
  readonly rest: unknown
}

export class Canon {
  private readonly contents: Contents
  /** Tables whose row numbers somebody remembers. */
  private readonly numbered: ReadonlySet<number>
  private seen = new Map<object, number>()
  private text = ''
  /** What never changes has a number: two that are equal have the same one, and one of them stands for both. */
  private readonly known = new Map<object, number>()
  private readonly numbers = new Map<string, number>()
  private readonly firsts: object[] = []

  constructor(contents: Contents, numbered: ReadonlySet<number>) {
    this.contents = contents
    this.numbered = numbered
  }

  of(parts: Parts): string {
    this.seen = new Map()
    this.text = ''
    for (const task of parts.tasks) if (task?.tx?.open) this.seen.set(task.tx, this.seen.size)
    for (const table of parts.tables) if (table !== null) this.table(table)
    for (const message of parts.messages) this.message(message)
    this.any(parts.rest)
    for (const task of parts.tasks) this.task(task)
    return this.text
  }

  /**
   * Of a state in which nobody is at work and no message is held: then no object but a row is held on to in two
   * places, and what is equal to what was seen before need not be walked or kept again: it is replaced by what was seen.
   */
  atRest(saved: Record<string, unknown>, tables: readonly (Table | null)[], trees: readonly string[]): string {
    let text = ''
    for (const table of tables) {
      if (table === null) continue
      for (const row of table.rows.values()) if (row.cells !== null) row.cells = this.first(row.cells)
      this.seen.clear()
      this.text = ''
      this.table(table)
      text += this.text
    }
    for (const name of trees) text += this.leaf(saved, name)
    return text
  }

  /** The committed rows of some tables and any plain data: what an onlooker sees. */
  look(tables: readonly Table[], more: readonly unknown[]): string {
    this.seen = new Map()
    this.text = ''
    for (const table of tables) {
      for (const row of table.rows.values()) if (row.cells !== null) this.any(row.cells)
      this.text += ';'
    }
    for (const one of more) this.any(one)
    return this.text
  }

  private table(table: Table): void {
    this.seen.set(table, this.seen.size)
    const isNumbered = this.numbered.has(table.number)
    let before = -1
    for (const row of table.rows.values()) {
      this.seen.set(row, this.seen.size)
      // Rows are met oldest first, unless a store has moved the ones used last to the end.
      if (isNumbered || row.id < before) this.text += `#${row.id}`
      before = Math.max(before, row.id)
      this.any(row.cells)
      if (row.lock !== null) {
        this.any(row.pending)
        this.transaction(row.lock)
      }
      // Versions are 0 unless somebody reads from a snapshot.
      if (row.version !== 0 || row.older !== null) this.any([row.version, row.older])
    }
    this.text += isNumbered ? `N${table.nextRow};` : ';'
    if (table.version !== 0) this.text += `v${table.version}`
  }

  private message(message: Message | null): void {
    if (message === null) {
      this.text += '_'
      return
    }
    this.seen.set(message, this.seen.size)
    this.text += `m${message.from},${this.contents.bodyNumber(message.body)}`
    if (this.contents.hasIdentity) this.text += `,${message.id},${message.logical}`
    this.fields(message, MESSAGE_LEFT_OUT)
  }

  private task(task: Task | undefined): void {
    if (task === undefined) {
      this.text += '_'
      return
    }
    this.text += 't'
    if (task.tx?.open) this.open(task.tx)
    this.fields(task, TASK_LEFT_OUT)
  }

  /** All fields of an object whose shape is always the same: names need not be written. */
  private fields(object: object, leftOut: ReadonlySet<string>): void {
    for (const name in object) if (!leftOut.has(name)) this.any((object as Record<string, unknown>)[name])
  }

  /** What an open transaction has done so far. */
  private open(tx: Transaction): void {
    this.text += `<${tx.snapshot ? tx.id : ''}`
    for (const { table, row, previous, claims } of tx.writes) {
      this.any([table, row, previous])
      for (const { columns, cells, displaced } of claims) {
        this.any([columns, columns.map((column) => cells[column]), displaced])
      }
    }
    this.any([tx.waiters, tx.waitsFor])
    // Read sets name rows and tables, which are numbered by now.
    if (tx.snapshot) this.any(tx.snapshot)
    this.text += '>'
  }

  private transaction(tx: Transaction): void {
    this.text += tx.open ? `T${this.seen.get(tx)}` : 'T-'
  }

  private any(value: unknown): void {
    if (typeof value !== 'object' || value === null) {
      this.text += typeof value === 'string' ? JSON.stringify(value) : `${String(value)},`
      return
    }
    if (isTransaction(value)) {
      this.transaction(value)
      return
    }
    const body = this.contents.bodyNumber(value)
    if (body !== undefined) {
      this.text += `b${body},`
      return
    }
    if (Object.isFrozen(value)) {
      this.text += this.frozen(value)
      return
    }
    const known = this.seen.get(value)
    if (known !== undefined) {
      this.text += `^${known},`
      return
    }
    this.seen.set(value, this.seen.size)
    this.structure(value)
  }

  /** What never changes is walked once. */
  private frozen(value: object): string {
    return `#${this.numberOf(value)},`
  }

  /** The one that stands for all its equals. */
  private first<T extends object>(value: T): T {
    return this.firsts[this.numberOf(value)] as T
  }

  private numberOf(value: object): number {
    const known = this.known.get(value)
    if (known !== undefined) return known
    const body = this.contents.bodyNumber(value)
    const text = body === undefined ? this.tree(value) : `b${body}`
    let number = this.numbers.get(text)
    if (number === undefined) {
      number = this.firsts.push(value) - 1
      this.numbers.set(text, number)
      this.known.set(value, number)
    }
    return number
  }

  /** A field of a tree of plain data; an object in it is replaced by the one that stands for it. */
  private leaf(owner: Record<string | number, unknown>, name: string | number): string {
    const value = owner[name]
    if (typeof value === 'number') return `${value},`
    if (typeof value === 'string') return JSON.stringify(value)
    if (typeof value !== 'object' || value === null) return `${String(value)},`
    const number = this.numberOf(value)
    const first = this.firsts[number]
    if (first !== value && !Object.isFrozen(owner)) owner[name] = first
    return `#${number},`
  }

  private tree(value: object): string {
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      const list = value as unknown as Record<number, unknown> & { length: number }
      let text = Array.isArray(value) ? '[' : `${value.constructor.name}[`
      for (let i = 0; i < list.length; i++) text += this.leaf(list, i)
      return text
    }
    if (value instanceof Map) return this.mapText(value)
    if (value instanceof Set) return `<${[...value].map((item) => `${typeof item} ${String(item)}`).join()}`
    let text = '{'
    for (const name in value) text += `${name}:${this.leaf(value as Record<string, unknown>, name)}`
    return text
  }

  private mapText(map: Map<unknown, unknown>): string {
    let text = '('
    for (const [key, item] of map) {
      text += `${typeof key} ${String(key)}:`
      text += this.leaf({ item }, 'item')
      if (typeof item === 'object' && item !== null) map.set(key, this.first(item))
    }
    return text
  }

  private structure(value: object): void {
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      this.text += '['
      for (let i = 0; i < (value as unknown[]).length; i++) this.any((value as unknown[])[i])
      this.text += ']'
    } else if (value instanceof Map) {
      this.text += '('
      for (const [key, item] of value) {
        this.any(key)
        this.any(item)
      }
      this.text += ')'
    } else if (value instanceof Set) {
      this.text += '('
      for (const item of value) this.any(item)
      this.text += ')'
    } else {
      this.text += '{'
      for (const name in value) {
        this.text += `${name}:`
        this.any((value as Record<string, unknown>)[name])
      }
      this.text += '}'
    }
  }
}

function isTransaction(value: object): value is Transaction {
  return 'waiters' in value && 'writes' in value
}
