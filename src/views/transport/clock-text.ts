/** A running clock's text: one unit and a fixed number of decimals for a whole run, so that nothing jumps. */
interface Unit {
  readonly name: string
  /** Microseconds. */
  readonly length: number
  readonly decimals: number
}

const MS = 1000
const SECOND = 1000 * MS
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

function unitFor(total: number): Unit {
  if (total < SECOND) return { name: 'ms', length: MS, decimals: total < 100 * MS ? 2 : 1 }
  if (total < 10 * MINUTE) return { name: 's', length: SECOND, decimals: 3 }
  if (total < 2 * HOUR) return { name: 'min', length: MINUTE, decimals: 3 }
  return total < 2 * DAY ? { name: 'h', length: HOUR, decimals: 3 } : { name: 'd', length: DAY, decimals: 3 }
}

/** `5.020 s` in a run of five seconds, `20.10 ms` in one of sixty milliseconds. Microseconds in. */
export function clockText(time: number, total: number): string {
  const { name, length, decimals } = unitFor(total)
  return `${(time / length).toFixed(decimals)} ${name}`
}
