/** How many stretches lie over each pixel, as one outline: what a lane shows when its bars cannot be told apart. */
export class Crowd {
  private readonly changes: Int32Array

  constructor(width: number) {
    this.changes = new Int32Array(Math.max(1, Math.ceil(width)) + 1)
  }

  /** Counts a stretch from pixel x0 to x1; it covers at least one. */
  add(x0: number, x1: number): void {
    const last = this.changes.length - 2
    const first = x0 <= 0 ? 0 : x0 >= last ? last : Math.floor(x0)
    const after = x1 >= last ? last + 1 : Math.max(Math.ceil(x1), first + 1)
    this.changes[first] = (this.changes[first] as number) + 1
    this.changes[after] = (this.changes[after] as number) - 1
  }

  counts(): Int32Array {
    const counts = new Int32Array(this.changes.length - 1)
    let count = 0
    for (let x = 0; x < counts.length; x++) {
      count += this.changes[x] as number
      counts[x] = count
    }
    return counts
  }
}

/** Columns standing on `base`, stacked on `below` (counts), `unit` pixels per count; equal neighbours join. */
export function crowdPath(counts: Int32Array, below: Int32Array | null, base: number, unit: number): string {
  let path = ''
  for (let x = 0; x < counts.length; ) {
    const count = counts[x] as number
    const under = below?.[x] ?? 0
    let end = x + 1
    while (end < counts.length && counts[end] === count && (below?.[end] ?? 0) === under) end++
    if (count > 0) {
      const bottom = round(base - under * unit)
      path += `M${x} ${bottom}H${end}V${round(base - (under + count) * unit)}H${x}Z`
    }
    x = end
  }
  return path
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

export function highest(...layers: readonly Int32Array[]): number {
  let most = 0
  const width = layers[0]?.length ?? 0
  for (let x = 0; x < width; x++) {
    let sum = 0
    for (const layer of layers) sum += layer[x] as number
    if (sum > most) most = sum
  }
  return most
}
