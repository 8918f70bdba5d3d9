/**
 * The hash of a state: the sum of one 64-bit number for each thing in it (the faults left, each part's local state, each
 * message under way). A step changes a few of them, so its hash follows from the one before by a few additions. Both
 * halves are sums of well mixed 32-bit numbers, made with different constants.
 */

/** First half of what one thing adds. `where`: −1 the faults left, otherwise the part; messages are elsewhere still. */
export function lowOf(where: number, what: number): number {
  return mixLow((mixLow((where + 0x51ed2701) | 0) ^ what) | 0)
}

export function highOf(where: number, what: number): number {
  return mixHigh((mixHigh((where + 0x2c1b3c6d) | 0) ^ what) | 0)
}

/** Numbers in the place of a part: the faults left, and messages by their place in a lane that keeps its order. */
export const LEFT = -1
export const UNDERWAY: number = 1 << 20

function mixLow(value: number): number {
  let h = value ^ (value >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function mixHigh(value: number): number {
  let h = value ^ (value >>> 15)
  h = Math.imul(h, 0x2c1b3c6d)
  h ^= h >>> 12
  h = Math.imul(h, 0x297a2d39)
  return h ^ (h >>> 15)
}
