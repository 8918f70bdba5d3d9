/**
 * Effects that happened again: a second committed change of the same kind for one saga step, one message, one key or
 * one and the same request. Worked out from row changes and what messages say; no scenario names its duplicates.
 */
import { valueText } from '../../trace/describe.ts'
import { Kind, Role } from '../../trace/kinds.ts'
import type { RowChange, Trace } from '../../trace/trace.ts'
import { NONE, type Value } from '../../trace/trace-format.ts'

export interface SecondEffect {
  /** The row change that made it visible. */
  readonly position: number
  readonly service: number
  readonly message: number
  /** How often it has happened by now: 2 for the second time. */
  readonly count: number
  /** `second charge`. */
  readonly title: string
  /** What it changed once more: `balance −100`, `+ ledger row`. */
  cost: string
}

interface Handling {
  readonly received: number
  readonly intents: readonly string[]
  /** The effect found in this handling: further changes of it add to its cost. */
  found: SecondEffect | null
}

/** How often an intent has had one kind of effect, and in which handling last. */
interface Seen {
  count: number
  received: number
}

export class SecondEffects {
  /** In order of their positions. */
  readonly all: SecondEffect[] = []
  private readonly trace: Trace
  private read = 0
  /** By message and process. */
  private readonly handlings = new Map<number, Handling>()
  private readonly seen = new Map<string, Map<string, Seen>>()

  constructor(trace: Trace) {
    this.trace = trace
  }

  grow(): this {
    const { trace } = this
    for (; this.read < trace.length; this.read++) {
      const kind = trace.at('kind', this.read)
      if (kind === Kind.received) this.receive(this.read)
      else if (kind === Kind.rowChanged) this.change(this.read)
    }
    return this
  }

  /** The latest one at a service before the playhead. */
  latest(service: number, playhead: number): SecondEffect | undefined {
    return this.all.findLast((one) => one.service === service && one.position < playhead)
  }

  private receive(position: number): void {
    const { header } = this.trace
    const message = this.trace.at('message', position)
    const process = this.trace.at('service', position)
    const service = header.services[process]?.instanceOf ?? process
    const handling = this.place(message, process)
    const intents = this.handlings.get(handling)?.intents ?? intentsOf(this.trace, message, service)
    this.handlings.set(handling, { received: position, intents, found: null })
  }

  private change(position: number): void {
    const { trace } = this
    const message = trace.at('message', position)
    const handling = this.handlings.get(this.place(message, trace.at('service', position)))
    if (handling === undefined) return
    const change = trace.change(trace.at('a', position))
    const effect = effectOf(trace, change)
    if (effect === null) return
    if (trace.messageAt('saga', message) !== NONE) this.undo(message, handling)
    let count = 0
    for (const intent of handling.intents) count = Math.max(count, this.count(intent, effect, handling.received))
    if (count < 2) return
    const cost = costOf(trace, change)
    if (handling.found !== null) {
      if (cost !== '') handling.found.cost = joined(handling.found.cost, cost)
      return
    }
    const title = `${ordinal(count)} ${trace.text(trace.messageAt('type', message))}`
    handling.found = { position, service: trace.at('service', position), message, count, title, cost }
    this.all.push(handling.found)
  }

  /** Two processes of a service can be at the same message at the same time. */
  private place(message: number, process: number): number {
    return message * this.trace.header.services.length + process
  }

  private count(intent: string, effect: string, received: number): number {
    let effects = this.seen.get(intent)
    if (effects === undefined) {
      effects = new Map()
      this.seen.set(intent, effects)
    }
    const seen = effects.get(effect)
    if (seen === undefined) effects.set(effect, { count: 1, received })
    else if (seen.received !== received) {
      seen.count++
      seen.received = received
    }
    return effects.get(effect)?.count ?? 0
  }

  /** A step that was undone may be done again, and the other way round. */
  private undo(message: number, handling: Handling): void {
    const other = stepIntent(this.trace, message, this.trace.messageAt('compensation', message) === 0)
    if (other !== null && !handling.intents.includes(other)) this.seen.delete(other)
  }
}

function stepIntent(trace: Trace, message: number, compensation: boolean): string | null {
  const [saga, step, role] = [
    trace.messageAt('saga', message),
    trace.messageAt('step', message),
    trace.messageAt('role', message),
  ]
  if (saga === NONE || step === NONE || role === Role.reply) return null
  return `step ${saga} ${step} ${compensation ? 'undo' : 'do'}`
}

/** What a message is about, in every way in which a second one can be recognised as the same. */
function intentsOf(trace: Trace, id: number, service: number): string[] {
  const at = (column: Parameters<Trace['messageAt']>[0]) => trace.messageAt(column, id)
  const step = stepIntent(trace, id, at('compensation') === 1)
  if (step !== null) return [step]
  const here = `${service} ${at('type')}`
  // An answer is about the saga it comes back to: only the very same one is the same.
  if (at('role') === Role.reply) return [`copy ${here} ${at('logical')}`]
  const intents = [`copy ${here} ${at('logical')}`]
  const key = at('key')
  if (key !== NONE) intents.push(`key ${here} ${key}`)
  const payload = trace.value(at('payload'))
  if (!isTelling(payload)) return intents
  const content = JSON.stringify(payload)
  // Whoever brings another key says that it is another request; a further attempt with a fresh key is none.
  return [...intents, `same ${here} ${firstKey(trace, id)} ${content}`]
}

/** The key of the first attempt: further ones may have got it with their number behind it. */
function firstKey(trace: Trace, id: number): string {
  const key = trace.text(trace.messageAt('key', id))
  const number = `-${trace.messageAt('attempt', id)}`
  return key.endsWith(number) ? key.slice(0, -number.length) : key
}

/** It says whom or what it is about: two of the kind `{}` or `{"amount": 1}` may well be two requests. */
function isTelling(payload: Value): boolean {
  return (
    typeof payload === 'object' && payload !== null && Object.values(payload).some((value) => typeof value === 'string')
  )
}

/** Which kind of change it is; null for what protections keep and for a change that changes nothing. */
function effectOf({ header }: Trace, { table, before, after }: RowChange): string | null {
  const info = header.tables[table]
  if (info === undefined || info.system) return null
  if (before === null) return `${table} insert`
  if (after === null) return `${table} delete`
  const changed = info.columns.filter((_, i) => before[i] !== after[i])
  return changed.length === 0 ? null : `${table} ${changed.join(' ')}`
}

/** `balance −100`; a new row counts as such. */
function costOf({ header }: Trace, { table, before, after }: RowChange): string {
  const info = header.tables[table]
  if (info === undefined || after === null) return ''
  if (before === null) return `+ ${info.name} row`
  const parts = info.columns.flatMap((column, i) => {
    const [was, now] = [before[i], after[i]]
    if (typeof was === 'number' && typeof now === 'number' && was !== now) return [`${column} ${signed(now - was)}`]
    return []
  })
  return parts.join(', ')
}

/** Numbers tell what it cost; rows only where no number does. */
function joined(known: string, more: string): string {
  if (known === '' || (known.startsWith('+ ') && !more.startsWith('+ '))) return more
  return more.startsWith('+ ') || known.includes(more) ? known : `${known}, ${more}`
}

function signed(value: number): string {
  return value < 0 ? `−${valueText(-value)}` : `+${valueText(value)}`
}

function ordinal(count: number): string {
  return ['second', 'third', 'fourth', 'fifth'][count - 2] ?? `${count}th`
}

const known = new WeakMap<Trace, SecondEffects>()

export function secondEffectsOf(trace: Trace): SecondEffects {
  let effects = known.get(trace)
  if (effects === undefined) {
    effects = new SecondEffects(trace)
    known.set(trace, effects)
  }
  return effects.grow()
}
