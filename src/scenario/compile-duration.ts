/** How long something takes: from what the scenario says to what the engine draws from. */
import type { Duration } from '../kernel/model.ts'
import { us } from './compile-faults.ts'
import type { DurationInput } from './schema-load.ts'

export function compileDuration(ms: DurationInput): Duration {
  if (typeof ms === 'number') return us(ms)
  if (!Array.isArray(ms)) return { mean: us(ms.exponential) }
  const [from, to] = [us(Math.min(...ms)), us(Math.max(...ms))]
  return from === to ? from : { from, to }
}
