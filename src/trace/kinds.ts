/**
 * What can have happened, as stable codes: an old link or a golden trace relies on them, so a code is never reused.
 * The comment behind each code says what the columns `a` and `b` hold (value = id in the trace's value table).
 */
export const Kind = {
  /** A message left its sender. */
  sent: 1,
  /** A message reached its receiver's queue. */
  delivered: 2,
  /** A message was lost. a: value, why; b: fault number, −1 for none. */
  dropped: 3,
  /** The bus made a second copy. message: the copy; a: the message copied; b: fault number. */
  duplicated: 4,
  /** A fault holds the message back. a: milliseconds; b: fault number. */
  delayed: 5,
  /** A partition holds the message until it heals. */
  held: 6,
  /** The broker hands out the same message again. a: delivery count. */
  redelivered: 7,
  /** Too many deliveries: the message was parked. a: delivery count. */
  deadLettered: 8,
  /** A handler took the message. a: delivery count. */
  received: 9,
  /** A transaction began. */
  begun: 10,
  /** A statement ran. a: statement number in the header, b: rows touched. */
  executed: 11,
  /** The transaction waits for another one. a: value, for what; b: value, which one (of a lock: who wants it), where that is known. */
  waiting: 12,
  committed: 13,
  /** A committed row change. a: change number. */
  rowChanged: 14,
  /** A transaction was rolled back. a: value, why. */
  aborted: 15,
  /** A business refusal. a: value, the reason; b: the fault that said so, −1 for none. */
  refused: 16,
  /** A transient error. a: value, the reason; b: the fault that said so, −1 for none. */
  failed: 17,
  /** A duplicate was turned away. a: value, by which protection; b: value, the key. */
  deduplicated: 18,
  acknowledged: 19,
  /** The acknowledgement got lost on its way to the broker. */
  acknowledgementLost: 20,
  /** A service went down. a: value, the crash point (or "at a time"); b: fault number. */
  crashed: 21,
  recovered: 22,
  /** A partition began / ended. a: fault number. */
  partitioned: 23,
  healed: 24,
  /** a: value, instance id; b: saga definition number. */
  sagaStarted: 25,
  /** a: step number; b: attempt. */
  stepStarted: 26,
  /** a: step number. */
  stepSucceeded: 27,
  /** a: step number; b: value, the reason. */
  stepRefused: 28,
  /** A transient error came back for the step. a: step number; b: value, the reason. */
  stepFailed: 29,
  /** a: step number; b: attempt. */
  stepTimedOut: 30,
  /** The saga turned to backward recovery. a: step number that caused it; b: value, why. */
  compensationStarted: 31,
  /** A compensation was asked for. a: step number; b: attempt. */
  stepCompensating: 32,
  /** a: step number. */
  stepCompensated: 33,
  /** A compensation did not work. a: step number; b: value, the reason. */
  compensationFailed: 34,
  sagaCompleted: 35,
  sagaCompensated: 36,
  /** a: step number; b: value, why. */
  sagaNeedsIntervention: 37,
  /** A reply nobody waited for any more: recorded, not acted on. a: step number; b: value, why. */
  replyIgnored: 38,
  /** The answer of an external system or the reply to a client arrived. a: value, the status. */
  responded: 39,
  /** A property broke. a: property number. */
  violated: 40,
  /** The run ended. a: value, why; b: value, the circle it was in, −1 for none. */
  ended: 41,
  /** An owed compensation was registered. a: step number. */
  compensationRegistered: 42,
  /** In-memory state was lost in a crash. a: value, what. */
  forgotten: 43,
  /** A fault slowed a handler down. a: milliseconds; b: fault number. */
  slowed: 44,
  /** Somebody was told that a compensation is owed and cannot be done. a: step number; b: value, the reason. */
  alerted: 45,
  /** An event was published. a: value, its name; b: number of subscribers. */
  published: 46,
  /** A circuit breaker changed. a: value, its state; b: the service called. */
  circuit: 47,
  /** A service stands still, its memory intact. a: milliseconds; b: fault number. */
  paused: 48,
  unpaused: 49,
  /** A participant of a two-phase commit voted yes: written, locked, kept through a crash. a: rows locked so far. */
  prepared: 53,
  /** The coordinator has logged its decision. a: value, commit or abort; b: value, why. */
  decided: 54,
  /** A prepared transaction ended. a: value, committed or rolled back; b: milliseconds since it was prepared. */
  resolved: 55,
  /** The two-phase commit ended with everything rolled back. a: step number that caused it; b: value, why. */
  sagaAborted: 56,
  /** An operation of a saga looked at a committed row. a: table number, b: row number. */
  rowRead: 57,
  /** A write met a unique value that is there already, and fails for it. a: value, the index; b: value, which one. */
  collided: 50,
  /** A service's clock is set or put right. a: value, milliseconds it is ahead (below 0: behind); b: drift in millionths. */
  clockSet: 62,
  /** One of a service's replicas stopped, the others go on. a: which, from 0; b: the fault's number. */
  replicaCrashed: 98,
  /** It is back. a: which, from 0. */
  replicaRecovered: 99,
  /** A service has so many replicas from now on. a: replicas; b: before. */
  scaled: 65,
  /** A look at a service in a run that keeps no other entries. a: messages waiting; b: handlers at work. */
  measured: 66,
  /** An event was put into its stream, in an open transaction. a: value, the stream; b: its version there. */
  appended: 70,
  /** The stream was not where an append expected it. a: value, the stream; b: the version it has. */
  appendConflict: 71,
  /** An aggregate was folded from its stream. a: value, the stream; b: events read. */
  loaded: 72,
  /** a: value, the stream; b: version. */
  snapshotTaken: 73,
  /** A projection's update has committed. a: projection number in the header; b: position of the event. */
  projected: 74,
  /** A projection passed over an event. a: projection number; b: value, why. */
  projectionSkipped: 75,
  /** A projection put an event aside. a: projection number; b: value, why. */
  projectionParked: 76,
  /** A projection waits at a position nobody has filled. a: projection number; b: the position. */
  gapHeld: 77,
  /** A projection went on over a gap. a: projection number; b: the position. */
  gapSkipped: 78,
  /** A projection stored how far it has come. a: projection number; b: position. */
  checkpointed: 79,
  /** A projection reads on from a position. a: projection number; b: the position. */
  subscribed: 80,
  /** a: projection number; b: value, in place or blue/green. */
  rebuildStarted: 81,
  /** a: projection number; b: position reached. */
  rebuildFinished: 82,
  /** An instance of a projection took the claim. a: projection number; b: its token. */
  claimTaken: 83,
  /** An event was kept until those before it have come. a: projection number; b: position. */
  eventBuffered: 84,
  /** Of several processes one has taken the lease. a: its epoch; b: value, why. */
  leaseTaken: 58,
  /** A process has learned that its lease is another's by now. a: the epoch it had. */
  leaseLost: 59,
  /** A message that waited at one process is given to another. a: the service it waited at. */
  moved: 60,
  /** An acknowledgement for a hand-out that is over: the broker has given the message to somebody else. */
  acknowledgementVoid: 61,
  /** What a member of a consumer group has in this generation. a: the generation; b: value, its partitions. */
  assigned: 85,
  /** The partitions of a consumer group are dealt anew. a: the generation that ends; b: milliseconds of pause. */
  rebalanceBegan: 86,
  /** A member is none any more. a: the generation it was in; b: value, why. */
  memberLeft: 87,
  /** A process asks to be a member. a: the generation so far. */
  memberJoined: 88,
  /** a: partition; b: the offset the next owner would begin at. */
  offsetCommitted: 89,
  /** A commit was turned away. a: partition; b: the generation its sender believed in. */
  commitTurnedAway: 90,
  /** A message waits at the broker until the transaction it was written in has ended, or behind one that does. */
  awaitsCommit: 91,
  /** A transaction of the broker was aborted: who reads committed never sees its messages. a: value, why. */
  brokerAborted: 92,
} as const

export type KindCode = (typeof Kind)[keyof typeof Kind]
export type KindName = keyof typeof Kind

const names: (KindName | undefined)[] = []
for (const [name, code] of Object.entries(Kind)) names[code] = name as KindName

export function kindName(code: number): KindName {
  const name = names[code]
  if (name === undefined) throw new Error(`no trace entry kind has the code ${code}`)
  return name
}

/** What a message is to the receiver. */
export const Role = { command: 0, event: 1, reply: 2, request: 3, response: 4 } as const
export type RoleCode = (typeof Role)[keyof typeof Role]

/** How a request was answered. `none` for everything that is no reply. */
export const Outcome = { none: 0, ok: 1, refused: 2, failed: 3 } as const
export type OutcomeCode = (typeof Outcome)[keyof typeof Outcome]
