/**
 * A stream of requests: when the n-th comes, what it says, whether it comes again. Everything is a function of the seed,
 * the stream's name and n, so nothing has to be kept and nothing has to be made before its time.
 */
import { exponential } from '../base/exponential.ts'
import { draw, drawWithin, mix } from '../base/hash.ts'
import { drawnDuration, leastDuration } from '../kernel/duration.ts'
import type { Duration, Payload, RetryModel } from '../kernel/model.ts'
import type { Value } from '../trace/trace-format.ts'

/** Times of a stream are counted in 256ths of a microsecond, so that rounding does not change its rate. */
export const PARTS = 256

/** A text with places for numbers; `of` 0 is the running number itself. */
export type TextPart = string | { readonly of: number; readonly drawn: boolean }
export type Template = readonly TextPart[]

export type FieldModel =
  | { readonly name: string; readonly is: 'constant'; readonly value: Value }
  | { readonly name: string; readonly is: 'text'; readonly template: Template }
  | { readonly name: string; readonly is: 'between'; readonly from: number; readonly to: number }

export interface RepeatModel {
  /** Of 2^32. */
  readonly threshold: number
  readonly after: Duration
  /** Comes when so many further requests have come; 0 for after a time. */
  readonly afterRequests: number
  readonly freshKey: boolean
}

export interface StreamModel {
  readonly name: string
  /** Hash of the name: whose draws they are. */
  readonly entity: number
  readonly to: number
  readonly type: number
  /** Starts a saga: nobody answers. */
  readonly isStart: boolean
  readonly spacing: 'even' | 'exponential' | 'bursts'
  /** Mean time between two, in parts of a microsecond. */
  readonly every: number
  readonly burst: number
  readonly from: number
  readonly until: number
  readonly count: number
  readonly fields: readonly FieldModel[]
  readonly key: Template | null
  readonly group: Template | null
  readonly timeout: number
  readonly retry: RetryModel
  readonly keys: 'same' | 'fresh' | 'none'
  readonly proxy: { readonly timeout: number; readonly attemptsMax: number } | null
  readonly repeats: readonly RepeatModel[]
  /** Number of its first request; those of one request and its repeats follow each other. */
  readonly base: number
}

const GAP_DRAW = 0x676170
const SHARE_DRAW = 0x73686172
const DELAY_DRAW = 0x64656c61
const FIELD_DRAW = 0x66696c64

/** When the first comes, in parts. */
export function firstTime(stream: StreamModel, seed: number): number {
  return stream.from * PARTS + (stream.spacing === 'exponential' ? gap(stream, seed, 0) : 0)
}

/** When request n comes, n > 0, in parts; `last` is the time of the one before. */
export function nextTime(stream: StreamModel, seed: number, n: number, last: number): number {
  const { spacing, every, burst, from } = stream
  if (spacing === 'exponential') return last + gap(stream, seed, n)
  const place = spacing === 'bursts' ? n - (n % burst) : n
  return from * PARTS + Math.floor(place * every)
}

function gap({ entity, every }: StreamModel, seed: number, n: number): number {
  return exponential(draw(seed, GAP_DRAW, entity, n), every)
}

export function comesAgain({ entity }: StreamModel, repeat: RepeatModel, k: number, seed: number, n: number): boolean {
  return draw(seed, SHARE_DRAW, mix(entity, k), n) < repeat.threshold
}

/** How much later than the earliest possible time a repeat comes, microseconds. */
export function extraDelay(
  { entity }: StreamModel,
  { after }: RepeatModel,
  k: number,
  seed: number,
  n: number,
): number {
  if (typeof after === 'number') return 0
  return drawnDuration(after, draw(seed, DELAY_DRAW, mix(entity, k), n)) - leastDuration(after)
}

export function payloadOf(stream: StreamModel, seed: number, n: number): Payload {
  const payload: Record<string, Value> = {}
  const { fields, entity } = stream
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as FieldModel
    if (field.is === 'constant') payload[field.name] = field.value
    else if (field.is === 'text') payload[field.name] = textOf(field.template, mix(entity, i), seed, n)
    else payload[field.name] = drawWithin(draw(seed, FIELD_DRAW, mix(entity, i), n), field.from, field.to)
  }
  return payload
}

export function textOf(template: Template, entity: number, seed: number, n: number): string {
  let text = ''
  for (let i = 0; i < template.length; i++) {
    const part = template[i] as TextPart
    if (typeof part === 'string') text += part
    else if (part.of === 0) text += n + 1
    else if (part.drawn) text += drawWithin(draw(seed, FIELD_DRAW, mix(entity, i + 1), n), 1, part.of)
    else text += (n % part.of) + 1
  }
  return text
}

/** `o#`, `c#%10`, `c#?10`. */
export function parseTemplate(text: string): Template {
  const parts: TextPart[] = []
  let last = 0
  for (const found of text.matchAll(/#(?:([%?])(\d{1,9}))?/g)) {
    if (found.index > last) parts.push(text.slice(last, found.index))
    parts.push({ of: found[2] === undefined ? 0 : Math.max(1, Number(found[2])), drawn: found[1] === '?' })
    last = found.index + found[0].length
  }
  if (last < text.length || parts.length === 0) parts.push(text.slice(last))
  return parts
}
