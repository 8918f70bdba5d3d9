/**
 * The scenario language, version 1: plain JSON that says what exists, what is asked for, what breaks and what must hold.
 * This room knows the language and how to compile it to a model the engine can run; it knows no page and no worker.
 */
import * as v from 'valibot'
import { busRules, ruleNames } from './rules.ts'
import { faultSchema } from './schema-fault.ts'
import { arrivalSchema } from './schema-load.ts'
import { retrySchema } from './schema-retry.ts'
import { sagaSchema } from './schema-saga.ts'
import { serviceSchema } from './schema-service.ts'
import {
  countSchema,
  expressionSchema,
  fields,
  identifierSchema,
  labelSchema,
  literalSchema,
  msSchema,
  nameSchema,
  optional,
  required,
  textSchema,
  withDefault,
} from './schema-words.ts'

const hop = v.union(
  [msSchema, v.tuple([msSchema, msSchema])],
  'a time in milliseconds, or a range [from, to] in milliseconds',
)

/** Redelivery defaults of real systems, read in their own documentation. */
export const redeliveryPresets = {
  /** Five immediate attempts after the first, then three rounds after 10, 20 and 30 s: 24 attempts. */
  nservicebus: { immediate: 5, delayedMs: [10_000, 20_000, 30_000], blocks: true },
  /** No retry unless configured: straight to the error queue. */
  masstransit: { immediate: 0, delayedMs: [] as number[], blocks: true },
}

const busSchema = fields({
  rule: optional(
    v.picklist(ruleNames(busRules)),
    'Whose defaults it has: stand in for the fields that are left out (see below).',
  ),
  hopMs: withDefault(hop, 10, 'How long a message travels: a time, or a range from which each message draws.'),
  order: withDefault(
    v.picklist(['none', 'per key']),
    'per key',
    'per key: messages of one saga or request reach a service in the order they were sent, one in flight at a time. none: messages may overtake each other.',
  ),
  visibilityMs: optional(msSchema, 'An unacknowledged message is handed out again after so long; never when absent.'),
  hopLimit: optional(
    countSchema,
    'A message that so many others led to is parked instead of sent on: the end of a circle.',
  ),
  redelivery: optional(
    v.union(
      [
        fields({
          immediate: withDefault(
            v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)),
            0,
            'Further attempts at once, in each round.',
          ),
          delayedMs: withDefault(v.array(msSchema), [], 'A wait before each further round.'),
          blocks: withDefault(
            v.boolean(),
            true,
            'On a bus with order: while a message waits for its next round, its group waits with it. false: those behind it go ahead, and the order is lost.',
          ),
        }),
        v.picklist(Object.keys(redeliveryPresets) as (keyof typeof redeliveryPresets)[]),
      ],
      `a policy {immediate, delayedMs}, or one of ${Object.keys(redeliveryPresets).join(', ')}`,
    ),
    'What happens to a message whose handling failed, for services with `onError: redeliver`; afterwards it is parked. Without one: again at once, without end (see deliveriesMax).',
  ),
  timeToLiveMs: optional(msSchema, 'A message that waited longer when its turn comes is dropped.'),
  parking: withDefault(
    v.picklist(['message', 'sequence']),
    'message',
    'What is parked with a message that could not be handled: it alone, or everything of the same `sequence` that follows.',
  ),
  deliveriesMax: optional(countSchema, 'After so many deliveries without acknowledgement a message is parked.'),
})

const requestSchema = fields({
  id: optional(
    nameSchema,
    'A name for this request: the group its messages are ordered by. "r1", "r2", … when absent.',
  ),
  to: required(identifierSchema, 'The service that gets it.'),
  message: required(nameSchema, 'A saga’s start message, or an operation of the service.'),
  atMs: withDefault(msSchema, 0, 'When it reaches the service (or leaves the client, when `hopMs` is set).'),
  payload: withDefault(v.record(identifierSchema, literalSchema), {}, 'The fields of the message.'),
  key: optional(
    v.pipe(v.string('an idempotency key is a text'), v.maxLength(255, 'an idempotency key has at most 255 characters')),
    'The client’s idempotency key.',
  ),
  group: optional(
    nameSchema,
    'Requests of one group (a partition, a FIFO group) keep their order on a bus with order; each its own when absent.',
  ),
  sequence: optional(nameSchema, 'What is parked together when `bus.parking` is `sequence`.'),
  copies: withDefault(
    countSchema,
    1,
    'So many clients ask for the same; a # in texts of the payload and in the key becomes 1, 2, 3 …',
  ),
  everyMs: withDefault(msSchema, 0, 'Time between two copies.'),
  timeoutMs: optional(msSchema, 'How long the client waits for the answer of one attempt.'),
  retry: optional(retrySchema, 'Further attempts after a time-out or a transient error.'),
  keys: withDefault(
    v.picklist(['same', 'fresh', 'none']),
    'same',
    'The key of further attempts: the same, a fresh one each, or none.',
  ),
})

const workloadSchema = fields({
  hopMs: withDefault(msSchema, 0, 'How long a request travels from its client, and an answer back.'),
  requests: withDefault(v.array(requestSchema), [], 'What clients ask for.'),
  arrivals: withDefault(
    v.array(arrivalSchema),
    [],
    'Load: streams of requests, made one by one while the run goes on.',
  ),
  replays: withDefault(
    v.array(
      fields({
        atMs: required(msSchema, 'When.'),
        service: optional(identifierSchema, 'Only what is parked at this service.'),
      }),
    ),
    [],
    'A person replays the dead-letter queue: everything parked is handed out anew.',
  ),
})

const propertySchema = fields({
  when: required(
    v.picklist(['always', 'eventually', 'sometimes']),
    'always: after every commit. eventually: once the run has come to rest. sometimes: at least once (the test is not vacuous).',
  ),
  check: required(expressionSchema, 'An expression over the tables of all services and the sagas.'),
  title: optional(textSchema, 'What it promises, in a few words, for people: "All or nothing".'),
  broken: optional(textSchema, 'What it means when it breaks: a title, a colon, a sentence.'),
})

const literalDeep: v.GenericSchema<unknown> = v.unknown()
const expectSchema = v.record(v.string(), literalDeep)

const variantSchema = fields({
  title: required(textSchema, 'A few words for the switch.'),
  text: optional(textSchema, 'What to watch in this variant.'),
  patch: withDefault(
    v.record(v.string(), v.unknown()),
    {},
    'A JSON merge patch (RFC 7396) on the scenario: null removes. A list of named items (saga steps) can be patched by an object keyed by their names.',
  ),
  expect: withDefault(expectSchema, {}, 'Expected observables at the end, on top of the scenario’s.'),
  breaks: withDefault(v.array(nameSchema), [], 'The properties that are expected to break in this variant.'),
})

export const scenarioSchema = fields({
  $schema: optional(textSchema, 'The address of the JSON Schema, so that an editor can help.'),
  sagascope: required(
    v.literal(1, ({ received }) => `this Sagascope reads scenarios of version 1, not ${received}`),
    'The version of the language: 1.',
  ),
  id: required(
    v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w.-]{0,59}$/, 'an id has letters, digits, -, _ and ., at most 60')),
    'The id used by links and the command line: letters, digits, -, _ and ., at most 60.',
  ),
  title: required(textSchema, 'The title.'),
  case: optional(textSchema, 'The case of the catalogue it shows.'),
  chapter: optional(textSchema, 'The heading it is listed under.'),
  text: optional(textSchema, 'Two or three sentences on what to watch.'),
  seed: withDefault(
    v.pipe(v.number(), v.integer('a seed is a whole number'), v.minValue(0), v.maxValue(4_294_967_295)),
    1,
    'The source of every draw.',
  ),
  endMs: withDefault(msSchema, 600_000, 'A run that has not come to rest by then stops.'),
  entriesMax: withDefault(
    v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(20_000_000)),
    2_000_000,
    'A run that has written so many trace entries stops.',
  ),
  keep: withDefault(
    v.picklist(['everything', 'curves']),
    'everything',
    'What a run keeps. curves: no trace entries, only what is counted and measured; for a million requests.',
  ),
  bus: withDefault(busSchema, {}, 'The message bus.'),
  services: required(
    v.pipe(
      v.record(identifierSchema, serviceSchema),
      v.check((services) => Object.keys(services).length > 0, 'a scenario has at least one service, under its name'),
    ),
    'The services by name.',
  ),
  sagas: withDefault(v.record(identifierSchema, sagaSchema), {}, 'The orchestrated sagas by name.'),
  workload: withDefault(workloadSchema, {}, 'What clients ask for.'),
  faults: withDefault(v.array(faultSchema), [], 'What goes wrong.'),
  observables: withDefault(
    v.record(v.string(), expressionSchema),
    {},
    'Named expressions over the end of the run: any row, sum or count.',
  ),
  expect: withDefault(expectSchema, {}, 'Expected observables at the end.'),
  breaks: withDefault(v.array(nameSchema), [], 'The properties that are expected to break.'),
  properties: withDefault(v.record(nameSchema, propertySchema), {}, 'What must hold.'),
  variants: withDefault(
    v.record(labelSchema, variantSchema),
    {},
    'Named changes to the scenario. A name is any text of 1 to 60 characters.',
  ),
  queries: withDefault(
    v.array(
      fields({
        title: required(textSchema, 'What it shows, in a few words.'),
        sql: required(v.string(), 'The SQL. A table is called `service.table`; `run.entries` are the entries.'),
      }),
    ),
    [],
    'SQL that the inspector offers for this scenario, before what it suggests itself.',
  ),
  stage: optional(
    fields({
      positions: withDefault(
        v.record(identifierSchema, fields({ x: v.number(), y: v.number() })),
        {},
        'Where a service’s card stands, in pixels; laid out by itself when absent.',
      ),
      speed: optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(100)), 'The speed it opens at; 1 when absent.'),
      panel: optional(
        v.picklist(['verdict', 'saga', 'tables', 'message', 'keys', 'code']),
        'What the inspector shows when it opens; what it showed before when absent.',
      ),
      time: optional(
        v.picklist(['timeline', 'space-time', 'log']),
        'Which view of time it opens with; the one before when absent.',
      ),
    }),
    'How it opens on the stage.',
  ),
})

/** A scenario as written: defaults may be left out. */
export type ScenarioInput = v.InferInput<typeof scenarioSchema>
/** A scenario with every default filled in. */
export type Scenario = v.InferOutput<typeof scenarioSchema>
export type Service = Scenario['services'][string]
export type Operation = Service['operations'][string]
export type Saga = Scenario['sagas'][string]
export type Step = Saga['steps'][number]
export type Fault = Scenario['faults'][number]
export type FaultInput = NonNullable<ScenarioInput['faults']>[number]
export type FaultKind = Fault['kind']
export type Property = Scenario['properties'][string]
export type Variant = Scenario['variants'][string]
export type Request = Scenario['workload']['requests'][number]
export type Retry = v.InferOutput<typeof retrySchema>
