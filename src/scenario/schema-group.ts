/** A service that reads its messages as a consumer group. */
import * as v from 'valibot'
import { countSchema, fields, identifierSchema, msSchema, optional, required, withDefault } from './schema-words.ts'

export const groupSchema = fields({
  partitions: required(
    v.pipe(countSchema, v.maxValue(64, 'at most 64 partitions')),
    'So many partitions, numbered from 0. Within one, messages are handled one after the other.',
  ),
  by: optional(
    identifierSchema,
    'The field of a message that says its partition: a whole number counts from 0 and round again, anything else is hashed. The order it belongs to (its `group`, its saga) when absent.',
  ),
  sessionMs: withDefault(
    v.pipe(msSchema, v.minValue(1, 'a session lasts for at least 1 ms')),
    10_000,
    'A member that is silent (crashed, paused) for so long loses its partitions. One that is back before keeps them.',
  ),
  heartbeats: withDefault(
    v.picklist(['always', 'between messages']),
    'always',
    'always: whoever runs is heard. between messages: who works on one message for longer than sessionMs counts as silent.',
  ),
  rebalanceMs: withDefault(
    msSchema,
    0,
    'How long a rebalance lasts at least; longer when a member has to finish a message of a partition it gives up.',
  ),
  rebalancing: withDefault(
    v.picklist(['eager', 'cooperative']),
    'eager',
    'eager: the world stops, and the partitions are dealt anew in ranges. cooperative: only those that have to change hands stop, as few as possible.',
  ),
  commitEvery: optional(
    countSchema,
    'An owner commits its offset whenever it has handled so many messages; 1 when neither this nor commitMs is given.',
  ),
  commitMs: optional(
    v.pipe(msSchema, v.minValue(1, 'at least 1 ms lies between two commits')),
    'An owner commits its offset so long after it has handled a message.',
  ),
  fencing: withDefault(
    v.boolean(),
    true,
    'A commit of a generation that is over is turned away. Without it a zombie moves the offset of a partition that is another’s.',
  ),
  joinsMs: withDefault(
    v.array(msSchema),
    [],
    'When further members join: as many of the instances, the last ones, as there are times here.',
  ),
})
