/**
 * Where the sources contradict each other, a setting can name whose rule it follows: `"rule": "stripe-v1"`. A rule is a
 * set of fields that stand in for those the scenario leaves out; what the scenario writes itself counts. Each was read in
 * the source it names, but for what is marked as unchecked.
 */

export interface Rule {
  /** Whose it is, and where it is written. */
  readonly source: string
  readonly fields: Readonly<Record<string, unknown>>
  /** For sagas: fields of every step. */
  readonly step?: Readonly<Record<string, unknown>>
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

export const keyRules = {
  ietf: {
    source:
      'IETF draft “The Idempotency-Key HTTP Header Field”: 400 without a key, 422 for another payload, 409 while the first is in progress',
    fields: { mode: 'claim first', required: true, fingerprint: true, reused: 422 },
  },
  brandur: {
    source:
      'Brandur Leach, “Implementing Stripe-like Idempotency Keys in Postgres” and rocket-rides-atomic: 409 for another payload, lock time-out 90 s, completer after 300 s, reaper after 72 h; the published code stores errors too',
    fields: {
      mode: 'claim first',
      reused: 409,
      stores: 'everything',
      lockTimeoutMs: 90_000,
      completerMs: 300_000,
      reaperMs: 72 * HOUR,
    },
  },
  'stripe-v1': {
    source:
      'Stripe API v1: the first outcome is stored, errors with status 500 included, and may be pruned after 24 h; another payload is an error (that its status is 400 is unchecked)',
    fields: { mode: 'claim first', reused: 400, stores: 'everything', retentionMs: DAY },
  },
  'stripe-v2': {
    source: 'Stripe API v2: work that succeeded is not repeated, work that failed is tried again',
    fields: { mode: 'claim first', reused: 400, stores: 'successes' },
  },
  qonto: {
    source: 'Qonto: the cached response is returned even if the body differs; kept for 30 minutes',
    fields: { fingerprint: false, retentionMs: HOUR / 2 },
  },
  checkout: {
    source: 'Checkout.com: only successful responses are kept, for 24 h',
    fields: { stores: 'successes', retentionMs: DAY },
  },
  'truelayer-30d': { source: 'TrueLayer, one page: keys live for 30 days', fields: { retentionMs: 30 * DAY } },
  'truelayer-6h': { source: 'TrueLayer, another page: keys live for 6 hours', fields: { retentionMs: 6 * HOUR } },
  powertools: { source: 'AWS Powertools: a record expires after 3600 s', fields: { retentionMs: HOUR } },
} as const satisfies Record<string, Rule>

export const sagaRules = {
  gms: {
    source:
      'Garcia-Molina and Salem, Sagas (1987): a compensation is owed once its transaction has ended; strict reverse; without save-points a crash turns the saga back; a compensation that fails leaves it stuck',
    fields: { register: 'after', compensations: 'reverse', onRestart: 'turn back' },
    step: { onCompensationFailure: 'stop' },
  },
  temporal: {
    source:
      'Temporal: register before the call; a compensation that fails is logged, the rest goes on, somebody is told; the state is replayed after a crash; an id may be used again once its saga has ended',
    fields: { register: 'before', compensations: 'reverse', onRestart: 'ask again', endedKeptMs: 0 },
    step: { retry: 'temporal', compensationRetry: 'temporal', onCompensationFailure: 'park' },
  },
  masstransit: {
    source:
      'MassTransit routing slips: only an activity that completed with a log is compensated; a compensation that fails ends it (RoutingSlipCompensationFailed)',
    fields: { register: 'after', compensations: 'reverse' },
    step: { onCompensationFailure: 'stop' },
  },
  conductor: {
    source: 'Conductor: undoes exactly the work that completed',
    fields: { register: 'after' },
  },
  azure: {
    source:
      'Azure Architecture Center, Compensating Transaction: not necessarily in reverse, perhaps in parallel; resumed at the point of failure, with an alert',
    fields: { compensations: 'parallel' },
    step: { onCompensationFailure: 'stop' },
  },
  nservicebus: {
    source: 'NServiceBus: an ended saga is gone; a message for it is discarded, a start message makes a new one',
    fields: { ended: 'remove' },
  },
} as const satisfies Record<string, Rule>

export const busRules = {
  sqs: {
    source: 'Amazon SQS: visibility time-out 30 s; no dead-letter queue unless configured',
    fields: { order: 'none', visibilityMs: 30_000 },
  },
  kurrentdb: {
    source: 'KurrentDB persistent subscriptions: message time-out 30 s, 10 retries, then parked',
    fields: { visibilityMs: 30_000, redelivery: { immediate: 10 }, deliveriesMax: 11 },
  },
  nats: { source: 'NATS JetStream: acknowledgement wait 30 s', fields: { visibilityMs: 30_000 } },
  axon: {
    source: 'Axon sequenced dead-letter queue: an event is parked with its successors of the same sequence',
    fields: { parking: 'sequence' },
  },
  nservicebus: {
    source: 'NServiceBus recoverability: 5 immediate and 3 delayed retries after 10, 20 and 30 s, then the error queue',
    fields: { redelivery: 'nservicebus' },
  },
  masstransit: {
    source: 'MassTransit: no retry unless configured, then the error queue',
    fields: { redelivery: 'masstransit' },
  },
  'azure service bus': {
    source: 'Azure Service Bus: at most 10 deliveries, then the dead-letter queue (unchecked)',
    fields: { deliveriesMax: 10 },
  },
  rabbitmq: {
    source: 'RabbitMQ quorum queues since 4.0: delivery limit 20 (unchecked)',
    fields: { deliveriesMax: 20 },
  },
} as const satisfies Record<string, Rule>

type Plain = Readonly<Record<string, unknown>>

/** The scenario with the fields of its rules in it. Whatever is malformed stays as it is: the schema will say so. */
export function expandRules(scenario: unknown): unknown {
  if (!isPlain(scenario)) return scenario
  return {
    ...scenario,
    ...(isPlain(scenario.bus) ? { bus: withRule(scenario.bus, busRules) } : {}),
    ...(isPlain(scenario.services) ? { services: eachOf(scenario.services, expandService) } : {}),
    ...(isPlain(scenario.sagas) ? { sagas: eachOf(scenario.sagas, expandSaga) } : {}),
  }
}

function expandService(service: Plain): Plain {
  const { protections } = service
  if (!isPlain(protections) || !isPlain(protections.idempotencyKey)) return service
  return { ...service, protections: { ...protections, idempotencyKey: withRule(protections.idempotencyKey, keyRules) } }
}

function expandSaga(saga: Plain): Plain {
  const step = ruleOf(saga, sagaRules)?.step
  const own = withRule(saga, sagaRules)
  if (step === undefined || !Array.isArray(own.steps)) return own
  return { ...own, steps: own.steps.map((one) => (isPlain(one) ? { ...step, ...one } : one)) }
}

function withRule(settings: Plain, rules: Record<string, Rule>): Plain {
  return { ...ruleOf(settings, rules)?.fields, ...settings }
}

function ruleOf({ rule }: Plain, rules: Record<string, Rule>): Rule | undefined {
  return typeof rule === 'string' && Object.hasOwn(rules, rule) ? rules[rule] : undefined
}

function eachOf(items: Plain, change: (item: Plain) => Plain): Plain {
  return Object.fromEntries(Object.entries(items).map(([name, item]) => [name, isPlain(item) ? change(item) : item]))
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names of rules, for the schema. */
export function ruleNames<T extends Record<string, Rule>>(rules: T): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(rules) as [keyof T & string, ...(keyof T & string)[]]
}
