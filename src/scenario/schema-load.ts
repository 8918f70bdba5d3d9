/** Load in the scenario language: how long things take, replicas, and streams of requests. */
import * as v from 'valibot'
import { retrySchema } from './schema-retry.ts'
import {
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

/** Requests of one stream: their numbers, and those of their repeats, stay apart from everything else’s. */
const REQUESTS_MAX = 10_000_000

export const durationSchema = v.union(
  [
    msSchema,
    v.tuple([msSchema, msSchema]),
    fields({ exponential: required(msSchema, 'The mean of an exponential distribution.') }),
  ],
  'a time in milliseconds, a range [from, to], or {"exponential": mean}',
)

export const scalingSchema = fields({
  atMs: required(msSchema, 'When.'),
  replicas: required(countSchema, 'How many from then on.'),
})

const rateSchema = v.pipe(
  v.number('a rate is a number of requests per second'),
  v.minValue(0.000_001, 'a rate is greater than 0'),
  v.maxValue(1_000_000, 'a rate is at most 1,000,000 a second'),
)
const requestCountSchema = v.pipe(
  v.number(),
  v.integer('a count is a whole number'),
  v.minValue(1, 'a count is at least 1'),
  v.maxValue(REQUESTS_MAX, 'a stream has at most 10,000,000 requests'),
)
const templateSchema = v.union(
  [
    literalSchema,
    fields({
      between: required(
        v.tuple([v.pipe(v.number(), v.integer()), v.pipe(v.number(), v.integer())]),
        'A whole number, drawn for each request, both ends included.',
      ),
    }),
  ],
  'a number, a text, true, false, null, or {"between": [from, to]}',
)

const proxySchema = fields({
  timeoutMs: required(msSchema, 'How long it waits for an answer before it sends the request again by itself.'),
  attemptsMax: withDefault(countSchema, 3, 'How often it sends one request, the first time included.'),
})

const repeatSchema = fields({
  share: withDefault(
    v.pipe(v.number(), v.minValue(0, 'a share is at least 0'), v.maxValue(1, 'a share is at most 1')),
    1,
    'Which share of the requests comes again: 0.05 is one in twenty, drawn.',
  ),
  afterMs: optional(durationSchema, 'So long after the first one.'),
  afterRequests: optional(countSchema, 'When so many further requests of the stream have come, instead of `afterMs`.'),
  keys: withDefault(
    v.picklist(['same', 'fresh']),
    'same',
    'same: the same request once more. fresh: with a key of its own, as a page does that makes a key for each click.',
  ),
})

export const arrivalSchema = fields({
  name: required(nameSchema, 'A name for the stream, by which a variant can change it.'),
  to: required(identifierSchema, 'The service that gets the requests.'),
  message: required(nameSchema, 'A saga’s start message, or an operation of the service.'),
  rate: required(rateSchema, 'Requests per second, on average.'),
  spacing: withDefault(
    v.picklist(['even', 'exponential', 'bursts']),
    'even',
    'even: always the same time between two. exponential: a Poisson process, as of many clients that know nothing of each other. bursts: `burst` at once, then a pause.',
  ),
  burst: withDefault(countSchema, 10, 'With `spacing: bursts`: how many come at once.'),
  count: optional(requestCountSchema, 'How many requests in all. At least one of `count` and `untilMs` is given.'),
  fromMs: withDefault(msSchema, 0, 'When the stream begins.'),
  untilMs: optional(msSchema, 'When it ends.'),
  payload: withDefault(
    v.record(identifierSchema, templateSchema),
    {},
    'The fields of the message. In a text `#` becomes 1, 2, 3 …; `#%10` 1 to 10 in turn; `#?10` 1 to 10, drawn.',
  ),
  key: optional(
    v.pipe(textSchema, v.maxLength(200, 'the template of a key has at most 200 characters')),
    'The idempotency key, with `#` as in the payload.',
  ),
  group: optional(
    textSchema,
    'Requests of one group keep their order on a bus with order; `#%10` makes ten groups. Each its own when absent.',
  ),
  timeoutMs: optional(msSchema, 'How long a client waits for the answer of one attempt.'),
  retry: optional(retrySchema, 'Further attempts after a time-out or a transient error.'),
  keys: withDefault(
    v.picklist(['same', 'fresh', 'none']),
    'same',
    'The key of further attempts: the same, a fresh one each, or none.',
  ),
  proxy: optional(proxySchema, 'A proxy between client and service that retries on its own.'),
  repeats: withDefault(
    v.array(repeatSchema),
    [],
    'How requests come again: duplicates, impatient double clicks, a batch replayed the next day.',
  ),
})

export type Arrival = v.InferOutput<typeof arrivalSchema>
export type DurationInput = v.InferOutput<typeof durationSchema>
