import * as v from 'valibot'
import { countSchema, fields, msSchema, optional, withDefault } from './schema-words.ts'

/** Retry defaults of real systems, read in their own documentation. Times in milliseconds. */
export const retryPresets = {
  /** Temporal activity retry: 1 s, ×2, at most 100 s apart, without end. */
  temporal: { initialMs: 1000, factor: 2, maxMs: 100_000 },
  /** Step Functions `Retry`: 1 s, ×2, three retries. */
  'step functions': { initialMs: 1000, factor: 2, attemptsMax: 4 },
} as const

const policy = fields({
  initialMs: withDefault(msSchema, 1000, 'Wait before the second attempt.'),
  factor: withDefault(
    v.pipe(v.number(), v.minValue(1, 'a factor is at least 1'), v.maxValue(100)),
    2,
    'Each further wait is so many times the last one.',
  ),
  maxMs: optional(msSchema, 'No wait is longer than this.'),
  jitter: withDefault(
    v.picklist(['none', 'full']),
    'none',
    'full: each wait is drawn evenly between 0 and what the policy says, so that many clients do not come back at once.',
  ),
  attemptsMax: optional(countSchema, 'Attempts in all, the first included; without end when absent.'),
})
export const retrySchema = v.union(
  [policy, v.picklist(Object.keys(retryPresets) as (keyof typeof retryPresets)[])],
  `a retry policy {initialMs, factor, maxMs, jitter, attemptsMax}, or one of ${Object.keys(retryPresets).join(', ')}`,
)
