/** How long things take at most, as far as a scenario says it: for settings that are shorter than they must be. */
import { everyStatement } from './every-statement.ts'
import type { Retry, Scenario, Service } from './schema.ts'
import type { DurationInput } from './schema-load.ts'
import { retryPresets } from './schema-retry.ts'

type Policy = { initialMs: number; factor: number; maxMs?: number | undefined; attemptsMax?: number | undefined }

/** From the first attempt to the last, in milliseconds; Infinity when it never ends, 0 without a policy. */
export function retrySpan(retry: Retry | undefined, timeoutMs: number): number {
  if (retry === undefined) return 0
  const policy: Policy = typeof retry === 'string' ? retryPresets[retry] : retry
  if (policy.attemptsMax === undefined) return Number.POSITIVE_INFINITY
  let span = 0
  let wait = policy.initialMs
  for (let attempt = 1; attempt < policy.attemptsMax; attempt++) {
    if (!Number.isFinite(wait) && policy.maxMs === undefined) return Number.POSITIVE_INFINITY
    span += Math.min(wait, policy.maxMs ?? Number.POSITIVE_INFINITY) + timeoutMs
    // Past its ceiling every wait is the same: no need to count to a million.
    if (policy.maxMs !== undefined && wait >= policy.maxMs) {
      return span + (policy.attemptsMax - attempt - 1) * (policy.maxMs + timeoutMs)
    }
    if (policy.factor === 1) return (policy.attemptsMax - 1) * (policy.initialMs + timeoutMs)
    wait *= policy.factor
  }
  return span
}

/** The longest that one handling of the service works, faults that slow it down left out. */
export function longestWork(service: Service): number {
  const works = Object.values(service.operations).map((operation) => {
    const inside = everyStatement(operation.do).reduce((sum, one) => sum + ('work' in one ? one.work : 0), 0)
    return longest(operation.handlerMs ?? service.handlerMs) + inside
  })
  return Math.max(longest(service.handlerMs), ...works)
}

/** An exponential distribution has no longest time; its mean is the least that can be said. */
function longest(time: DurationInput): number {
  if (typeof time === 'number') return time
  return Array.isArray(time) ? Math.max(...time) : time.exponential
}

/** By how much a message can come late because of a fault. */
export function longestDelay({ faults }: Scenario): number {
  const delays = faults.flatMap((fault) => {
    if (!fault.enabled) return []
    if (fault.kind === 'delay' || fault.kind === 'slow') return [fault.byMs]
    if (fault.kind === 'pause') return [fault.forMs]
    if (fault.kind !== 'partition' || fault.mode !== 'buffer' || fault.untilMs === undefined) return []
    return [fault.untilMs - fault.fromMs]
  })
  return Math.max(0, ...delays)
}

/** How long after its first attempt a request or step can still ask this service again, where that has an end. */
export function longestRetry(name: string, { sagas, workload }: Scenario): number {
  const steps = Object.values(sagas).flatMap((saga) =>
    saga.steps.flatMap((step) =>
      step.service === name
        ? [
            retrySpan(step.retry as Retry | undefined, step.timeoutMs ?? 0),
            retrySpan(step.compensationRetry as Retry | undefined, step.compensationTimeoutMs ?? 0),
          ]
        : [],
    ),
  )
  const requests = workload.requests.flatMap((request) =>
    request.to === name ? [retrySpan(request.retry as Retry | undefined, request.timeoutMs ?? 0)] : [],
  )
  return Math.max(0, ...[...steps, ...requests].filter(Number.isFinite))
}

/** How long after the first use of a key a later request of the workload uses it again at this service. */
export function longestReuse(name: string, { workload }: Scenario): number {
  const first = new Map<string, number>()
  let longest = 0
  for (const { to, key, atMs } of workload.requests) {
    if (to !== name || key === undefined) continue
    const known = first.get(key)
    if (known === undefined) first.set(key, atMs)
    else longest = Math.max(longest, atMs - known)
  }
  return longest
}

/** How long after the first delivery the broker can hand a message out again by itself. */
export function longestRedelivery({ bus }: Scenario): number {
  const policy = typeof bus.redelivery === 'object' ? bus.redelivery.delayedMs : []
  const rounds = policy.reduce((sum, wait) => sum + wait, 0)
  const hidden =
    bus.visibilityMs !== undefined && bus.deliveriesMax !== undefined ? bus.visibilityMs * (bus.deliveriesMax - 1) : 0
  return Math.max(rounds, hidden)
}
