/** What a service can protect itself with. */
import * as v from 'valibot'
import { keyRules, ruleNames } from './rules.ts'
import { countSchema, fields, identifierSchema, msSchema, optional, withDefault } from './schema-words.ts'

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
