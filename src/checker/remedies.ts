/**
 * What could have prevented it: every protection of the language that a scenario does without, each as a patch and a few
 * words; and the scenario's own other variants. Nothing here knows which one helps: that is found by trying.
 */
import type { Saga, Scenario, ScenarioInput, Service, Step } from '../scenario/schema.ts'

export type Patch = Readonly<Record<string, unknown>>

export interface Remedy {
  /** As it is said after "with": `an idempotency key on Payment`. */
  readonly title: string
  /** What it is made of, so that two remedies of one kind are known as such. */
  readonly kind: string
  readonly patch: Patch
  /** The name of the variant it is, when it is one. */
  readonly variant?: string
}

/** The simplest first: one switch on one service, a setting of a saga, the same on all services, a variant. */
export function remediesFor(input: ScenarioInput, scenario: Scenario, without: string | null): Remedy[] {
  const services = Object.entries(scenario.services).filter(([, { operations }]) => Object.keys(operations).length > 0)
  const single = services.flatMap(([name, service]) => serviceRemedies(name, service))
  const sagas = Object.entries(scenario.sagas).flatMap(([name, saga]) => sagaRemedies(name, saga))
  return [
    ...single,
    ...sagas,
    ...busRemedies(scenario),
    ...clientRemedies(input),
    ...everywhere(single),
    ...variantRemedies(input, without),
  ]
}

function serviceRemedies(name: string, service: Service): Remedy[] {
  const on = service.title ?? name.charAt(0).toUpperCase() + name.slice(1)
  const { idempotencyKey: key, inbox, outbox, fence } = service.protections
  const remedies: Remedy[] = []
  const offer = (isMissing: boolean, kind: string, title: string, change: Patch) => {
    if (isMissing) remedies.push({ kind, title: `${title} ${on}`, patch: { services: { [name]: change } } })
  }
  const protect = (isMissing: boolean, kind: string, title: string, protections: Patch) =>
    offer(isMissing, kind, title, { protections })
  protect(key === undefined, 'key', 'an idempotency key on', { idempotencyKey: {} })
  protect(inbox === undefined, 'inbox', 'an inbox by message id on', { inbox: { by: 'message id' } })
  protect(inbox?.by !== 'business key', 'inbox', 'an inbox by business key on', { inbox: { by: 'business key' } })
  protect(fence === undefined, 'fence', 'a fence on', { fence: {} })
  protect(!outbox, 'outbox', 'an outbox on', { outbox: true })
  protect(
    typeof outbox === 'object' && outbox.mark === 'before publishing',
    'outbox',
    'rows marked after publishing, in the outbox of',
    { outbox: { mark: 'each' } },
  )
  protect(inbox?.reply === 'none', 'stored reply', 'the stored reply, instead of skipping, in the inbox of', {
    inbox: { reply: 'stored' },
  })
  protect(
    inbox?.retentionMs !== undefined || inbox?.capacity !== undefined,
    'retention',
    'messages remembered for ever in the inbox of',
    { inbox: { retentionMs: null, capacity: null } },
  )
  protect(fence?.lifetimeMs !== undefined, 'tombstone', 'tombstones kept for ever on', { fence: { lifetimeMs: null } })
  if (key !== undefined) {
    const change = (isMissing: boolean, kind: string, title: string, idempotencyKey: Patch) =>
      protect(isMissing, kind, title, { idempotencyKey })
    change(key.mode !== 'single transaction', 'atomic claim', 'the key claimed in the transaction of the effect on', {
      mode: 'single transaction',
    })
    change(
      key.mode === 'claim first' && key.lockTimeoutMs === undefined,
      'lock time-out',
      'a lock time-out for claimed keys on',
      { lockTimeoutMs: 2000 },
    )
    change(key.mode === 'claim first' && !key.recoveryPoints, 'recovery points', 'recovery points on', {
      recoveryPoints: true,
    })
    change(!key.fingerprint, 'fingerprint', 'a fingerprint of the payload with each key on', { fingerprint: true })
    change(key.retentionMs !== undefined, 'retention', 'keys kept for ever on', { retentionMs: null })
    change(key.stores === 'successes', 'stored refusals', 'refusals stored under the key on', {
      stores: 'successes and refusals',
    })
    change(key.stores === 'everything', 'errors not stored', 'transient errors not stored under the key on', {
      stores: 'successes and refusals',
    })
    change(key.scope === 'service', 'key scope', 'keys of each operation apart on', { scope: 'operation' })
  }
  offer(service.acknowledge === 'first', 'acknowledge after', 'acknowledging only when all is done, on', {
    acknowledge: 'after',
  })
  offer(service.isolation !== 'serializable', 'isolation', 'serializable transactions on', {
    isolation: 'serializable',
  })
  offer(service.onError === 'reply', 'redelivery', 'errors handed back to the broker by', { onError: 'redeliver' })
  return remedies
}

function sagaRemedies(name: string, saga: Saga): Remedy[] {
  const remedies: Remedy[] = []
  const offer = (isMissing: boolean, kind: string, title: string, change: Patch) => {
    if (isMissing) remedies.push({ kind, title: `${title} (saga ${name})`, patch: { sagas: { [name]: change } } })
  }
  if (saga.style === 'choreographed') {
    offer(true, 'orchestration', 'an orchestrator that holds the saga', { style: 'orchestrated' })
    return remedies
  }
  offer(saga.register === 'after', 'register before', 'compensations registered before the command', {
    register: 'before',
  })
  offer(!saga.guard, 'state guard', 'the state guard on replies', { guard: true })
  offer(!saga.durable, 'durable', 'a durable saga log', { durable: true })
  offer(saga.persist === 'after sending', 'save first', 'the log saved before the commands leave', {
    persist: 'before sending',
  })
  offer(!saga.unique, 'unique saga id', 'a unique saga id', { unique: true })
  offer(saga.ended === 'remove' || saga.endedKeptMs !== undefined, 'ended kept', 'ended instances kept for ever', {
    ended: 'keep',
    endedKeptMs: null,
  })
  offer(saga.concurrency === 'none', 'saga row', 'concurrency control of the saga row', { concurrency: 'optimistic' })
  offer(saga.onRefusal === 'at once', 'settle', 'steps under way settled before turning back', { onRefusal: 'settle' })
  offer(saga.onRestart !== 'ask again', 'ask again after a restart', 'asking again after a restart', {
    onRestart: 'ask again',
  })
  for (const step of saga.steps) remedies.push(...stepRemedies(name, saga, step))
  const last = pivotLast(saga)
  if (last !== null) offer(true, 'pivot last', 'the pivot after every step that can be refused', { steps: last })
  return remedies
}

const untilAnswered = { timeoutMs: 2000, retry: { initialMs: 1000, factor: 1 } }

function stepRemedies(name: string, saga: Saga, step: Step): Remedy[] {
  const remedies: Remedy[] = []
  const offer = (isMissing: boolean, kind: string, title: string, change: Patch) => {
    if (isMissing) remedies.push({ kind, title, patch: { sagas: { [name]: { steps: { [step.name]: change } } } } })
  }
  const isRemote = step.service !== saga.orchestrator
  const isPast = step.kind !== 'compensatable'
  const askAgain = { ...untilAnswered, onTimeout: 'ask again', onFailure: 'ask again' }
  const gives = step.onTimeout === 'compensate' || step.onFailure === 'compensate' || step.timeoutMs === undefined
  offer(isPast && isRemote && gives, 're-ask', `${step.name} asked again until it answers`, askAgain)
  offer(
    !isPast && isRemote && step.retry === undefined,
    're-send',
    `${step.name} asked again with the same key`,
    untilAnswered,
  )
  offer(step.retryRefusals, 'refusals final', `a refusal of ${step.name} taken as final`, { retryRefusals: false })
  offer(step.keys !== 'same', 'same key', `the same key for every attempt of ${step.name}`, { keys: 'same' })
  offer(
    step.register === 'after',
    'register before',
    `the compensation of ${step.name} registered before the command`,
    { register: 'before' },
  )
  offer(
    step.onCompensationFailure === 'ignore',
    'owed kept',
    `a compensation of ${step.name} that fails parked, not forgotten`,
    { onCompensationFailure: 'park' },
  )
  offer(
    step.compensation !== undefined && isRemote && step.compensationRetry === undefined,
    'undo retried',
    `the compensation of ${step.name} asked for until it is done`,
    { compensationTimeoutMs: 2000, compensationRetry: { initialMs: 1000, factor: 1 } },
  )
  // What comes after the point of no return cannot turn back.
  offer(isPast && step.kind === 'retriable' && gives, 'forward only', `only forward after the pivot, at ${step.name}`, {
    onFailure: 'ask again',
    onTimeout: 'ask again',
    retry: { initialMs: 1000, factor: 1 },
  })
  return remedies
}

/** The steps so ordered that the pivot waits for everything that can still be undone; null when it does. */
function pivotLast({ steps }: Saga): Patch | null {
  const pivot = steps.find(({ kind }) => kind === 'pivot')
  if (pivot === undefined) return null
  const before = steps.filter(({ kind }) => kind === 'compensatable')
  const order = [...before, pivot, ...steps.filter(({ kind }) => kind === 'retriable')]
  const waits = new Map(
    steps.map((step, i) => [step.name, step.after ?? steps.slice(Math.max(0, i - 1), i).map(({ name }) => name)]),
  )
  const reaches = (from: string, to: string): boolean =>
    (waits.get(from) ?? []).some((one) => one === to || reaches(one, to))
  if (before.every(({ name }) => reaches(pivot.name, name))) return null
  return Object.fromEntries(order.map(({ name }, i) => [name, { after: i === 0 ? [] : [order[i - 1]?.name] }]))
}

function busRemedies({ bus }: Scenario): Remedy[] {
  const remedies: Remedy[] = []
  if (bus.order === 'none')
    remedies.push({ kind: 'order', title: 'a bus that keeps order per saga', patch: { bus: { order: 'per key' } } })
  if (bus.deliveriesMax !== undefined)
    remedies.push({
      kind: 'no parking',
      title: 'messages delivered until they are handled',
      patch: { bus: { deliveriesMax: null } },
    })
  return remedies
}

function clientRemedies({ workload = {} }: ScenarioInput): Remedy[] {
  const requests = workload.requests ?? []
  return [...sameKeys(requests), ...jitter(requests)]
}

type Requests = NonNullable<NonNullable<ScenarioInput['workload']>['requests']>

function jitter(requests: Requests): Remedy[] {
  const hasNone = ({ retry }: Requests[number]) => typeof retry === 'object' && retry.jitter !== 'full'
  if (!requests.some(hasNone)) return []
  const mended = requests.map((request) =>
    typeof request.retry === 'object' ? { ...request, retry: { ...request.retry, jitter: 'full' as const } } : request,
  )
  return [
    {
      kind: 'jitter',
      title: 'full jitter between the attempts of a client',
      patch: { workload: { requests: mended } },
    },
  ]
}

function sameKeys(requests: Requests): Remedy[] {
  if (requests.every(({ keys = 'same' }) => keys === 'same')) return []
  const mended = requests.map((request) => ({ ...request, keys: 'same' as const }))
  return [
    {
      kind: 'same key',
      title: 'the same key for every attempt of a client',
      patch: { workload: { requests: mended } },
    },
  ]
}

/** The same on every service that lacks it: one remedy for what one service alone cannot prevent. */
function everywhere(single: readonly Remedy[]): Remedy[] {
  const titles = new Map([
    ['key', 'idempotency keys on every service'],
    ['fence', 'fences on every service'],
    ['outbox', 'outboxes on every service'],
    ['stored reply', 'stored replies in every inbox'],
    ['tombstone', 'tombstones kept for ever everywhere'],
    ['isolation', 'serializable transactions on every service'],
    ['key scope', 'keys of each operation apart everywhere'],
    ['lock time-out', 'lock time-outs for claimed keys everywhere'],
  ])
  return [...titles].flatMap(([kind, title]) => {
    const alike = single.filter((remedy) => remedy.kind === kind)
    if (alike.length < 2) return []
    const services = Object.assign({}, ...alike.map(({ patch }) => patch.services))
    return [{ kind, title, patch: { services } }]
  })
}

function variantRemedies({ variants = {} }: ScenarioInput, without: string | null): Remedy[] {
  return Object.entries(variants).flatMap(([name, { title }]) =>
    name === without ? [] : [{ kind: 'variant', title: `its variant “${name}” (${title})`, patch: {}, variant: name }],
  )
}
