/** The statements of an operation: each is known by the one word it begins with. */
import * as v from 'valibot'
import { retrySchema } from './schema-retry.ts'
import { appendForm, awaitForm, loadForm, rebuildForm } from './schema-store.ts'
import {
  byKey,
  cellSchema,
  countSchema,
  expressionSchema,
  fields,
  identifierSchema,
  msSchema,
  nameSchema,
  optional,
  required,
  withDefault,
} from './schema-words.ts'
import type { Statement } from './statement-types.ts'

const tableName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/, 'a table is named `ledger`, or `inventory.stock` in another service'),
)
const where = v.union(
  [v.record(identifierSchema, cellSchema), expressionSchema],
  'either {"column": expression} for equal columns, or one expression over the row',
)
export const statementList = v.lazy(() => v.array(statementSchema))

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
  do: required(statementList, 'Run when it holds.'),
  else: optional(statementList, 'Run when it does not.'),
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
