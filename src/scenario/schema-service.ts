import * as v from 'valibot'
import { isolationLevels } from '../kernel/snapshot.ts'
import { keyRules, ruleNames } from './rules.ts'
import { groupSchema } from './schema-group.ts'
import { durationSchema, scalingSchema } from './schema-load.ts'
import { retrySchema } from './schema-retry.ts'
import {
  type AppendStatement,
  type AwaitStatement,
  appendForm,
  awaitForm,
  type LoadStatement,
  loadForm,
  projectionSchemaOf,
  type RebuildStatement,
  rebuildForm,
  storeSchema,
} from './schema-store.ts'
import {
  byKey,
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

export type Cell = string | number | boolean | null
export interface UpdateStatement {
  update: string
  where?: Record<string, Cell> | string
  require?: string
  otherwise?: string
  change: string | string[]
  limit?: number
}
export interface InsertStatement {
  insert: string
  row: Record<string, Cell>
  conflict?: 'refuse' | 'ignore' | 'replace'
}
export interface DeleteStatement {
  delete: string
  where?: Record<string, Cell> | string
}
export interface CheckStatement {
  check: string
  otherwise: string
}
export interface IfStatement {
  if: string
  do: Statement[]
  else?: Statement[]
}
export interface ReadStatement {
  read: string
  where?: Record<string, Cell> | string
  as: string
  lock?: boolean
}
export interface WorkStatement {
  work: number
}
export interface ReturnStatement {
  return: string
}
export interface PublishStatement {
  publish: string
  when?: 'after commit' | 'at once'
  with?: Record<string, Cell>
}
export interface CallStatement {
  call: string
  to: string
  with?: Record<string, Cell>
  as?: string
  key?: string
  timeoutMs?: number
  retry?: v.InferInput<typeof retrySchema>
  budget?: number
  breaker?: { failures?: number; openMs?: number; trials?: number }
}
export interface CommitStatement {
  commit: string
}
export interface LockStatement {
  lock: string
  holder: string
  whenHeld?: 'refuse' | 'wait'
  timeoutMs?: number
  timeToLiveMs?: number
  deadlocks?: 'ignore' | 'detect'
  as?: string
}
export interface UnlockStatement {
  unlock: string
  holder: string
}
export interface SendStatement {
  send: string
  to?: string
  afterMs?: number
  with?: Record<string, Cell>
}
export type Statement =
  | UpdateStatement
  | InsertStatement
  | DeleteStatement
  | CheckStatement
  | IfStatement
  | ReadStatement
  | WorkStatement
  | ReturnStatement
  | PublishStatement
  | SendStatement
  | CallStatement
  | LockStatement
  | UnlockStatement
  | CommitStatement
  | LoadStatement
  | AppendStatement
  | AwaitStatement
  | RebuildStatement

const tableName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/, 'a table is named `ledger`, or `inventory.stock` in another service'),
)
const where = v.union(
  [v.record(identifierSchema, cellSchema), expressionSchema],
  'either {"column": expression} for equal columns, or one expression over the row',
)
const list = v.lazy(() => v.array(statementSchema))

const update = fields({
  update: required(tableName, 'The table whose rows change.'),
  where: optional(
    where,
    'Which rows; all when absent. In {"column": expression} the expression sees the message only.',
  ),
  require: optional(
    expressionSchema,
    'A guard on each row found, checked under the row lock: `balance >= amount`. A row that fails it is not changed.',
  ),
  otherwise: optional(
    nameSchema,
    'The reason of the business refusal when no row was found or a row fails the guard. Without it such rows are skipped.',
  ),
  change: required(
    v.union([expressionSchema, v.pipe(v.array(expressionSchema), v.minLength(1))]),
    'What changes: `balance -= amount`, or a list of such assignments (=, +=, -=, *=).',
  ),
  limit: optional(countSchema, 'Change at most so many rows, the oldest first.'),
})
const insert = fields({
  insert: required(tableName, 'The table that gets a row.'),
  row: required(v.record(identifierSchema, cellSchema), 'The columns; those left out become null.'),
  conflict: withDefault(
    v.picklist(['refuse', 'ignore', 'replace']),
    'refuse',
    'When a unique index has the value already: refuse (the transaction rolls back), ignore (no row), replace (upsert).',
  ),
})
const remove = fields({
  delete: required(tableName, 'The table that loses rows.'),
  where: optional(where, 'Which rows; all when absent.'),
})
const check = fields({
  check: required(expressionSchema, 'A condition over the message and the tables of the service.'),
  otherwise: required(nameSchema, 'The reason of the business refusal when it does not hold.'),
})
const branch = fields({
  if: required(expressionSchema, 'A condition over the message, values read before, and the tables of the service.'),
  do: required(list, 'Run when it holds.'),
  else: optional(list, 'Run when it does not.'),
})
const read = fields({
  read: required(tableName, 'The table to read one row of (the first that fits).'),
  where: optional(where, 'Which row.'),
  as: required(identifierSchema, 'The name later statements know the row by; null when there is none.'),
  lock: withDefault(v.boolean(), false, 'Lock the row until the transaction ends (SELECT … FOR UPDATE).'),
})
const work = fields({ work: required(msSchema, 'Let so many milliseconds pass at this place.') })
const back = fields({
  return: required(expressionSchema, 'End the operation here with success when the expression holds: the state check.'),
})

const publish = fields({
  publish: required(nameSchema, 'An event, for every service that subscribes to it.'),
  when: withDefault(
    v.picklist(['after commit', 'at once']),
    'after commit',
    'at once: the event leaves while the transaction is still open, and stays out there when it rolls back (a ghost).',
  ),
  with: optional(v.record(identifierSchema, cellSchema), 'Fields added to those of the message being handled.'),
})
const sendAway = fields({
  send: required(
    nameSchema,
    'An operation to be asked for, or the start message of a saga, without an answer, once the transaction has committed.',
  ),
  to: optional(identifierSchema, 'The service that has the operation or hosts the saga; this one when absent.'),
  afterMs: withDefault(msSchema, 0, 'Arrive so much later: a message to oneself is a watchdog.'),
  with: optional(v.record(identifierSchema, cellSchema), 'Fields added to those of the message being handled.'),
})

const call = fields({
  call: required(
    nameSchema,
    'An operation of another service, asked for and waited for. Its effect is not undone with this transaction.',
  ),
  to: required(identifierSchema, 'The service that has the operation.'),
  with: optional(v.record(identifierSchema, cellSchema), 'Fields added to those of the message being handled.'),
  as: optional(
    identifierSchema,
    'The name later statements know the answer by: its fields are those it was asked with, and what the operation returns.',
  ),
  key: optional(
    expressionSchema,
    'The idempotency key of the call, the same for every attempt: `key` passes this message’s own on. None when absent.',
  ),
  timeoutMs: optional(msSchema, 'How long one attempt may stay unanswered; for ever when absent.'),
  retry: optional(retrySchema, 'Further attempts after an error or a time-out. None when absent.'),
  budget: optional(
    v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    'Retry budget: further attempts at most this share of first attempts, per caller and callee.',
  ),
  breaker: optional(
    fields({
      failures: withDefault(countSchema, 5, 'Failures in a row that open the circuit.'),
      openMs: withDefault(
        msSchema,
        30_000,
        'How long it stays open; then it is half-open: one attempt at a time may try.',
      ),
      trials: withDefault(
        countSchema,
        1,
        'So many attempts in a row that work close a half-open circuit; one that fails opens it again.',
      ),
    }),
    'A circuit breaker between this service and the one it calls.',
  ),
})

const phase = fields({
  commit: required(
    nameSchema,
    'A recovery point: what was done so far commits here, and the next transaction begins. With an idempotency key that claims first, a retry that takes over goes on behind it. Rows read before must be read again.',
  ),
})

const lock = fields({
  lock: required(
    expressionSchema,
    'A semantic lock by its name, an expression: `sku`. A row of the system table `locks`, kept after the transaction has committed.',
  ),
  holder: required(expressionSchema, 'Who holds it: `order`. The same holder may take it again.'),
  whenHeld: withDefault(
    v.picklist(['refuse', 'wait']),
    'refuse',
    'When somebody else holds it: refuse with LOCKED (fail fast), or wait until it is given back or expires.',
  ),
  timeoutMs: optional(msSchema, 'How long to wait; then it is refused with LOCK_TIMEOUT. For ever when absent.'),
  timeToLiveMs: optional(
    msSchema,
    'After so long the lock counts as given back, and the next holder gets a higher token. Never when absent.',
  ),
  deadlocks: withDefault(
    v.picklist(['ignore', 'detect']),
    'ignore',
    'When holders wait for each other in a circle: ignore (they wait for ever), or detect (the one that closes the circle is refused with DEADLOCK).',
  ),
  as: optional(
    identifierSchema,
    'The name later statements know the lock by: `lease.token`, higher with every holder (a fencing token), and `lease.until`, when it expires.',
  ),
})
const unlock = fields({
  unlock: required(expressionSchema, 'A semantic lock to give back, by its name.'),
  holder: required(expressionSchema, 'Only if this one holds it.'),
})

export const statementSchema: v.GenericSchema<Statement> = byKey(
  {
    update,
    insert,
    delete: remove,
    check,
    if: branch,
    read,
    work,
    return: back,
    publish,
    send: sendAway,
    call,
    lock,
    unlock,
    commit: phase,
    load: loadForm,
    append: appendForm,
    await: awaitForm,
    rebuild: rebuildForm,
  },
  'a statement',
) as v.GenericSchema<Statement>

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

const keyProtection = fields({
  rule: optional(
    v.picklist(ruleNames(keyRules)),
    'Whose rule it follows: stands in for the fields that are left out (see below).',
  ),
  mode: withDefault(
    v.picklist(['single transaction', 'claim first', 'check then insert']),
    'single transaction',
    'single transaction: claim, effect and reply in one transaction, a second request waits and then gets the stored reply. claim first: the claim commits before the work, a second request meanwhile gets a conflict. check then insert: two statements without a unique index, the mistake.',
  ),
  fingerprint: withDefault(
    v.boolean(),
    true,
    'Store a fingerprint of the payload; the same key with another payload is refused with KEY_REUSED. Without it the stored reply answers any payload.',
  ),
  reused: withDefault(
    v.picklist([422, 409, 400]),
    422,
    'The status a client hears for KEY_REUSED: 422 (the IETF draft), 409 (Brandur’s design), 400.',
  ),
  field: optional(
    identifierSchema,
    'The field of the payload that carries the key: `idempotencyKey`. The request’s own `key` (a header) when absent.',
  ),
  required: withDefault(
    v.boolean(),
    false,
    'A client’s request without a key is refused with KEY_MISSING, status 400 (the IETF draft).',
  ),
  scope: withDefault(
    v.picklist(['operation', 'service']),
    'operation',
    'operation: the same key in two operations means two requests. service: one key, one request, whatever it asks for.',
  ),
  per: optional(
    identifierSchema,
    'A field of the message: keys of different values of it never meet (`customer`: unique per customer and key).',
  ),
  retentionMs: optional(msSchema, 'How long a key is kept after its creation; for ever when absent.'),
  stores: withDefault(
    v.picklist(['successes and refusals', 'successes', 'everything']),
    'successes and refusals',
    'Which outcomes are kept under the key and replayed to a retry. everything: transient errors too.',
  ),
  lockTimeoutMs: optional(
    msSchema,
    'Claim first: a claim that is not finished after so long may be taken over by a retry; never when absent.',
  ),
  recoveryPoints: withDefault(
    v.boolean(),
    true,
    'Claim first: who takes over goes on behind the last `commit` statement that was reached. Without them it starts from the top.',
  ),
  completerMs: optional(
    msSchema,
    'Claim first: a completer takes up, so long after the claim, a request that nobody finished.',
  ),
  reaperMs: optional(msSchema, 'Claim first: a reaper deletes the row so long after the claim.'),
  capacity: optional(countSchema, 'The store holds so many keys; the least recently used ones go. All when absent.'),
  purgeMs: optional(
    msSchema,
    'Expired rows are deleted when the next request comes by, at most so often. They stay, and count as absent, when absent.',
  ),
  store: withDefault(
    v.picklist(['shared', 'local']),
    'shared',
    'shared: one store on the disk of the service. local: each replica remembers what it has seen itself, in its memory, and knows nothing of the others; `capacity` is for each.',
  ),
  recordBytes: withDefault(countSchema, 50, 'What one record takes, for `store(…).bytes`.'),
})
const inboxProtection = fields({
  by: withDefault(
    v.picklist(['message id', 'business key']),
    'message id',
    'message id: catches redeliveries and bus duplicates. business key (saga or request, step, direction): also catches resends.',
  ),
  when: withDefault(
    v.picklist(['before the work', 'after the work']),
    'before the work',
    'When the row is inserted, in the transaction of the effect: before the work, a second delivery waits for it; after the work, both work and one is rolled back.',
  ),
  reply: withDefault(
    v.picklist(['stored', 'none']),
    'stored',
    'What a duplicate causes: the stored reply once more, or nothing at all (skipped).',
  ),
  retentionMs: optional(msSchema, 'How long a message is remembered after it was first handled; for ever when absent.'),
  capacity: optional(countSchema, 'It holds so many messages; the least recently used ones go. All when absent.'),
  purgeMs: optional(
    msSchema,
    'Expired rows are deleted when the next request comes by, at most so often. They stay, and count as absent, when absent.',
  ),
  store: withDefault(
    v.picklist(['shared', 'local']),
    'shared',
    'shared: one store on the disk of the service. local: each replica remembers what it has seen itself, in its memory, and knows nothing of the others; `capacity` is for each.',
  ),
  recordBytes: withDefault(countSchema, 50, 'What one record takes, for `store(…).bytes`.'),
})
const fenceProtection = fields({
  lifetimeMs: optional(msSchema, 'How long a tombstone is kept; for ever when absent.'),
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

const outboxProtection = fields({
  mark: withDefault(
    v.picklist(['each', 'batch', 'before publishing']),
    'each',
    'When the relay marks a row as sent: after publishing it, after the whole batch, or before publishing it (the mistake that loses messages).',
  ),
  batch: withDefault(countSchema, 100, 'How many rows one round of the relay takes.'),
  everyMs: withDefault(msSchema, 0, 'A polling relay looks so often; 0 publishes right after each commit.'),
  relays: withDefault(
    v.pipe(countSchema, v.maxValue(16, 'at most 16 relays')),
    1,
    'So many relays publish side by side, each one row at a time.',
  ),
  share: withDefault(
    v.picklist(['any', 'by key']),
    'any',
    'Which relay takes a row. any: the next free one, so that a slow one is overtaken. by key: all rows of one saga, request or group go to the same.',
  ),
  relayMs: withDefault(msSchema, 0, 'How long a relay takes to publish one row.'),
  reads: withDefault(
    v.picklist(['unsent', 'after last id', 'up to the oldest open']),
    'unsent',
    'How the relay finds its rows. unsent: by the mark. after last id: id > last, where the id was drawn at the insert; a row that commits later under a lower id is never published. up to the oldest open: the same, but only rows of transactions older than every one that is still open, in their order. The latter two poll (every 10 ms when everyMs is 0).',
  ),
})

const transactionalSchema = fields({
  timeoutMs: withDefault(
    v.pipe(msSchema, v.minValue(1, 'a transaction lasts for at least 1 ms')),
    60_000,
    'The broker aborts a transaction that is open for so long; the commit that comes later is turned away.',
  ),
})

export const protectionsSchema = fields({
  idempotencyKey: optional(keyProtection, 'KEY: a row (key, fingerprint, status, reply) per request key.'),
  inbox: optional(inboxProtection, 'INBOX: a row per message in the same transaction as the effect.'),
  outbox: withDefault(
    v.union([v.boolean(), outboxProtection], 'true, false, or {mark, batch, everyMs, relays, …}'),
    false,
    'OUTBOX: outgoing messages are stored in the same transaction and relayed later with the same message id.',
  ),
  transactional: withDefault(
    v.union([v.boolean(), transactionalSchema], 'true, false, or {timeoutMs}'),
    false,
    'Read, process, write as one transaction of the broker: acknowledgement (or offset), table changes and outgoing messages take effect together. Calls to other services are not part of it.',
  ),
  epochs: withDefault(
    v.boolean(),
    false,
    'A message sent under an older epoch than the newest seen from the same service is refused with STALE_EPOCH, and not answered.',
  ),
  fence: optional(
    fenceProtection,
    'FENCE: a unique row per (saga, step). A compensation without its forward action leaves a tombstone, and the late forward action is refused.',
  ),
})

export const projectionSchema = projectionSchemaOf(list as v.GenericSchema<Statement[]>)

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
