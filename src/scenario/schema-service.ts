/** A service: its tables, operations, protections, and how it works. */
import * as v from 'valibot'
import { isolationLevels } from '../kernel/snapshot.ts'
import { groupSchema } from './schema-group.ts'
import { durationSchema, scalingSchema } from './schema-load.ts'
import { protectionsSchema } from './schema-protection.ts'
import { statementList, statementSchema } from './schema-statement.ts'
import { projectionSchemaOf, storeSchema } from './schema-store.ts'
import {
  cellSchema,
  countSchema,
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
import type { Statement } from './statement-types.ts'

export const tableSchema = fields({
  columns: required(v.pipe(v.array(identifierSchema), v.minLength(1)), 'The columns, in the order they are shown.'),
  key: optional(identifierSchema, 'The primary key column. Without one, rows are numbered.'),
  unique: withDefault(
    v.array(v.pipe(v.array(identifierSchema), v.minLength(1))),
    [],
    'Unique indexes, each a list of columns. A second insert of a value that an open transaction holds waits for it.',
  ),
  rows: withDefault(v.array(v.record(identifierSchema, literalSchema)), [], 'The rows at the start.'),
})

export const operationSchema = fields({
  do: required(v.array(statementSchema), 'The statements, in order, in one transaction.'),
  returns: optional(
    v.record(identifierSchema, cellSchema),
    'Values given back with a success, as cells over everything the statements know: fields of the reply, of the events it emits, and from then on of the saga’s data.',
  ),
  reply: optional(nameSchema, 'The name of the reply on success; the operation’s name + " ok" when absent.'),
  refusal: optional(nameSchema, 'The name of the reply on refusal; the operation’s name + " refused" when absent.'),
  handlerMs: optional(durationSchema, 'Time the handler takes; the service’s when absent.'),
  emits: optional(
    nameSchema,
    'An event published when it has succeeded. When a stored answer stands for a duplicate, it is published only if a crash may have swallowed it (see protections).',
  ),
  emitsOnRefusal: optional(nameSchema, 'An event published when it was refused.'),
  uniqueViolation: withDefault(
    v.picklist(['fail', 'existing']),
    'fail',
    'What the caller hears after a unique violation: fail (an error), existing (the result that is already there).',
  ),
})

const leaseSchema = fields({
  timeToLiveMs: withDefault(
    v.pipe(msSchema, v.minValue(1, 'a lease lasts for at least 1 ms')),
    10_000,
    'So long after its last renewal the lease has expired, and another process may take it, with the next epoch.',
  ),
  renewMs: optional(
    v.pipe(msSchema, v.minValue(1, 'a lease is renewed at most every 1 ms')),
    'The holder renews it so often; every third of timeToLiveMs when absent. Renewals leave no trace.',
  ),
  clock: withDefault(
    v.picklist(['own', 'disk']),
    'own',
    'By which clock it is written and judged: each process by its own (a wrong clock takes it too early), or all by the disk’s.',
  ),
  fencing: withDefault(
    v.boolean(),
    false,
    'The disk looks at the epoch at every commit: a process whose epoch is not the newest is rolled back with STALE_EPOCH, and sends nothing.',
  ),
})

export const projectionSchema = projectionSchemaOf(statementList as v.GenericSchema<Statement[]>)

export const serviceSchema = fields({
  title: optional(textSchema, 'The name on the card; the service’s own name, capitalised, when absent.'),
  handlerMs: withDefault(
    durationSchema,
    5,
    'Time to handle one message: always the same, evenly drawn from a range, or exponentially distributed. The effect commits at its end.',
  ),
  concurrency: withDefault(countSchema, 16, 'How many messages are handled at once, by each replica.'),
  instances: withDefault(
    v.pipe(countSchema, v.maxValue(16, 'at most 16 processes')),
    1,
    'So many processes of this service. They share its disk; each has a queue it is given messages from, handlers, a memory and a clock of its own. The first has the service’s name, the others are called name_2, name_3, … (faults can name them). Unlike replicas they crash, stand still and err one by one.',
  ),
  lease: optional(
    leaseSchema,
    'With several instances: only the one that holds the lease takes messages and timers. Without it all compete.',
  ),
  group: optional(
    groupSchema,
    'A consumer group: its messages lie in partitions, and each partition belongs to one of the instances.',
  ),
  queueMax: optional(
    countSchema,
    'At most so many messages wait for a free handler; one that comes then is turned away at once with the transient error OVERLOADED (an event is dropped). Without limit when absent.',
  ),
  replicas: withDefault(
    v.pipe(countSchema, v.maxValue(1000, 'a service has at most 1,000 replicas')),
    1,
    'How many instances run: they share disk and queue, and each has a memory of its own.',
  ),
  routing: withDefault(
    v.picklist(['any', 'by key']),
    'any',
    'Which replica takes a message. any: the next free one. by key: messages of one key (without one, of one group) always go to the same, as long as the number of replicas stays.',
  ),
  scaling: withDefault(v.array(scalingSchema), [], 'Later numbers of replicas.'),
  acknowledge: withDefault(
    v.picklist(['after', 'first']),
    'after',
    'after: acknowledged when all is done, so a crash means redelivery (at least once). first: acknowledged on receipt, so a crash means loss (at most once).',
  ),
  restartMs: withDefault(msSchema, 1000, 'How long a restart takes after a crash that does not say.'),
  onError: withDefault(
    v.picklist(['reply', 'redeliver']),
    'reply',
    'After a transient error: tell the caller, or hand the message back to the broker.',
  ),
  heartbeat: withDefault(
    v.boolean(),
    false,
    'Extend the visibility time-out for as long as a handler works on the message.',
  ),
  reads: withDefault(
    v.picklist(['uncommitted', 'committed']),
    'uncommitted',
    'What it sees of the messages of a `transactional` sender. uncommitted: everything, at once. committed: what was committed, when it was; what lies behind in the same order waits too.',
  ),
  isolation: withDefault(
    v.picklist(isolationLevels),
    'read committed',
    'The isolation level of its transactions. read committed: every statement sees what is committed by then. repeatable read: all see what was committed when the transaction began, and a row somebody has changed since cannot be written. serializable: besides, what was read must still be true at the commit. Who comes too late is rolled back and handled again (counted in `conflicts`).',
  ),
  tables: withDefault(v.record(identifierSchema, tableSchema), {}, 'Its disk.'),
  operations: withDefault(v.record(nameSchema, operationSchema), {}, 'What it can be asked to do, by message name.'),
  subscriptions: withDefault(
    v.record(nameSchema, nameSchema),
    {},
    'Events it reacts to, each with the operation it then does: {"OrderPlaced": "charge"}.',
  ),
  store: optional(storeSchema, 'An event store on its disk: system tables `events` and `snapshots`.'),
  projections: withDefault(
    v.record(nameSchema, projectionSchema),
    {},
    'Read models that follow an event store, by name.',
  ),
  protections: withDefault(protectionsSchema, {}, 'Switches of the idempotency and messaging patterns.'),
})
