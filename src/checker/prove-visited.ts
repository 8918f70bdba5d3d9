/**
 * The states that were seen: 64 bits of hash each, in the order of finding, and an open-addressed index over them.
 * Because states are also expanded in that order, one byte per state (how many new states it led to) is enough to walk
 * back from any state to the beginning. Between 13.7 and 15.6 bytes per state once there are many.
 *
 * Two different states can have the same hash, and the second one would be passed over. Among n states that happens
 * somewhere with a probability of at most n² / 2^65: one in 37 million for a million states.
 */
const CHUNK_BITS = 15
const CHUNK = 1 << CHUNK_BITS
/** An index entry: the number of the state plus one, and above it a few bits of its hash. */
const NUMBER_BITS = 26
const NUMBER_MASK = 2 ** NUMBER_BITS - 1
/** The index is many small ones: each grows alone and stays in the processor's cache while it does. */
const SEGMENT_BITS = 6
const SEGMENTS = 1 << SEGMENT_BITS
const SEGMENT_FIRST = 64
const FULL = 0.85
const GROWTH = 1.4
export const STATES_MAX: number = 2 ** NUMBER_BITS - 2

export class Visited {
  count = 0
  /** Low and high half of each hash, side by side. */
  private readonly hashes: Int32Array[] = []
  private readonly children: Uint8Array[] = []
  /** Where a byte is too small. */
  private readonly many = new Map<number, number>()
  private readonly segments = Array.from({ length: SEGMENTS }, () => new Uint32Array(SEGMENT_FIRST))
  private readonly sizes = new Int32Array(SEGMENTS)

  /** True when the hash is new. */
  add(low: number, high: number): boolean {
    const segment = low & (SEGMENTS - 1)
    const slots = this.segments[segment] as Uint32Array
    const size = slots.length
    const tag = low >>> NUMBER_BITS
    let slot = placeOf(high, size)
    for (let entry = slots[slot] as number; entry !== 0; entry = slots[slot] as number) {
      if (entry >>> NUMBER_BITS === tag && this.is((entry & NUMBER_MASK) - 1, low, high)) return false
      if (++slot === size) slot = 0
    }
    slots[slot] = ((tag << NUMBER_BITS) | (this.count + 1)) >>> 0
    this.append(low, high)
    const filled = (this.sizes[segment] as number) + 1
    this.sizes[segment] = filled
    if (filled >= size * FULL) this.grow(segment)
    return true
  }

  /** States are expanded in the order in which they were found: this one led to so many new ones. */
  noteChildren(number: number, children: number): void {
    ;(this.children[number >>> CHUNK_BITS] as Uint8Array)[number & (CHUNK - 1)] = children < 255 ? children : 255
    if (children >= 255) this.many.set(number, children)
  }

  /** The hashes on the way from the beginning (left out) to a state. */
  pathTo(number: number): { low: number; high: number }[] {
    const path: { low: number; high: number }[] = []
    for (let at = number; at > 0; at = this.parentOf(at)) {
      path.push({ low: this.half(at, 0), high: this.half(at, 1) })
    }
    return path.reverse()
  }

  /** What it takes, in bytes. */
  get bytes(): number {
    let slots = 0
    for (const segment of this.segments) slots += segment.byteLength
    return slots + this.hashes.length * CHUNK * 9 + this.many.size * 16
  }

  private parentOf(number: number): number {
    let next = 1
    for (let parent = 0; ; parent++) {
      const byte = (this.children[parent >>> CHUNK_BITS] as Uint8Array)[parent & (CHUNK - 1)] as number
      next += byte === 255 ? (this.many.get(parent) ?? 255) : byte
      if (number < next) return parent
    }
  }

  private is(number: number, low: number, high: number): boolean {
    const hashes = this.hashes[number >>> CHUNK_BITS] as Int32Array
    const at = (number & (CHUNK - 1)) * 2
    return hashes[at] === low && hashes[at + 1] === high
  }

  private half(number: number, which: number): number {
    return (this.hashes[number >>> CHUNK_BITS] as Int32Array)[(number & (CHUNK - 1)) * 2 + which] as number
  }

  private append(low: number, high: number): void {
    const number = this.count++
    if ((number & (CHUNK - 1)) === 0) {
      this.hashes.push(new Int32Array(CHUNK * 2))
      this.children.push(new Uint8Array(CHUNK))
    }
    const hashes = this.hashes[number >>> CHUNK_BITS] as Int32Array
    const at = (number & (CHUNK - 1)) * 2
    hashes[at] = low
    hashes[at + 1] = high
  }

  private grow(segment: number): void {
    const old = this.segments[segment] as Uint32Array
    const slots = new Uint32Array(Math.ceil(old.length * GROWTH))
    for (let i = 0; i < old.length; i++) {
      const entry = old[i] as number
      if (entry === 0) continue
      let slot = placeOf(this.half((entry & NUMBER_MASK) - 1, 1), slots.length)
      while (slots[slot] !== 0) if (++slot === slots.length) slot = 0
      slots[slot] = entry
    }
    this.segments[segment] = slots
  }
}

function placeOf(high: number, size: number): number {
  return Math.floor(((high >>> 0) * size) / 2 ** 32)
}
