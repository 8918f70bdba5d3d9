/** The ledger of keys at the playhead: what every store holds, until when, and what each request met there. */
import { timeText, valueText } from '../../trace/describe.ts'
import { Kind } from '../../trace/kinds.ts'
import type { RowState } from '../../trace/rows.ts'
import type { Trace } from '../../trace/trace.ts'
import type { StoreInfo, Value } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { type Encounter, type Encounters, keyOfMessage, keyOfRow, type Met, type Store } from './encounters.ts'

export type LedgerTone = 'plain' | 'ok' | 'warn' | 'bad'

export interface EncounterLine {
  readonly position: number
  readonly who: string
  readonly what: string
  readonly tone: LedgerTone
}

export interface KeyEntry {
  readonly id: string
  readonly key: string
  /** `charge`, `* c1`; empty where keys have no scope or all share one. */
  readonly scope: string
  /** `held`: on disk. `claimed`: only its open transaction sees it. `gone`: nothing is kept of it. */
  readonly state: 'held' | 'claimed' | 'gone'
  /** `DONE`, `IN_PROGRESS`, `TRIED`; empty for stores that know none. */
  readonly status: string
  /** The stored reply; null where none is stored. */
  readonly reply: string | null
  /** What else the row says: fingerprint, recovery point, the columns of a constraint. */
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  /** When it was created, microseconds; null where the row does not say. */
  readonly createdAt: number | null
  /** When it stops counting; null for never. */
  readonly expiresAt: number | null
  /** Who keeps it: its clock says when that is; −1 for nobody. */
  readonly keeper: number
  readonly lines: readonly EncounterLine[]
  /** Encounters before those listed. */
  readonly earlier: number
}

export interface StoreView {
  readonly id: number
  readonly title: string
  readonly service: string
  readonly serviceNumber: number
  /** Retention, capacity and where the key comes from, in words. */
  readonly settings: readonly string[]
  readonly entries: readonly KeyEntry[]
  /** Keys beyond those listed. */
  readonly more: number
}

export const KEYS_SHOWN = 40
const LINES_SHOWN = 12

export function ledgerAt(trace: Trace, encounters: Encounters, world: WorldState, filter = ''): StoreView[] {
  const past = pastOf(encounters, world.position)
  return encounters.stores.map((store, number) => storeView(trace, encounters, world, number, store, past, filter))
}

/** How many encounters lie before the playhead; they are in order but for checks of the state, which are close to it. */
function pastOf({ all }: Encounters, playhead: number): number {
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle] as Encounter).position < playhead) low = middle + 1
    else high = middle
  }
  return low
}

interface Group {
  readonly key: string
  scope: string | null
  row: RowState | null
  readonly met: Encounter[]
  claimed: boolean
  /** The latest position at which something happened to it. */
  last: number
}

function storeView(
  trace: Trace,
  encounters: Encounters,
  world: WorldState,
  number: number,
  store: Store,
  past: number,
  filter: string,
): StoreView {
  const groups = groupsOf(trace, encounters, world, number, store, past)
  const wanted = filter === '' ? groups : groups.filter(({ key }) => key.includes(filter))
  const shown = wanted.length <= KEYS_SHOWN ? wanted : latest(wanted)
  const showScope = new Set(groups.map(({ scope }) => scope)).size > 1
  return {
    id: number,
    title: titles[store.kind](store.name),
    service: trace.header.services[store.service]?.title ?? '',
    serviceNumber: store.service,
    settings: settingsOf(store.info),
    entries: shown.map((group) => keyEntry(trace, store, group, showScope)),
    more: wanted.length - shown.length,
  }
}

const titles: Record<Store['kind'], (name: string) => string> = {
  'idempotency key': () => 'Idempotency keys',
  inbox: () => 'Inbox',
  fence: () => 'Fence',
  'unique constraint': (name) => `Unique in ${name}`,
  'state check': (name) => `State check of ${name}`,
}

function settingsOf(info: StoreInfo | null): string[] {
  if (info === null) return ['keeps nothing: looks at the state']
  if (info.kind === 'unique constraint') return []
  return [
    info.retention === null ? 'kept for ever' : `kept ${timeText(info.retention)}`,
    ...(info.capacity === null ? [] : [`holds ${info.capacity}`]),
    ...(info.field === null ? [] : [`key in ${info.field}`]),
    ...(info.claimsFirst ? [] : ['claimed after the work']),
  ]
}

function latest(groups: readonly Group[]): Group[] {
  const chosen = new Set([...groups].sort((a, b) => b.last - a.last).slice(0, KEYS_SHOWN))
  return groups.filter((group) => chosen.has(group))
}

/** Keys in the order in which they were first met; rows nobody has met since the start come first. */
function groupsOf(
  trace: Trace,
  encounters: Encounters,
  world: WorldState,
  number: number,
  store: Store,
  past: number,
): Group[] {
  const groups = new GroupList()
  const rows = store.info === null ? undefined : world.tables[store.info.table]
  for (const row of rows?.values() ?? []) {
    if (row.changedAt >= 0 || store.info === null) continue
    groups.find(keyOfRow(trace, store.info, row.cells), null).row = row
  }
  for (let i = 0; i < past; i++) {
    const encounter = encounters.all[i] as Encounter
    if (encounter.store !== number) continue
    const group = groups.find(encounter.key, encounter.scope)
    group.met.push(encounter)
    group.last = encounter.position
  }
  for (const row of rows?.values() ?? []) {
    if (store.info === null) break
    const scope = store.kind === 'idempotency key' ? valueText(row.cells[0] ?? null) : null
    const group = groups.find(keyOfRow(trace, store.info, row.cells), scope)
    if (group.row === null || row.changedAt >= group.row.changedAt) group.row = row
    group.last = Math.max(group.last, row.changedAt)
  }
  if (store.info?.claimsFirst) addClaims(trace, encounters, world, number, store, past, groups)
  return groups.all
}

class GroupList {
  readonly all: Group[] = []
  private readonly byKey = new Map<string, Group[]>()

  /** The group of a key; a scope that was not known so far is learnt. */
  find(key: string, scope: string | null): Group {
    const same = this.byKey.get(key) ?? []
    const found = same.find((group) => scope === null || group.scope === null || group.scope === scope)
    if (found !== undefined) {
      found.scope ??= scope
      return found
    }
    const group: Group = { key, scope, row: null, met: [], claimed: false, last: -1 }
    this.byKey.set(key, [...same, group])
    this.all.push(group)
    return group
  }
}

/** Whoever is at work in a transaction holds a claim nobody else sees yet; which one, its own later entry says. */
function addClaims(
  trace: Trace,
  encounters: Encounters,
  world: WorldState,
  number: number,
  store: Store,
  past: number,
  groups: GroupList,
): void {
  for (const [message, phase] of world.services[store.service]?.handling ?? []) {
    if (phase !== 'in transaction' || message < 0) continue
    const isSettled = hasMet(encounters, number, message, past)
    if (isSettled) continue
    const coming = encounters.all
      .slice(past, past + CLAIMS_AHEAD)
      .find((one) => one.store === number && one.message === message)
    const key = coming?.key ?? keyOfMessage(trace, store.info, message)
    if (key === null || (coming !== undefined && !claims.has(coming.met))) continue
    groups.find(key, coming?.scope ?? null).claimed = true
  }
}
const CLAIMS_AHEAD = 500
const claims = new Set<Met>(['executed', 'claimed', 'expired', 'forgotten', 'taken over', 'rolled back'])

function hasMet({ all }: Encounters, store: number, message: number, past: number): boolean {
  for (let i = past - 1; i >= Math.max(0, past - CLAIMS_AHEAD); i--) {
    const one = all[i] as Encounter
    if (one.store === store && one.message === message && one.met !== 'waited') return true
  }
  return false
}

function keyEntry(trace: Trace, store: Store, group: Group, showScope: boolean): KeyEntry {
  const { key, scope, row, met } = group
  const info = store.info
  const cells = row?.cells ?? null
  const columns = trace.header.tables[info?.table ?? -1]?.columns ?? []
  const cell = (name: string): Value => cells?.[columns.indexOf(name)] ?? null
  const at = cell('at')
  const hasTime = store.kind !== 'unique constraint' && typeof at === 'number'
  const createdAt = hasTime ? (at as number) * 1000 : null
  const isKept = store.kind === 'idempotency key' || store.kind === 'inbox'
  const reply = cell('reply')
  return {
    id: `${scope ?? ''} ${key}`,
    key: key === '' ? 'no key' : key,
    scope: showScope ? (scope ?? '') : '',
    state: row !== null ? 'held' : group.claimed ? 'claimed' : 'gone',
    status: store.kind === 'unique constraint' ? '' : valueTextOf(cell('status')),
    reply: isKept && typeof reply === 'string' ? reply : null,
    facts: cells === null ? [] : factsOf(store, columns, cells),
    createdAt,
    expiresAt: createdAt === null || info === null || info.retention === null ? null : createdAt + info.retention,
    keeper: trace.header.tables[info?.table ?? -1]?.service ?? -1,
    lines: met.slice(-LINES_SHOWN).map((encounter) => line(trace, store, encounter)),
    earlier: Math.max(0, met.length - LINES_SHOWN),
  }
}

function valueTextOf(value: Value): string {
  return value === null ? '' : valueText(value)
}

const keyFacts = ['fingerprint', 'point', 'lockedAt', 'reason']

function factsOf(store: Store, columns: readonly string[], cells: readonly Value[]): KeyEntry['facts'] {
  const isUnique = store.kind === 'unique constraint'
  return columns.flatMap((name, i) => {
    const value = cells[i] ?? null
    const isShown = isUnique ? !(store.info?.columns.includes(i) ?? false) : keyFacts.includes(name)
    if (!isShown || value === null) return []
    const text = name === 'lockedAt' && typeof value === 'number' ? timeText(value * 1000) : valueText(value)
    return [{ name: name === 'lockedAt' ? 'locked at' : name, value: text }]
  })
}

const words: Record<Met, readonly [string, LedgerTone]> = {
  executed: ['first: executed', 'plain'],
  claimed: ['first: claims the key', 'plain'],
  finished: ['done: the reply is stored', 'plain'],
  waited: ['waits for the one at work', 'warn'],
  replayed: ['turned away', 'ok'],
  'in progress': ['refused, 409: somebody is at it', 'ok'],
  mismatch: ['refused: the key with another payload', 'ok'],
  missing: ['refused, 400: no key', 'ok'],
  violated: ['an error: the value is there already', 'warn'],
  fenced: ['refused: comes after its compensation', 'ok'],
  tombstone: ['nothing to undo: leaves a tombstone', 'plain'],
  undone: ['compensated', 'plain'],
  passed: ['looks: does not hold, goes on', 'plain'],
  expired: ['the key had expired: executed again', 'bad'],
  forgotten: ['the key was gone: executed again', 'bad'],
  slipped: ['not recognised: executed again', 'bad'],
  'taken over': ['takes over what nobody finished', 'warn'],
  'given back': ['failed: gives the key back', 'warn'],
  'pushed out': ['pushed out to make room', 'warn'],
  reaped: ['deleted by the reaper', 'warn'],
  'rolled back': ['rolled back: nothing is kept', 'warn'],
}

function line(trace: Trace, store: Store, { position, message, met }: Encounter): EncounterLine {
  const [text, tone] = words[met]
  return { position, who: whoOf(trace, message), what: wordsOf(trace, store, position, message, met, text), tone }
}

function wordsOf(trace: Trace, store: Store, position: number, message: number, met: Met, text: string): string {
  if (met === 'mismatch') return `refused, ${store.info?.reusedStatus ?? 422}: the key with another payload`
  if (met === 'replayed' && store.kind === 'state check') return 'turned away: it holds'
  if (met === 'executed') return storedOutcome(trace, store, position) ?? text
  if (met !== 'replayed') return text
  const reply = replyTold(trace, position, message)
  return reply === '' ? 'turned away' : `turned away, told again: ${reply}`
}

/** An outcome that is no success, and yet kept for the next one who asks. */
function storedOutcome(trace: Trace, store: Store, position: number): string | null {
  const columns = trace.header.tables[store.info?.table ?? -1]?.columns ?? []
  const reply = trace.change(trace.at('a', position)).after?.[columns.indexOf('reply')]
  return typeof reply !== 'string' || reply === 'ok' ? null : `first: ${reply} is stored`
}

const AHEAD = 40

/** What the one turned away was told: the answer to this very message, sent right after. */
function replyTold(trace: Trace, position: number, message: number): string {
  const end = Math.min(trace.length, position + AHEAD)
  for (let at = position + 1; at < end; at++) {
    if (trace.at('kind', at) !== Kind.sent) continue
    const sent = trace.at('message', at)
    if (sent < 0 || trace.messageAt('answers', sent) !== message) continue
    const { type, reason } = trace.message(sent)
    return reason === null ? type : `${type} ${reason}`
  }
  return ''
}

function whoOf(trace: Trace, message: number): string {
  if (message < 0) return 'a timer'
  const { type, attempt, logical, id } = trace.message(message)
  return `${type}${attempt > 1 ? ` #${attempt}` : ''}${logical === id ? '' : ', copy'}`
}

/** How long a key still counts at a time: in words, and as a share of its life. */
export function expiryAt(entry: KeyEntry, time: number): { text: string; left: number } | null {
  if (entry.expiresAt === null || entry.createdAt === null || entry.state !== 'held') return null
  const left = entry.expiresAt - time
  if (left <= 0) return { text: `expired ${roughly(-left)} ago`, left: 0 }
  const share = left / (entry.expiresAt - entry.createdAt)
  return { text: `expires in ${roughly(left)}`, left: Math.round(share * 100) }
}

/** Fine enough to be seen counting, coarse enough to be read. Microseconds in. */
function roughly(time: number): string {
  const unit = time < 1_000_000 ? 10_000 : time < 60_000_000 ? 100_000 : time < 3_600_000_000 ? 1_000_000 : 60_000_000
  const rounded = Math.ceil(time / unit) * unit
  if (rounded < 60_000_000 || rounded >= 172_800_000_000) return timeText(rounded)
  const seconds = rounded / 1_000_000
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.ceil(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
