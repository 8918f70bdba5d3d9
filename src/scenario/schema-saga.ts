import * as v from 'valibot'
import { ruleNames, sagaRules } from './rules.ts'
import { retrySchema } from './schema-retry.ts'
import {
  cellSchema,
  expressionSchema,
  fields,
  identifierSchema,
  msSchema,
  nameSchema,
  optional,
  required,
  withDefault,
} from './schema-words.ts'

export const stepSchema = fields({
  name: required(nameSchema, 'The step’s name, unique in the saga.'),
  service: required(identifierSchema, 'Who does it. The orchestrator itself: done in its own transaction, no message.'),
  operation: required(nameSchema, 'What is asked for.'),
  compensation: optional(nameSchema, 'The operation of the same service that undoes it semantically.'),
  kind: withDefault(
    v.picklist(['compensatable', 'pivot', 'retriable']),
    'compensatable',
    'compensatable: can be undone. pivot: the point of no return. retriable: after the pivot, only forward.',
  ),
  after: optional(v.array(nameSchema), 'The steps it waits for; the step before it when absent. [] starts at once.'),
  with: optional(v.record(identifierSchema, cellSchema), 'Fields added to the saga’s data in this step’s commands.'),
  timeoutMs: optional(msSchema, 'How long one attempt may stay unanswered. Without it the step waits for ever.'),
  onTimeout: optional(
    v.picklist(['compensate', 'ask again']),
    'When the last attempt stays unanswered: compensate (backward recovery) or ask again without end. Default: compensate for a compensatable step, ask again for a pivot or retriable one.',
  ),
  retry: optional(retrySchema, 'Further attempts after a transient error or a time-out. None when absent.'),
  retryRefusals: withDefault(
    v.boolean(),
    false,
    'Treat a business refusal as transient: the mistake of many tutorials.',
  ),
  keys: withDefault(
    v.picklist(['same', 'fresh', 'none', 'saga']),
    'same',
    'The idempotency key of its attempts: the same for all, a fresh one each, no key at all, or the saga’s id alone, which its steps and compensations then share (the mistake).',
  ),
  register: optional(v.picklist(['before', 'after']), 'REG-BEFORE or REG-AFTER for this step; the saga’s when absent.'),
  onFailure: optional(
    v.picklist(['compensate', 'ask again']),
    'When the last attempt ends in a transient error, or a retriable step is refused: compensate, or ask again without end. Default: ask again for a retriable step, compensate for the others. A pivot that may have happened is asked again in any case.',
  ),
  compensationTimeoutMs: optional(msSchema, 'How long one attempt of the compensation may stay unanswered.'),
  compensationRetry: optional(retrySchema, 'Further attempts of the compensation.'),
  event: optional(nameSchema, 'Choreographed: the event that says it is done; the operation’s reply when absent.'),
  refusedEvent: optional(
    nameSchema,
    'Choreographed: the event that says it was refused; the operation’s refusal when absent.',
  ),
  undoneEvent: optional(
    nameSchema,
    'Choreographed: the event that says it was undone; the compensation’s reply when absent.',
  ),
  onCompensationFailure: withDefault(
    v.picklist(['stop', 'park', 'ignore']),
    'stop',
    'After the last attempt of the compensation: stop (a person is needed, nothing else is undone), park (alert, undo the others, then a person is needed), ignore (the mistake: the saga says Compensated).',
  ),
})

export const sagaSchema = fields({
  rule: optional(
    v.picklist(ruleNames(sagaRules)),
    'Whose rule it follows: stands in for the fields that are left out, of the saga and of its steps (see below).',
  ),
  style: withDefault(
    v.picklist(['orchestrated', 'choreographed', 'two-phase']),
    'orchestrated',
    'orchestrated: the orchestrator sends commands and holds the saga. choreographed: each step’s service subscribes to the event of the step before, and to the refusals of later ones; nobody holds the saga, and its progress is reconstructed from events. two-phase: no saga but one distributed transaction: the orchestrator coordinates a two-phase commit, the steps prepare and vote, and their rows stay locked until its decision.',
  ),
  twoPhase: withDefault(
    fields({
      inquireMs: withDefault(msSchema, 5000, 'A participant in doubt asks the coordinator so often.'),
      resendMs: withDefault(
        msSchema,
        10_000,
        'The coordinator tells a commit again, so often, to whoever has not confirmed it.',
      ),
    }),
    {},
    'With `style: two-phase`: how patient those are who wait.',
  ),
  orchestrator: required(identifierSchema, 'The service that hosts it (choreographed: where the start message goes).'),
  start: required(nameSchema, 'The message that starts an instance.'),
  id: required(expressionSchema, 'The instance id, from the start message: `order`.'),
  unique: withDefault(v.boolean(), true, 'A second start with the same id finds the instance instead of making one.'),
  durable: withDefault(v.boolean(), true, 'The saga log is on disk. In memory, a crash forgets the instance.'),
  persist: withDefault(
    v.picklist(['before sending', 'after sending']),
    'before sending',
    'Whether the log is committed before or after the next commands leave.',
  ),
  guard: withDefault(
    v.boolean(),
    true,
    'The state guard: a reply for a step that is no longer awaited is recorded, not acted on.',
  ),
  ended: withDefault(v.picklist(['keep', 'remove']), 'keep', 'What becomes of an instance that has ended.'),
  endedKeptMs: optional(msSchema, 'How long an ended instance is found by its id; for ever when absent.'),
  concurrency: withDefault(
    v.picklist(['optimistic', 'pessimistic', 'none']),
    'optimistic',
    'Two handlings of one instance at once: optimistic (the second to commit is rolled back and handled again), pessimistic (the second waits), none (the second overwrites the first: the mistake).',
  ),
  onRefusal: withDefault(
    v.picklist(['at once', 'settle']),
    'at once',
    'With parallel steps: turn back at once, or when the steps under way have settled.',
  ),
  onRestart: withDefault(
    v.picklist(['wait', 'ask again', 'turn back']),
    'wait',
    'After a crash of the orchestrator: wait for what the broker hands out again, ask again for every answer that is awaited (save-points, forward recovery), or turn back (no save-points: the 1987 default).',
  ),
  rerun: optional(
    retrySchema,
    'After it was compensated the saga begins again, as a further run of the same instance: a deadlock’s victim, say. Never when absent.',
  ),
  resume: optional(
    nameSchema,
    'A message by which a person resumes an instance that needs one; it carries the same id.',
  ),
  register: withDefault(
    v.picklist(['before', 'after']),
    'after',
    'before: a compensation is owed from before the command is sent. after: only once success was reported.',
  ),
  compensations: withDefault(
    v.union([v.picklist(['reverse', 'parallel']), v.array(v.array(nameSchema))]),
    'reverse',
    'Strict reverse order, all at once, or groups of step names one after the other.',
  ),
  steps: required(v.pipe(v.array(stepSchema), v.minLength(1, 'a saga has at least one step')), 'The steps, in order.'),
})
