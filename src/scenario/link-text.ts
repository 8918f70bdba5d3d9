/**
 * JSON text in fewer bytes before it is deflated: frequent phrases become one or two bytes. Deflate would find repeated
 * phrases by itself, but not the first one of each, and a short text is mostly first ones.
 *
 * 20–7E a character as it stands · 80–FE a phrase of the first 127 · 01–1F and a byte: a phrase further down ·
 * FF and two bytes: any other UTF-16 code unit. JSON text has no raw control characters, so nothing is ambiguous.
 */
import { phrases } from './link-words.ts'

const SHORT = 127
const SHORT_BASE = 0x80
const ESCAPE = 0xff
const PAGE = 256

const phrasesByStart = new Map<string, number[]>()
for (const [place, phrase] of phrases.entries()) {
  const start = phrase.slice(0, 2)
  const known = phrasesByStart.get(start)
  if (known === undefined) phrasesByStart.set(start, [place])
  else known.push(place)
}

function costOf(place: number): number {
  return place < SHORT ? 1 : 2
}

function plainCost(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 0x20 && unit < 0x7f ? 1 : 3
}

/** The fewest bytes, found from the end: at each place the best of its phrases or the plain character. */
export function packText(text: string): Uint8Array<ArrayBuffer> {
  const cost = new Uint32Array(text.length + 1)
  const choice = new Int32Array(text.length).fill(-1)
  for (let at = text.length - 1; at >= 0; at--) {
    cost[at] = plainCost(text, at) + (cost[at + 1] as number)
    for (const place of phrasesByStart.get(text.slice(at, at + 2)) ?? []) {
      const phrase = phrases[place] as string
      if (!text.startsWith(phrase, at)) continue
      const whole = costOf(place) + (cost[at + phrase.length] as number)
      if (whole >= (cost[at] as number)) continue
      cost[at] = whole
      choice[at] = place
    }
  }
  return write(text, choice, cost[0] as number)
}

function write(text: string, choice: Int32Array, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let to = 0
  for (let at = 0; at < text.length; ) {
    const place = choice[at] as number
    if (place >= SHORT) {
      bytes[to++] = 1 + Math.floor((place - SHORT) / PAGE)
      bytes[to++] = (place - SHORT) % PAGE
    } else if (place >= 0) {
      bytes[to++] = SHORT_BASE + place
    } else if (plainCost(text, at) === 1) {
      bytes[to++] = text.charCodeAt(at)
    } else {
      bytes[to++] = ESCAPE
      bytes[to++] = text.charCodeAt(at) >> 8
      bytes[to++] = text.charCodeAt(at) & 0xff
    }
    at += place >= 0 ? (phrases[place] as string).length : 1
  }
  return bytes
}

/** The text again. `undefined` for bytes that mean nothing, `too large` once it would exceed `lengthMax`. */
export function unpackText(bytes: Uint8Array, lengthMax: number): string | 'too large' | undefined {
  const parts: string[] = []
  let length = 0
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++] as number
    let part: string | undefined
    if (first === ESCAPE) {
      if (at + 2 > bytes.length) return undefined
      part = String.fromCharCode(((bytes[at++] as number) << 8) | (bytes[at++] as number))
    } else if (first >= SHORT_BASE) {
      part = phrases[first - SHORT_BASE]
    } else if (first >= 0x20) {
      part = String.fromCharCode(first)
    } else if (first > 0 && at < bytes.length) {
      part = phrases[SHORT + (first - 1) * PAGE + (bytes[at++] as number)]
    }
    if (part === undefined) return undefined
    length += part.length
    if (length > lengthMax) return 'too large'
    parts.push(part)
  }
  return parts.join('')
}
