import * as v from 'valibot'
import {
  countSchema,
  fields,
  identifierSchema,
  MS_MAX,
  msSchema,
  nameSchema,
  optional,
  required,
  withDefault,
} from './schema-words.ts'

/** The gaps of a handler a crash can land in, in the order a handler meets them (catalogue CP0 … CP4). */
export const crashPoints = [
  'on receipt',
  'before commit',
  'after commit',
  'after send',
  'ack lost',
  'after ack',
] as const
/** The gaps in which a service can stand still. */
export const pausePoints = ['on receipt', 'before commit', 'after commit', 'after send'] as const
export type CrashPoint = (typeof crashPoints)[number]

const common = {
  id: optional(nameSchema, 'A name for links and lists.'),
  enabled: withDefault(v.boolean(), true, 'A fault that is switched off stays in the scenario and does nothing.'),
}
const signedMs = v.pipe(
  v.number('a time in milliseconds is a number'),
  v.minValue(-MS_MAX, 'a time is at most 400 days'),
  v.maxValue(MS_MAX, 'a time is at most 400 days'),
)
const never = v.picklist(['never'])
const probability = v.pipe(
  v.number(),
  v.minValue(0, 'a probability is between 0 and 1'),
  v.maxValue(1, 'a probability is between 0 and 1'),
)
const which = {
  message: optional(nameSchema, 'The message’s name; any when absent.'),
  from: optional(identifierSchema, 'Only messages from this service.'),
  to: optional(identifierSchema, 'Only messages to this service.'),
  nth: optional(countSchema, 'Only the n-th such message (1 when no probability is given).'),
  times: withDefault(countSchema, 1, 'That one and the next, so many in all.'),
  probability: optional(probability, 'Each such message with this probability, instead of the n-th.'),
  afterMs: withDefault(msSchema, 0, 'Count only messages sent at or after this time.'),
  untilMs: optional(msSchema, 'Count only messages sent before this time.'),
}
const handling = {
  service: required(identifierSchema, 'Where.'),
  on: optional(nameSchema, 'Only while handling this message or operation; any when absent.'),
  nth: withDefault(countSchema, 1, 'The n-th such handling.'),
  afterMs: withDefault(msSchema, 0, 'Count only handlings that begin at or after this time.'),
}
const times = {
  times: withDefault(
    v.union([countSchema, v.picklist(['always'])], 'a count, or "always"'),
    1,
    'That handling and the next, so many in all, or always.',
  ),
  untilMs: optional(msSchema, 'Only handlings that begin before this time.'),
}

export const faultSchema = v.variant('kind', [
  fields({
    kind: required(v.literal('crash'), 'The service stops at once: memory and open transactions are gone, disk stays.'),
    ...common,
    service: required(identifierSchema, 'Who crashes.'),
    atMs: optional(msSchema, 'At this time. Instead of `on`, `nth` and `point`.'),
    on: optional(nameSchema, 'While handling this message; any when absent.'),
    nth: withDefault(countSchema, 1, 'At the n-th such handling.'),
    point: withDefault(v.picklist(crashPoints), 'on receipt', 'At which gap of the handler.'),
    replica: optional(
      v.union([countSchema, v.picklist(['at work'])], 'the number of a replica, from 1, or "at work"'),
      'Only one of the replicas: the first is 1; "at work" is whichever handles it. Its memory is gone, and the others get what it had in hand. With a number, `nth` counts what that one handles. The whole service when absent.',
    ),
    afterMs: withDefault(msSchema, 0, 'Count only handlings that begin at or after this time.'),
    restartMs: optional(
      v.union([msSchema, never]),
      'Down for so long, or "never"; the service’s restartMs when absent.',
    ),
  }),
  fields({ kind: required(v.literal('drop'), 'A message is lost on its way.'), ...common, ...which }),
  fields({
    kind: required(v.literal('duplicate'), 'The bus delivers a message more than once, with the same message id.'),
    ...common,
    ...which,
    copies: withDefault(countSchema, 1, 'How many more.'),
    byMs: withDefault(msSchema, 0, 'How much later each copy arrives.'),
  }),
  fields({
    kind: required(v.literal('delay'), 'A message takes longer. On a bus with order it holds up those behind it.'),
    ...common,
    ...which,
    byMs: required(msSchema, 'How much longer.'),
  }),
  fields({
    kind: required(v.literal('slow'), 'A handler takes longer.'),
    ...common,
    ...handling,
    ...times,
    byMs: required(msSchema, 'How much longer.'),
    where: withDefault(
      v.picklist(['before transaction', 'in transaction']),
      'in transaction',
      'Whether its transaction, with its claims and locks, is already open while it dawdles.',
    ),
  }),
  fields({
    kind: required(v.literal('refuse'), 'A definitive business no.'),
    ...common,
    ...handling,
    ...times,
    reason: withDefault(nameSchema, 'REFUSED', 'The reason given.'),
  }),
  fields({
    kind: required(v.literal('fail'), 'A transient error: nothing was done, and asking again may work.'),
    ...common,
    ...handling,
    ...times,
    point: withDefault(
      v.picklist(['before commit', 'after commit']),
      'before commit',
      'after commit: the effect stays, and the handler fails all the same.',
    ),
    reason: withDefault(nameSchema, 'UNAVAILABLE', 'The reason given.'),
  }),
  fields({
    kind: required(
      v.literal('poison'),
      'A message that cannot be handled: every handling of it fails, however often it is handed out.',
    ),
    ...common,
    ...handling,
    untilMs: optional(msSchema, 'When somebody has mended the handler.'),
  }),
  fields({
    kind: required(
      v.literal('pause'),
      'The service stands still, and does not know it: its memory, transactions and locks stay, time-outs and leases run on.',
    ),
    ...common,
    service: required(identifierSchema, 'Who stands still.'),
    atMs: optional(msSchema, 'From this time on. Instead of `on`, `nth` and `point`.'),
    on: optional(nameSchema, 'While handling this message; any when absent.'),
    nth: withDefault(countSchema, 1, 'At the n-th such handling.'),
    point: withDefault(
      v.picklist(pausePoints),
      'on receipt',
      'At which gap of the handler: after commit is the zombie that has decided and not yet sent.',
    ),
    afterMs: withDefault(msSchema, 0, 'Count only handlings that begin at or after this time.'),
    forMs: required(msSchema, 'For how long.'),
  }),
  fields({
    kind: required(
      v.literal('skew'),
      'The service’s clock is wrong: what it writes as `now`, and by which it judges leases and what its stores keep has expired, is not the time it is.',
    ),
    ...common,
    service: required(identifierSchema, 'Whose clock.'),
    offsetMs: withDefault(signedMs, 0, 'So far ahead; below 0: behind.'),
    driftPpm: withDefault(
      v.pipe(
        v.number(),
        v.integer('a drift is a whole number of millionths'),
        v.minValue(-500_000),
        v.maxValue(500_000),
      ),
      0,
      'It gains so many microseconds in every second; below 0 it loses them.',
    ),
    fromMs: withDefault(msSchema, 0, 'Since when.'),
    untilMs: optional(msSchema, 'When it is put right; never when absent.'),
  }),
  fields({
    kind: required(
      v.literal('amnesia'),
      'The broker had acknowledged messages and loses them: what it accepted shortly before and has not handed out.',
    ),
    ...common,
    atMs: required(msSchema, 'When.'),
    windowMs: withDefault(msSchema, 1000, 'How far back it loses what it had accepted.'),
  }),
  fields({
    kind: required(v.literal('partition'), 'Two sets of services cannot reach each other for a while.'),
    ...common,
    between: required(
      v.tuple([v.pipe(v.array(identifierSchema), v.minLength(1)), v.pipe(v.array(identifierSchema), v.minLength(1))]),
      'The two sets: [["order"], ["payment"]].',
    ),
    fromMs: withDefault(msSchema, 0, 'When it begins.'),
    untilMs: optional(msSchema, 'When it heals; never when absent.'),
    mode: withDefault(
      v.picklist(['buffer', 'drop', 'refuse']),
      'buffer',
      'buffer: messages wait and arrive when it heals. drop: they are lost. refuse: the sender hears UNREACHABLE at once.',
    ),
    direction: withDefault(
      v.picklist(['both', 'there', 'back']),
      'both',
      'Both ways, only from the first set to the second, or only back.',
    ),
  }),
])
