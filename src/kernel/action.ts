/** Everything that may happen next. Each item of the agenda is one of these. */
export const Action = {
  arrive: 0,
  resume: 1,
  timer: 2,
  lose: 3,
  visible: 4,
  recover: 5,
  crash: 6,
  partition: 7,
  heal: 8,
  request: 9,
  /** A message given back is ready again. */
  requeue: 10,
  /** The broker loses what it has just accepted. */
  amnesia: 11,
  /** A person replays what was parked. */
  replay: 12,
  /** A synchronous call stays unanswered. */
  callTimeout: 13,
  /** A handler that waits for a semantic lock looks again. */
  lockWake: 14,
  /** A service stands still, and goes on. */
  pause: 15,
  unpause: 16,
  /** A service's clock goes wrong, or is put right. */
  skew: 17,
  /** A service gets more or fewer replicas. */
  scale: 18,
  /** A source of requests sends its next one. */
  arrival: 19,
  /** One replica of a service is back. */
  recoverReplica: 20,
} as const
export type ActionCode = (typeof Action)[keyof typeof Action]
