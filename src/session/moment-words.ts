import { timeText } from '../trace/describe.ts'
import type { Session } from './session-types.ts'

/** What is on the screen, in a few words: `variant A · 2 faults · seed 7 · entry 41 at 5.020 s`. */
export function momentWords({ draft, effective, faults, playhead, time }: Session): string {
  const variant = draft?.variant ?? null
  const parts = [
    ...(variant === null ? [] : [`variant ${variant}`]),
    faults.length === 1 ? '1 fault' : `${faults.length} faults`,
    `seed ${effective?.seed ?? 1}`,
    `entry ${playhead} at ${timeText(time)}`,
  ]
  return parts.join(' · ')
}
