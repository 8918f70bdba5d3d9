/** What one service's settings say against each other, and against the bus and the workload. */
import type { Problem } from '../base/result.ts'
import { everyStatement } from './every-statement.ts'
import type { Scenario, Service } from './schema.ts'
import type { LockStatement } from './statement-types.ts'
import { longestDelay, longestRedelivery, longestRetry, longestReuse, longestWork } from './warnings-times.ts'

export function serviceWarnings(name: string, service: Service, path: string, scenario: Scenario): Problem[] {
  const warnings: Problem[] = []
  const warn = (field: string, message: string) => warnings.push({ path: `${path}.${field}`, message })
  tombstone(service, scenario, warn)
  visibility(service, scenario, warn)
  retention(name, service, scenario, warn)
  takeOver(service, warn)
  acknowledgement(service, scenario, warn)
  return warnings
}

type Warn = (field: string, message: string) => void

function tombstone({ protections }: Service, scenario: Scenario, warn: Warn): void {
  const lifetime = protections.fence?.lifetimeMs
  const delay = longestDelay(scenario)
  if (lifetime === undefined || lifetime >= delay) return
  warn(
    'protections.fence.lifetimeMs',
    `a tombstone of ${lifetime} ms is shorter than the longest delay, ${delay} ms: a late message can come after it`,
  )
}

function visibility(service: Service, { bus }: Scenario, warn: Warn): void {
  const work = longestWork(service)
  if (bus.visibilityMs === undefined || bus.visibilityMs >= work || service.heartbeat) return
  warn(
    'handlerMs',
    `the work takes ${work} ms and the visibility time-out is ${bus.visibilityMs} ms: every message is handed out again while it is being handled`,
  )
}

function retention(name: string, { protections }: Service, scenario: Scenario, warn: Warn): void {
  const { idempotencyKey, inbox } = protections
  const kept = idempotencyKey?.retentionMs
  const asked = Math.max(longestRetry(name, scenario), longestReuse(name, scenario))
  if (kept !== undefined && kept < asked) {
    warn(
      'protections.idempotencyKey.retentionMs',
      `a key is kept for ${kept} ms, and ${asked} ms after the first request the same key can come again: then it is done twice`,
    )
  }
  const again = Math.max(longestRedelivery(scenario), inbox?.by === 'business key' ? asked : 0)
  if (inbox?.retentionMs !== undefined && inbox.retentionMs < again) {
    warn(
      'protections.inbox.retentionMs',
      `a message is remembered for ${inbox.retentionMs} ms, and can be handed out again after ${again} ms: then it is done twice`,
    )
  }
}

/** Work that lasts longer than somebody is allowed to hold the right to do it. */
function takeOver(service: Service, warn: Warn): void {
  const { idempotencyKey } = service.protections
  const work = longestWork(service)
  const lockTimeout = idempotencyKey?.lockTimeoutMs
  if (lockTimeout !== undefined && lockTimeout < work) {
    warn(
      'protections.idempotencyKey.lockTimeoutMs',
      `a claim may be taken over after ${lockTimeout} ms, and the work takes ${work} ms: two can be at it at once`,
    )
  }
  for (const [name, operation] of Object.entries(service.operations)) {
    const statements = everyStatement(operation.do)
    const lock = statements.findIndex((one) => 'timeToLiveMs' in one && one.timeToLiveMs !== undefined)
    if (lock < 0) continue
    const after = statements.slice(lock + 1).reduce((sum, one) => sum + ('work' in one ? one.work : 0), 0)
    const { timeToLiveMs } = statements[lock] as LockStatement & { timeToLiveMs: number }
    if (timeToLiveMs < after) {
      warn(
        `operations.${name}.do`,
        `the lock lives for ${timeToLiveMs} ms, and the work under it takes ${after} ms: it expires while it is needed`,
      )
    }
  }
}

function acknowledgement(service: Service, { bus }: Scenario, warn: Warn): void {
  if (service.acknowledge === 'first' && service.onError === 'redeliver') {
    warn('onError', 'a message that was acknowledged on receipt is not the broker’s any more: it cannot be redelivered')
  }
  if (service.heartbeat && bus.visibilityMs === undefined) {
    warn('heartbeat', 'there is no visibility time-out that a heartbeat could extend (bus.visibilityMs)')
  }
}
