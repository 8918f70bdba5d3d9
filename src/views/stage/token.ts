/** What a message looks like on its way: fixed for the whole run, so it is worked out once per message. */
import { Outcome, type OutcomeCode, Role, type RoleCode } from '../../trace/kinds.ts'
import { eventName } from '../../trace/projection-state.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import type { Span } from './token-motion.ts'

export type Shape = 'command' | 'event' | 'reply'

export interface Token {
  readonly message: number
  readonly shape: Shape
  /** The message's name, with its attempt when it is not the first. */
  readonly label: string
  /** What a reply says beyond its name: the reason of a refusal or error. */
  readonly detail: string
  /** + for success, − for a refusal or an error, empty for what is no answer. */
  readonly sign: '' | '+' | '−'
  /** 0 … 5, or −1 when it belongs to no saga. */
  readonly colour: number
  readonly saga: number
  readonly compensation: boolean
  /** A second copy of the same message. */
  readonly copy: boolean
  readonly from: number
  readonly to: number
  /** Tokens with the same look share their pictures. */
  readonly look: string
  /** Takes no time to travel. */
  readonly instant: boolean
  /** When it travels, in fold seconds. */
  readonly span: Span
}

export interface Fold {
  toFolded(time: number): number
  toTime(seconds: number): number
}

export const SAGA_COLOURS = 6
const DETAIL_MAX = 26

const shapes: Record<RoleCode, Shape> = {
  [Role.command]: 'command',
  [Role.request]: 'command',
  [Role.event]: 'event',
  [Role.reply]: 'reply',
  [Role.response]: 'reply',
}

export function signOf(outcome: OutcomeCode): '' | '+' | '−' {
  if (outcome === Outcome.none) return ''
  return outcome === Outcome.ok ? '+' : '−'
}

export function tokenOf(trace: Trace, fold: Fold, id: number): Token {
  const read = (column: Parameters<Trace['messageAt']>[0]) => trace.messageAt(column, id)
  const saga = read('saga')
  const attempt = read('attempt')
  const departs = read('departs')
  const arrives = read('arrives')
  const reason = read('reason')
  const name = eventName(trace, trace.text(read('type')))
  const label = attempt > 1 ? `${name} #${attempt}` : name
  const shape = shapes[read('role') as RoleCode]
  const sign = signOf(read('outcome') as OutcomeCode)
  const colour = saga === NONE ? NONE : saga % SAGA_COLOURS
  const compensation = read('compensation') === 1
  const copy = read('logical') !== id
  return {
    message: id,
    shape,
    label,
    detail: reason === NONE ? '' : shortened(trace.text(reason)),
    sign,
    colour,
    saga,
    compensation,
    copy,
    look: [shape, sign, colour, compensation, copy, shape === 'command' ? label : ''].join('|'),
    from: read('from'),
    to: read('to'),
    instant: arrives === departs,
    span: { start: fold.toFolded(departs), end: arrives === Infinity ? Infinity : fold.toFolded(arrives) },
  }
}

function shortened(text: string): string {
  return text.length <= DETAIL_MAX ? text : `${text.slice(0, DETAIL_MAX - 1)}…`
}

const CACHE_MAX = 50_000

/** Tokens by message, remembered as long as trace and fold stay the same. */
export class TokenCache {
  private readonly trace: Trace
  private readonly fold: Fold
  private readonly known = new Map<number, Token>()

  constructor(trace: Trace, fold: Fold) {
    this.trace = trace
    this.fold = fold
  }

  serves(trace: Trace, fold: Fold): boolean {
    return this.trace === trace && this.fold === fold
  }

  get(id: number): Token {
    let token = this.known.get(id)
    if (token === undefined) {
      if (this.known.size >= CACHE_MAX) this.known.clear()
      token = tokenOf(this.trace, this.fold, id)
      this.known.set(id, token)
    }
    return token
  }
}
