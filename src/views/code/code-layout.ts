/** The code beside the stage: which program is at work at the playhead, and at which of its lines each handler is. */
import { serviceTitle, timeText } from '../../trace/describe.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE, type ProgramInfo, type Value } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'
import type { Handlings } from './handlings.ts'
import { linesOf } from './line-of.ts'

export interface Hand {
  readonly message: number
  /** `charge #2 from Client`. */
  readonly label: string
  readonly payload: string
  /** The line of the last thing it did. */
  readonly ran: number
  /** The line at which it stands while time passes; −1 when it goes on at once. */
  readonly stands: number
  /** Until when it stands there, in words; empty when that is not known. */
  readonly until: string
  /** What the last thing it did came to. */
  readonly tone: 'plain' | 'ok' | 'bad'
  /** It is the one the playhead is at. */
  readonly isNow: boolean
}

export interface CodeView {
  readonly program: number
  readonly hands: readonly Hand[]
}

const LOOKED_BACK = 400
const HANDS_MAX = 9

/** The program the playhead is at, or the chosen one, with everybody who is at work in it. */
export function codeAt(
  trace: Trace,
  handlings: Handlings,
  world: WorldState,
  playhead: number,
  chosen: number | null,
): CodeView | null {
  const programs = trace.header.programs ?? []
  if (programs.length === 0) return null
  const focus = focusAt(trace, handlings, programs, playhead)
  const program = chosen ?? focus?.program ?? firstProgram(trace, programs)
  const info = programs[program]
  if (info === undefined) return null
  const busy = [...(world.services[info.service]?.handling.keys() ?? [])].filter((message) =>
    runs(trace, info, message),
  )
  const messages = focus?.program === program && !busy.includes(focus.message) ? [focus.message, ...busy] : busy
  const hands = messages.slice(-HANDS_MAX).map((message) => {
    return handAt(trace, handlings, info, message, playhead, focus?.message === message && focus.isLast)
  })
  return { program, hands }
}

interface Focus {
  readonly program: number
  readonly message: number
  /** The entry just shown is of this very handling. */
  readonly isLast: boolean
}

/** The latest handling before the playhead. */
function focusAt(trace: Trace, handlings: Handlings, programs: readonly ProgramInfo[], playhead: number): Focus | null {
  for (let at = playhead - 1; at >= Math.max(0, playhead - LOOKED_BACK); at--) {
    const message = handlings.handledAt(at)
    if (message === NONE) continue
    const service = trace.at('service', at)
    const program = programs.findIndex((one) => one.service === service && runs(trace, one, message))
    if (program >= 0) return { program, message, isLast: at === playhead - 1 }
  }
  return null
}

function runs(trace: Trace, program: ProgramInfo, message: number): boolean {
  return message !== NONE && program.messages.includes(trace.text(trace.messageAt('type', message)))
}

/** Before anything has happened: whoever will be asked first. */
function firstProgram(trace: Trace, programs: readonly ProgramInfo[]): number {
  for (let at = 0; at < Math.min(trace.length, LOOKED_BACK); at++) {
    if (trace.at('kind', at) !== Kind.received) continue
    const message = trace.at('message', at)
    const found = programs.findIndex((one) => one.service === trace.at('service', at) && runs(trace, one, message))
    if (found >= 0) return found
  }
  return 0
}

function handAt(
  trace: Trace,
  handlings: Handlings,
  program: ProgramInfo,
  message: number,
  playhead: number,
  isNow: boolean,
): Hand {
  const past = handlings.past(message, playhead)
  const lines = linesOf(trace, program, past)
  const ran = lines.findLast((line) => line >= 0) ?? -1
  const last = past.at(-1)
  const next = handlings.next(message, playhead)
  const { stands, until } = standing(trace, program, past, ran, next)
  return {
    message,
    label: labelOf(trace, message),
    payload: payloadText(trace.value(trace.messageAt('payload', message))),
    ran,
    stands,
    until,
    tone: last === undefined ? 'plain' : toneOf(trace.at('kind', last)),
    isNow,
  }
}

/** Where it is while time passes: the line between what it did and what it does next that takes its time. */
function standing(
  trace: Trace,
  program: ProgramInfo,
  past: readonly number[],
  ran: number,
  next: number | undefined,
): { stands: number; until: string } {
  const last = past.at(-1)
  if (last === undefined) return { stands: -1, until: '' }
  const isWaiting = trace.at('kind', last) === Kind.waiting
  if (next === undefined) return { stands: isWaiting ? ran : -1, until: '' }
  if (trace.timeAt(next) === trace.timeAt(last)) return { stands: -1, until: '' }
  const until = timeText(trace.timeAt(next))
  if (isWaiting) return { stands: ran, until }
  const goal = linesOf(trace, program, [...past, next]).at(-1) ?? -1
  const end = goal > ran ? goal : program.lines.length
  const stands = program.lines.findIndex(({ waits }, line) => waits && line >= ran && line <= end)
  return { stands: stands >= 0 ? stands : ran, until }
}

function toneOf(kind: number): Hand['tone'] {
  if (kind === Kind.refused || kind === Kind.failed || kind === Kind.aborted) return 'bad'
  return kind === Kind.deduplicated ? 'ok' : 'plain'
}

function labelOf(trace: Trace, id: number): string {
  const { type, attempt, logical, from } = trace.message(id)
  const copy = logical === id ? '' : ', copy'
  return `${type}${attempt > 1 ? ` #${attempt}` : ''}${copy} from ${serviceTitle(trace, from)}`
}

/** As one would write it down: `{"amount": 100, "idempotencyKey": "abc123"}`. */
export function payloadText(payload: Value): string {
  if (payload === null) return ''
  if (typeof payload !== 'object' || Array.isArray(payload)) return JSON.stringify(payload)
  const fields = Object.entries(payload).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  return fields.length === 0 ? '' : `{${fields.join(', ')}}`
}
