/**
 * The states that were seen: 64 bits of hash each, in the order of finding, and an open-addressed index over them.
 * Because states are also expanded in that order, one byte per state (how many new states it led to) is enough to walk
 * back from any state to the beginning. Between 13.7 and 15.6 bytes per state, whatever their number.
 *
 * Two different states can have the same hash, and the second one would be passed over. Among n states that happens
 * somewhere with a probability of at most n² / 2^65: one in 37 million for a million states.
 */
const CHUNK = 1 << 15
const CHUNK_BITS = 15
/** An index entry: the number of the state plus one, and above it a few bits of its hash. */
const NUMBER_BITS = 26
const NUMBER_MASK = 2 ** NUMBER_BITS - 1
const FULL = 0.85
const GROWTH = 1.4
export const STATES_MAX: number = 2 ** NUMBER_BITS - 2

export class Visited {
  count = 0
  private readonly lows: Int32Array[] = []
  private readonly highs: Int32Array[] = []
  private readonly children: Uint8Array[] = []
  /** Where a byte is too small. */
  private readonly many = new Map<number, number>()
  private slots = new Uint32Array(4096)

  /** True when the hash is new. */
  add(low: number, high: number): boolean {
    if (this.count >= this.slots.length * FULL) this.grow()
    const { slots } = this
    const tag = (low >>> NUMBER_BITS) * 2 ** NUMBER_BITS
    let slot = placeOf(high, slots.length)
    for (let entry = slots[slot] as number; entry !== 0; entry = slots[slot] as number) {
      if (entry - (entry & NUMBER_MASK) === tag && this.is((entry & NUMBER_MASK) - 1, low, high)) return false
      if (++slot === slots.length) slot = 0
    }
    slots[slot] = tag + this.count + 1
    this.append(low, high)
    return true
  }

  /** States are expanded in the order in which they were found: this one led to so many new ones. */
  noteChildren(number: number, children: number): void {
    ;(this.children[number >>> CHUNK_BITS] as Uint8Array)[number & (CHUNK - 1)] = Math.min(255, children)
    if (children >= 255) this.many.set(number, children)
  }

  /** The hashes on the way from the beginning (left out) to a state. */
  pathTo(number: number): { low: number; high: number }[] {
    const path: { low: number; high: number }[] = []
    for (let at = number; at > 0; at = this.parentOf(at)) {
      path.push({ low: this.lowOf(at), high: this.highOf(at) })
    }
    return path.reverse()
  }

  /** What it takes, in bytes. */
  get bytes(): number {
    return this.slots.byteLength + this.lows.length * CHUNK * 9 + this.many.size * 16
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
    return this.lowOf(number) === low && this.highOf(number) === high
  }

  private lowOf(number: number): number {
    return (this.lows[number >>> CHUNK_BITS] as Int32Array)[number & (CHUNK - 1)] as number
  }

  private highOf(number: number): number {
    return (this.highs[number >>> CHUNK_BITS] as Int32Array)[number & (CHUNK - 1)] as number
  }

  private append(low: number, high: number): void {
    const number = this.count++
    if ((number & (CHUNK - 1)) === 0) {
      this.lows.push(new Int32Array(CHUNK))
      this.highs.push(new Int32Array(CHUNK))
      this.children.push(new Uint8Array(CHUNK))
    }
    ;(this.lows[number >>> CHUNK_BITS] as Int32Array)[number & (CHUNK - 1)] = low
    ;(this.highs[number >>> CHUNK_BITS] as Int32Array)[number & (CHUNK - 1)] = high
  }

  private grow(): void {
    const slots = new Uint32Array(Math.ceil(this.slots.length * GROWTH))
    for (let number = 0; number < this.count; number++) {
      let slot = placeOf(this.highOf(number), slots.length)
      while (slots[slot] !== 0) if (++slot === slots.length) slot = 0
      slots[slot] = (this.lowOf(number) >>> NUMBER_BITS) * 2 ** NUMBER_BITS + number + 1
    }
    this.slots = slots
  }
}

function placeOf(high: number, size: number): number {
  return Math.floor(((high >>> 0) * size) / 2 ** 32)
}
