/** One message: what it says, where it has been and what becomes of it. */
import type { Selection } from '../../session/session-types.ts'
import { outcomeWord, roleWord, serviceTitle, timeText, valueText } from '../../trace/describe.ts'
import { positionAtTime } from '../../trace/history.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Message, Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'

const LOOKED_BACK = 200

/** The message to show: the selected one, that of the selected entry, or the one that moved last. */
export function messageShown(trace: Trace, selection: Selection | null, playhead: number): number | undefined {
  if (selection?.type === 'message' && selection.id < trace.messageCount) return selection.id
  const from = selection?.type === 'entry' ? selection.position : playhead - 1
  const until = selection?.type === 'entry' ? from : Math.max(0, from - LOOKED_BACK)
  for (let at = Math.min(from, trace.length - 1); at >= until; at--) {
    const message = trace.at('message', at)
    if (message !== NONE) return message
  }
  return undefined
}

export interface Fact {
  readonly name: string
  readonly value: string
}

export function messageFacts(trace: Trace, message: Message): Fact[] {
  const facts: Fact[] = [
    { name: 'kind', value: kindWords(message) },
    { name: 'route', value: `${serviceTitle(trace, message.from)} → ${serviceTitle(trace, message.to)}` },
  ]
  if (message.reason !== null) facts.push({ name: 'reason', value: message.reason })
  if (message.key !== null) facts.push({ name: 'key', value: message.key })
  facts.push({ name: 'attempt', value: String(message.attempt) })
  facts.push({ name: 'sent', value: timeText(message.departs) })
  return facts
}

function kindWords(message: Message): string {
  const outcome = outcomeWord(message)
  const role = outcome === '' ? roleWord(message) : `${roleWord(message)}, ${outcome}`
  return `${message.compensation ? 'compensating ' : ''}${role}${message.logical === message.id ? '' : ', a copy by the bus'}`
}

export function payloadFacts(message: Message): Fact[] {
  const { payload } = message
  if (payload === null) return []
  if (typeof payload !== 'object' || Array.isArray(payload)) return [{ name: 'payload', value: valueText(payload) }]
  return Object.entries(payload).map(([name, value]) => ({ name, value: valueText(value) }))
}

export type FateTone = 'plain' | 'ok' | 'bad'

/** Where it is at the playhead. */
export function messageFate(
  trace: Trace,
  world: WorldState,
  message: Message,
  positions: readonly number[],
): { text: string; tone: FateTone } {
  const past = positions.filter((position) => position < world.position)
  const first = past[0]
  if (first === undefined) return { text: `not sent yet: leaves at ${timeText(message.departs)}`, tone: 'plain' }
  if (world.deadLetters.has(message.id)) return { text: 'parked as a dead letter', tone: 'bad' }
  const flight = world.flights.get(message.id)
  if (flight === 'in flight') return { text: `on its way, arrives at ${timeText(message.arrives)}`, tone: 'plain' }
  if (flight === 'held') return { text: 'held back by a partition', tone: 'bad' }
  if (flight === 'lost') return { text: `lost: ${lossReason(trace, past)}`, tone: 'bad' }
  const receiver = world.services[message.to]
  const title = serviceTitle(trace, message.to)
  if (receiver?.queue.has(message.id)) return { text: `waits in the queue of ${title}`, tone: 'plain' }
  const phase = receiver?.handling.get(message.id)
  if (phase !== undefined) return { text: `${title} is at it: ${phase}`, tone: 'plain' }
  return settledFate(trace, past, title)
}

function lossReason(trace: Trace, past: readonly number[]): string {
  const drop = past.find((position) => trace.at('kind', position) === Kind.dropped)
  return drop === undefined ? 'on its way' : trace.text(trace.at('a', drop))
}

/** The last word on a message that has left the wire and the handler. */
function settledFate(trace: Trace, past: readonly number[], title: string): { text: string; tone: FateTone } {
  const has = (kind: number) => past.some((position) => trace.at('kind', position) === kind)
  if (has(Kind.deduplicated)) return { text: `turned away by ${title} as a duplicate`, tone: 'ok' }
  if (has(Kind.refused)) return { text: `refused by ${title}`, tone: 'bad' }
  if (has(Kind.failed)) return { text: `failed at ${title}`, tone: 'bad' }
  if (has(Kind.dropped)) return { text: `lost: ${lossReason(trace, past)}`, tone: 'bad' }
  if (has(Kind.acknowledged)) return { text: `handled and acknowledged by ${title}`, tone: 'ok' }
  return { text: `arrived at ${title}`, tone: 'plain' }
}

/** So many entries after a message left are looked through for it. */
const LOOKED_AHEAD = 50_000

/** The entries about a message, from its leaving on. */
export function entriesOf(trace: Trace, message: number): readonly number[] {
  const positions: number[] = []
  const start = positionAtTime(trace, trace.messageAt('departs', message) - 1)
  const end = Math.min(trace.length, start + LOOKED_AHEAD)
  for (let position = start; position < end; position++) {
    if (trace.at('message', position) === message) positions.push(position)
  }
  return positions
}

/** The entry with which a message left; undefined while it has not arrived from the engine. */
function sentAt(trace: Trace, message: number): number | undefined {
  const start = positionAtTime(trace, trace.messageAt('departs', message) - 1)
  for (let position = start; position < Math.min(trace.length, start + LOOKED_AHEAD); position++) {
    if (trace.at('message', position) === message) return position
  }
  return undefined
}

/** The message that led to this one, by the entry it was sent for; undefined for the first of a story. */
export function causeOfMessage(trace: Trace, message: number): number | undefined {
  const sent = sentAt(trace, message)
  if (sent === undefined) return undefined
  for (let at = trace.at('cause', sent); at !== NONE; at = trace.at('cause', at)) {
    const before = trace.at('message', at)
    if (before !== NONE && before !== message) return before
  }
  return undefined
}
