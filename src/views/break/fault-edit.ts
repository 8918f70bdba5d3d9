/** Changes to one fault, as values: what the editor does, without the editor. */
import { fail, ok, type Result } from '../../base/result.ts'
import type { FaultInput, FaultKind } from '../../session/session-types.ts'

export type FaultOf<K extends FaultKind> = Extract<FaultInput, { kind: K }>
export type MessageFault = FaultOf<'drop' | 'duplicate' | 'delay'>
export type HandlingFault = FaultOf<'slow' | 'refuse' | 'fail'>
export type Change<F> = (patch: Partial<F>) => void

/** What the language assumes when a field is left out. Left out, it keeps links short. */
const defaults: Readonly<Record<string, unknown>> = {
  enabled: true,
  nth: 1,
  times: 1,
  afterMs: 0,
  copies: 1,
  point: 'on receipt',
  where: 'in transaction',
  fromMs: 0,
  mode: 'buffer',
  direction: 'both',
}

/** The fault with some fields set; undefined and what the language assumes anyway are left out. */
export function patchFault<F extends FaultInput>(fault: F, patch: Partial<F>): F {
  const entries = Object.entries({ ...fault, ...patch })
  return Object.fromEntries(entries.filter(([name, value]) => value !== undefined && value !== defaults[name])) as F
}

/** Count messages (the n-th and so many after it), or let each one meet its fate with a probability. */
export function chooseBy(by: 'count' | 'chance'): Partial<MessageFault> {
  return by === 'chance' ? { probability: 0.5, nth: undefined, times: undefined } : { probability: undefined }
}

/** A crash at a gap of a handler, or at a time; what belongs to the other way goes. */
export function crashWhen(when: 'gap' | 'time', fault: FaultOf<'crash'>): Partial<FaultOf<'crash'>> {
  const atMs = fault.atMs ?? fault.afterMs ?? 0
  if (when === 'gap') return { atMs: undefined, afterMs: atMs }
  const elsewhere = { on: undefined, nth: undefined, point: undefined, afterMs: undefined }
  return { atMs, ...elsewhere, ...(fault.replica === 'at work' ? { replica: 1 } : {}) }
}

export type Side = 'first' | 'second' | 'neither'
type Between = FaultOf<'partition'>['between']

export function sideOf(between: Between, service: string): Side {
  if (between[0].includes(service)) return 'first'
  return between[1].includes(service) ? 'second' : 'neither'
}

/** Moves a service to a side of a partition. Both sides need somebody. */
export function moveToSide(between: Between, service: string, side: Side): Result<Between> {
  const without = (names: readonly string[]) => names.filter((name) => name !== service)
  const first = side === 'first' ? [...without(between[0]), service] : without(between[0])
  const second = side === 'second' ? [...without(between[1]), service] : without(between[1])
  if (first.length > 0 && second.length > 0) return ok([first, second])
  const empty = first.length === 0 ? 'one side' : 'the other side'
  return fail({ path: 'between', message: `Then ${empty} would be empty: put another service there first.` })
}

const nameShape = /^[A-Za-z][\w .-]{0,59}$/
/** A sentence when a text cannot be a reason or a message name. */
export function nameProblem(text: string): string | undefined {
  if (text === '' || nameShape.test(text)) return undefined
  return 'It starts with a letter and has at most 60 letters, digits, spaces, _ . or -'
}
