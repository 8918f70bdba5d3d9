import type { RetryModel } from '../kernel/model.ts'
import { us } from './compile-faults.ts'
import type { Retry } from './schema.ts'
import { retryPresets } from './schema-retry.ts'

export function compileRetry(retry: Retry | undefined): RetryModel {
  if (retry === undefined) {
    return { initial: 0, factor: 1, max: Number.POSITIVE_INFINITY, attemptsMax: 1, jitter: false }
  }
  const policy: {
    initialMs: number
    factor: number
    maxMs?: number | undefined
    attemptsMax?: number | undefined
    jitter?: string
  } = typeof retry === 'string' ? retryPresets[retry] : retry
  return {
    initial: us(policy.initialMs),
    factor: policy.factor,
    max: policy.maxMs === undefined ? Number.POSITIVE_INFINITY : us(policy.maxMs),
    attemptsMax: policy.attemptsMax ?? Number.POSITIVE_INFINITY,
    jitter: policy.jitter === 'full',
  }
}
