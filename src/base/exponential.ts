/**
 * The natural logarithm as a table, because `Math.log` may differ in its last digit from engine to engine. The table is
 * made by additions, multiplications and divisions alone, which IEEE 754 fixes to the bit, and rounded to integers.
 */
const SEGMENTS = 256
const SEGMENT_BITS = 23
/** Entries and results are whole multiples of 2^−24. */
const SCALE = 2 ** 24
const LN_2 = Math.floor(minusLog(0.5) * SCALE + 0.5)

/** −ln(m) for m = 1/2 … 1, in 257 steps. */
const table = Float64Array.from({ length: SEGMENTS + 1 }, (_, i) =>
  Math.floor(minusLog(0.5 + i / (2 * SEGMENTS)) * SCALE + 0.5),
)

/** −ln(m) for m in [1/2, 1], by the series of 2·artanh((1 − m) / (1 + m)). */
function minusLog(m: number): number {
  const z = (1 - m) / (1 + m)
  let power = z
  let sum = 0
  for (let n = 1; n < 60; n += 2) {
    sum += power / n
    power *= z * z
  }
  return 2 * sum
}

/**
 * A whole number, exponentially distributed with the given mean, from a 32-bit draw: −mean × ln(u), where u is the draw
 * taken as a number in (0, 1]. No result is greater than about 22.2 × mean.
 */
export function exponential(bits: number, mean: number): number {
  const u = bits + 1
  if (u === 2 ** 32) return 0
  // u = m × 2^(32 − shift), with m in [1/2, 1).
  const shift = Math.clz32(u)
  const m = (u << shift) >>> 0
  const segment = (m - 2 ** 31) >>> SEGMENT_BITS
  const low = table[segment] as number
  const high = table[segment + 1] as number
  const within = (m & (2 ** SEGMENT_BITS - 1)) / 2 ** SEGMENT_BITS
  return Math.floor((mean * (shift * LN_2 + low + (high - low) * within)) / SCALE)
}
