/**
 * What every request met at the stores that recognise duplicates, read once from the trace: claimed, waited, replayed,
 * refused, executed again. Knows stores, row changes and what handlers said; never how a protection works inside.
 */
import { valueText } from '../../trace/describe.ts'
import { Kind } from '../../trace/kinds.ts'
import type { RowChange, Trace } from '../../trace/trace.ts'
import { NONE, type StoreInfo, type Value } from '../../trace/trace-format.ts'

export type Met =
  | 'executed'
  | 'claimed'
  | 'finished'
  | 'waited'
  | 'replayed'
  | 'in progress'
  | 'mismatch'
  | 'missing'
  | 'violated'
  | 'fenced'
  | 'tombstone'
  | 'undone'
  | 'passed'
  | 'expired'
  | 'forgotten'
  | 'slipped'
  | 'taken over'
  | 'given back'
  | 'pushed out'
  | 'reaped'
  | 'rolled back'

/** A store of the header, or a check of the state: it recognises duplicates and keeps nothing. */
export interface Store {
  readonly kind: StoreInfo['kind'] | 'state check'
  readonly service: number
  readonly info: StoreInfo | null
  /** What it is called: the table, or the operation that looks at the state. */
  readonly name: string
}

export interface Encounter {
  readonly position: number
  /** −1 for a timer's. */
  readonly message: number
  /** Number of the store. */
  readonly store: number
  readonly key: string
  /** Keys of different scopes never meet; null where it is not known. */
  readonly scope: string | null
  readonly met: Met
}

const SCOPE = 0
const KEY = 1
const STATUS = 3
const CREATED = 5

export class Encounters {
  readonly stores: readonly Store[]
  readonly all: Encounter[] = []
  private readonly trace: Trace
  private readonly byTable = new Map<number, number[]>()
  private readonly byService: number[][]
  private read = 0
  /** Rows that are there, and whether a request was executed, by store, scope and key. */
  private readonly known = new Map<string, { rows: number; executed: boolean }>()

  constructor(trace: Trace) {
    this.trace = trace
    this.stores = storesOf(trace)
    this.byService = trace.header.services.map(() => [])
    this.stores.forEach(({ service, info }, number) => {
      this.byService[service]?.push(number)
      if (info === null) return
      const same = this.byTable.get(info.table)
      if (same === undefined) this.byTable.set(info.table, [number])
      else same.push(number)
    })
  }

  /** Reads what has arrived since the last time. */
  grow(): this {
    if (this.stores.length === 0) return this
    for (; this.read < this.trace.length; this.read++) this.add(this.read)
    return this
  }

  private add(position: number): void {
    const { trace } = this
    const service = trace.at('service', position)
    switch (trace.at('kind', position)) {
      case Kind.rowChanged:
        return this.addChange(position, trace.change(trace.at('a', position)))
      case Kind.deduplicated:
        return this.addTurnedAway(position, service)
      case Kind.waiting:
        return this.addWait(position, service)
      case Kind.refused:
        return this.addRefusal(position, service)
      case Kind.failed:
        return this.addFailure(position, service)
      case Kind.collided:
        return this.addCollision(position, service)
      case Kind.aborted:
        return this.addRollback(position, service)
      case Kind.executed:
        return this.addCheck(position, service)
    }
  }

  private note(position: number, store: number, key: string, met: Met, scope: string | null = null): void {
    this.all.push({ position, message: this.trace.at('message', position), store, key, scope, met })
  }

  private addChange(position: number, change: RowChange): void {
    for (const number of this.byTable.get(change.table) ?? []) {
      const store = this.stores[number] as Store
      const cells = change.after ?? change.before
      if (cells === null || store.info === null) continue
      const key = keyOfRow(this.trace, store.info, cells)
      const scope = store.kind === 'idempotency key' ? valueText(cells[SCOPE] ?? null) : null
      const met = this.metAtChange(position, number, change, key, scope)
      if (met !== null) this.note(position, number, key, met, scope)
    }
  }

  private metAtChange(
    position: number,
    store: number,
    change: RowChange,
    key: string,
    scope: string | null,
  ): Met | null {
    const { before, after } = change
    const { kind } = this.stores[store] as Store
    const known = this.knownOf(store, key, scope)
    if (before === null && after !== null) {
      const met = insertMet(kind, after, known)
      known.rows++
      known.executed ||= met !== 'claimed' && met !== 'tombstone'
      return met
    }
    if (after === null) {
      known.rows--
      if (kind === 'unique constraint') return null
      const message = this.trace.at('message', position)
      if (message === NONE) return 'reaped'
      return keyOfMessage(this.trace, this.stores[store]?.info ?? null, message) === key ? 'given back' : 'pushed out'
    }
    const met = kind === 'unique constraint' || before === null ? null : updateMet(kind, before, after)
    known.executed ||= met === 'finished' || met === 'expired'
    return met
  }

  private knownOf(store: number, key: string, scope: string | null): { rows: number; executed: boolean } {
    const id = `${store}\n${scope}\n${key}`
    let known = this.known.get(id)
    if (known === undefined) {
      known = { rows: 0, executed: false }
      this.known.set(id, known)
    }
    return known
  }

  private addTurnedAway(position: number, service: number): void {
    const by = this.trace.text(this.trace.at('a', position))
    const key = this.trace.text(this.trace.at('b', position))
    if (by === 'state check') {
      // The check itself was noted as passed a moment ago, when its statement ran.
      const last = this.all.findLastIndex(
        ({ met, message }) => met === 'passed' && message === this.trace.at('message', position),
      )
      if (last >= 0) this.all[last] = { ...(this.all[last] as Encounter), position, met: 'replayed' }
      return
    }
    for (const number of this.named(service, by, key)) this.note(position, number, key, 'replayed')
  }

  private addWait(position: number, service: number): void {
    const text = this.trace.text(this.trace.at('a', position))
    const which = this.trace.text(this.trace.at('b', position))
    for (const number of this.byService[service] ?? []) {
      const store = this.stores[number] as Store
      if (store.kind === 'unique constraint') {
        if (text === `a unique value of ${store.name}`) this.note(position, number, which, 'waited')
      } else if (text.startsWith(`${store.kind} `)) {
        this.note(position, number, text.slice(store.kind.length + 1), 'waited')
      }
    }
  }

  private addRefusal(position: number, service: number): void {
    const reason = this.trace.text(this.trace.at('a', position))
    const met = refusals[reason]
    if (met === undefined) return
    this.noteForMessage(position, service, met === 'fenced' ? 'fence' : 'idempotency key', met)
  }

  private addFailure(position: number, service: number): void {
    const reason = this.trace.text(this.trace.at('a', position))
    if (reason === 'IN_PROGRESS') this.noteForMessage(position, service, 'idempotency key', 'in progress')
  }

  private addCollision(position: number, service: number): void {
    const by = this.trace.text(this.trace.at('a', position))
    const key = this.trace.text(this.trace.at('b', position))
    for (const number of this.named(service, by, key)) this.note(position, number, key, 'violated')
  }

  private addRollback(position: number, service: number): void {
    const message = this.trace.at('message', position)
    const last = this.all.at(-1)
    // Whoever was turned away or refused at the door has nothing to take back.
    if (last?.message === message && doors.has(last.met)) return
    if (this.trace.text(this.trace.at('a', position)) !== 'duplicate')
      this.noteForMessage(position, service, 'idempotency key', 'rolled back')
  }

  private addCheck(position: number, service: number): void {
    const statement = this.trace.header.statements[this.trace.at('a', position)]
    if (statement?.verb !== 'return') return
    for (const number of this.byService[service] ?? []) {
      const { kind, name } = this.stores[number] as Store
      if (kind === 'state check' && name === statement.operation) this.note(position, number, statement.text, 'passed')
    }
  }

  private noteForMessage(position: number, service: number, kind: Store['kind'], met: Met): void {
    const message = this.trace.at('message', position)
    if (message === NONE) return
    for (const number of this.byService[service] ?? []) {
      const store = this.stores[number] as Store
      if (store.kind !== kind) continue
      const key = keyOfMessage(this.trace, store.info, message)
      if (key !== null || met === 'missing') this.note(position, number, key ?? '', met)
    }
  }

  /** The stores of a service that go by this name; of several unique indexes the one of these columns. */
  private named(service: number, by: string, key: string): number[] {
    return (this.byService[service] ?? []).filter((number) => {
      const { kind, name } = this.stores[number] as Store
      return kind === 'unique constraint'
        ? by === `unique index of ${name}` && this.hasColumns(number, key)
        : kind === by
    })
  }

  private hasColumns(store: number, key: string): boolean {
    const { info } = this.stores[store] as Store
    const columns = this.trace.header.tables[info?.table ?? -1]?.columns ?? []
    const names = (info?.columns ?? []).map((column) => `${columns[column]} `)
    return key.startsWith(names[0] ?? '') && names.slice(1).every((name) => key.includes(`, ${name}`))
  }
}

const doors = new Set<Met>(['replayed', 'in progress', 'mismatch', 'missing', 'fenced'])
const refusals: Record<string, Met> = { KEY_REUSED: 'mismatch', KEY_MISSING: 'missing', FENCED: 'fenced' }

function storesOf({ header }: Trace): Store[] {
  const stores: Store[] = (header.stores ?? []).map((info) => {
    const table = header.tables[info.table]
    return { kind: info.kind, service: table?.service ?? NONE, info, name: table?.name ?? '' }
  })
  for (const { service, operation, verb } of header.statements) {
    if (verb !== 'return') continue
    const isKnown = stores.some(
      (one) => one.kind === 'state check' && one.service === service && one.name === operation,
    )
    if (!isKnown) stores.push({ kind: 'state check', service, info: null, name: operation })
  }
  return stores
}

function insertMet(kind: Store['kind'], cells: readonly Value[], known: { rows: number; executed: boolean }): Met {
  if (kind === 'fence' && cells[1] === 'SUSPENDED') return 'tombstone'
  if (known.rows > 0) return 'slipped'
  if (kind === 'idempotency key' && cells[STATUS] !== 'DONE') return 'claimed'
  return known.executed ? 'forgotten' : 'executed'
}

function updateMet(kind: Store['kind'], before: readonly Value[], after: readonly Value[]): Met | null {
  if (kind === 'fence') return after[1] === 'ROLLED_BACK' ? 'undone' : after[1] === 'TRIED' ? 'expired' : null
  if (kind === 'inbox') return 'expired'
  if (before[CREATED] !== after[CREATED]) return 'expired'
  if (after[STATUS] === 'DONE') return before[STATUS] === 'DONE' ? null : 'finished'
  const [was, now] = [before.at(LOCKED_AT), after.at(LOCKED_AT)]
  if (was === now) return null
  return now === null ? 'given back' : 'taken over'
}
const LOCKED_AT = 7

/** What tells a row's request from others, as people read it. */
export function keyOfRow({ header }: Trace, info: StoreInfo, cells: readonly Value[]): string {
  if (info.kind === 'idempotency key') return valueText(cells[KEY] ?? null)
  if (info.kind !== 'unique constraint') return valueText(cells[0] ?? null)
  const columns = header.tables[info.table]?.columns ?? []
  return info.columns.map((column) => `${columns[column]} ${valueText(cells[column] ?? null)}`).join(', ')
}

/** The key a message brings; null for none, or where only its row says it. */
export function keyOfMessage(trace: Trace, info: StoreInfo | null, id: number): string | null {
  if (info === null) return null
  if (info.kind === 'fence') {
    const [saga, step] = [trace.messageAt('saga', id), trace.messageAt('step', id)]
    return saga < 0 || step < 0 ? null : `saga ${saga + 1} step ${step + 1}`
  }
  if (info.kind !== 'idempotency key') return null
  if (info.field === null) return trace.messageAt('key', id) === NONE ? null : trace.text(trace.messageAt('key', id))
  const payload = trace.value(trace.messageAt('payload', id))
  const key =
    typeof payload === 'object' && payload !== null ? (payload as { [name: string]: Value })[info.field] : null
  return typeof key === 'string' && key !== '' ? key : null
}

const known = new WeakMap<Trace, Encounters>()

export function encountersOf(trace: Trace): Encounters {
  let encounters = known.get(trace)
  if (encounters === undefined) {
    encounters = new Encounters(trace)
    known.set(trace, encounters)
  }
  return encounters.grow()
}
