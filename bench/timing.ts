/** Rates by the median of several rounds, so that one slow moment of the machine does not decide. */
export interface Rate {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Runs `round` (which returns how many things it did) for a while and returns things per second. */
export function rate(round: () => number, rounds = 7, warmUps = 2): Rate {
  const rates: number[] = []
  for (let i = -warmUps; i < rounds; i++) {
    const start = performance.now()
    const done = round()
    const seconds = (performance.now() - start) / 1000
    if (i >= 0) rates.push(done / seconds)
  }
  rates.sort((a, b) => a - b)
  return { median: rates[rates.length >> 1] as number, min: rates[0] as number, max: rates.at(-1) as number }
}

/** The p-th quantile (0…1) of unsorted values. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] as number
}
