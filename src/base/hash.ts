/**
 * Integer hashing and counter-based draws. A draw is a function of (seed, what for, which entity, n-th), never of how
 * many draws came before, so that adding a fault to a run changes only what the fault causes.
 * 32-bit integer arithmetic only: the same in every engine.
 */
export function mix(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x9e3779b1)
  h ^= h >>> 15
  h = Math.imul(h, 0x85ebca6b)
  return h ^ (h >>> 13)
}

/** Hash of a text by its UTF-16 code units. */
export function hashText(text: string, start = 0x811c9dc5): number {
  let h = start
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix(h, text.length)
}

/** The hash of a text that is told piece by piece: what `hashText` gives for all of them put together. */
export class TextHash {
  private h = 0x811c9dc5
  private length = 0

  add(text: string): void {
    let { h } = this
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
    this.h = h
    this.length += text.length
  }

  /** The value as JSON. Most texts need nothing but their quotes, and then no other text is made of them. */
  addJson(value: unknown): void {
    if (typeof value !== 'string' || !this.addPlain(value)) this.add(String(JSON.stringify(value)))
  }

  private addPlain(text: string): boolean {
    let h = Math.imul(this.h ^ QUOTE, 0x01000193)
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit < 0x20 || unit === QUOTE || unit === BACKSLASH || unit >= 0xd800) return false
      h = Math.imul(h ^ unit, 0x01000193)
    }
    this.h = Math.imul(h ^ QUOTE, 0x01000193)
    this.length += text.length + 2
    return true
  }

  /** Eight hex digits. */
  get hex(): string {
    const hash = mix(this.h, this.length)
    return (
      (hexBytes[hash >>> 24] as string) +
      hexBytes[(hash >>> 16) & 255] +
      hexBytes[(hash >>> 8) & 255] +
      hexBytes[hash & 255]
    )
  }
}
const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** A whole number in [0, 2^32) for (seed, purpose, entity, n). */
export function draw(seed: number, purpose: number, entity: number, n: number): number {
  return mix(mix(mix(mix(0x243f6a88, seed), purpose), entity), n) >>> 0
}

/** A whole number in [from, to], both ends included, from a 32-bit draw. Spans above 2^32 are not supported. */
export function drawWithin(bits: number, from: number, to: number): number {
  const span = to - from + 1
  // Multiply-shift by halves: 32 × 32 bits would not fit a double exactly.
  const high = Math.floor(((bits >>> 16) * span) / 65536)
  const low = ((bits >>> 16) * span) % 65536
  return from + high + Math.floor((low + ((bits & 0xffff) * span) / 65536) / 65536)
}

/** Two independent 32-bit lanes over a stream of words, printed as 16 hex digits. */
export class Fingerprint {
  private first = 0x6a09e667
  private second = 0xbb67ae85

  words(words: Int32Array): void {
    let a = this.first
    let b = this.second
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as number
      a = Math.imul(a ^ word, 0x9e3779b1)
      a ^= a >>> 15
      b = Math.imul(b + word, 0xc2b2ae35)
      b ^= b >>> 16
    }
    this.first = a
    this.second = b
  }

  text(text: string): void {
    this.first = hashText(text, this.first)
    this.second = hashText(text, this.second)
  }

  hex(): string {
    const part = (n: number) => (n >>> 0).toString(16).padStart(8, '0')
    return part(this.first) + part(this.second)
  }
}
