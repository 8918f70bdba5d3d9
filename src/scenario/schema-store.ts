/** Event stores, aggregates and projections in the scenario language. */
import * as v from 'valibot'
import {
  cellSchema,
  countSchema,
  expressionSchema,
  fields,
  identifierSchema,
  literalSchema,
  msSchema,
  nameSchema,
  optional,
  required,
  textSchema,
  withDefault,
} from './schema-words.ts'
import type { Cell, Statement } from './statement-types.ts'

export interface LoadStatement {
  load: string
  id: string
  as: string
  store?: string
}
export interface AppendedEvent {
  event: string
  with?: Record<string, Cell>
  eventId?: string
}
export interface AppendStatement {
  append: string | AppendedEvent[]
  to?: string
  stream?: string
  store?: string
  expected?: string | number
  onConflict?: 'fail' | 'reload' | 'append again'
  with?: Record<string, Cell>
  eventId?: string
  effectiveMs?: string | number
}
export interface AwaitStatement {
  await: string
  position?: string
  timeoutMs?: number
}
export interface RebuildStatement {
  rebuild: string
  mode?: 'in place' | 'blue/green'
}

export const loadForm = fields({
  load: required(identifierSchema, 'An aggregate of the store: its stream is folded into its state.'),
  id: required(expressionSchema, 'Which one: the stream is the aggregate’s name, a hyphen and this.'),
  as: required(
    identifierSchema,
    'The name later statements know it by: its state’s fields, and `version`, `exists`, `stream`.',
  ),
  store: optional(identifierSchema, 'The service that has the store; this one when absent.'),
})

const appended = fields({
  event: required(nameSchema, 'The type of the event.'),
  with: optional(v.record(identifierSchema, cellSchema), 'Its data; the fields of the message when absent.'),
  eventId: optional(expressionSchema, 'Its id; a generated one when absent.'),
})

export const appendForm = fields({
  append: required(
    v.union(
      [nameSchema, v.pipe(v.array(appended), v.minLength(1))],
      'an event type, or a list of {event, with, eventId}',
    ),
    'What is appended: one event by its type, or several at once.',
  ),
  to: optional(
    identifierSchema,
    'A loaded aggregate: its stream, and the version it was loaded at is the expected one.',
  ),
  stream: optional(expressionSchema, 'The stream by its name, for an append without loading.'),
  store: optional(identifierSchema, 'The service that has the store; this one when absent.'),
  expected: optional(
    v.union([v.pipe(v.number(), v.integer(), v.minValue(0)), expressionSchema]),
    'Where the stream must be: `loaded` (the version it was loaded at; the default with `to`), `any` (no check; the default with `stream`), `no stream`, `stream exists`, or a version: a number or an expression.',
  ),
  onConflict: withDefault(
    v.picklist(['fail', 'reload', 'append again']),
    'fail',
    'When the stream is elsewhere: fail (an error, WRONG_EXPECTED_VERSION, status 409), reload (roll back, and handle the message again: load, decide, append), append again (the same events at the new version, without deciding again: the mistake).',
  ),
  with: optional(v.record(identifierSchema, cellSchema), 'The event’s data; the fields of the message when absent.'),
  eventId: optional(
    expressionSchema,
    'The event’s id; a generated one when absent. The same id at the expected place is acknowledged, not stored twice.',
  ),
  effectiveMs: optional(
    v.union([msSchema, expressionSchema]),
    'When it took effect, in milliseconds; now when absent.',
  ),
})

export const awaitForm = fields({
  await: required(nameSchema, 'A projection of this service that must have come far enough: read your own writes.'),
  position: optional(
    expressionSchema,
    'The position it must have reached; everything committed in its store by now when absent.',
  ),
  timeoutMs: optional(msSchema, 'How long to wait; then it fails with PROJECTION_LAGS. For ever when absent.'),
})

export const rebuildForm = fields({
  rebuild: required(
    nameSchema,
    'A projection of this service to be built anew from the first event, once this commits.',
  ),
  mode: withDefault(
    v.picklist(['in place', 'blue/green']),
    'in place',
    'in place: its tables are emptied, and queries see them fill. blue/green: a second read model is built beside the old one and takes its place when it has caught up.',
  ),
})

const rules = v.union([expressionSchema, v.array(expressionSchema)])

const aggregateSchema = fields({
  state: required(v.record(identifierSchema, literalSchema), 'Its state before the first event.'),
  evolve: required(
    v.record(nameSchema, rules),
    'How each event type changes the state: `balance -= amount`, or a list of such assignments. An expression sees the state, the event’s data, `event` (its position, version, type, effective …), and the tables of the service.',
  ),
  unknown: withDefault(v.picklist(['ignore', 'fail']), 'ignore', 'An event without a rule: passed over, or an error.'),
  snapshot: optional(
    fields({
      every: required(countSchema, 'A snapshot after every so many events of a stream.'),
      revision: withDefault(countSchema, 1, 'The shape of the state: raised when it changes.'),
      checkRevision: withDefault(
        v.boolean(),
        true,
        'A snapshot of another revision is not used. false: it is used as it is (the mistake).',
      ),
    }),
    'Snapshots: rows of the system table `snapshots`. None when absent.',
  ),
})

const eventTypeSchema = fields({
  version: withDefault(countSchema, 1, 'The schema version that is written now.'),
  fields: withDefault(
    v.array(identifierSchema),
    [],
    'Fields every reader needs: an event without one of them is an error.',
  ),
  defaults: withDefault(
    v.record(identifierSchema, literalSchema),
    {},
    'What a tolerant reader takes for a missing field.',
  ),
})

const upcasterSchema = fields({
  event: required(nameSchema, 'The type of the stored event.'),
  from: required(countSchema, 'Its schema version.'),
  to: required(countSchema, 'The version it is brought to. Upcasters are applied one after the other.'),
  as: optional(nameSchema, 'A new type.'),
  set: withDefault(v.record(identifierSchema, cellSchema), {}, 'New fields: expressions over the old ones.'),
  drop: withDefault(v.array(identifierSchema), [], 'Fields that are gone.'),
})

const storedEventSchema = fields({
  stream: required(textSchema, 'The stream.'),
  type: required(nameSchema, 'The type.'),
  data: withDefault(v.record(identifierSchema, literalSchema), {}, 'The data.'),
  schema: withDefault(countSchema, 1, 'The schema version it was written with.'),
  effectiveMs: withDefault(msSchema, 0, 'When it took effect.'),
  copies: withDefault(countSchema, 1, 'So many of them; a # in texts becomes 1, 2, 3 …'),
})

export const storeSchema = fields({
  aggregates: withDefault(v.record(identifierSchema, aggregateSchema), {}, 'What is folded from streams, by name.'),
  types: withDefault(v.record(nameSchema, eventTypeSchema), {}, 'Event types whose form matters.'),
  upcasters: withDefault(
    v.array(upcasterSchema),
    [],
    'From old forms of events to today’s; what is stored stays as it is.',
  ),
  events: withDefault(v.array(storedEventSchema), [], 'Events that are there at the start.'),
  snapshots: withDefault(
    v.array(
      fields({
        stream: required(textSchema, 'The stream.'),
        version: required(countSchema, 'The version it stands for.'),
        revision: withDefault(countSchema, 1, 'The shape of its state.'),
        state: required(v.record(identifierSchema, literalSchema), 'The state, right or wrong.'),
      }),
    ),
    [],
    'Snapshots that are there at the start.',
  ),
  readMs: withDefault(msSchema, 0, 'Time to read one event while an aggregate is loaded.'),
})

const followedSchema = v.pipe(
  v.string(),
  v.regex(/^(\*|[A-Za-z][\w .-]{0,59})$/, 'an event type, or * for every other one'),
)

export function projectionSchemaOf(statements: v.GenericSchema<Statement[]>) {
  return fields({
    from: required(identifierSchema, 'The service whose store it follows.'),
    on: required(
      v.record(followedSchema, statements),
      'What each event type does to the tables of this service, as statements; `*` for every other type. An expression sees the event’s data and `event`.',
    ),
    tables: withDefault(
      v.array(identifierSchema),
      [],
      'The tables that are its read model: emptied by a rebuild. All that its rules write when absent.',
    ),
    subscription: withDefault(
      v.picklist(['catch-up', 'persistent']),
      'catch-up',
      'catch-up: it keeps its own position and gets events in the order of positions. persistent: the store pushes each event once, as a message of the bus, with the bus’s order, redelivery and dead letters; several instances compete.',
    ),
    instances: withDefault(
      v.array(identifierSchema),
      [],
      'Further services that run it too, on the tables of this one.',
    ),
    claimMs: optional(
      msSchema,
      'Only the instance that has the claim works; so long after its last sign of life another may take it. Who comes back finishes what it had begun (rolled back when the position is part of the update) and then looks. Without it every instance works.',
    ),
    startMs: withDefault(msSchema, 0, 'When it first looks.'),
    everyMs: withDefault(msSchema, 0, 'It looks for new events so often; 0: it is told of every commit.'),
    lagMs: withDefault(msSchema, 0, 'How much longer than a hop an event is on its way.'),
    prefetch: withDefault(countSchema, 16, 'How many events may be under way at once.'),
    checkpoint: withDefault(
      v.picklist(['with the update', 'after the update', 'before the update']),
      'with the update',
      'When its position is stored: in the transaction of the update; after it (a crash between repeats events); before it (a crash between loses one).',
    ),
    checkpointEvery: withDefault(countSchema, 1, 'The position is stored after so many events.'),
    gaps: withDefault(
      v.picklist(['ignore', 'hold', 'skip', 'hold while open']),
      'hold while open',
      'At a position nobody has committed: ignore (read on, the mistake), hold (until it is filled, perhaps for ever), skip (hold, but go on after `skipAfterMs`), hold while open (as long as a transaction that could fill it is alive).',
    ),
    skipAfterMs: withDefault(msSchema, 3000, 'For gaps: skip.'),
    outOfOrder: withDefault(
      v.picklist(['apply', 'drop older', 'buffer']),
      'apply',
      'An event that is not the next of its stream: apply (last write wins), drop older (what is not newer than the last applied), buffer (keep what comes too early until those before it have come, drop what is older).',
    ),
    onError: withDefault(
      v.picklist(['retry', 'skip', 'park', 'park sequence', 'stop']),
      'retry',
      'When its rules refuse or fail: retry for ever (persistent: by the bus’s redelivery), skip the event, park it, park it and all that follow in its stream, stop the projection.',
    ),
    attempts: withDefault(countSchema, 1, 'So many attempts before it skips, parks or stops.'),
    retryMs: withDefault(msSchema, 1000, 'Wait before a further attempt.'),
    parkedRetryMs: optional(msSchema, 'A parked event is tried again so long later; never when absent.'),
    parkedRetriesMax: withDefault(countSchema, 10, 'How often.'),
    sideEffects: withDefault(
      v.picklist(['live only', 'always']),
      'live only',
      'What its rules publish or send: not while a rebuild reads old events again, or always (the mistake).',
    ),
    handlerMs: optional(msSchema, 'Time it takes for one event; the service’s when absent.'),
  })
}

export type StoreDefinition = v.InferOutput<typeof storeSchema>
export type ProjectionDefinition = v.InferOutput<ReturnType<typeof projectionSchemaOf>>
