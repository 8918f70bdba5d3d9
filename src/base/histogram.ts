/**
 * A histogram of whole numbers with a bounded relative error, as HDR histograms have it: every power of two is cut into
 * 2^precision equal slots, so that memory grows with the logarithm of the largest value. Plain data; integer arithmetic.
 */
export interface Histogram {
  /** A value is kept to one part in 2^precision. */
  readonly precision: number
  counts: Uint32Array
  count: number
  sum: number
  max: number
}

const WORD = 2 ** 32

export function createHistogram(precision: number): Histogram {
  return { precision, counts: new Uint32Array(0), count: 0, sum: 0, max: 0 }
}

/** Counts a value from 0 to 2^53 − 1. */
export function record(histogram: Histogram, value: number): void {
  const slot = slotOf(value, histogram.precision)
  if (slot >= histogram.counts.length) makeRoom(histogram, slot + 1)
  histogram.counts[slot] = (histogram.counts[slot] as number) + 1
  histogram.count++
  histogram.sum += value
  if (value > histogram.max) histogram.max = value
}

/** Adds everything that `other` has counted; both have the same precision. */
export function merge(into: Histogram, other: Histogram): void {
  if (other.counts.length > into.counts.length) makeRoom(into, other.counts.length)
  for (let slot = 0; slot < other.counts.length; slot++) {
    into.counts[slot] = (into.counts[slot] as number) + (other.counts[slot] as number)
  }
  into.count += other.count
  into.sum += other.sum
  into.max = Math.max(into.max, other.max)
}

/** The value that `percent` of all values do not exceed, rounded up within its slot; null when there are none. */
export function percentile(histogram: Histogram, percent: number): number | null {
  const { counts, count, precision, max } = histogram
  if (count === 0) return null
  const wanted = Math.max(1, Math.ceil((count * percent) / 100))
  let seen = 0
  for (let slot = 0; slot < counts.length; slot++) {
    seen += counts[slot] as number
    if (seen >= wanted) return Math.min(max, topOf(slot, precision))
  }
  return max
}

export function mean({ sum, count }: Histogram): number | null {
  return count === 0 ? null : sum / count
}

function slotOf(value: number, precision: number): number {
  if (value < 2 << precision) return value
  // Shifts where they are exact: most values are small.
  if (value < 2 ** 31) {
    const shift = 31 - Math.clz32(value) - precision
    return (shift << precision) + (value >>> shift)
  }
  const exponent = (value < WORD ? 31 - Math.clz32(value) : 63 - Math.clz32(Math.floor(value / WORD))) - precision
  return exponent * 2 ** precision + Math.floor(value / 2 ** exponent)
}

/** The largest value that is counted in this slot. */
function topOf(slot: number, precision: number): number {
  if (slot < 2 ** (precision + 1)) return slot
  const exponent = Math.floor(slot / 2 ** precision) - 1
  return (slot - exponent * 2 ** precision + 1) * 2 ** exponent - 1
}

function makeRoom(histogram: Histogram, slots: number): void {
  const larger = new Uint32Array(Math.max(slots, histogram.counts.length * 2, 64))
  larger.set(histogram.counts)
  histogram.counts = larger
}
