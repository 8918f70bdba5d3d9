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
  return summary(rates)
}

/** Two rounds in turn, A B A B …, and the ratio of their rates pair by pair: holds when the machine's speed drifts. */
export function compare(a: () => number, b: () => number, pairs = 9, warmUps = 2): { a: Rate; b: Rate; ratio: Rate } {
  const once = (round: () => number) => {
    const start = performance.now()
    const done = round()
    return done / ((performance.now() - start) / 1000)
  }
  const rates: [number, number][] = []
  for (let i = -warmUps; i < pairs; i++) {
    const pair: [number, number] = [once(a), once(b)]
    if (i >= 0) rates.push(pair)
  }
  return {
    a: summary(rates.map(([first]) => first)),
    b: summary(rates.map(([, second]) => second)),
    ratio: summary(rates.map(([first, second]) => first / second)),
  }
}

function summary(values: number[]): Rate {
  values.sort((x, y) => x - y)
  return { median: values[values.length >> 1] as number, min: values[0] as number, max: values.at(-1) as number }
}

/** The p-th quantile (0…1) of unsorted values. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] as number
}
